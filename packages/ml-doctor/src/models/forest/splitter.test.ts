import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { everyRecord, smallData } from '../../../test/models/small-data.ts';
import { rankedFeatures } from './features.ts';
import { Splitter } from './splitter.ts';

interface Sample {
  readonly value: number;
  readonly label: number;
  readonly weight: number;
}
const CLASSES = 4;

/** Weighted Gini impurity, as the textbook has it. */
const gini = (side: readonly Sample[]): number => {
  const whole = side.reduce((sum, { weight }) => sum + weight, 0);
  let purity = 0;
  for (let label = 0; label < CLASSES; label++) {
    const own = side.reduce((sum, sample) => sum + (sample.label === label ? sample.weight : 0), 0);
    purity += (own / whole) ** 2;
  }
  return 1 - purity;
};

const weightOf = (side: readonly Sample[]) => side.reduce((sum, { weight }) => sum + weight, 0);

/** Impurity left after dividing at each value but the last, weighted by size. */
const everySplit = (samples: readonly Sample[]) => {
  const values = [...new Set(samples.map(({ value }) => value))].sort((a, b) => a - b);
  return values.slice(0, -1).map((value, i) => {
    const low = samples.filter((sample) => sample.value <= value);
    const high = samples.filter((sample) => sample.value > value);
    return {
      low: value,
      high: values[i + 1]!,
      impurity: weightOf(low) * gini(low) + weightOf(high) * gini(high),
    };
  });
};

const sample = (value: fc.Arbitrary<number>) =>
  fc.record({
    value,
    label: fc.integer({ min: 0, max: CLASSES - 1 }),
    weight: fc.integer({ min: 1, max: 3 }),
  });

/** Few and many records, few and many values: each way of sorting has its turn. */
const kinds = {
  'few records': fc.array(sample(fc.integer({ min: -9, max: 9 })), { minLength: 2, maxLength: 12 }),
  'many records, few values': fc.array(sample(fc.integer({ min: 0, max: 5 })), {
    minLength: 30,
    maxLength: 80,
  }),
  'many records, all different': fc.array(sample(fc.integer({ min: 0, max: 1e6 })), {
    minLength: 40,
    maxLength: 80,
  }),
};

/** The node is the middle of the samples; the records outside must not matter. */
const bestOf = (samples: readonly Sample[], around: readonly Sample[]) => {
  const half = around.length >> 1;
  const all = [...around.slice(0, half), ...samples, ...around.slice(half)];
  const data = smallData(
    all.map(({ value }) => [value]),
    all.map(({ label }) => label),
    { classes: CLASSES },
  );
  const [feature] = rankedFeatures(data, everyRecord(data));
  const splitter = new Splitter(
    everyRecord(data),
    Uint32Array.from(all, ({ weight }) => weight),
    data.y,
    CLASSES,
  );
  const [start, end] = [half, half + samples.length];
  const { weights, pure } = splitter.enter(start, end);
  const split = splitter.best(feature!, start, end);
  return {
    weights: [...weights],
    pure,
    split: split && {
      low: feature!.values[split.ranks[0]]!,
      high: feature!.values[split.ranks[1]]!,
      impurity: weightOf(samples) - split.purity,
    },
  };
};

describe('Splitter', () => {
  it.each(Object.entries(kinds))('finds what brute force finds: %s', (_, samples) => {
    let divided = 0;
    fc.assert(
      fc.property(
        samples,
        fc.array(sample(fc.integer({ min: -9, max: 1e6 })), { maxLength: 200 }),
        (node, around) => {
          const found = bestOf(node, around);
          const own = (label: number) => weightOf(node.filter((one) => one.label === label));
          expect(found.weights).toEqual([0, 1, 2, 3].map(own));
          expect(found.pure).toBe(new Set(node.map(({ label }) => label)).size === 1);
          const splits = everySplit(node);
          if (splits.length === 0) {
            expect(found.split).toBeUndefined();
            return;
          }
          divided++;
          const least = Math.min(...splits.map(({ impurity }) => impurity));
          expect(found.split!.impurity).toBeCloseTo(least, 8);
          // Among equals the first; which are equal is clear but for rounding.
          const first = splits.find(({ impurity }) => impurity < least + 1e-9)!;
          expect(found.split!.low).toBeLessThanOrEqual(
            splits.findLast(({ impurity }) => impurity < least + 1e-9)!.low,
          );
          expect(found.split!.low).toBeGreaterThanOrEqual(first.low);
          expect(splits).toContainEqual(
            expect.objectContaining({ low: found.split!.low, high: found.split!.high }),
          );
        },
      ),
      { numRuns: 120 },
    );
    expect(divided).toBeGreaterThan(60);
  });

  it('takes the first of equally good splits', () => {
    const samples = [0, 1, 0, 1].map((label, value) => ({ value, label, weight: 1 }));
    // After the first record and after the third the impurity is the same.
    expect(bestOf(samples, []).split).toMatchObject({ low: 0, high: 1 });
  });
});

describe('rankedFeatures', () => {
  it('keeps every difference and makes none up', () => {
    const data = smallData(
      [
        [-0, 5],
        [0, 7],
        [1e-30, 5],
        [-1, 5],
      ],
      [0, 0, 0, 0],
    );
    const [first, second] = rankedFeatures(data, Uint32Array.of(3, 0, 1, 2, 2));
    expect([...first!.ranks]).toEqual([0, 1, 1, 2, 2]);
    expect(first!.values.length).toBe(3);
    expect([...second!.ranks]).toEqual([0, 0, 1, 0, 0]);
    expect([...second!.values]).toEqual([5, 7]);
  });
});
