import { expect, it } from 'vitest';
import type { Sensitive } from './sensitive.ts';
import { refuseUnseen } from './unseen.ts';

const attribute: Pick<Sensitive, 'name' | 'values' | 'categories'> = {
  name: 'race',
  categories: ['white', 'black', 'other', 'never'],
  values: Int32Array.of(0, 1, 2, 0, 1, 2, 0, 1, 2, 2),
};
const refuse = (known: number[], asked: number[], of = attribute) =>
  refuseUnseen(of, 'people', Uint32Array.from(known), Uint32Array.from(asked));

it('lets through what the attacker has met, and what nobody asks about', () => {
  expect(() => refuse([0, 1, 2], [3, 4, 5, 8])).not.toThrow();
  expect(() => refuse([0, 1, 2], [3])).not.toThrow();
  expect(() => refuse([0], [3, 6])).not.toThrow();
  expect(() => refuse([], [])).not.toThrow();
});

it('names the categories that he has not met, and how many have them', () => {
  expect(() => refuse([0, 3, 1], [6, 2, 4, 5])).toThrow(
    expect.objectContaining({
      code: 'MLD_ATTRIBUTE_UNSEEN',
      message:
        "attribute 'race' of people: of 4 records to guess it of 2 are 'other', but none of the 3 records whose value the attacker knows",
      hint: expect.stringMatching(/records per role.*merge/),
    }),
  );
  expect(() => refuse([3], [0, 1, 2, 5])).toThrow(/1 are 'black', 2 are 'other', but/);
});

it('never refuses numbers', () => {
  const age = { name: 'age', values: Float32Array.of(30, 40) };
  expect(() => refuse([0], [1], age)).not.toThrow();
});
