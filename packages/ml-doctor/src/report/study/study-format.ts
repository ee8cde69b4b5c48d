/** Cells of a study's table as text; used alike by page and terminal. */

import { formatMetric, metricLabel, percent, points } from '../format.ts';
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

/** A standard deviation between seeds: of shares in points, since a percentage of a percentage misleads. */
export function spreadOfMetric(name: string, spread: number | null): string {
  if (spread === null) return 'unknown';
  return name === 'auc' || name === 'mse' ? spread.toFixed(3) : `${(spread * 100).toFixed(1)} points`;
}

/** `AUC 0.612 (0.590 to 0.634), spread 0.012; …`, every headline metric that is known. */
export function repeatText({ metrics }: StudyRepeat): string {
  return REPEATED.flatMap((name) => {
    const found = metrics[name];
    if (found === undefined) return [];
    const { value, interval } = formatMetric(name, found.mean);
    return [`${metricLabel(name)} ${value} (${interval}), spread ${spreadOfMetric(name, found.spread)}`];
  }).join('; ');
}

/** Differences with their sign: `−1.2 points` of accuracies, `+0.014` of AUC; undefined where one side is unknown. */
export function changeText(
  change: Change | undefined,
): Readonly<Record<'testAccuracy' | 'auc' | 'judgeAccuracy', string | undefined>> {
  const { testAccuracy, auc, judgeAccuracy } = change ?? {};
  return {
    testAccuracy: testAccuracy === undefined ? undefined : points(testAccuracy),
    auc: auc === undefined ? undefined : signed(auc, 3),
    judgeAccuracy: judgeAccuracy === undefined ? undefined : points(judgeAccuracy),
  };
}

/** A difference that rounds to nothing has no sign. */
function signed(value: number, digits: number): string {
  const size = Math.abs(value).toFixed(digits);
  if (Number(size) === 0) return `±${size}`;
  return `${value < 0 ? '−' : '+'}${size}`;
}
