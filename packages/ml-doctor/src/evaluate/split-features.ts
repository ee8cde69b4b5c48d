/** What a record's input and label look like, in about a hundred numbers that cost one pass over the inputs. */
import { stream } from 'onnx-grad';
import type { SplitData } from './split-records.ts';

export interface Features {
  /** Row-major, `count` numbers a record, not standardised. */
  readonly values: Float32Array;
  readonly count: number;
}

/** Mean and inverse deviation of each input over the records looked at; an input that never varies has 0. */
export interface Scaling {
  readonly mean: Float64Array;
  readonly inverse: Float64Array;
}

/** Up to so many inputs are features themselves; more are folded into as many signed sums. */
export const MOST_DIRECT = 64;
/** How many of the signed sums each input enters. */
const COPIES = 2;
/** Features of the record as a whole, before the others. */
const WHOLE = 6;

export function scalingOf({ inputs, width }: SplitData, places: Uint32Array): Scaling {
  const mean = new Float64Array(width);
  const inverse = new Float64Array(width);
  for (const place of places) {
    for (let j = 0, at = place * width; j < width; j++, at++) mean[j]! += inputs[at]!;
  }
  for (let j = 0; j < width; j++) mean[j]! /= places.length;
  for (const place of places) {
    for (let j = 0, at = place * width; j < width; j++, at++) inverse[j]! += (inputs[at]! - mean[j]!) ** 2;
  }
  for (let j = 0; j < width; j++) {
    const deviation = Math.sqrt(inverse[j]! / places.length);
    // An input that is the same up to rounding says nothing.
    inverse[j] = deviation > 1e-6 * Math.abs(mean[j]!) && deviation > 0 ? 1 / deviation : 0;
  }
  return { mean, inverse };
}

/**
 * For each record: mean, deviation and roughness of its inputs, mean and mean square of the standardised inputs z,
 * how far z agrees with the other records of its class; then z, or signed sums of z (a count sketch, Charikar et al.,
 * ICALP 2002), and the squares of those. Nothing here depends on who is a member, so it may use all records.
 */
export function featuresOf(
  data: SplitData,
  places: Uint32Array,
  { mean, inverse }: Scaling,
  seed: number,
): Features {
  const { inputs, width, labels } = data;
  const sums = width <= MOST_DIRECT ? directSums(width) : sketchSums(width, seed);
  const classes = classSums(data, places, { mean, inverse });
  const count = WHOLE + 2 * sums.count;
  const values = new Float32Array(places.length * count);
  const folded = new Float64Array(sums.count);
  places.forEach((place, r) => {
    folded.fill(0);
    const own = classes.get(labels[place]!)!;
    let [total, squares, steps, zTotal, zSquares, agreement] = [0, 0, 0, 0, 0, 0];
    let previous = inputs[place * width]!;
    for (let j = 0, at = place * width; j < width; j++, at++) {
      const x = inputs[at]!;
      total += x;
      squares += x * x;
      steps += (x - previous) * (x - previous);
      previous = x;
      const z = (x - mean[j]!) * inverse[j]!;
      if (z === 0) continue;
      zTotal += z;
      zSquares += z * z;
      agreement += z * own.sum[j]!;
      for (let c = j * sums.copies; c < (j + 1) * sums.copies; c++) folded[sums.at[c]!]! += sums.sign[c]! * z;
    }
    const average = total / width;
    const deviation = Math.sqrt(Math.max(0, squares / width - average * average));
    // Without the record's own part, which would drown that of the others.
    const others = own.records > 1 ? (agreement - zSquares) / (own.records - 1) : 0;
    values.set([average, deviation, Math.sqrt(steps), zTotal, zSquares, others], r * count);
    for (let s = 0, at = r * count + WHOLE; s < sums.count; s++, at++) {
      values[at] = folded[s]!;
      values[at + sums.count] = folded[s]! * folded[s]!;
    }
  });
  return { values, count };
}

/** To which sums each input is added, `copies` for each input one after another, and with which sign. */
interface Sums {
  readonly count: number;
  readonly copies: number;
  readonly at: Uint32Array;
  readonly sign: Int8Array;
}

const directSums = (width: number): Sums => ({
  ...{ count: width, copies: 1 },
  at: Uint32Array.from({ length: width }, (_, j) => j),
  sign: new Int8Array(width).fill(1),
});

function sketchSums(width: number, seed: number): Sums {
  const draw = (what: string, below: number) =>
    stream(seed, 'split check', 'sketch', what).integers(new Uint32Array(width * COPIES), below);
  return {
    ...{ count: MOST_DIRECT, copies: COPIES },
    at: draw('sum', MOST_DIRECT),
    sign: Int8Array.from(draw('sign', 2), (bit) => 2 * bit - 1),
  };
}

interface ClassSum {
  readonly sum: Float64Array;
  records: number;
}

function classSums(
  { inputs, width, labels }: SplitData,
  places: Uint32Array,
  { mean, inverse }: Scaling,
): ReadonlyMap<number, ClassSum> {
  const classes = new Map<number, ClassSum>();
  for (const place of places) {
    const label = labels[place]!;
    let own = classes.get(label);
    if (!own) {
      own = { sum: new Float64Array(width), records: 0 };
      classes.set(label, own);
    }
    own.records++;
    for (let j = 0, at = place * width; j < width; j++, at++)
      own.sum[j]! += (inputs[at]! - mean[j]!) * inverse[j]!;
  }
  return classes;
}
