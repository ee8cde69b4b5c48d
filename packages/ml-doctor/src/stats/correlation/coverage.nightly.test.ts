import { stream } from 'onnx-grad';
import { describe, expect, it } from 'vitest';
import { normalQuantile } from '../normal.ts';
import { type Coefficient, correlationWithInterval } from './correlation-interval.ts';

const REPETITIONS = 1000;

/** Pairs with a normal correlation of `r`; a long tail where they are exponentiated. */
function draw(seed: number, n: number, r: number, long: boolean): [number[], number[]] {
  const uniform = stream(seed, 'coverage', n).uniform(new Float64Array(2 * n));
  const normal = (i: number) => normalQuantile(Math.min(1 - 1e-12, Math.max(1e-12, uniform[i] as number)));
  const x: number[] = [];
  const y: number[] = [];
  for (let i = 0; i < n; i++) {
    const a = normal(i);
    const b = r * a + Math.sqrt(1 - r * r) * normal(n + i);
    x.push(long ? Math.exp(a) : a);
    y.push(long ? Math.exp(b) : b);
  }
  return [x, y];
}

/** Of the ranks of normal pairs (Pearson 1907), whatever each is transformed by. */
const ranked = (r: number) => (6 / Math.PI) * Math.asin(r / 2);

describe.each<[Coefficient, boolean]>([
  ['pearson', false],
  ['spearman', false],
  ['spearman', true],
])('the interval of %s, long tail %s', (coefficient, long) => {
  it.each([12, 16, 20].flatMap((n) => [0, 0.5, -0.8].map((r) => [n, r])))(
    'covers with %i targets and r = %f',
    (n, r) => {
      const truth = coefficient === 'spearman' ? ranked(r) : r;
      let covered = 0;
      for (let seed = 0; seed < REPETITIONS; seed++) {
        const [x, y] = draw(seed, n, r, long);
        const found = correlationWithInterval(x, y, coefficient, seed)!;
        if (found.low <= truth && truth <= found.high) covered += 1;
      }
      console.log(`${coefficient} n ${n} r ${r} long ${long}: ${covered / REPETITIONS}`);
      // Measured .93 to .98; three standard errors of 1,000 repetitions are .02.
      expect(covered / REPETITIONS).toBeGreaterThan(0.915);
      expect(covered / REPETITIONS).toBeLessThan(0.995);
    },
    600_000,
  );
});
