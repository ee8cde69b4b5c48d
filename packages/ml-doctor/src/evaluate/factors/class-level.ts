/** Factors that all records of a class share: there are as many of them as classes, however many records. */
import { aucMetric } from '../../stats/auc.ts';
import { pearson } from '../../stats/correlation/correlation.ts';
import { fisherInterval } from '../../stats/correlation/fisher-interval.ts';
import { midRanks } from '../../stats/mid-ranks.ts';
import { type PlacementCorrelation, twoSided } from './placement.ts';

/** Members, and non-members, of a class with one value of the factor, below which its AUC is not looked at. */
const LEAST = 5;
/** Below which a correlation over classes says nothing. */
const LEAST_CLASSES = 5;

/**
 * Rank correlation of the factor with the AUC within the class; of a factor with several values in a class, within each. The
 * interval is that of so many classes (Bonett & Wright 2000): taken record by record, any two things that differ between
 * classes would seem to explain each other.
 *
 * @returns undefined for fewer than 5 classes, and where nothing varies
 */
export function classCorrelation(
  factor: ArrayLike<number>,
  scores: ArrayLike<number>,
  truth: ArrayLike<number>,
  classes: ArrayLike<number>,
): PlacementCorrelation | undefined {
  const cells = new Map<string, { class: number; value: number; scores: [number[], number[]] }>();
  for (let i = 0; i < factor.length; i++) {
    const key = `${classes[i]} ${factor[i]}`;
    const cell = cells.get(key) ?? { class: classes[i]!, value: factor[i]!, scores: [[], []] };
    cells.set(key, cell);
    cell.scores[truth[i] === 1 ? 1 : 0].push(scores[i]!);
  }
  const judged = [...cells.values()].filter(
    ({ scores: [others, members] }) => Math.min(others.length, members.length) >= LEAST,
  );
  const count = new Set(judged.map((cell) => cell.class)).size;
  if (count < LEAST_CLASSES) return undefined;
  const sorted = (of: readonly number[]) => Float64Array.from(of).sort();
  const aucs = judged.map(
    ({ scores: [others, members] }) =>
      aucMetric({ positives: sorted(members), negatives: sorted(others) }).value,
  );
  const value = pearson(midRanks(judged.map((cell) => cell.value)), midRanks(aucs)) ?? Number.NaN;
  if (Number.isNaN(value)) return undefined;
  const error = Math.sqrt((1 + value ** 2 / 2) / (count - 3));
  return {
    metric: { value, ...fisherInterval(value, error), method: 'Bonett & Wright over classes, 95 %' },
    pValue: value === 0 ? 1 : twoSided(Math.atanh(value) / error),
  };
}
