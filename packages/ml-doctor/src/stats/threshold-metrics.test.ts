import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clopperPearson } from './binomial.ts';
import { type Decisions, decide, thresholdMetrics } from './threshold-metrics.ts';

const decisions: fc.Arbitrary<Decisions> = fc
  .tuple(fc.integer({ min: 1, max: 400 }), fc.integer({ min: 1, max: 400 }), fc.nat(1000), fc.nat(1000))
  .map(([positives, negatives, a, b]) => ({
    positives,
    negatives,
    truePositives: Math.round((positives * a) / 1000),
    falsePositives: Math.round((negatives * b) / 1000),
  }));

describe('decide', () => {
  it('calls a member whoever reaches the threshold', () => {
    expect(decide([1, 2, 3, 2, 1], [0, 0, 1, 1, 1], 2)).toEqual({
      truePositives: 2,
      falsePositives: 1,
      positives: 3,
      negatives: 2,
    });
    expect(decide([1, 2], [0, 1], Infinity)).toMatchObject({ truePositives: 0, falsePositives: 0 });
    expect(decide([1, 2], [0, 1], -Infinity)).toMatchObject({ truePositives: 1, falsePositives: 1 });
  });
});

describe('thresholdMetrics', () => {
  it('follows the definitions and keeps the value within the limits', () => {
    fc.assert(
      fc.property(decisions, (d) => {
        const metrics = thresholdMetrics(d);
        const tn = d.negatives - d.falsePositives;
        const fn = d.positives - d.truePositives;
        const precision = d.truePositives / (d.truePositives + d.falsePositives);
        const recall = d.truePositives / (d.truePositives + fn);
        expect(metrics.accuracy!.value).toBeCloseTo((d.truePositives + tn) / (d.positives + d.negatives), 14);
        expect(metrics.balancedAccuracy!.value).toBeCloseTo((recall + tn / d.negatives) / 2, 14);
        expect(metrics.recall!.value).toBe(recall);
        if (d.truePositives > 0) {
          expect(metrics.precision!.value).toBe(precision);
          expect(metrics.f1!.value).toBeCloseTo((2 * precision * recall) / (precision + recall), 14);
        } else expect(metrics.f1!.value).toBe(0);
        expect(metrics.precision === undefined).toBe(d.truePositives + d.falsePositives === 0);
        for (const { value, low, high } of Object.values(metrics)) {
          expect(low).toBeGreaterThanOrEqual(0);
          expect(low).toBeLessThanOrEqual(value);
          expect(high).toBeGreaterThanOrEqual(value);
          expect(high).toBeLessThanOrEqual(1);
        }
      }),
    );
  });

  it("has the proportion's own limits where one rate decides alone", () => {
    const d = { positives: 50, negatives: 80, truePositives: 37, falsePositives: 0 };
    const { low, high } = clopperPearson(37, 50);
    const { recall } = thresholdMetrics(d);
    expect(recall!.low).toBeCloseTo(low, 12);
    expect(recall!.high).toBeCloseTo(high, 12);
  });

  it('has the limits of the difference of two proportions, recovered by hand', () => {
    const d = { positives: 60, negatives: 90, truePositives: 45, falsePositives: 18 };
    const [t, f] = [clopperPearson(45, 60), clopperPearson(18, 90)];
    const below = Math.hypot(0.75 - t.low, f.high - 0.2);
    const above = Math.hypot(t.high - 0.75, 0.2 - f.low);
    const { accuracy, balancedAccuracy, precision } = thresholdMetrics(d);
    expect(balancedAccuracy!.low).toBeCloseTo((1 + 0.55 - below) / 2, 12);
    expect(balancedAccuracy!.high).toBeCloseTo((1 + 0.55 + above) / 2, 12);
    const right = (60 * 0.75 + 90 * 0.8) / 150;
    expect(accuracy!.low).toBeCloseTo(right - Math.hypot(60 * (0.75 - t.low), 90 * (f.high - 0.2)) / 150, 12);
    expect(accuracy!.high).toBeCloseTo(
      right + Math.hypot(60 * (t.high - 0.75), 90 * (0.2 - f.low)) / 150,
      12,
    );
    // Precision is a function of TPR/FPR; the limits of that ratio are roots of a quadratic (Donner & Zou, 2012).
    const ratioLimit = (l1: number, u2: number, sign: number) => {
      const product = 0.75 * 0.2;
      const root = Math.sqrt(product ** 2 - l1 * u2 * (2 * 0.75 - l1) * (2 * 0.2 - u2));
      return (product + sign * root) / (u2 * (2 * 0.2 - u2));
    };
    const toPrecision = (ratio: number) => (60 * ratio) / (60 * ratio + 90);
    expect(precision!.low).toBeCloseTo(toPrecision(ratioLimit(t.low, f.high, -1)), 10);
    expect(precision!.high).toBeCloseTo(toPrecision(ratioLimit(t.high, f.low, 1)), 10);
  });

  it('agrees with the delta method on large samples', () => {
    const [m, n, t, f] = [20_000, 60_000, 0.6, 0.3];
    const definitions = {
      balancedAccuracy: (t: number, f: number) => (t + 1 - f) / 2,
      accuracy: (t: number, f: number) => (m * t + n * (1 - f)) / (m + n),
      precision: (t: number, f: number) => (m * t) / (m * t + n * f),
      recall: (t: number) => t,
      f1: (t: number, f: number) => (2 * m * t) / (m * t + n * f + m),
    };
    const metrics = thresholdMetrics({
      positives: m,
      negatives: n,
      truePositives: t * m,
      falsePositives: f * n,
    });
    for (const [name, g] of Object.entries(definitions)) {
      const h = 1e-6;
      const byT = (g(t + h, f) - g(t - h, f)) / (2 * h);
      const byF = (g(t, f + h) - g(t, f - h)) / (2 * h);
      const deviation = Math.hypot(byT * Math.sqrt((t * (1 - t)) / m), byF * Math.sqrt((f * (1 - f)) / n));
      const { value, low, high } = metrics[name as keyof typeof definitions]!;
      expect(value, name).toBeCloseTo(g(t, f), 12);
      expect((value - low) / (1.959963985 * deviation) - 1, name).toBeLessThan(0.02);
      expect((high - value) / (1.959963985 * deviation) - 1, name).toBeLessThan(0.02);
      expect((high - low) / (2 * 1.959963985 * deviation) - 1, name).toBeGreaterThan(-0.02);
    }
  });

  it('narrows with the sample and mirrors when the groups are exchanged', () => {
    const small = thresholdMetrics({ positives: 50, negatives: 50, truePositives: 30, falsePositives: 20 });
    const large = thresholdMetrics({
      positives: 5000,
      negatives: 5000,
      truePositives: 3000,
      falsePositives: 2000,
    });
    for (const name of ['accuracy', 'balancedAccuracy', 'precision', 'recall', 'f1'] as const) {
      expect(large[name]!.value).toBeCloseTo(small[name]!.value, 14);
      expect(large[name]!.high - large[name]!.low).toBeLessThan(0.2 * (small[name]!.high - small[name]!.low));
    }
    const mirrored = thresholdMetrics({
      positives: 50,
      negatives: 50,
      truePositives: 20,
      falsePositives: 30,
    });
    expect(mirrored.balancedAccuracy!.low).toBeCloseTo(1 - small.balancedAccuracy!.high, 10);
  });
});
