/** Precision and recall of the attack within each class, and their medians over classes. */

import type { Metric } from '../../../report/schema.ts';
import { median, medianInterval, ORDER_STATISTICS, quantileOf } from '../../../stats/median.ts';
import type { Attacked } from './attacked.ts';

export interface ClassFigure {
  readonly label: string;
  /** Means over the seeds that judged the class. */
  readonly members: number;
  readonly recall: number;
  /** Undefined where no record of the class was called a member, under any seed. */
  readonly precision: number | undefined;
}

/** What can be told of the figures of all classes together. */
export interface Spread {
  readonly least: number;
  readonly lowerQuartile: number;
  /** With an interval over classes; without one of fewer than six. */
  readonly median: Metric;
  readonly upperQuartile: number;
  readonly most: number;
  readonly mean: number;
}

/** In the order of the classes; empty of reports without recall by class. */
export function classFigures({ found }: Attacked): readonly ClassFigure[] {
  const slices = found.flatMap(({ result }) => result.slices.filter(({ by }) => by === 'class'));
  const labels = [...new Set(slices.map(({ value }) => value))];
  return labels.flatMap((label): ClassFigure[] => {
    const own = slices.filter(({ value }) => value === label);
    const recalls = own.flatMap(({ metrics }) => metrics.recall?.value ?? []);
    if (recalls.length === 0) return [];
    const precisions = own.flatMap(({ metrics }) => metrics.precision?.value ?? []);
    return [
      {
        label,
        members: mean(own.map(({ records }) => records.members)),
        recall: mean(recalls),
        precision: precisions.length === 0 ? undefined : mean(precisions),
      },
    ];
  });
}

/** Of one class or more. */
export function spreadOf(values: readonly number[]): Spread {
  return {
    least: Math.min(...values),
    lowerQuartile: quantileOf(values, 0.25),
    median: medianMetric(values),
    upperQuartile: quantileOf(values, 0.75),
    most: Math.max(...values),
    mean: mean(values),
  };
}

/** The interval takes the classes for a sample of classes; it holds the error of judging each on few records, too. */
export function medianMetric(values: readonly number[]): Metric {
  const interval = medianInterval(values);
  const value = median(values);
  return interval === undefined
    ? { value, low: null, high: null, method: 'none: fewer than six classes' }
    : { value, ...interval, method: `${ORDER_STATISTICS} over ${values.length} classes` };
}

/** Of each class that both have, the figure of the one less that of the other. */
export function classDifferences(
  later: readonly ClassFigure[],
  earlier: readonly ClassFigure[],
): readonly number[] {
  const before = new Map(earlier.map(({ label, precision }) => [label, precision]));
  return later.flatMap(({ label, precision }) => {
    const other = before.get(label);
    return precision === undefined || other === undefined ? [] : precision - other;
  });
}

export const precisionsOf = (classes: readonly ClassFigure[]): readonly number[] =>
  classes.flatMap(({ precision }) => precision ?? []);

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
