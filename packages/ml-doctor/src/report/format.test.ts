/** Numbers as printed: against values worked out by hand. */

import { describe, expect, it } from 'vitest';
import {
  chanceOf,
  duration,
  formatMetric,
  grouped,
  metricLabel,
  oneIn,
  percent,
  percentWithInterval,
  tailRate,
} from './format.ts';

describe('percent', () => {
  it.each([
    [0, '0 %'],
    [0.00001, 'under 0.01 %'],
    [0.0004, '0.04 %'],
    [0.00744, '0.74 %'],
    [0.00996, '1 %'],
    [0.08, '8 %'],
    [0.0834, '8.3 %'],
    [0.582, '58.2 %'],
    [0.998, '99.8 %'],
    [0.9996, 'over 99.9 %'],
    [1, '100 %'],
  ])('%f is %s', (share, text) => expect(percent(share)).toBe(text));
});

describe('percentWithInterval', () => {
  it.each([
    [0.05, 0.12, '8 % (5 % to 12 %)'],
    [0.05, null, '8 % (at least 5 %)'],
    [null, 0.12, '8 % (at most 12 %)'],
    [null, null, '8 %'],
  ])('from %s to %s', (low, high, text) => {
    expect(percentWithInterval({ value: 0.08, low, high, method: 'none' })).toBe(text);
  });
});

describe('metric names', () => {
  it('carry their rate', () => {
    expect(tailRate('tprAtFpr0.01')).toBe(0.01);
    expect(tailRate('tprAtFpr0.001')).toBe(0.001);
    expect(tailRate('auc')).toBeUndefined();
    expect(tailRate('tprAtFpr0.0')).toBeUndefined();
    expect(metricLabel('tprAtFpr0.001')).toBe('TPR at 0.1 % FPR');
    expect(metricLabel('mine')).toBe('mine');
  });

  it('say what guessing reaches', () => {
    expect(chanceOf('auc')).toBe(0.5);
    expect(chanceOf('tprAtFpr0.01')).toBe(0.01);
    expect(chanceOf('precision')).toBeUndefined();
  });

  it('decide how a value is printed', () => {
    const metric = { value: 0.58249, low: 0.561, high: 0.6, method: 'none' };
    expect(formatMetric('auc', metric)).toEqual({ value: '0.582', interval: '0.561 to 0.600' });
    expect(formatMetric('balancedAccuracy', metric)).toEqual({ value: '58.2 %', interval: '56.1 % to 60 %' });
    expect(formatMetric('epsilonLowerBound', { ...metric, high: null })).toEqual({
      // Rounded down: no lower bound grows in print.
      value: '0.58',
      interval: 'from 0.56',
    });
    expect(formatMetric('epsilonLowerBound', { value: 2.999, low: 2.999, high: null, method: 'x' })).toEqual({
      value: '2.99',
      interval: 'from 2.99',
    });
  });
});

describe('words for numbers', () => {
  it.each([
    [0.01, '1 in 100'],
    [0.001, '1 in 1,000'],
    [0.1, '1 in 10'],
    [0.03, '3 %'],
  ])('rate %f is %s', (rate, text) => expect(oneIn(rate)).toBe(text));

  it.each([
    [0.04, '0.0 s'],
    [9.96, '10.0 s'],
    [59.4, '59 s'],
    [59.6, '1 min 00 s'],
    [191.5, '3 min 12 s'],
    [3725, '1 h 02 min'],
  ])('%f seconds are %s', (seconds, text) => expect(duration(seconds)).toBe(text));

  it.each([
    [999, '999'],
    [1000, '1,000'],
    [1234567, '1,234,567'],
  ])('%i is %s', (value, text) => expect(grouped(value)).toBe(text));
});
