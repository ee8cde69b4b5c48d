import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { acrossSeeds } from './across-seeds.ts';
import type { Metric } from './metric.ts';

const metric = (value: number, below: number, above = below): Metric => ({
  ...{ value, low: value - below, high: value + above, method: 'by hand' },
});
const wide = { range: [-100, 100] as const };

describe('acrossSeeds', () => {
  it('is the t interval where the single intervals have no width', () => {
    // Mean 3, variance 2.5, t with 4 degrees of freedom 2.776445.
    const { mean, spread, seeds } = acrossSeeds(
      [1, 2, 3, 4, 5].map((value) => metric(value, 0)),
      wide,
    );
    expect(mean.value).toBe(3);
    expect(spread).toBeCloseTo(Math.sqrt(2.5), 12);
    expect(mean.high - 3).toBeCloseTo(2.776445 * Math.sqrt(0.5), 5);
    expect(3 - mean.low).toBeCloseTo(2.776445 * Math.sqrt(0.5), 5);
    expect(seeds).toBe(5);
  });

  it('is the single interval where all seeds agree on the same records', () => {
    const one = metric(0.6, 0.03, 0.05);
    const { mean, spread } = acrossSeeds([one, one, one]);
    expect(mean.low).toBeCloseTo(0.57, 12);
    expect(mean.high).toBeCloseTo(0.65, 12);
    expect(spread).toBe(0);
  });

  it('divides the sampling error by √k where the records are separate', () => {
    const one = metric(0.6, 0.03, 0.05);
    const { low, high } = acrossSeeds([one, one, one, one], { sharedRecords: 0 }).mean;
    expect(low).toBeCloseTo(0.6 - 0.03 / 2, 12);
    expect(high).toBeCloseTo(0.6 + 0.05 / 2, 12);
  });

  it('adds what half of the records shared leave, by hand', () => {
    // S² = 0.0002, t(1) = 12.70620; half of (0.02² + 0.04²)/2 below, of (0.01² + 0.03²)/2 above.
    const { low, high } = acrossSeeds([metric(0.6, 0.02, 0.01), metric(0.62, 0.04, 0.03)], {
      sharedRecords: 0.5,
    }).mean;
    const seeds = (12.70620474 ** 2 * 0.0002) / 2;
    expect(low).toBeCloseTo(0.61 - Math.sqrt(seeds + 0.5 * 0.001), 8);
    expect(high).toBeCloseTo(0.61 + Math.sqrt(seeds + 0.5 * 0.0005), 8);
  });

  it('keeps the interval of a single seed and says so', () => {
    const { mean, spread } = acrossSeeds([metric(0.6, 0.1)]);
    expect(mean).toMatchObject({ value: 0.6, low: 0.5, high: 0.7 });
    expect(mean.method).toContain('one seed');
    expect(spread).toBeNull();
  });

  it('contains its value, stays in range, and widens with sharing', () => {
    const rates = fc.array(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(100), fc.nat(100)), {
      ...{ minLength: 2, maxLength: 6 },
    });
    fc.assert(
      fc.property(rates, fc.double({ min: 0, max: 1, noNaN: true }), (list, sharedRecords) => {
        const metrics = list.map(([v, a, b]) => ({
          ...metric(v, 0),
          ...{ low: v * (1 - a / 100), high: v + ((1 - v) * b) / 100 },
        }));
        const { mean } = acrossSeeds(metrics, { sharedRecords });
        expect(mean.low).toBeLessThanOrEqual(mean.value);
        expect(mean.high).toBeGreaterThanOrEqual(mean.value);
        expect(mean.low).toBeGreaterThanOrEqual(0);
        expect(mean.high).toBeLessThanOrEqual(1 + 1e-12);
        const same = acrossSeeds(metrics).mean;
        expect(same.high).toBeGreaterThanOrEqual(mean.high - 1e-12);
        expect(same.low).toBeLessThanOrEqual(mean.low + 1e-12);
      }),
    );
  });

  it('refuses nothing at all and shares that are none', () => {
    expect(() => acrossSeeds([])).toThrow(/internal: no metric/);
    expect(() => acrossSeeds([metric(0.5, 0.1)], { sharedRecords: 1.5 })).toThrow(/internal: a share of 1.5/);
  });
});
