/** Ranks of values among each other, and the correlation of two rankings. */
import { CONFIDENCE, errorPerSide, type Metric } from './metric.ts';
import { normalQuantile } from './normal.ts';

/** Places of values, ascending. Infinities are values like others. @param values no NaN */
export function ascending(values: ArrayLike<number>): Uint32Array {
  const places = Uint32Array.from({ length: values.length }, (_, i) => i);
  return places.sort((a, b) => (values[a]! < values[b]! ? -1 : values[a]! > values[b]! ? 1 : a - b));
}

/** The share of values below each, equal ones half: between 0 and 1, ½ on average. */
export function midRanks(values: ArrayLike<number>): Float64Array {
  const places = ascending(values);
  const ranks = new Float64Array(places.length);
  for (let start = 0; start < places.length; ) {
    let end = start + 1;
    while (end < places.length && values[places[end]!] === values[places[start]!]) end++;
    for (let i = start; i < end; i++) ranks[places[i]!] = (start + end) / 2 / places.length;
    start = end;
  }
  return ranks;
}

/**
 * Spearman's rank correlation (Am. J. Psychol. 15, 1904), ties by their mean rank, with the interval of Bonett & Wright
 * (Psychometrika 65, 2000): normal on Fisher's scale with variance (1 + ρ²/2)/(n − 3).
 *
 * @returns undefined where one of the two does not vary, or for fewer than 4 records
 */
export function rankCorrelation(a: ArrayLike<number>, b: ArrayLike<number>): Metric | undefined {
  const value = correlation(midRanks(a), midRanks(b));
  if (Number.isNaN(value) || a.length < 4) return undefined;
  const error = Math.sqrt((1 + value ** 2 / 2) / (a.length - 3));
  return { value, ...fisherInterval(value, error), method: 'Bonett & Wright on Fisher’s scale, 95 %' };
}

/** Pearson's; NaN where one of the two does not vary. */
export function correlation(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const size = a.length;
  let [sumA, sumB] = [0, 0];
  for (let i = 0; i < size; i++) {
    sumA += a[i]!;
    sumB += b[i]!;
  }
  const [meanA, meanB] = [sumA / size, sumB / size];
  let [both, squaresA, squaresB] = [0, 0, 0];
  for (let i = 0; i < size; i++) {
    const [x, y] = [a[i]! - meanA, b[i]! - meanB];
    both += x * y;
    squaresA += x * x;
    squaresB += y * y;
  }
  // Rounding leaves squares of about 1e-32 each where all are equal.
  if (!(squaresA > 1e-20 * size && squaresB > 1e-20 * size)) return Number.NaN;
  return Math.max(-1, Math.min(1, both / Math.sqrt(squaresA * squaresB)));
}

/** @param error standard error of atanh of the value */
export function fisherInterval(
  value: number,
  error: number,
  confidence = CONFIDENCE,
): { readonly low: number; readonly high: number } {
  const reach = normalQuantile(1 - errorPerSide(confidence)) * error;
  const z = Math.atanh(value);
  return Number.isFinite(z)
    ? { low: Math.min(value, Math.tanh(z - reach)), high: Math.max(value, Math.tanh(z + reach)) }
    : { low: value, high: value };
}
