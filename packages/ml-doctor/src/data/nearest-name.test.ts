import { expect, it } from 'vitest';
import { nearestName } from './nearest-name.ts';

it.each([
  ['adlut', 'adult'],
  ['Fashion-MNIST', 'fashion-mnist-10k'],
  ['', 'adult'],
])('takes %j for %s', (wanted, expected) => {
  expect(nearestName(wanted, ['fashion-mnist-10k', 'adult'])).toBe(expected);
});

it('knows textbook distances', () => {
  // kitten to sitting takes three edits, so a name at two is nearer and one at four is not.
  expect(nearestName('kitten', ['sitting', 'mitte'])).toBe('mitte');
  expect(nearestName('kitten', ['sitting', 'mutton shop'])).toBe('sitting');
  expect(nearestName('a', [])).toBeUndefined();
});
