import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as oracle from '../../test/stats/high-precision.ts';
import { crossEntropyLoss, expNegative, logOnePlus, posterior } from './log-posterior.ts';

/** Magnitudes evenly spread over their exponents. */
const spread = (low: number, high: number) =>
  fc
    .tuple(fc.integer({ min: low, max: high - 1 }), fc.double({ min: 1, max: 2, noNaN: true }))
    .map(([exponent, mantissa]) => mantissa * 2 ** exponent);

const logit = fc.oneof(
  fc.double({ min: -30, max: 30, noNaN: true }),
  fc.double({ min: -1e4, max: 1e4, noNaN: true }),
  fc.constantFrom(0, -0, 1, 1 + 2 ** -52, 1e4, -1e4, 37, -745),
);
const rowAndLabel = fc
  .array(logit, { minLength: 1, maxLength: 8 })
  .chain((row) => fc.tuple(fc.constant(row), fc.nat(row.length - 1)));

describe('the oracle', () => {
  it('knows published digits', () => {
    // e⁻¹, ln 2 and ln 10 (OEIS A068985, A002162, A002392).
    const digits = (x: bigint) => ((x * 10n ** 40n) >> 1400n).toString();
    expect(digits(oracle.exp(oracle.exact(-1)))).toBe('3678794411714423215955237701614608674458');
    expect(digits(oracle.ln(oracle.exact(2)))).toBe('6931471805599453094172321214581765680755');
    expect(digits(oracle.ln(oracle.exact(10)))).toBe('23025850929940456840179914546843642076011');
  });
});

describe('expNegative', () => {
  it('is within 2 ulp of the truth', () => {
    fc.assert(
      fc.property(fc.oneof(spread(-60, 4), fc.double({ min: 0, max: 745, noNaN: true })), (x) => {
        expect(oracle.errorInUlps(expNegative(-x), oracle.exp(oracle.exact(-x)))).toBeLessThanOrEqual(2);
      }),
      { numRuns: 400 },
    );
  });

  it.each([-0.34657359027997264, -0.34657359027997275, -0.7, -693.5, -708.3, -709, -720, -744.4, -745])(
    'also at %d, where reduction or scaling changes',
    (x) => {
      expect(oracle.errorInUlps(expNegative(x), oracle.exp(oracle.exact(x)))).toBeLessThanOrEqual(2);
    },
  );

  it('is 1 at 0 and −0 and 0 far below', () => {
    expect([0, -0, -746, -1e9, Number.NEGATIVE_INFINITY].map(expNegative)).toEqual([1, 1, 0, 0, 0]);
  });
});

describe('logOnePlus', () => {
  it('is within 2 ulp of the truth from 1e-300 to 1e300', () => {
    fc.assert(
      fc.property(fc.oneof(spread(-1000, 1000), spread(-4, 4)), (s) => {
        const truth = oracle.ln(oracle.exact(1) + oracle.exact(s));
        expect(oracle.errorInUlps(logOnePlus(s), truth)).toBeLessThanOrEqual(2);
      }),
      { numRuns: 400 },
    );
  });

  it.each([0.4999999999999999, 0.5, 0.41421356237309503, Math.SQRT2 - 1, 1, 3, 2 ** 53, Number.MAX_VALUE])(
    'also at %d, where the method changes',
    (s) => {
      const truth = oracle.ln(oracle.exact(1) + oracle.exact(s));
      expect(oracle.errorInUlps(logOnePlus(s), truth)).toBeLessThanOrEqual(2);
    },
  );

  it('keeps 0, the smallest double and infinity', () => {
    const ends = [0, Number.MIN_VALUE, Number.POSITIVE_INFINITY];
    expect(ends.map(logOnePlus)).toEqual(ends);
  });
});

