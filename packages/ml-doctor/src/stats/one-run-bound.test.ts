import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { oneRunEpsilon, oneRunPValue } from './one-run-bound.ts';

/** P(Bin(n, 1 - 1/(1 + e^ε)) = k) by its definition. */
const probability = (k: number, n: number, epsilon: number) => {
  const p = Math.exp(epsilon) / (1 + Math.exp(epsilon));
  let product = 1;
  for (let i = 1; i <= k; i++) product *= ((n - k + i) / i) * p;
  return product * (1 - p) ** (n - k);
};

const all = (guesses: number, delta = 0, canaries = guesses) => ({
  ...{ canaries, guesses, correct: guesses, delta },
});

describe('oneRunEpsilon', () => {
  it('has a closed form when every guess is right', () => {
    for (const [r, most] of [
      [200, 4.2],
      [1000, 5.81],
      [10_000, 8.12],
    ] as const) {
      const q = 0.05 ** (1 / r);
      const found = oneRunEpsilon(all(r));
      expect(found).toBeCloseTo(Math.log(q / (1 - q)), 8);
      expect(found).toBeLessThan(most);
      expect(found).toBeGreaterThan(most - 0.02);
      expect(oneRunEpsilon(all(r, 1e-5))).toBeLessThan(found);
      expect(oneRunEpsilon(all(r, 1e-7))).toBeGreaterThan(found - 0.1);
    }
  });

  it('finds nothing in guesses that are right half of the time', () => {
    expect(oneRunEpsilon({ canaries: 1000, guesses: 400, correct: 200, delta: 1e-5 })).toBe(0);
    expect(oneRunEpsilon({ canaries: 10, guesses: 10, correct: 0, delta: 0 })).toBe(0);
  });

  it('is where the p-value reaches the error', () => {
    for (const run of [
      { canaries: 1000, guesses: 300, correct: 250, delta: 1e-5 },
      { canaries: 100_000, guesses: 1000, correct: 900, delta: 1e-6 },
      { canaries: 500, guesses: 500, correct: 400, delta: 0 },
    ]) {
      const epsilon = oneRunEpsilon(run);
      expect(epsilon).toBeGreaterThan(0.5);
      expect(oneRunPValue(run, epsilon)).toBeCloseTo(0.05, 6);
      expect(oneRunEpsilon(run, 0.2)).toBeGreaterThan(epsilon);
    }
  });

  it('exceeds the truth of randomised response no more often than it says, summed exactly', () => {
    for (const epsilon of [0.3, 1, 2]) {
      let wrong = 0;
      for (let correct = 0; correct <= 60; correct++) {
        const run = { canaries: 60, guesses: 60, correct, delta: 0 };
        if (oneRunEpsilon(run) > epsilon) wrong += probability(correct, 60, epsilon);
      }
      expect(wrong).toBeLessThanOrEqual(0.05);
      expect(wrong).toBeGreaterThan(0.005);
    }
  });

  it.each([
    { canaries: 10, guesses: 11, correct: 3, delta: 0 },
    { canaries: 10, guesses: 5, correct: 6, delta: 0 },
    { canaries: 10, guesses: 0, correct: 0, delta: 0 },
    { canaries: 10, guesses: 5, correct: 2.5, delta: 0 },
    { canaries: 10, guesses: 5, correct: 2, delta: -1 },
  ])('refuses %j', (run) => {
    expect(() => oneRunEpsilon(run)).toThrow(/internal/);
  });
});

it('oneRunPValue is the sum by its definition', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 40 }),
      fc.nat(40),
      fc.double({ min: 0, max: 4, noNaN: true }),
      fc.constantFrom(0, 1e-6, 1e-4, 1e-2),
      (guesses, some, epsilon, delta) => {
        const correct = some % (guesses + 1);
        const between = (from: number, to: number) => {
          let sum = 0;
          for (let k = from; k <= to; k++) sum += probability(k, guesses, epsilon);
          return sum;
        };
        let most = 0;
        for (let i = 1; i <= correct; i++) most = Math.max(most, between(correct - i, correct - 1) / i);
        const expected = Math.min(1, between(correct, guesses) + 2 * 50 * delta * most);
        expect(oneRunPValue({ canaries: 50, guesses, correct, delta }, epsilon)).toBeCloseTo(expected, 11);
      },
    ),
  );
});
