/** Distances between records: plain loops, because everything here waits for them. */

/** Σ (a − b)² over `length` values from two places; in double precision. */
export function squaredDistance(
  a: Float32Array,
  from: number,
  b: Float32Array,
  to: number,
  length: number,
): number {
  let [s0, s1, s2, s3] = [0, 0, 0, 0];
  let i = 0;
  // Four sums, so that an addition need not wait for the one before it.
  for (; i + 3 < length; i += 4) {
    const d0 = a[from + i]! - b[to + i]!;
    const d1 = a[from + i + 1]! - b[to + i + 1]!;
    const d2 = a[from + i + 2]! - b[to + i + 2]!;
    const d3 = a[from + i + 3]! - b[to + i + 3]!;
    s0 += d0 * d0;
    s1 += d1 * d1;
    s2 += d2 * d2;
    s3 += d3 * d3;
  }
  for (; i < length; i++) {
    const d = a[from + i]! - b[to + i]!;
    s0 += d * d;
  }
  return s0 + s1 + (s2 + s3);
}

/** Euclidean distances of one row of `a` to some rows of `b`, each divided by √`per`. */
export function distancesTo(
  a: Float32Array,
  row: number,
  b: Float32Array,
  rows: Uint32Array,
  length: number,
  per: number,
): Float64Array {
  return Float64Array.from(rows, (other) =>
    Math.sqrt(squaredDistance(a, row * length, b, other * length, length) / per),
  );
}

/** Place of the smallest value, the first among equals. */
export function argmin(values: Float64Array): number {
  let best = 0;
  for (let i = 1; i < values.length; i++) if (values[i]! < values[best]!) best = i;
  return best;
}
