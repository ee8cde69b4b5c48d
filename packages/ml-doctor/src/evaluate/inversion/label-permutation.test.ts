import { stream } from 'onnx-grad';
import { describe, expect, it } from 'vitest';
import { memberCloserTest, type NeighbourClass } from './label-permutation.ts';

/** All ways of choosing `size` of `count`. */
function* choices(count: number, size: number, from = 0): Generator<number[]> {
  if (size === 0) yield [];
  else
    for (let i = from; i <= count - size; i++)
      for (const rest of choices(count, size - 1, i + 1)) yield [i, ...rest];
}

const smallest = (distances: Float64Array, of: (i: number) => boolean) =>
  distances.reduce((least, d, i) => (of(i) ? Math.min(least, d) : least), Number.POSITIVE_INFINITY);

/** The statistic as its definition has it, for one labelling of each class. */
function statistic(classes: readonly NeighbourClass[], members: readonly number[][]): number {
  const parts = classes.map(({ pictures }, c) =>
    pictures.reduce((sum, { share, distances }) => {
      const m = smallest(distances, (i) => members[c]!.includes(i));
      const n = smallest(distances, (i) => !members[c]!.includes(i));
      return sum + share * (m + n === 0 ? 0 : (n - m) / (n + m));
    }, 0),
  );
  return parts.reduce((a, b) => a + b, 0) / classes.length;
}

/** The p-value of all labellings. */
function exact(classes: readonly NeighbourClass[]): number {
  const labellings = classes.reduce<number[][][]>(
    (all, { each }) => all.flatMap((before) => [...choices(2 * each, each)].map((own) => [...before, own])),
    [[]],
  );
  const seen = statistic(
    classes,
    classes.map(({ each }) => [...Array(each).keys()]),
  );
  return (
    labellings.filter((members) => statistic(classes, members) >= seen - 1e-12).length / labellings.length
  );
}

const random = (seed: number, shape: readonly (readonly [each: number, pictures: number])[], levels = 0) =>
  shape.map(
    ([each, pictures], c): NeighbourClass => ({
      each,
      pictures: Array.from({ length: pictures }, (_, p) => ({
        share: 1 / pictures,
        distances: stream(seed, 'permutation-test', c, p)
          .uniform(new Float64Array(2 * each))
          .map((u) => (levels ? Math.floor(levels * u) : u)),
      })),
    }),
  );

describe('memberCloserTest', () => {
  it.each([
    ['one picture', [[4, 1]], 0],
    [
      'classes of different sizes',
      [
        [1, 2],
        [2, 3],
        [3, 1],
      ],
      0,
    ],
    [
      'many pictures of few records',
      [
        [2, 9],
        [2, 9],
      ],
      0,
    ],
    [
      'equal distances, zeros among them',
      [
        [3, 2],
        [3, 2],
      ],
      3,
    ],
  ] as const)('agrees with all labellings: %s', (_, shape, levels) => {
    const found = [];
    for (let seed = 0; seed < 5; seed++) {
      const classes = random(seed, shape, levels);
      const p = exact(classes);
      // Five standard errors of 9,999 draws.
      const reach = 5 * Math.sqrt((p * (1 - p)) / 9_999) + 2e-4;
      expect(Math.abs(memberCloserTest(classes, seed, 'x').value - p)).toBeLessThan(reach);
      found.push(p);
    }
    expect(new Set(found).size).toBeGreaterThan(1);
  });

  it('finds members that are nearest everywhere, and the reverse', () => {
    const planted = Array.from({ length: 10 }, () => ({
      each: 5,
      pictures: [
        { share: 1, distances: Float64Array.from([0.1, 1, 1, 1, 1, 1, 1, 1, 1, 1], (d, i) => d + i / 100) },
      ],
    }));
    // One in 2¹⁰.
    expect(memberCloserTest(planted, 1, 'x').value).toBeCloseTo(1 / 1024, 2);
    expect(memberCloserTest(planted, 1, 'x').value).toBeLessThan(0.003);
    const mirrored = planted.map(({ each, pictures }) => ({
      each,
      pictures: pictures.map(({ share, distances }) => ({
        share,
        distances: Float64Array.of(...distances.subarray(5), ...distances.subarray(0, 5)),
      })),
    }));
    expect(memberCloserTest(mirrored, 1, 'x').value).toBeGreaterThan(0.99);
  });

  it('takes a hundred pictures of one record for one coin toss', () => {
    const distances = Float64Array.from([0.01, 1, 1, 1]);
    const pictures = Array.from({ length: 100 }, () => ({ share: 0.01, distances }));
    expect(memberCloserTest([{ each: 2, pictures }], 1, 'x').value).toBeCloseTo(0.5, 1);
  });

  it('looks beyond the first neighbours where all of those are of one kind', () => {
    const each = 60;
    const distances = Float64Array.from({ length: 2 * each }, (_, i) => 1 + i / 1000);
    expect(memberCloserTest([{ each, pictures: [{ share: 1, distances }] }], 1, 'x').value).toBe(1e-4);
  });

  it('does not depend on the order of pictures', () => {
    const [only] = random(3, [[4, 7]]);
    const turned = { each: 4, pictures: only!.pictures.toReversed() };
    expect(memberCloserTest([turned], 5, 'x')).toEqual(memberCloserTest([only!], 5, 'x'));
  });
});
