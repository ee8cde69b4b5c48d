/** Integers, permutations and samples: exact structure by property, fairness by chi-square at fixed seeds. */

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { stream } from './stream.ts';

function chiSquare(counts: Iterable<number>, expected: number): number {
  let sum = 0;
  for (const count of counts) sum += (count - expected) ** 2 / expected;
  return sum;
}

test('integers stay below their bound, also for bounds 1 and 2^32', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 2 ** 32 }), fc.nat(), (below, seed) => {
      const values = stream(seed, 'bound').integers(new Uint32Array(200), below);
      expect(values.every((value) => value < below)).toBe(true);
    }),
    { numRuns: 200 },
  );
  expect(
    stream(0)
      .integers(new Uint32Array(50), 1)
      .every((value) => value === 0),
  ).toBe(true);
  expect(
    stream(0)
      .integers(new Uint32Array(50), 2 ** 32)
      .some((value) => value >= 2 ** 31),
  ).toBe(true);
});

test('integers are unbiased where plain scaling of a word is not (2 degrees, false alarm 1e-5)', () => {
  // Of 2^32 words on 3 · 2^30 values, scaling alone would give every third value half of all draws.
  const n = 60_000;
  const counts = [0, 0, 0];
  for (const value of stream(7, 'lemire').integers(new Uint32Array(n), 3 * 2 ** 30)) counts[value % 3]!++;
  expect(chiSquare(counts, n / 3)).toBeLessThan(23.1);
});

test('integers below 10 are uniform (9 degrees, false alarm 1e-5)', () => {
  const n = 100_000;
  const counts = new Float64Array(10);
  for (const value of stream(8, 'digits').integers(new Uint32Array(n), 10)) counts[value]!++;
  expect(chiSquare(counts, n / 10)).toBeLessThan(39.4);
});

test('a permutation holds each number once', () => {
  fc.assert(
    fc.property(fc.integer(), fc.nat(9000), (seed, size) => {
      const sorted = stream(seed, 'order').permutation(size).sort();
      for (let i = 0; i < size; i++) if (sorted[i] !== i) expect.fail(`${i} is missing`);
      expect(sorted.length).toBe(size);
    }),
    { numRuns: 40 },
  );
});

test('all 24 orders of four are equally likely (23 degrees, false alarm 1e-5)', () => {
  const draws = 24_000;
  const counts = new Map<string, number>();
  for (let i = 0; i < draws; i++) {
    const order = stream(9, 'four', i).permutation(4).join('');
    counts.set(order, (counts.get(order) ?? 0) + 1);
  }
  expect(counts.size).toBe(24);
  expect(chiSquare(counts.values(), draws / 24)).toBeLessThan(64);
});

test('all 120 subsets of three from ten are equally likely (119 degrees, false alarm 1e-5)', () => {
  const draws = 24_000;
  const counts = new Map<string, number>();
  for (let i = 0; i < draws; i++) {
    const subset = stream(10, 'subset', i).sample(10, 3).sort().join('');
    counts.set(subset, (counts.get(subset) ?? 0) + 1);
  }
  expect(counts.size).toBe(120);
  expect(chiSquare(counts.values(), draws / 120)).toBeLessThan(196.6);
});

test('a sample is the start of the permutation, whether few or many are taken', () => {
  fc.assert(
    fc.property(
      fc.integer(),
      fc.integer({ min: 1, max: 5000 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (seed, n, part) => {
        const size = Math.floor(n * part ** 4);
        const s = stream(seed, 'sample');
        expect(s.sample(n, size)).toEqual(s.permutation(n).slice(0, size));
      },
    ),
    { numRuns: 100 },
  );
});

test('a small sample of a huge population is drawn without listing it', () => {
  const chosen = stream(11).sample(2 ** 32 - 1, 1000);
  expect(new Set(chosen).size).toBe(1000);
  expect(chosen.some((value) => value > 2 ** 31)).toBe(true);
});

test('Poisson sampling picks the places of the Bernoulli mask', () => {
  fc.assert(
    fc.property(
      fc.integer(),
      fc.nat(10_000),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (seed, population, rate) => {
        const s = stream(seed, 'poisson');
        const mask = s.bernoulli(new Float32Array(population), rate);
        const places = [...mask.keys()].filter((i) => mask[i] !== 0);
        expect([...s.poissonSample(population, rate)]).toEqual(places);
      },
    ),
    { numRuns: 40 },
  );
  expect([...stream(0).poissonSample(70, 1)]).toEqual(Array.from({ length: 70 }, (_, i) => i));
  expect(stream(0).poissonSample(5000, 0).length).toBe(0);
});
