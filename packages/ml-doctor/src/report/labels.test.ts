/** Labels are as short as they can be while they tell choices apart. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { attackChoice, labelsFor, variantsFor } from './labels.ts';

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
    // What only one kind has follows from the kind.
    [
      [
        { name: 'shokri', params: { shadows: 4, shadowData: 'real' } },
        { name: 'shokri', params: { shadows: 4, shadowData: 'noisy', noise: 0.1 } },
      ],
      ['shokri (shadowData real)', 'shokri (shadowData noisy)'],
    ],
    // Unless it is what differs.
    [
      [
        { name: 'shokri', params: { shadowData: 'real' } },
        { name: 'shokri', params: { shadowData: 'noisy', noise: 0.1 } },
        { name: 'shokri', params: { shadowData: 'noisy', noise: 0.2 } },
      ],
      [
        'shokri (shadowData real)',
        'shokri (noise 0.1, shadowData noisy)',
        'shokri (noise 0.2, shadowData noisy)',
      ],
    ],
  ])('of %j', (choices, labels) => {
    expect(choices.map(labelsFor(choices))).toEqual(labels);
  });

  it('are equal exactly for equal choices, in whatever order their keys were set', () => {
    const params = fc.dictionary(fc.constantFrom('p', 'q', 'r'), fc.integer({ min: 0, max: 2 }));
    const choice = fc.record({ name: fc.constantFrom('a', 'b'), params, setting: params });
    const sorted = ({ name, params, setting }: { name: string; params: object; setting: object }) =>
      JSON.stringify([name, Object.entries(params).sort(), Object.entries(setting).sort()]);
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

describe('variantsFor', () => {
  const asked = (params: Record<string, unknown>, auxiliary: 'shadow' | 'none') =>
    attackChoice({
      attack: 'membership/x',
      threatModel: { access: 'black-box', auxiliary, output: 'label' },
      params,
    });

  it('tells of the threat model only where the parameters do not tell apart', () => {
    const [a, b, c] = [asked({ k: 1 }, 'shadow'), asked({ k: 2 }, 'none'), asked({ k: 2 }, 'shadow')];
    expect([a!, b!].map(variantsFor([a!, b!]))).toEqual(['k 1', 'k 2']);
    expect([b!, c!].map(variantsFor([b!, c!]))).toEqual(['auxiliary none', 'auxiliary shadow']);
    expect([a!, b!, c!].map(variantsFor([a!, b!, c!]))).toEqual([
      'k 1, auxiliary shadow',
      'k 2, auxiliary none',
      'k 2, auxiliary shadow',
    ]);
  });

  it('is empty for an attack that ran once, whatever its parameters', () => {
    expect(variantsFor([asked({ k: 1 }, 'none')])(asked({ k: 1 }, 'none'))).toBe('');
  });
});
