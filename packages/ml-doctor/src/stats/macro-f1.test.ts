import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type JudgedClass, macroF1Metric } from './macro-f1.ts';
import { shareMetric } from './strata.ts';

/** Made with test/golden/inversion.py, by scikit-learn. */
const golden: { macroF1: { truth: number[]; predicted: number[]; macroF1: number }[] } = JSON.parse(
  readFileSync(new URL('../../test/golden/inversion.json', import.meta.url), 'utf8'),
);

const judged = (rows: Record<number, number[]>): JudgedClass[] =>
  Object.entries(rows).map(([truth, predictions]) => ({
    class: Number(truth),
    repeats: predictions.map((predicted) => ({ predicted, share: 1 / predictions.length })),
  }));
const metric = (classes: JudgedClass[], seed = 1) => {
  const strata = classes.map(({ class: truth, repeats }) =>
    repeats.map(({ predicted, share }) => ({ value: predicted === truth ? 1 : 0, share })),
  );
  return macroF1Metric(classes, shareMetric(strata, 'x'), seed);
};

describe('macroF1Metric', () => {
  it('agrees with scikit-learn', () => {
    for (const { truth, predicted, macroF1 } of golden.macroF1) {
      const rows: Record<number, number[]> = {};
      truth.forEach((label, i) => {
        rows[label] = [...(rows[label] ?? []), predicted[i]!];
      });
      expect(metric(judged(rows)).value).toBeCloseTo(macroF1, 12);
    }
  });

  it('is the mean of 2TP/(2TP + FP + FN), predictions of other classes being misses', () => {
    // Class 0: TP 2, FP 1, FN 2; class 1: TP 3, FP 1, FN 1. Class 7 was not asked for.
    const { value } = metric(judged({ 0: [0, 0, 1, 7], 1: [1, 1, 1, 0] }));
    expect(value).toBeCloseTo((4 / 7 + 6 / 8) / 2, 12);
    expect(metric(judged({ 0: [1, 1], 1: [0, 0] })).value).toBe(0);
    expect(metric(judged({ 0: [0], 1: [1] })).value).toBe(1);
  });

  it('has an interval that spans the value and does not depend on the order of repeats', () => {
    const rows = { 0: [0, 0, 1, 2, 0, 1], 1: [1, 1, 1, 0, 1, 1], 2: [2, 0, 0, 2, 1, 2] };
    const one = metric(judged(rows));
    expect(one.low).toBeLessThan(one.value);
    expect(one.high).toBeGreaterThan(one.value);
    const turned = Object.fromEntries(Object.entries(rows).map(([c, row]) => [c, row.toReversed()]));
    expect(metric(judged(turned))).toEqual(one);
  });

  it('resamples repeats within classes', () => {
    const classes = judged({ 0: [...Array(70).fill(0), ...Array(30).fill(1)], 1: Array(100).fill(1) });
    const certain = { value: 0.85, low: 0.85, high: 0.85, method: '' };
    const { value, low, high } = macroF1Metric(classes, certain, 3);
    // Right in class 0 is binomial(100, .7), of deviation .0458; F1 of p there is (2p/(1 + p) + 2/(3 - p))/2.
    const f1 = (p: number) => p / (1 + p) + 1 / (3 - p);
    expect(value).toBeCloseTo(f1(0.7), 12);
    expect(Math.abs(low - f1(0.61))).toBeLessThan(0.012);
    expect(Math.abs(high - f1(0.785))).toBeLessThan(0.012);
    const lows = [4, 5, 6, 7, 8].map((seed) => macroF1Metric(classes, certain, seed).low);
    expect(new Set(lows).size).toBeGreaterThan(1);
  });

  it('is not sure of itself where a bootstrap sees nothing to resample', () => {
    const classes = Array.from({ length: 10 }, (_, c) => [c, [c < 6 ? c : 0]] as const);
    const { value, low, high } = metric(judged(Object.fromEntries(classes.map(([c, r]) => [c, [...r]]))));
    expect(value).toBeGreaterThan(low + 0.2);
    expect(value).toBeLessThan(high - 0.2);
  });
});
