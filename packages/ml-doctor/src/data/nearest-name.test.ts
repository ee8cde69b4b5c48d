import { expect, it } from 'vitest';
import { nearestName, nearestNames } from './nearest-name.ts';

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

it('gives several, the best first, equally near ones in their order', () => {
  const names = ['relu_2', 'dense', 'relu_1', 'Relu', 'conv'];
  // One edit to each of the first three.
  expect(nearestNames('relu_', names, 3)).toEqual(['relu_2', 'relu_1', 'Relu']);
  expect(nearestNames('RELU_1', names, 2)).toEqual(['relu_1', 'relu_2']);
  expect(nearestNames('x', ['ab', 'y', 'z', 'x'], 3)).toEqual(['x', 'y', 'z']);
  expect(nearestNames('x', ['y'], 5)).toEqual(['y']);
  expect(nearestNames('x', [], 5)).toEqual([]);
  expect(nearestNames('x', ['y'], 0)).toEqual([]);
});
