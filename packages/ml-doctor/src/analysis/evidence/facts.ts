/** Figures of a target that relations are looked for between, each over the seeds of the target. */

import { defenseText } from '../../report/identity.ts';
import type { Metric } from '../../report/schema.ts';
import { overSeeds } from '../../report/study/repeats.ts';
import { MOVER, moverDifference } from '../../stats/mover.ts';
import type { Target } from './evidence.ts';

/** `simple-cnn on celeba-10k@32`, and the defence where there is one. */
export function targetText({ data, model, defense }: Target): string {
  const defended = defense.name === 'none' ? '' : `, defended by ${defenseText(defense)}`;
  return `${model.name} on ${data.name}${defended}`;
}

export const isUndefended = ({ defense }: Target): boolean => defense.name === 'none';

/** One figure over the seeds of a target; undefined where a seed lacks it. */
export function averaged(
  metrics: readonly (Metric | null | undefined)[],
  range: readonly [least: number, most: number],
): Metric | undefined {
  const known = metrics.flatMap((metric) => metric ?? []);
  const [only] = known;
  if (only === undefined || known.length < metrics.length) return undefined;
  return known.length === 1 ? only : overSeeds(known, range).mean;
}

/** Share of members, or of non-members, that the model has right. */
export function accuracyOf(target: Target, on: 'trainAccuracy' | 'testAccuracy'): Metric | undefined {
  return averaged(
    target.runs.map(({ audit }) => audit[on]),
    [0, 1],
  );
}

/** Train accuracy less test accuracy, −1 to 1 (Liu et al. 2022, "overfitting level"); of each seed, then over them. */
export function overfittingOf(target: Target): Metric | undefined {
  return averaged(
    target.runs.map(({ audit }) => {
      const { trainAccuracy: train, testAccuracy: test } = audit;
      if (!train || !test) return undefined;
      return { ...moverDifference(limited(train), limited(test), [-1, 1]), method: MOVER };
    }),
    [-1, 1],
  );
}

const limited = ({ value, low, high }: Metric) => ({
  value,
  low: low ?? Number.NEGATIVE_INFINITY,
  high: high ?? Number.POSITIVE_INFINITY,
});

/** Passes over the training records; undefined of a model that takes none. */
export function epochsOf({ model }: Target): number | undefined {
  const { epochs } = model.params;
  return typeof epochs === 'number' ? epochs : undefined;
}

/** Training records. */
export function membersOf({ runs: [{ report }] }: Target): number {
  return report.data.splits['target-train'] ?? 0;
}

export function classesOf({ runs: [{ report }] }: Target): number {
  return report.target.classes;
}
