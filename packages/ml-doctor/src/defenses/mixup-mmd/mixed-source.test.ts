import fc from 'fast-check';
import { stream } from 'onnx-grad';
import { describe, expect, test } from 'vitest';
import { smallData } from '../../../test/models/small-data.ts';
import { batch } from '../../data/dataset.ts';
import { holdOut } from './hold-out.ts';
import { mixedSource, mixingWeight } from './mixed-source.ts';
import { MIXED, VALIDATION } from './three-passes.ts';

/** Each record's first number is its index. */
const dataOf = (labels: readonly number[], classes: number) =>
  smallData(
    labels.map((label, i) => [i, 10 * label, Math.fround(i / 7)]),
    labels,
    { classes },
  );
const everything = (size: number) => Uint32Array.from({ length: size }, (_, i) => i);

describe('mixingWeight', () => {
  test.each([1, 0.4, 2])('has the mean and the variance of Beta(α, α), α = %f', (alpha) => {
    const n = 3000;
    const drawn = Array.from({ length: n }, (_, step) => mixingWeight(alpha, 11, step));
    const mean = drawn.reduce((a, b) => a + b) / n;
    const variance = drawn.reduce((sum, value) => sum + (value - 0.5) ** 2, 0) / n;
    const wanted = 1 / (4 * (2 * alpha + 1));
    expect(Math.abs(mean - 0.5)).toBeLessThan(4 * Math.sqrt(wanted / n));
    expect(variance / wanted).toBeGreaterThan(0.92);
    expect(variance / wanted).toBeLessThan(1.08);
    expect(drawn.every((value) => value >= 0 && value <= 1)).toBe(true);
  });

  test('is 1 for α 0, and another for another seed', () => {
    expect(mixingWeight(0, 1, 2)).toBe(1);
    expect(mixingWeight(1, 1, 2)).not.toBe(mixingWeight(1, 2, 2));
    // A tiny α mixes hardly anything.
    expect(Math.min(mixingWeight(1e-3, 1, 2), 1 - mixingWeight(1e-3, 1, 2))).toBeLessThan(1e-6);
  });
});

describe('holdOut', () => {
  test('parts each class, disjointly, in the share asked for', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(4), { minLength: 1, maxLength: 60 }),
        fc.double({ min: 0.01, max: 0.5, noNaN: true }),
        fc.nat(99),
        (labels, share, seed) => {
          const data = dataOf(labels, 5);
          // Not all of the data, and not in order.
          const records = stream(seed, 'some').sample(labels.length, Math.ceil(labels.length / 2));
          const { kept, validation } = holdOut(data, records, share, seed);
          const all = [...kept, ...validation.flatMap((own) => [...own])];
          expect(all.sort((a, b) => a - b)).toEqual([...records].sort((a, b) => a - b));
          validation.forEach((own, label) => {
            expect([...own].every((record) => labels[record] === label)).toBe(true);
            const count = [...records].filter((record) => labels[record] === label).length;
            expect(own.length).toBeLessThanOrEqual(Math.max(0, count - 1));
            if (count >= 2) {
              expect(own.length).toBeGreaterThanOrEqual(1);
              expect(Math.abs(own.length - share * count)).toBeLessThan(1);
            }
          });
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe('mixedSource', () => {
  test('gives records, their mixtures to the bit, and held-out records of the same classes', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(2), { minLength: 8, maxLength: 40 }),
        fc.nat(1000),
        fc.nat(50),
        (labels, seed, step) => {
          const data = dataOf(labels, 3);
          const held = holdOut(data, everything(labels.length), 0.3, seed);
          const source = mixedSource(data, held, 1, seed);
          expect(source.size).toBe(held.kept.length);
          const positions = stream(seed, 'test').permutation(source.size).slice(0, 5);
          const { inputs, target } = source.batch(positions, { epoch: 0, step });
          const rows = (name: string) => inputs[name]!.data as Float32Array;
          const indices = positions.map((position) => held.kept[position]!);
          const plain = batch(data, indices).x;
          expect(rows('x')).toEqual(plain);
          const lambda = mixingWeight(1, seed, step);
          const partners = stream(seed, 'mixup-mmd', 'partner', step).permutation(indices.length);
          const pools = held.validation.map((own) => new Set(own));
          indices.forEach((index, i) => {
            const j = partners[i]!;
            for (let k = 0; k < 3; k++) {
              const sum = lambda * plain[3 * i + k]! + (1 - lambda) * plain[3 * j + k]!;
              expect(rows(MIXED)[3 * i + k]).toBe(Math.fround(sum));
              const share =
                lambda * Number(labels[index] === k) + (1 - lambda) * Number(labels[indices[j]!] === k);
              expect((target.data as Float32Array)[3 * i + k]).toBe(Math.fround(share));
            }
            const stranger = rows(VALIDATION)[3 * i]!;
            const pool = pools[labels[index]!]!;
            if (pool.size === 0) expect(stranger).toBe(index);
            else expect(pool.has(stranger)).toBe(true);
          });
        },
      ),
      { numRuns: 40 },
    );
  });

  test('changes from step to step, and says the same of a step again', () => {
    const labels = Array.from({ length: 40 }, (_, i) => i % 2);
    const data = dataOf(labels, 2);
    const source = mixedSource(data, holdOut(data, everything(40), 0.2, 1), 1, 1);
    const at = (step: number) => source.batch(everything(16), { epoch: 0, step });
    expect(at(3)).toEqual(at(3));
    expect(at(3).inputs[MIXED]).not.toEqual(at(4).inputs[MIXED]);
    expect(at(3).inputs[VALIDATION]).not.toEqual(at(4).inputs[VALIDATION]);
  });
});
