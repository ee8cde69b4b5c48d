/** Groups records of bits into clusters, the same ones on every machine. */
import { stream } from 'onnx-grad';

/** Far above what real data needs: 41,548 baskets settle within 30. */
const MOST_ROUNDS = 300;

/** Records tried for each first centre; scikit-learn takes 2 + ln K, which is 6 for K = 55 to 148. */
const CANDIDATES = 6;

/**
 * The cluster, 0 … clusters − 1, of every record: k-means on 0/1 values under Euclidean distance, started by greedy
 * k-means++ (Arthur and Vassilvitskii, SODA 2007) and run until no record changes its cluster. Of equally near centres the one
 * with the lower number takes the record; a cluster that loses all its records keeps its centre.
 *
 * Depends on its arguments alone: the only operations are those IEEE 754 rounds in one way, in one order.
 *
 * @param bits records of `width` bytes, each 0 or 1
 * @param clusters at most the number of different records
 */
export function clusterBits(bits: Uint8Array, width: number, clusters: number, seed: number): Int32Array {
  const records = onesOf(bits, width);
  const centres = firstCentres(records, width, clusters, seed);
  const labels = new Int32Array(records.length).fill(-1);
  for (let round = 0; round < MOST_ROUNDS; round++) {
    if (assign(records, centres, width, labels) === 0) return labels;
    moveToMeans(records, labels, centres, width);
  }
  return labels;
}

/** The places of each record's ones: a basket holds a few of hundreds, and only those cost time. */
type Ones = readonly Uint32Array[];

function onesOf(bits: Uint8Array, width: number): Ones {
  return Array.from({ length: bits.length / width }, (_, i) => {
    const ones: number[] = [];
    for (let place = 0; place < width; place++) if (bits[i * width + place] === 1) ones.push(place);
    return Uint32Array.from(ones);
  });
}

/**
 * Records as the first centres: one at random, then each next the best of {@link CANDIDATES} drawn with probability in
 * proportion to their squared distance from the nearest centre so far. The best of several, since a single draw often
 * is an outlier that stays a cluster of its own. Distances between records of bits are whole numbers, so sums and draws
 * are exact.
 */
function firstCentres(records: Ones, width: number, clusters: number, seed: number): Float64Array {
  const random = stream(seed, 'k-means', clusters);
  const centres = new Float64Array(clusters * width);
  let nearest = new Float64Array(records.length).fill(Number.POSITIVE_INFINITY);
  for (let k = 0; k < clusters; k++) {
    const total = sumOf(nearest);
    if (total === 0) throw new Error(`internal: ${clusters} clusters of ${k} different records`);
    const draws =
      k === 0
        ? random.integers(new Uint32Array(1), records.length)
        : random.integers(new Uint32Array(CANDIDATES), total, k * CANDIDATES);
    const candidates = Array.from(draws, (draw) => {
      const record = records[k === 0 ? draw : placeOf(draw, nearest)]!;
      return { record, nearest: nearestWith(records, record, nearest, width) };
    });
    const best = candidates.reduce((a, b) => (sumOf(b.nearest) < sumOf(a.nearest) ? b : a));
    for (const place of best.record) centres[k * width + place] = 1;
    nearest = best.nearest;
  }
  return centres;
}

/** Where a draw below the sum of `weights` falls when they lie end to end. */
function placeOf(draw: number, weights: Float64Array): number {
  let rest = draw;
  return weights.findIndex((weight) => {
    if (rest < weight) return true;
    rest -= weight;
    return false;
  });
}

/** Squared distances from the nearest centre once `record` is one too. */
function nearestWith(
  records: Ones,
  record: Uint32Array,
  nearest: Float64Array,
  width: number,
): Float64Array<ArrayBuffer> {
  const centre = new Float64Array(width);
  for (const place of record) centre[place] = 1;
  return new Float64Array(nearest).map((least, i) =>
    Math.min(least, records[i]!.length + record.length - 2 * product(records[i]!, centre, 0)),
  );
}

const sumOf = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0);

/** Gives every record its nearest centre; returns how many changed. */
function assign(records: Ones, centres: Float64Array, width: number, labels: Int32Array): number {
  const clusters = centres.length / width;
  const squares = new Float64Array(clusters);
  for (let i = 0; i < centres.length; i++) squares[Math.floor(i / width)]! += centres[i]! * centres[i]!;
  let changed = 0;
  records.forEach((ones, i) => {
    let best = 0;
    let least = Number.POSITIVE_INFINITY;
    for (let k = 0; k < clusters; k++) {
      // Without the record's own square, which is the same for every centre.
      const distance = squares[k]! - 2 * product(ones, centres, k * width);
      if (distance < least) [best, least] = [k, distance];
    }
    if (labels[i] !== best) changed++;
    labels[i] = best;
  });
  return changed;
}

function moveToMeans(records: Ones, labels: Int32Array, centres: Float64Array, width: number): void {
  const sizes = new Float64Array(centres.length / width);
  for (const label of labels) sizes[label]!++;
  for (let i = 0; i < centres.length; i++) if (sizes[Math.floor(i / width)]! > 0) centres[i] = 0;
  records.forEach((ones, i) => {
    for (const place of ones) centres[labels[i]! * width + place]!++;
  });
  for (let i = 0; i < centres.length; i++) {
    const size = sizes[Math.floor(i / width)]!;
    if (size > 0) centres[i]! /= size;
  }
}

function product(ones: Uint32Array, centres: Float64Array, from: number): number {
  let sum = 0;
  for (let j = 0; j < ones.length; j++) sum += centres[from + ones[j]!]!;
  return sum;
}
