/** Points whose correlation is known, and how often its interval holds it. */

import { stream } from 'onnx-grad';
import type { Metric } from '../../src/stats/metric.ts';

export type Tail = 'normal' | 'long';

/** Pairs of normal figures with a correlation of `r`, e to the power of them where the tail is long. */
export function correlatedPoints(seed: number, n: number, r: number, tail: Tail): [number[], number[]] {
  const normal = stream(seed, 'correlated', n).normal(new Float32Array(2 * n));
  const shape = (z: number) => (tail === 'long' ? Math.exp(z) : z);
  const x = Array.from({ length: n }, (_, i) => normal[i] as number);
  const y = x.map((a, i) => r * a + Math.sqrt(1 - r * r) * (normal[n + i] as number));
  return [x.map(shape), y.map(shape)];
}

/** Of all points there are: of their ranks by Pearson (1907), of log-normal ones by their moments. */
export function trueCorrelation(coefficient: 'pearson' | 'spearman', r: number, tail: Tail): number {
  if (coefficient === 'spearman') return (6 / Math.PI) * Math.asin(r / 2);
  return tail === 'long' ? Math.expm1(r) / Math.expm1(1) : r;
}

/** Share of the repetitions whose interval holds the truth. */
export function coverage(
  repetitions: number,
  truth: number,
  interval: (seed: number) => Metric | undefined,
): number {
  let covered = 0;
  for (let seed = 0; seed < repetitions; seed++) {
    const { low, high } = interval(seed)!;
    if (low! <= truth && truth <= high!) covered += 1;
  }
  return covered / repetitions;
}
