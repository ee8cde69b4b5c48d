/** Philox against the published known answers and against the round function in big integers. */

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { multiplyHigh, philox4x32 } from './philox.ts';

const word = fc.integer({ min: 0, max: 0xffffffff });

function block(counter: readonly number[], key: readonly number[]): number[] {
  const out = new Uint32Array(4);
  philox4x32(counter[0]!, counter[1]!, counter[2]!, counter[3]!, key[0]!, key[1]!, out);
  return [...out];
}

/** The definition in the paper, with 64-bit products as they stand. */
function blockByDefinition(counter: readonly number[], key: readonly number[]): number[] {
  const mask = 0xffffffffn;
  let [a, b, c, d] = counter.map(BigInt) as [bigint, bigint, bigint, bigint];
  let [k0, k1] = key.map(BigInt) as [bigint, bigint];
  for (let round = 0; round < 10; round++) {
    const product0 = a * 0xd2511f53n;
    const product1 = c * 0xcd9e8d57n;
    [a, b, c, d] = [(product1 >> 32n) ^ b ^ k0, product1 & mask, (product0 >> 32n) ^ d ^ k1, product0 & mask];
    [k0, k1] = [(k0 + 0x9e3779b9n) & mask, (k1 + 0xbb67ae85n) & mask];
  }
  return [a, b, c, d].map(Number);
}

test('known answers of Random123 for philox4x32-10', () => {
  const ones = 0xffffffff;
  expect(block([0, 0, 0, 0], [0, 0])).toEqual([0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8]);
  expect(block([ones, ones, ones, ones], [ones, ones])).toEqual([
    0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd,
  ]);
  // Digits of pi.
  expect(block([0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344], [0xa4093822, 0x299f31d0])).toEqual([
    0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1,
  ]);
});

test('equals the definition for any counter and key', () => {
  const words = (length: number) => fc.array(word, { minLength: length, maxLength: length });
  fc.assert(
    fc.property(words(4), words(2), (counter, key) => {
      expect(block(counter, key)).toEqual(blockByDefinition(counter, key));
    }),
    { numRuns: 300 },
  );
});

test('multiplyHigh is exact up to a second factor of 2^32', () => {
  fc.assert(
    fc.property(word, fc.integer({ min: 0, max: 2 ** 32 }), (a, b) => {
      expect(multiplyHigh(a, b)).toBe(Number((BigInt(a) * BigInt(b)) >> 32n));
    }),
    { numRuns: 1000 },
  );
  expect(multiplyHigh(0xffffffff, 0xffffffff)).toBe(0xfffffffe);
});
