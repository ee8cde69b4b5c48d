/** The values that are tried: every category, or evenly over a range. */

import { expect, it } from 'vitest';
import { evenCandidates } from './even-candidates.ts';

const city = {
  name: 'city',
  kind: 'categorical',
  categories: ['Rome', 'Oslo', 'Bern'],
  inRecord: true,
} as const;
const income = { name: 'income', kind: 'continuous', inRecord: true } as const;

it('tries every category, and of a number as many values as are wanted, the ends among them', () => {
  expect(evenCandidates({ attribute: city }, 10)).toEqual([0, 1, 2]);
  expect(evenCandidates({ attribute: income, range: { min: -4, max: 8 } }, 4)).toEqual([-4, 0, 4, 8]);
  expect(() => evenCandidates({ attribute: income }, 4)).toThrow('internal');
});
