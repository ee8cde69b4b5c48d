import { describe, expect, it } from 'vitest';
import { roundCategories } from './round-categories.ts';

const oneHot = [
  { first: 1, width: 3 },
  { first: 5, width: 2 },
];

describe('roundCategories', () => {
  it('sets the largest place of each group and leaves the rest', () => {
    const bounds = { low: new Float32Array(8), high: new Float32Array(8).fill(1) };
    const record = Float32Array.of(0.25, 0.5, 0.75, 0.625, 0.125, 0.25, 0.25, 0.875);
    expect([...roundCategories(record, { bounds, oneHot })]).toEqual([0.25, 0, 1, 0, 0.125, 1, 0, 0.875]);
    expect(record[1]).toBe(0.5);
  });

  it('compares shares of the range, and never sets a place that is always the same', () => {
    // Place 1 is a tenth of its way up, place 2 half, place 3 has no way to go; place 5 is below its range.
    const bounds = {
      low: Float32Array.of(0, -10, 0, 9, 0, 0, 0, 0),
      high: Float32Array.of(1, 90, 1, 9, 1, 1, 1, 1),
    };
    const record = Float32Array.of(0, 0, 0.5, 9, 0, -2, -1, 0);
    expect([...roundCategories(record, { bounds, oneHot })]).toEqual([0, -10, 1, 9, 0, 0, 1, 0]);
  });
});
