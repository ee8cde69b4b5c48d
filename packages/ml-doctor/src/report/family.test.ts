/** Questions read as one sentence, whichever families occur. */

import { describe, expect, it } from 'vitest';
import { type Family, familiesOf, familyOf, QUESTION, questionOf } from './family.ts';

describe('questionOf', () => {
  it.each<[Family[], string]>([
    [['membership', 'inversion'], 'who was in the training data, or what it looks like?'],
    [['membership', 'attribute'], 'who was in the training data, or a hidden attribute of a person?'],
    [['attribute', 'inversion'], 'what the training data looks like, or a hidden attribute of a person?'],
    [
      ['membership', 'inversion', 'attribute'],
      'who was in the training data, what it looks like, or a hidden attribute of a person?',
    ],
    [['membership', 'stealing'], 'who was in the training data, or enough to copy the model?'],
  ])('of %j', (families, rest) => expect(questionOf(families)).toBe(`Can someone find out ${rest}`));

  it.each(['membership', 'inversion', 'attribute', 'stealing'] as const)(
    'of %s alone is its own',
    (family) => {
      expect(questionOf([family])).toBe(QUESTION[family]);
    },
  );
});

describe('familyOf', () => {
  it('goes by the first part of the name', () => {
    const attacks = ['attribute/embedding', 'membership/lira', 'inversion/plg', 'membership/attribute'];
    expect(attacks.map((attack) => familyOf({ attack }))).toEqual([
      ...['attribute', 'membership', 'inversion', 'membership'],
    ]);
    expect(familiesOf(attacks.map((attack) => ({ attack })))).toEqual([
      ...['membership', 'inversion', 'attribute'],
    ]);
  });
});