describe('crossEntropyLoss', () => {
  it('is the truth to a relative 1e-12, down to where doubles end', () => {
    fc.assert(
      fc.property(rowAndLabel, ([row, label]) => {
        const truth = oracle.crossEntropy(row, label);
        const found = crossEntropyLoss(row, label);
        // Below the normal doubles the spacing of numbers is the limit.
        if (truth < oracle.exact(2 ** -1021)) expect(found).toBeLessThanOrEqual(2 ** -1020);
        else expect(oracle.relativeError(found, truth)).toBeLessThan(1e-12);
      }),
      { numRuns: 300 },
    );
  });

  it.each([27.631, 36.8, 100, 700])('keeps the loss of a prediction that leads by %d', (lead) => {
    // A softmax followed by a logarithm gives 0 from 37 on.
    const row = [lead, 0];
    const found = crossEntropyLoss(row, 0);
    expect(found).toBeGreaterThan(0);
    expect(oracle.relativeError(found, oracle.crossEntropy(row, 0))).toBeLessThan(1e-12);
  });

  it('knows closed forms', () => {
    expect(crossEntropyLoss([3, 3, 3, 3], 2)).toBeCloseTo(1.3862943611198906, 15);
    expect(crossEntropyLoss([1e4, -1e4], 1)).toBe(2e4);
    expect(crossEntropyLoss([1e4, -1e4], 0)).toBe(0);
    expect(crossEntropyLoss([-7], 0)).toBe(0);
    expect(crossEntropyLoss([0, -0], 1)).toBe(crossEntropyLoss([0, 0], 0));
    expect(crossEntropyLoss(Float32Array.of(0, 0), 1)).toBeCloseTo(Math.LN2, 15);
  });

  it('is infinite for a class that the target calls impossible, also among several', () => {
    const never = Number.NEGATIVE_INFINITY;
    expect(crossEntropyLoss([never, 0], 0)).toBe(Number.POSITIVE_INFINITY);
    expect(crossEntropyLoss([never, never, 0], 1)).toBe(Number.POSITIVE_INFINITY);
    expect(crossEntropyLoss([never, 0], 1)).toBe(0);
    expect(crossEntropyLoss([never, 0, 0], 1)).toBe(crossEntropyLoss([0, 0], 0));
  });

  it('is never negative, and does not change when all logits shift', () => {
    fc.assert(
      fc.property(
        // Sixteenths, so that shifting rounds nothing.
        fc.array(fc.integer({ min: -800, max: 800 }), { minLength: 1, maxLength: 8 }),
        fc.integer({ min: -1000, max: 1000 }),
        fc.nat(),
        (sixteenths, by, pick) => {
          const row = sixteenths.map((z) => z / 16);
          const label = pick % row.length;
          const loss = crossEntropyLoss(row, label);
          expect(loss).toBeGreaterThanOrEqual(0);
          expect(
            crossEntropyLoss(
              row.map((z) => z + by / 16),
              label,
            ),
          ).toBe(loss);
        },
      ),
      { numRuns: 200 },
    );
  });
});

describe('posterior', () => {
  it('sums to 1, follows the order of the logits, and agrees with the loss', () => {
    fc.assert(
      fc.property(rowAndLabel, ([row, label]) => {
        const p = posterior(row);
        expect(Math.abs(p.reduce((a, b) => a + b, 0) - 1)).toBeLessThanOrEqual(p.length * 2 ** -52);
        for (let a = 0; a < row.length; a++)
          for (let b = 0; b < row.length; b++)
            if (row[a]! >= row[b]!) expect(p[a]).toBeGreaterThanOrEqual(p[b]!);
        const loss = crossEntropyLoss(row, label);
        if (loss < 700) expect(Math.abs(p[label]! / expNegative(-loss) - 1)).toBeLessThan(1e-12);
      }),
      { numRuns: 200 },
    );
  });

  it('knows closed forms', () => {
    expect([...posterior([0, 0, -0, 0])]).toEqual([0.25, 0.25, 0.25, 0.25]);
    expect([...posterior([1e4, -1e4])]).toEqual([1, 0]);
    expect([...posterior([Number.NEGATIVE_INFINITY, 5])]).toEqual([0, 1]);
    expect(posterior([0, 1.0986122886681098])[1]).toBeCloseTo(0.75, 15);
  });
});
