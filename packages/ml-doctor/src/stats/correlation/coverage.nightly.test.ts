/** Intervals of correlations hold the truth as often as they say, with as few points as there are targets. */

import { stream } from 'onnx-grad';
import { describe, expect, it } from 'vitest';
import {
  correlatedPoints,
  coverage,
  type Tail,
  trueCorrelation,
} from '../../../test/stats/correlated-points.ts';
import { type Coefficient, correlationWithInterval, partialWithInterval } from './correlation-interval.ts';

const REPETITIONS = 1000;
/** Where the level is .94, 1,000 repetitions fall below .92 once in 250. */
const LEAST = 0.92;

const CASES = [6, 8, 12, 16, 20].flatMap((n) => [0, 0.5, -0.8, 0.95].map((r) => [n, r] as const));

// Long tails are nothing to ranks: a test says so of every interval.
describe.each<[Coefficient, Tail]>([
  ['pearson', 'normal'],
  ['pearson', 'long'],
  ['spearman', 'normal'],
])('the interval of %s, tail %s', (coefficient, tail) => {
  it.each(CASES)(
    'covers with %i points and r = %f',
    (n, r) => {
      const found = coverage(REPETITIONS, trueCorrelation(coefficient, r, tail), (seed) =>
        correlationWithInterval(...correlatedPoints(seed, n, r, tail), coefficient, seed),
      );
      console.log(`${coefficient} ${tail} n ${n} r ${r}: ${found}`);
      expect(found).toBeGreaterThan(LEAST);
      // With few points intervals are wider than they need be; never so wide that they say nothing of 12 or more.
      if (n >= 12) expect(found).toBeLessThan(1);
    },
    600_000,
  );
});

describe('the interval of what a third figure leaves', () => {
  it.each(CASES)(
    'covers with %i points and r = %f',
    (n, r) => {
      const found = coverage(REPETITIONS, r, (seed) => {
        const [x, y] = correlatedPoints(seed, n, r, 'normal');
        const given = [...stream(seed, 'given', n).normal(new Float32Array(n))];
        // Both follow the third as well, which is what is taken away.
        const with3 = (values: number[], much: number) => values.map((a, i) => a + much * given[i]!);
        return partialWithInterval(with3(x, 2), with3(y, -1), given, seed);
      });
      console.log(`partial n ${n} r ${r}: ${found}`);
      expect(found).toBeGreaterThan(LEAST);
    },
    600_000,
  );
});
