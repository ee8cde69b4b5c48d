/** Differences from two intervals: held against exact probabilities, a closed form and correlated draws. */
import { stream } from 'onnx-grad';
import { describe, expect, it } from 'vitest';
import { clopperPearson } from './binomial.ts';
import { shareDifference } from './difference.ts';
import { moverDifference } from './mover.ts';

const share = (successes: number, trials: number) => ({
  value: successes / trials,
  ...clopperPearson(successes, trials),
  method: '',
});

/** Binomial probabilities by the recurrence, from outside the code under test. */
function probabilities(trials: number, p: number): number[] {
  const all = [(1 - p) ** trials];
  for (let k = 0; k < trials; k++) all.push((all[k]! * (trials - k) * p) / ((k + 1) * (1 - p)));
  return all;
}

describe('moverDifference', () => {
  it('is the normal interval of a difference where both intervals are normal', () => {
    const normal = (value: number, deviation: number) => ({
      value,
      low: value - 1.96 * deviation,
      high: value + 1.96 * deviation,
    });
    const found = moverDifference(normal(3, 0.3), normal(1, 0.4));
    expect(found.value).toBeCloseTo(2, 12);
    expect(found.low).toBeCloseTo(2 - 1.96 * 0.5, 12);
    expect(found.high).toBeCloseTo(2 + 1.96 * 0.5, 12);
  });

  it('takes each limit from the sides that it lies on', () => {
    const found = moverDifference({ value: 5, low: 2, high: 6 }, { value: 1, low: 0.25, high: 5 });
    expect(found).toEqual({ value: 4, low: 4 - 5, high: 4 + 1.25 });
  });

  it('agrees with the method for shares, cut off where differences of shares end', () => {
    for (const [a, b] of [
      [3, 17],
      [20, 0],
      [9, 11],
    ] as const) {
      const { value, low, high } = shareDifference(share(a, 20), share(b, 20));
      expect(moverDifference(share(a, 20), share(b, 20), [-1, 1])).toEqual({ value, low, high });
    }
  });

  it('leaves an end open that one of the two leaves open', () => {
    const bound = { value: 1, low: 1, high: Number.POSITIVE_INFINITY };
    const other = { value: 3, low: 2, high: 4 };
    expect(moverDifference(bound, other)).toEqual({ value: -2, low: -3, high: Number.POSITIVE_INFINITY });
    expect(moverDifference(other, bound).low).toBe(Number.NEGATIVE_INFINITY);
  });

  it.each([
    [30, 0.5, 0.5],
    [30, 0.9, 0.6],
    [30, 0.05, 0.02],
  ])(
    'holds the difference of two shares of %i at %d and %d in 95 of 100 draws: all outcomes counted',
    (n, p, q) => {
      const [first, second] = [probabilities(n, p), probabilities(n, q)];
      let covered = 0;
      for (let a = 0; a <= n; a++)
        for (let b = 0; b <= n; b++) {
          const { low, high } = moverDifference(share(a, n), share(b, n), [-1, 1]);
          if (low <= p - q && p - q <= high) covered += first[a]! * second[b]!;
        }
      expect(covered).toBeGreaterThan(0.945);
    },
  );

  it('is wide, not narrow, where the two rise and fall together', () => {
    const draws = 2000;
    const [common, one, two] = ['c', 'a', 'b'].map((name) =>
      stream(5, 'mover', name).normal(new Float32Array(draws)),
    );
    const around = (value: number) => ({ value, low: value - 1.96, high: value + 1.96 });
    const missed = Array.from({ length: draws }, (_, i) => {
      // Unit variances, correlation .64.
      const a = 0.8 * common![i]! + 0.6 * one![i]!;
      const b = 0.8 * common![i]! + 0.6 * two![i]!;
      const { low, high } = moverDifference(around(a), around(b));
      return low > 0 || high < 0;
    }).filter(Boolean).length;
    // √(2(1 − .64)) against √2: 1.96/.6 = 3.27 deviations.
    expect(missed / draws).toBeLessThan(0.01);
  });
});
