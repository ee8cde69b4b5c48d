import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stopping } from './stopping.ts';

/** The rules as they are written, over the whole list of costs, from that of the start on. */
const endOf = (costs: readonly number[], patience: number, goal: number): number => {
  for (let i = 1; i < costs.length; i++) {
    if (i >= patience && costs[i]! >= Math.max(...costs.slice(i - patience, i))) return i;
    if (costs[i]! <= goal) return i;
  }
  return -1;
};

describe('stopping', () => {
  it('ends where the rules of the paper say', () => {
    const cost = fc.integer({ min: 0, max: 12 });
    fc.assert(
      fc.property(
        fc.array(cost, { maxLength: 40 }),
        fc.integer({ min: 1, max: 8 }),
        cost,
        (costs, patience, goal) => {
          const ends = stopping({ patience, goal: goal - 10 });
          expect(costs.findIndex((one) => ends(one))).toBe(endOf(costs, patience, goal - 10));
        },
      ),
    );
  });

  it('does not end at the start, and ends at a cost that is no number', () => {
    const ends = stopping({ patience: 3, goal: 1 });
    expect([0.5, Number.POSITIVE_INFINITY, 2, Number.NaN].map(ends)).toEqual([false, false, false, true]);
  });
});
