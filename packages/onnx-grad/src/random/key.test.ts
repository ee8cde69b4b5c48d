/** Stream keys: stable over time and never shared by two different purposes. */

import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { OnnxGradError } from '../errors.ts';
import { type Purpose, type Seed, streamKey } from './key.ts';

test('the key is the start of a SHA-256 anyone can recompute', () => {
  const digest = createHash('sha256').update('onnx-grad/random/1 [42,"oracle",3]').digest();
  expect(streamKey(42, ['oracle', 3])).toEqual({
    key0: digest.readUInt32LE(0),
    key1: digest.readUInt32LE(4),
    counter2: digest.readUInt32LE(8),
  });
  expect(streamKey(42, ['oracle', 3])).toEqual({ key0: 0xf36a3f39, key1: 0xf7119a76, counter2: 0xd0f10979 });
});

test('equal integers are equal seeds; texts are not numbers', () => {
  expect(streamKey(7n, ['a'])).toEqual(streamKey(7, ['a']));
  expect(streamKey(-0, [])).toEqual(streamKey(0, []));
  expect(streamKey('7', ['a'])).not.toEqual(streamKey(7, ['a']));
  expect(streamKey(7, ['1'])).not.toEqual(streamKey(7, [1]));
  expect(streamKey(2n ** 64n, [])).not.toEqual(streamKey(0, []));
});

test('parts never run together', () => {
  const lists: [Seed, Purpose][] = [
    [0, ['a', 'bc']],
    [0, ['ab', 'c']],
    [0, ['abc']],
    [0, ['a,b', 'c']],
    [0, ['a","b', 'c']],
    [0, ['a', 'b,c']],
    [0, ['', 'abc']],
    [0, ['abc', '']],
    [0, []],
    ['0', []],
    [0, ['0']],
    [0, [0]],
    [1, [23]],
    [12, [3]],
    [0, ['\ud800']],
    [0, ['\ud801']],
    [0, ['\ufffd']],
  ];
  const keys = lists.map(([seed, purpose]) => JSON.stringify(streamKey(seed, purpose)));
  expect(new Set(keys).size).toBe(lists.length);
});

test('two lists share a key only when they are equal', () => {
  const part = fc.oneof(
    fc.maxSafeInteger(),
    fc.constantFrom(0, 1, 12),
    fc.string(),
    fc.constantFrom('', '1', ',', '"'),
  );
  const list = fc.array(part, { minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(list, list, (a, b) => {
      const equal = a.length === b.length && a.every((value, i) => value === b[i]);
      const keys = [a, b].map(([seed, ...purpose]) => JSON.stringify(streamKey(seed!, purpose)));
      expect(keys[0] === keys[1]).toBe(equal);
    }),
    { numRuns: 500 },
  );
});

test('a number that is not a safe integer is refused', () => {
  for (const bad of [0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53]) {
    expect(() => streamKey(bad, [])).toThrow(OnnxGradError);
    expect(() => streamKey(1, ['a', bad])).toThrow(/purpose part 1/);
  }
});
