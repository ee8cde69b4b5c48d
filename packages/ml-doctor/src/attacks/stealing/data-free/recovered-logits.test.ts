import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decimalPlaces, recoveredLogits, UNROUNDED } from './recovered-logits.ts';

const softmax = (row: readonly number[]): number[] => {
  const top = Math.max(...row);
  const weights = row.map((z) => Math.exp(z - top));
  const sum = weights.reduce((a, b) => a + b);
  return weights.map((w) => w / sum);
};
const logits = fc.array(fc.double({ min: -20, max: 20, noNaN: true }), { minLength: 2, maxLength: 6 });

describe('recoveredLogits', () => {
  it('gives back what the softmax was taken of, but for its mean', () => {
    fc.assert(
      fc.property(logits, (row) => {
        const mean = row.reduce((a, b) => a + b) / row.length;
        const found = recoveredLogits(Float32Array.from(softmax(row)), row.length, UNROUNDED);
        for (const [k, z] of row.entries()) expect(found[k]).toBeCloseTo(z - mean, 4);
      }),
    );
  });

  it('keeps every logit finite where a posterior is zero', () => {
    const least = recoveredLogits(Float32Array.of(1, 0), 2, UNROUNDED);
    expect(least[0]).toBeCloseTo((126 * Math.LN2) / 2, 4);
    expect(least[1]).toBeCloseTo((-126 * Math.LN2) / 2, 4);
    const rounded = recoveredLogits(Float32Array.of(0.99, 0.01, 0), 3, 2);
    expect((rounded[1] as number) - (rounded[2] as number)).toBeCloseTo(Math.LN2, 4);
  });
});

describe('decimalPlaces', () => {
  it('finds how many places posteriors were rounded to', () => {
    for (const digits of [1, 2, 3, 4, 5, 6]) {
      const rounded = Array.from({ length: 40 }, (_, i) => softmax([i / 7, 1, -i / 5]))
        .flat()
        .map((p) => Number(p.toFixed(digits)));
      expect(decimalPlaces(Float32Array.from(rounded))).toBe(digits);
    }
  });

  it('says so when they were not rounded, and never goes back', () => {
    const plain = Float32Array.from(softmax([0.3, -1, 2.2, 5]));
    expect(decimalPlaces(plain)).toBe(UNROUNDED);
    expect(decimalPlaces(Float32Array.of(1, 0))).toBe(0);
    expect(decimalPlaces(Float32Array.of(1, 0), 3)).toBe(3);
    expect(decimalPlaces(Float32Array.of(0.25), UNROUNDED)).toBe(UNROUNDED);
  });
});
