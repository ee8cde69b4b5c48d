/** Figures of a target that relations are looked for between, each over the seeds of the target. */

import type { Metric } from '../../report/schema.ts';
import type { Target } from './evidence.ts';

/** Share of members, or of non-members, that the model has right. */
export function accuracyOf(_target: Target, _on: 'trainAccuracy' | 'testAccuracy'): Metric | undefined {
  throw new Error('internal: to be written');
}

/** Train accuracy less test accuracy (Liu et al. 2022, §5.3, "overfitting level"). */
export function overfittingOf(_target: Target): Metric | undefined {
  throw new Error('internal: to be written');
}

/** Passes over the training records; undefined of a model that takes none. */
export function epochsOf(_target: Target): number | undefined {
  throw new Error('internal: to be written');
}

/** Training records. */
export function membersOf(_target: Target): number {
  throw new Error('internal: to be written');
}
