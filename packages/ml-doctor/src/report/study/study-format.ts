/** Cells of a study's table as text; used alike by page and terminal. */

import { formatMetric, grouped, metricLabel, percent, points, quantity, signed } from '../format.ts';
import { REPEATED } from './repeats.ts';
import type { StudyRepeat } from './study-schema.ts';
import type { Change, Spread, StudyMetric } from './study-table.ts';

/** Mean, and the range where there is one. */
export interface SpreadText {
  readonly mean: string;
  /** Undefined for a single value. */
  readonly range: string | undefined;
}

/** Undefined where there is no value. */
export function metricText(name: StudyMetric, spread: Spread | undefined): SpreadText | undefined {
  // A mean of counts may lie between them.
  if (name === 'queries') return spread && spreadText(spread, (value) => grouped(Math.round(value)));
  const print = (value: number) => formatMetric(name, { value, low: null, high: null, method: 'none' }).value;
  return spread && spreadText(spread, print);
}

/** Undefined where there is no value. */
export function accuracyText(spread: Spread | undefined): SpreadText | undefined {
  return spread && spreadText(spread, percent);
}

function spreadText({ mean, least, most, count }: Spread, print: (value: number) => string): SpreadText {
  return { mean: print(mean), range: count === 1 ? undefined : `${print(least)} to ${print(most)}` };
}

/**
 * A metric over several seeds: that a mean of bounds is none of the mean itself must stand where it is shown.
 *
 * @param mean whether it is one
 */
export function figureLabel(name: string, mean: boolean): string {
  return mean && name === 'epsilonLowerBound' ? 'Epsilon, mean of 95 % lower bounds' : metricLabel(name);
}

/** A standard deviation between seeds: of shares in points, since a percentage of a percentage misleads. */
export function spreadOfMetric(name: string, spread: number | null): string {
  if (spread === null) return 'unknown';
  if (name === 'meanAbsoluteError' || name === 'epsilonLowerBound') return quantity(spread);
  return PLAIN.has(name) ? spread.toFixed(3) : `${(spread * 100).toFixed(1)} points`;
}

/** A difference of two values of a metric: of shares in points, else as a number with its sign. */
export function differenceText(name: string, difference: number): string {
  if (!PLAIN.has(name) && name !== 'meanAbsoluteError' && name !== 'epsilonLowerBound')
    return points(difference);
  const small = Math.abs(difference) < 0.01 && difference !== 0;
  if (!small) return signed(difference, 3);
  return `${difference < 0 ? '−' : '+'}${quantity(Math.abs(difference))}`;
}

/** Neither shares nor differences of shares. */
const PLAIN: ReadonlySet<string> = new Set(['auc', 'mse', 'aucGain', 'memberAucGain', 'klDivergence']);

/** `AUC 0.612 (0.590 to 0.634), spread 0.012; …`, every headline metric that is known. */
export function repeatText({ metrics }: StudyRepeat): string {
  return REPEATED.flatMap((name) => {
    const found = metrics[name];
    if (found === undefined) return [];
    const { value, interval } = formatMetric(name, found.mean);
    return [
      `${figureLabel(name, true)} ${value} (${interval}), spread ${spreadOfMetric(name, found.spread)}`,
    ];
  }).join('; ');
}

/** Differences with their sign: `−1.2 points` of accuracies, `+0.014` of AUC; undefined where one side is unknown. */
export function changeText(
  change: Change | undefined,
): Readonly<Record<Exclude<keyof Change, 'sameSeeds'>, string | undefined>> {
  const { testAccuracy, auc, judgeAccuracy, accuracyGain, errorReduction, agreement } = change ?? {};
  const inPoints = (value: number | undefined) => (value === undefined ? undefined : points(value));
  return {
    testAccuracy: inPoints(testAccuracy),
    auc: auc === undefined ? undefined : signed(auc, 3),
    judgeAccuracy: inPoints(judgeAccuracy),
    accuracyGain: inPoints(accuracyGain),
    errorReduction: inPoints(errorReduction),
    agreement: inPoints(agreement),
  };
}

/** Whether an attack's label says already which attribute it guesses. */
export function tellsAttribute(label: string, attribute: string): boolean {
  return label.includes(`attribute ${attribute}`);
}
