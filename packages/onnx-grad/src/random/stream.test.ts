/** Streams: frozen values, random access, independence of purposes, and refusals. */

import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { OnnxGradError } from '../errors.ts';
import { referenceKernel } from './reference-kernel.ts';
import { type RandomStream, stream, streamOn } from './stream.ts';
import { wasmKernel } from './wasm-kernel.ts';

const kernels = [wasmKernel()!, referenceKernel()];

/** Every method that fills a range, as (length, offset) -> values. */
const fills: Record<string, (s: RandomStream, length: number, offset: number) => ArrayLike<number>> = {
  uint32: (s, n, at) => s.uint32(new Uint32Array(n), at),
  uniform32: (s, n, at) => s.uniform(new Float32Array(n), at),
  uniform64: (s, n, at) => s.uniform(new Float64Array(n), at),
  normal: (s, n, at) => s.normal(new Float32Array(n), at),
  bernoulli: (s, n, at) => s.bernoulli(new Float32Array(n), 0.3, 1 / 0.3, at),
  integers: (s, n, at) => s.integers(new Uint32Array(n), 3 * 2 ** 30, at),
};

// Expected values come from an independent program (Python: hashlib, exact integers, numpy float32).
for (const kernel of kernels) {
  test(`frozen values, ${kernel.name} kernel`, () => {
    const s = streamOn(kernel, 42, ['oracle', 3]);
    expect([...s.uint32(new Uint32Array(8))]).toEqual([
      0x9fc7937d, 0xe7a63bd5, 0xe9085f52, 0x8e61bbb5, 0x35717085, 0x92a6f9d1, 0x0dc6a3c6, 0x927f93b0,
    ]);
    expect([...s.uint32(new Uint32Array(4), 2 ** 34 - 2)]).toEqual([
      0xc64e9639, 0x6452c364, 0xab947ebb, 0x42752319,
    ]);
    expect([...s.uniform(new Float32Array(4))].map((u) => u * 2 ** 24)).toEqual([
      2997204, 5270657, 6438005, 11329545,
    ]);
    expect([...s.uniform(new Float64Array(3))]).toEqual([
      0.6059128220405446, 0.5076168932566277, 0.005977262882383316,
    ]);
    const mask = s.bernoulli(new Float32Array(40), 0.25);
    expect(mask.join('')).toBe('0000000000100101001001001110001000000011');
    expect([...s.integers(new Uint32Array(6), 3 * 2 ** 30)]).toEqual([
      1018094235, 2658256827, 2108268897, 1953047157, 1761998049, 828209974,
    ]);
    expect([...s.integers(new Uint32Array(10), 10)]).toEqual([1, 9, 7, 6, 5, 2, 3, 6, 6, 6]);
    expect([...s.permutation(12)]).toEqual([11, 2, 10, 6, 5, 4, 8, 3, 0, 7, 1, 9]);

    const far = s.normal(new Float32Array(3), 2 ** 40 + 5);
    for (const [i, want] of [-0.34991464057468, 0.3481187549765447, -0.16442578842632372].entries()) {
      expect(Math.abs(far[i]! - want)).toBeLessThan(1e-7);
    }
    const bits = createHash('sha256').update(s.normal(new Float32Array(1024)));
    expect(bits.digest('hex')).toBe('3f2e777f9c94995e8117ef5e4c85b3c5b083b26a18ff7f3a4fb095f397428f9c');
  });
}

/** Far offsets include the place where the block number outgrows its 32-bit counter word, for one and two words. */
const origin = fc.constantFrom(0, 2 ** 33 - 3000, 2 ** 34 - 3000, 2 ** 45 + 7, 2 ** 52 - 20_000);

for (const [name, fill] of Object.entries(fills)) {
  test(`${name}: any range of elements equals the same elements of a longer range`, () => {
    fc.assert(
      fc.property(origin, fc.nat(6000), fc.nat(6000), (start, offset, length) => {
        const whole = fill(stream(5, 'range'), 12_000, start);
        const part = fill(stream(5, 'range'), length, start + offset);
        expect(part.length).toBe(length);
        for (let i = 0; i < length; i++)
          if (part[i] !== whole[offset + i]) expect.fail(`element ${offset + i} differs`);
      }),
      { numRuns: 15 },
    );
  });

  test(`${name}: both kernels give the same bits for any seed, offset and length`, () => {
    const [fast, plain] = kernels;
    fc.assert(
      fc.property(
        fc.bigInt(),
        fc.string(),
        fc.nat(2 ** 31),
        fc.nat(5000),
        (seed, purpose, offset, length) => {
          const a = fill(streamOn(fast!, seed, [purpose]), length, offset);
          const b = fill(streamOn(plain!, seed, [purpose]), length, offset);
          for (let i = 0; i < length; i++) if (!Object.is(a[i], b[i])) expect.fail(`element ${i} differs`);
        },
      ),
      { numRuns: 15 },
    );
  });
}

