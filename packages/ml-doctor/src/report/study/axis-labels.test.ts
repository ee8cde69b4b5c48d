/** Labels are as short as they can be while they tell choices apart. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { labelsFor } from './axis-labels.ts';

describe('labelsFor', () => {
  it.each([
    [
      [
        { name: 'l2', params: { lambda: 0.1, p: 2 } },
        { name: 'none', params: {} },
        { name: 'l2', params: { lambda: 0.01, p: 2 } },
      ],
      ['l2 (lambda 0.1)', 'none', 'l2 (lambda 0.01)'],
    ],
    [
      [
        { name: 'digits', params: { split: 'x' } },
        { name: 'digits', params: { split: 'x', recordsPerRole: 500 } },
      ],
      ['digits', 'digits (recordsPerRole 500)'],
    ],
    [
      [
        { name: 'm', params: { inner: { a: 1, b: [1, 2] }, z: 'long' } },
        { name: 'm', params: { z: 'short', inner: { b: [1, 3], a: 1 } } },
      ],
      ['m (inner.b [1,2], z long)', 'm (inner.b [1,3], z short)'],
    ],
  ])('of %j', (choices, labels) => {
    expect(choices.map(labelsFor(choices))).toEqual(labels);
  });

  it('are equal exactly for equal choices, in whatever order their keys were set', () => {
    const choice = fc.record({
      name: fc.constantFrom('a', 'b'),
      params: fc.dictionary(fc.constantFrom('p', 'q', 'r'), fc.integer({ min: 0, max: 2 })),
    });
    const sorted = ({ name, params }: { name: string; params: object }) =>
      JSON.stringify([name, Object.entries(params).sort()]);
    fc.assert(
      fc.property(fc.array(choice, { minLength: 2, maxLength: 8 }), (choices) => {
        const labels = choices.map(labelsFor(choices));
        for (const [i, a] of choices.entries())
          for (const [j, b] of choices.entries())
            expect(labels[i] === labels[j]).toBe(sorted(a) === sorted(b));
      }),
    );
  });
});
