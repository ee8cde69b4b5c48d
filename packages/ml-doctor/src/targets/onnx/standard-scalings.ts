/** The scalings that models are commonly trained with, for given raw values. */
import type { Dataset, Normalisation } from '../../data/dataset.ts';
import { elements } from '../../data/dataset.ts';
import { isBytes } from '../../data/values.ts';
import type { Scaling } from './check-scaling.ts';

/** Of the training set of ImageNet, for pixels from 0 to 1, as torchvision gives them; for grey pictures their usual means. */
const IMAGENET = new Map([
  [3, { mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] }],
  [1, { mean: [0.449], std: [0.226] }],
]);

/** Rounding in means and deviations that people write down. */
const SAME = 1e-6;

interface Statistics {
  readonly mean: readonly number[];
  readonly std: readonly number[];
  readonly min: readonly number[];
  readonly max: readonly number[];
}

/**
 * Pictures: values as they are, 0 to 1, −1 to 1, by ImageNet's means and deviations, and by the data's own; those that are
 * from 0 to 1 already are also tried as 0 to 255. Tables, and pictures in another range: values as they are, standardised,
 * and from 0 to 1, each column by itself. Those that do what the declared one does are left out.
 *
 * @param records that means, deviations and ranges are taken of
 */
export function standardScalings(data: Dataset, records: Uint32Array): readonly Scaling[] {
  const own = statistics(data, records);
  const all: Scaling[] = [];
  const add = (name: string, scaling: Normalisation) => {
    if ([data.normalisation, ...all].every((other) => !same(other, scaling, own)))
      all.push({ name, ...scaling });
  };
  const channels = own.mean.length;
  const constant = (value: number) => own.mean.map(() => value);
  const unit = data.recordShape.length === 3 ? pixelUnit(data, own) : undefined;
  add('values as they are', { scale: 1, mean: constant(0), std: constant(1) });
  if (unit !== undefined) {
    if (unit === 1) add('0 to 255', { scale: 255, mean: constant(0), std: constant(1) });
    add('0 to 1', { scale: unit, mean: constant(0), std: constant(1) });
    add('-1 to 1', { scale: unit, mean: constant(0.5), std: constant(0.5) });
    const imagenet = IMAGENET.get(channels);
    if (imagenet) add("ImageNet's means and deviations", { scale: unit, ...imagenet });
  }
  // In units of the pixels, so that the numbers proposed are those that people write.
  const scale = unit ?? 1;
  const spread = own.std.map((std) => (std > 0 ? std * scale : 1));
  add("the data's own means and deviations", {
    scale,
    mean: own.mean.map((mean) => mean * scale),
    std: spread,
  });
  if (unit === undefined)
    add('0 to 1, by the smallest and largest value', {
      scale: 1,
      mean: own.min,
      std: own.max.map((max, c) => (max > (own.min[c] as number) ? max - (own.min[c] as number) : 1)),
    });
  return all;
}

/** What pixels are multiplied by to be from 0 to 1; undefined for values that are no pixels. */
function pixelUnit({ x }: Dataset, { min, max }: Statistics): number | undefined {
  const [low, high] = [Math.min(...min), Math.max(...max)];
  if (low < 0 || high > 255) return undefined;
  // Bytes of very dark pictures are bytes all the same.
  return isBytes(x) || high > 1 ? 1 / 255 : 1;
}

/** Along the first dimension of a record: of each channel, or each column. */
function statistics({ recordShape, x }: Dataset, records: Uint32Array): Statistics {
  const channels = recordShape[0] ?? 1;
  const length = elements(recordShape);
  const plane = length / channels;
  const found = Array.from({ length: channels }, (_, c) => {
    let [total, square, min, max] = [0, 0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    const each = (use: (value: number) => void) => {
      for (const record of records)
        x.subarray(record * length + c * plane, record * length + (c + 1) * plane).forEach(use);
    };
    each((value) => {
      total += value;
      min = Math.min(min, value);
      max = Math.max(max, value);
    });
    const mean = total / (records.length * plane);
    each((value) => {
      square += (value - mean) ** 2;
    });
    return { mean, std: Math.sqrt(square / (records.length * plane)), min, max };
  });
  return {
    mean: found.map(({ mean }) => mean),
    std: found.map(({ std }) => std),
    min: found.map(({ min }) => min),
    max: found.map(({ max }) => max),
  };
}

/** Whether both take the smallest and the largest value of each channel to the same numbers. */
function same(a: Normalisation, b: Normalisation, { min, max }: Statistics): boolean {
  const at = ({ scale, mean, std }: Normalisation, value: number, c: number) =>
    (value * scale - (mean[c] as number)) / (std[c] as number);
  return min.every((low, c) => {
    const [lowA, highA] = [at(a, low, c), at(a, max[c] as number, c)];
    const [lowB, highB] = [at(b, low, c), at(b, max[c] as number, c)];
    const size = Math.max(Math.abs(lowA), Math.abs(highA), Math.abs(lowB), Math.abs(highB));
    return Math.abs(lowA - lowB) <= SAME * size && Math.abs(highA - highB) <= SAME * size;
  });
}