test('asking again, or in between for something else, changes nothing', () => {
  const s = stream('seed', 'a', 1);
  const first = s.normal(new Float32Array(100));
  s.permutation(50);
  stream('seed', 'b').uniform(new Float32Array(1000));
  expect(s.normal(new Float32Array(100))).toEqual(first);
  expect(stream('seed', 'a', 1).normal(new Float32Array(100))).toEqual(first);
});

test('purposes, and the methods of one stream, do not share words', () => {
  const seen = new Set<number>();
  let drawn = 0;
  const collect = (s: RandomStream) => {
    for (const value of s.uint32(new Uint32Array(20))) seen.add(value);
    drawn += 20;
  };
  collect(stream(0, 'a', 'bc'));
  collect(stream(0, 'ab', 'c'));
  for (let i = 0; i < 100; i++) collect(stream(i, 'x', i));
  // 2040 words: a correct generator has one coincidence or more with probability 5e-4.
  expect(seen.size).toBe(drawn);

  const n = 100_000;
  const u = stream(3, 'methods').uniform(new Float32Array(n));
  const mask = stream(3, 'methods').bernoulli(new Float32Array(n), 0.5);
  const z = stream(3, 'methods').normal(new Float32Array(n));
  for (const [a, b] of [
    [u, mask],
    [mask, z],
    [u, z],
  ] as const) {
    // Under independence sqrt(n) r is standard normal: false alarm 3 · 6e-6.
    expect(Math.abs(correlation(a, b)) * Math.sqrt(n)).toBeLessThan(4.5);
  }
});

function correlation(a: Float32Array, b: Float32Array): number {
  const mean = (x: Float32Array) => x.reduce((sum, v) => sum + v, 0) / x.length;
  const [ma, mb] = [mean(a), mean(b)];
  let [ab, aa, bb] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    ab += (a[i]! - ma) * (b[i]! - mb);
    aa += (a[i]! - ma) ** 2;
    bb += (b[i]! - mb) ** 2;
  }
  return ab / Math.sqrt(aa * bb);
}

test('empty ranges are allowed', () => {
  for (const fill of Object.values(fills)) expect(fill(stream(0), 0, 17).length).toBe(0);
  expect(stream(0).permutation(0).length).toBe(0);
  expect(stream(0).sample(10, 0).length).toBe(0);
  expect(stream(0).poissonSample(0, 0.5).length).toBe(0);
});

test('arguments outside their range are refused', () => {
  const s = stream(0);
  const refused: (() => unknown)[] = [
    () => s.normal(new Float32Array(1), -1),
    () => s.normal(new Float32Array(1), 0.5),
    () => s.uniform(new Float64Array(2), 2 ** 52 - 1),
    () => s.bernoulli(new Float32Array(1), 1.01),
    () => s.bernoulli(new Float32Array(1), Number.NaN),
    () => s.poissonSample(10, -0.1),
    () => s.poissonSample(2 ** 32, 0.1),
    () => s.integers(new Uint32Array(1), 0),
    () => s.integers(new Uint32Array(1), 2 ** 32 + 1),
    () => s.permutation(-1),
    () => s.sample(3, 4),
  ];
  for (const call of refused) expect(call).toThrow(OnnxGradError);
});

test('noise is addressed by its index, scales with the deviation, and is no other draw of the stream', () => {
  const s = stream(3, 'noise');
  const whole = s.noise(new Float32Array(9000));
  for (const [offset, length] of [
    [0, 1],
    [1, 40],
    [31, 4200],
    [4095, 2],
    [8999, 1],
  ] as const)
    expect(s.noise(new Float32Array(length), 1, offset)).toEqual(whole.slice(offset, offset + length));
  expect(s.noise(new Float32Array(9000), 0.25)).toEqual(whole.map((z) => z / 4));
  const normal = s.normal(new Float32Array(9000));
  expect(whole.filter((z) => normal.includes(z)).length).toBeLessThan(9);
  for (const deviation of [-1, Number.NaN, Number.POSITIVE_INFINITY, 1e39])
    expect(() => s.noise(new Float32Array(1), deviation)).toThrow(/deviation/);
});
