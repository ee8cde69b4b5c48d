import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { betaQuantile, regularisedBeta } from './beta.ts';
import { binomialAtLeast, clopperPearson, proportionUpperBound } from './binomial.ts';

function expectRelative(found: number, expected: number, tolerance: number): void {
  expect(Math.abs(found - expected), `${found} for ${expected}`).toBeLessThanOrEqual(
    tolerance * Math.abs(expected),
  );
}

/** Exact P(Bin(n, j/16) ≥ k) for n ≤ 60, in whole numbers, rounded once. */
function exactAtLeast(k: number, n: number, j: number): number {
  let numerator = 0n;
  let choose = 1n;
  for (let i = 0; i <= n; i++) {
    if (i >= k) numerator += choose * BigInt(j) ** BigInt(i) * BigInt(16 - j) ** BigInt(n - i);
    choose = (choose * BigInt(n - i)) / BigInt(i + 1);
  }
  return Number(numerator) / 2 ** (4 * n);
}

describe('regularisedBeta', () => {
  // Computed with 50 and more digits by another program (mpmath).
  it.each([
    [0.3, 0.5, 0.5, 0.36901011956554536, 0.6309898804344546],
    [0.01, 2.5, 40.25, 0.02452314696723122, 0.9754768530327688],
    [0.52, 1000, 1000, 0.9632205167213604, 0.03677948327863957],
    [0.001, 3, 5000, 0.8756426259625864, 0.12435737403741358],
    [0.99, 300, 2, 0.19616357628514303, 0.803836423714857],
    [0.403, 20000, 30000, 0.9144661880691596, 0.08553381193084036],
  ])('I_%d(%d, %d)', (x, a, b, lower, upper) => {
    const found = regularisedBeta(x, a, b);
    expectRelative(found.lower, lower, 1e-13);
    expectRelative(found.upper, upper, 1e-13);
  });

  it('has its closed forms', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.001, max: 0.999, noNaN: true }),
        fc.double({ min: 0.05, max: 90, noNaN: true }),
        (x, a) => {
          expectRelative(regularisedBeta(x, a, 1).lower, x ** a, 1e-12);
          expectRelative(regularisedBeta(x, 1, a).upper, Math.exp(a * Math.log1p(-x)), 1e-12);
          expect(regularisedBeta(x, 2, 2).lower).toBeCloseTo(x * x * (3 - 2 * x), 14);
          const { lower, upper } = regularisedBeta(x, a, 7.5);
          expect(regularisedBeta(1 - x, 7.5, a, x).upper).toBeCloseTo(lower, 13);
          expect(lower + upper).toBeCloseTo(1, 14);
        },
      ),
      { numRuns: 200 },
    );
    expect(regularisedBeta(0, 2, 3)).toEqual({ lower: 0, upper: 1 });
    expect(regularisedBeta(1, 2, 3)).toEqual({ lower: 1, upper: 0 });
  });

  it('refuses what is no probability', () => {
    expect(() => regularisedBeta(1.1, 1, 1)).toThrow(/internal/);
    expect(() => regularisedBeta(0.5, 0, 1)).toThrow(/internal/);
  });
});

it('betaQuantile inverts regularisedBeta', () => {
  fc.assert(
    fc.property(
      fc.double({ min: 0.001, max: 0.999, noNaN: true }),
      fc.double({ min: 1, max: 2000, noNaN: true }),
      fc.double({ min: 1, max: 2000, noNaN: true }),
      (p, a, b) => {
        expectRelative(regularisedBeta(betaQuantile(p, a, b), a, b).lower, p, 1e-10);
      },
    ),
    { numRuns: 200 },
  );
  expect([0, 1, -1].map((p) => betaQuantile(p, 2, 3))).toEqual([0, 1, NaN]);
});

describe('binomial tails', () => {
  it('equal the exact sums', () => {
    for (const n of [1, 2, 7, 30, 60]) {
      for (const j of [1, 5, 8, 15]) {
        for (let k = -1; k <= n + 1; k++) {
          const exact = k > n ? 0 : exactAtLeast(Math.max(k, 0), n, j);
          expectRelative(binomialAtLeast(k, n, j / 16), exact, 1e-13);
        }
      }
    }
  });
});

describe('clopperPearson', () => {
  // Newcombe, Stat. Med. 17 (1998) 857-872, table I, method 5.
  it.each([
    [81, 263, 0.2527, 0.3676],
    [15, 148, 0.0578, 0.1617],
    [0, 20, 0, 0.1684],
    [1, 29, 0.0009, 0.1776],
  ])('%d of %d', (successes, trials, low, high) => {
    const interval = clopperPearson(successes, trials);
    expect(interval.low).toBeCloseTo(low, 4);
    expect(interval.high).toBeCloseTo(high, 4);
  });

  it('has its closed form at both ends', () => {
    for (const n of [1, 10, 2500, 1e6]) {
      expect(clopperPearson(0, n).low).toBe(0);
      expect(clopperPearson(n, n).high).toBe(1);
      expectRelative(clopperPearson(n, n).low, 0.025 ** (1 / n), 1e-12);
      expectRelative(proportionUpperBound(0, n, 0.0125), -Math.expm1(Math.log(0.0125) / n), 1e-9);
    }
  });

  it('covers every proportion at least as often as it says, summed exactly', () => {
    for (const n of [5, 17, 40]) {
      const intervals = Array.from({ length: n + 1 }, (_, k) => clopperPearson(k, n, 0.9));
      for (let j = 1; j < 16; j++) {
        const p = j / 16;
        let covered = 0;
        for (let k = 0; k <= n; k++) {
          const inside = intervals[k]!.low <= p && p <= intervals[k]!.high;
          if (inside) covered += exactAtLeast(k, n, j) - (k === n ? 0 : exactAtLeast(k + 1, n, j));
        }
        expect(covered).toBeGreaterThanOrEqual(0.9);
        expect(covered).toBeLessThanOrEqual(1 + 1e-12);
      }
    }
  });

  it('refuses counts that cannot be', () => {
    expect(() => clopperPearson(3, 2)).toThrow(/internal/);
    expect(() => clopperPearson(0, 0)).toThrow(/internal/);
    expect(() => clopperPearson(1, 2, 1)).toThrow(/internal/);
  });
});
