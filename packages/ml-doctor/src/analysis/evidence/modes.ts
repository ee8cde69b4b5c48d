/** The ten ways of attack of ML-Doctor (Liu et al. 2022, Table 1), and the figure that each is told by. */

import type { Metric, Result } from '../../report/schema.ts';
import type { Target } from './evidence.ts';

/** An attack under a threat model, with the figure that speaks for it. */
export interface Mode {
  /** `MemInf <B,S>`, as in the paper. */
  readonly name: string;
  readonly attack: string;
  readonly access: 'black-box' | 'white-box';
  readonly auxiliary: 'none' | 'shadow' | 'partial';
  /** Name of the metric in reports. */
  readonly metric: string;
  /** In words, for axes: `membership inference <B,S>, balanced accuracy`. */
  readonly label: string;
}

/** In the order of Tables 3 and 4. */
export const MODES: readonly Mode[] = [];

/** The results of a target, one for each seed that has it; attacks on copies are not meant. */
export function resultsOf(_target: Target, _mode: Mode): readonly Result[] {
  throw new Error('internal: to be written');
}

/** The figure over all seeds of the target; undefined where a seed lacks it. */
export function figureOf(_target: Target, _mode: Mode): Metric | undefined {
  throw new Error('internal: to be written');
}
