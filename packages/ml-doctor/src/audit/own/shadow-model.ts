/** What attackers train in the place of somebody's own model. */

import type { Dataset } from '../../data/dataset.ts';
import { architecture } from '../../models/architectures.ts';
import { ownArchitectureName } from '../../models/own-architectures.ts';

/** Why a model cannot be had with fresh weights; nothing where it can. */
export const cloneFault = (digest: string): string | undefined => {
  const found = architecture(ownArchitectureName(digest));
  try {
    if (found.trains === 'gradient') found.build({ recordShape: [], classes: 0, seed: 0 });
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
};

/** Of models whose own architecture is not known: pictures and rows of numbers have a usual network each. */
export const usualModel = ({ recordShape }: Pick<Dataset, 'recordShape'>, forest: boolean): string =>
  forest ? 'random-forest' : isPicture(recordShape) ? 'simple-cnn' : 'mlp';

/** The smallest side that is left anything of by the convolutions of `simple-cnn`. */
const LEAST_SIDE = 10;

const isPicture = ([_, height = 0, width = 0]: readonly number[]): boolean =>
  Math.min(height, width) >= LEAST_SIDE;
