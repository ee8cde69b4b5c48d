/** Whether pictures of different classes differ from each other as much as the classes do. */
import { CONFIDENCE, errorPerSide, type Metric } from '../../stats/metric.ts';
import { studentTQuantile } from '../../stats/student-t.ts';
import type { ClassRecords } from './class-records.ts';
import type { Pictures } from './evidence.ts';
import type { ClassPictures } from './repeats.ts';

/**
 * Root mean square distance between pictures of two different classes, over that between the mean members of two
 * different classes: 0 where every class gives the same picture, 1 where they differ as the real classes do. Noise counts as
 * difference, too, and can bring it above 1.
 *
 * The interval is Student's around the jackknife over classes; without a third class there is none.
 *
 * @returns nothing for fewer than two classes with members, or where their means are all the same
 */
export function diversityMetric(
  { values, wanted }: Pictures,
  byClass: readonly ClassPictures[],
  records: readonly ClassRecords[],
): Metric | undefined {
  const length = values.length / wanted.length;
  const classes = byClass.flatMap(({ class: label, distinct }) => {
    const mean = records[label]!.mean;
    return mean ? [{ real: mean.values, ...momentsOf(values, length, distinct) }] : [];
  });
  const pairs = classes.map((a) =>
    classes.map((b) => ({
      made: a === b ? 0 : squared(a.mean, b.mean) + a.variance + b.variance,
      real: squared(a.real, b.real),
    })),
  );
  const kept = classes.map((_, c) => c);
  const ratio = (of: readonly number[]) => {
    let [made, real] = [0, 0];
    for (const a of of) {
      for (const b of of) {
        made += pairs[a]![b]!.made;
        real += pairs[a]![b]!.real;
      }
    }
    return Math.sqrt(made / real);
  };
  const value = ratio(kept);
  if (!Number.isFinite(value)) return undefined;
  const without = kept.map((left) => ratio(kept.filter((c) => c !== left)));
  if (classes.length < 3 || !without.every(Number.isFinite))
    return { value, low: value, high: value, method: 'none: too few classes' };
  const centre = without.reduce((sum, each) => sum + each, 0) / without.length;
  const squares = without.reduce((sum, each) => sum + (each - centre) ** 2, 0);
  const freedom = without.length - 1;
  const reach =
    studentTQuantile(1 - errorPerSide(CONFIDENCE), freedom) * Math.sqrt((squares * freedom) / without.length);
  return { value, low: Math.max(0, value - reach), high: value + reach, method: 'jackknife over classes' };
}

/** Mean picture, and mean squared distance from it. */
function momentsOf(values: Float32Array, length: number, distinct: ClassPictures['distinct']) {
  const mean = new Float64Array(length);
  for (const { places, share } of distinct)
    for (let i = 0; i < length; i++) mean[i]! += share * values[places[0]! * length + i]!;
  let variance = 0;
  for (const { places, share } of distinct)
    for (let i = 0; i < length; i++) variance += share * (values[places[0]! * length + i]! - mean[i]!) ** 2;
  return { mean, variance };
}

function squared(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i]! - b[i]!) ** 2;
  return sum;
}
