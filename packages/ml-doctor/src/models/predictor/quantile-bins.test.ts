import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { quantileBins } from './quantile-bins.ts';

describe('quantileBins', () => {
  it('cuts 100 different numbers in ten tens', () => {
    const values = Array.from({ length: 100 }, (_, i) => (i * 37) % 100);
    const { count, bins } = quantileBins(values, 10);
    expect(count).toBe(10);
    expect([...bins]).toEqual(values.map((value) => Math.floor(value / 10)));
  });

  it('keeps equal numbers together', () => {
    const { count, bins } = quantileBins([5, 1, 5, 5, 5, 5, 5, 5, 9, 5], 5);
    expect(count).toBe(2);
    expect([...bins]).toEqual([1, 0, 1, 1, 1, 1, 1, 1, 1, 1]);
    expect(quantileBins([3, 3], 10).count).toBe(1);
    expect(quantileBins([3], 10).median([1])).toBe(3);
  });

  it('leaves half of the weight on each side of the median', () => {
    const values = fc.array(fc.integer({ min: -20, max: 20 }), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(values, fc.array(fc.nat(5), { minLength: 8, maxLength: 8 }), (known, drawn) => {
        const { count, bins, median } = quantileBins(known, 8);
        const belief = drawn.slice(0, count);
        if (!belief.some((weight) => weight > 0)) belief[0] = 1;
        const total = belief.reduce((a, b) => a + b, 0);
        const sizes = belief.map((_, bin) => bins.filter((own) => own === bin).length);
        expect(Math.min(...sizes)).toBeGreaterThan(0);
        const weight = (keep: (value: number) => boolean) =>
          known.reduce((sum, v, i) => sum + (keep(v) ? belief[bins[i]!]! / sizes[bins[i]!]! : 0), 0) / total;
        const middle = median(belief);
        expect(known).toContain(middle);
        expect(weight((value) => value < middle)).toBeLessThanOrEqual(0.5 + 1e-9);
        expect(weight((value) => value > middle)).toBeLessThanOrEqual(0.5 + 1e-9);
      }),
      { numRuns: 300 },
    );
  });
});
