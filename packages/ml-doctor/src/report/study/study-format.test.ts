/** Differences and ranges as printed. */

import { describe, expect, it } from 'vitest';
import { accuracyText, changeText, metricText } from './study-format.ts';

describe('changeText', () => {
  it.each([
    [-0.0123, -0.1234, '−1.2 points', '−0.123'],
    [0.2, 0.0006, '+20.0 points', '+0.001'],
    [-0.0004, 0.0004, '±0.0 points', '±0.000'],
    [undefined, 0, undefined, '±0.000'],
  ])('of %s and %s', (testAccuracy, auc, accuracy, area) => {
    expect(changeText({ testAccuracy, auc, sameSeeds: true })).toEqual({ testAccuracy: accuracy, auc: area });
  });

  it('of nothing is nothing', () => {
    expect(changeText(undefined)).toEqual({ testAccuracy: undefined, auc: undefined });
  });
});

describe('figures', () => {
  it('have a range when there are several', () => {
    const spread = { mean: 0.25, least: 0.125, most: 0.5, count: 2 };
    expect(metricText('auc', spread)).toEqual({ mean: '0.250', range: '0.125 to 0.500' });
    expect(accuracyText(spread)).toEqual({ mean: '25 %', range: '12.5 % to 50 %' });
    expect(metricText('tprAtFpr0.01', { ...spread, count: 1 })).toEqual({ mean: '25 %', range: undefined });
    expect(accuracyText(undefined)).toBeUndefined();
  });
});
