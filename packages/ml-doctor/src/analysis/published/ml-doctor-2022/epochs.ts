/** What more epochs do to attacks: ML-Doctor's Fig. 8, as far as it could be read. */

import type { Published } from '../../figure.ts';
import { give } from '../provenance.ts';
import type { PaperData, PaperMode, PaperModel } from './names.ts';

export interface EpochSeries {
  readonly mode: PaperMode;
  readonly model: PaperModel;
  readonly data: PaperData;
  /** By the epochs that the target had when it was attacked. */
  readonly points: Readonly<Record<number, Published>>;
}

/** Epochs at which the paper attacks its targets. */
export const FIGURE_8_EPOCHS = [10, 20, 50, 100, 200, 300] as const;

const read = (value: number) => give(value, 0.02, 'Fig. 8, by eye');

/** Membership inference rises; stealing falls until about 50 epochs and then stays. Attribute inference stays throughout. */
export const FIGURE_8: readonly EpochSeries[] = [
  {
    ...{ mode: 'MemInf <W,S>', model: 'AlexNet', data: 'CelebA' },
    points: { 10: read(0.5), 300: read(0.73) },
  },
  {
    ...{ mode: 'ModSteal <B,S>', model: 'AlexNet', data: 'UTKFace' },
    points: { 10: read(0.98), 50: read(0.87), 300: read(0.89) },
  },
];
