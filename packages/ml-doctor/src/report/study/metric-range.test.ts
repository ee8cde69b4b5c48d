/** Metrics that are no shares keep what lies beyond 0 and 1. */

import { describe, expect, it } from 'vitest';
import { RECORD_FIGURES } from '../../evaluate/inversion/picture-scores.ts';
import { differenceRange, rangeOf } from './metric-range.ts';
import { overSeeds } from './repeats.ts';

describe('where metrics can lie', () => {
  it.each(Object.entries(RECORD_FIGURES))('of %s is where the inversion says', (name, range) => {
    expect(rangeOf(name)).toEqual(range);
  });

  it('of shares is 0 to 1, and their differences −1 to 1', () => {
    expect([rangeOf('agreement'), differenceRange('agreement')]).toEqual([
      [0, 1],
      [-1, 1],
    ]);
  });

  it('cuts no error off at 1', () => {
    const metric = { value: 0.99, low: 0.9, high: 1.08, method: 'chosen' };
    const { high } = overSeeds([metric, metric], rangeOf('mseNormalised')).mean;
    expect(high).toBeCloseTo(1.08, 12);
  });
});
