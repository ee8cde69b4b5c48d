import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { contents } from './contents.ts';
import { createDataset, type Dataset } from './dataset.ts';
import { duplicates, overlap, overlaps } from './overlap.ts';

/** Few values and short records, so that equal ones are frequent; lengths that do and do not fill words. */
const anyData: fc.Arbitrary<Dataset> = fc
  .tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 30 }), fc.boolean())
  .chain(([width, size, bytes]) =>
    fc
      .tuple(
        fc.array(fc.constantFrom(0, -0, 1, 200), { minLength: width * size, maxLength: width * size }),
        fc.array(fc.nat(1), { minLength: size, maxLength: size }),
      )
      .map(([values, labels]) =>
        createDataset({
          id: 'few values',
          recordShape: [width],
          x: bytes ? Uint8Array.from(values) : Float32Array.from(values),
          y: Int32Array.from(labels),
          classes: ['a', 'b'],
          normalisation: { scale: 1, mean: new Array(width).fill(0), std: new Array(width).fill(1) },
        }),
      ),
  );

const withSets = (count: number) =>
  anyData.chain((data) =>
    fc.tuple(
      fc.constant(data),
      fc.array(fc.array(fc.nat(data.size - 1), { maxLength: 25 }), { minLength: count, maxLength: count }),
    ),
  );

/** A record's input as text; `join` writes 0 and −0 alike. */
const inputOf = (data: Dataset, i: number) => {
  const width = data.recordShape[0]!;
  return data.x.subarray(i * width, (i + 1) * width).join();
};

describe('overlap', () => {
  it('finds what comparing every two records finds', () => {
    fc.assert(
      fc.property(withSets(2), ([data, [first, second]]) => {
        const found = overlap(data, first!, second!);
        const partners = (i: number, others: number[]) =>
          others.filter((j) => inputOf(data, i) === inputOf(data, j));
        const inFirst = first!.filter((i) => partners(i, second!).length > 0);
        expect([...found.inFirst]).toEqual(inFirst);
        expect([...found.inSecond]).toEqual(second!.filter((j) => partners(j, first!).length > 0));
        expect(found.inputs).toBe(new Set(inFirst.map((i) => inputOf(data, i))).size);
        const same = inFirst.filter((i) => partners(i, second!).some((j) => data.y[i] === data.y[j]));
        expect(found.sameLabel).toBe(same.length);
        expect(found.otherLabel).toBe(inFirst.length - same.length);
      }),
      { numRuns: 300 },
    );
  });

  it('compares every two of several sets as it compares two', () => {
    fc.assert(
      fc.property(withSets(3), ([data, [a, b, c]]) => {
        expect(overlaps(data, { a: a!, b: b!, c: c! })).toEqual([
          { ...overlap(data, a!, b!), first: 'a', second: 'b' },
          { ...overlap(data, a!, c!), first: 'a', second: 'c' },
          { ...overlap(data, b!, c!), first: 'b', second: 'c' },
        ]);
      }),
      { numRuns: 50 },
    );
  });

  it('tells apart records whose hashes are equal', () => {
    // 100,000 records of 2 words have about 1.2 pairs of equal 32-bit hashes; they all differ.
    const size = 100_000;
    const counting = createDataset({
      id: 'counting',
      recordShape: [2],
      x: Float32Array.from({ length: 2 * size }, (_, i) => (i % 2 === 0 ? i >> 1 : (i >> 1) % 317)),
      y: new Int32Array(size),
      classes: ['a'],
      normalisation: { scale: 1, mean: [0, 0], std: [1, 1] },
    });
    const all = Uint32Array.from({ length: size }, (_, i) => i);
    expect(contents(counting, all).count).toBe(size);
    expect(overlap(counting, all.subarray(0, 50_000), all.subarray(50_000)).inputs).toBe(0);
  });

  it('refuses an index of no record', () => {
    const [data] = fc.sample(anyData, 1) as [Dataset];
    expect(() => overlap(data, [0], [data.size])).toThrow(/internal/);
  });
});

describe('duplicates', () => {
  it('finds what grouping by content finds', () => {
    fc.assert(
      fc.property(withSets(1), ([data, [indices]]) => {
        const { groups, surplus, conflicting } = duplicates(data, indices!);
        const byInput = new Map<string, number[]>();
        for (const i of indices!)
          byInput.set(inputOf(data, i), [...(byInput.get(inputOf(data, i)) ?? []), i]);
        const expected = [...byInput.values()].filter((group) => group.length > 1);
        expect(groups.map((group) => [...group])).toEqual(expected);
        expect(surplus).toBe(indices!.length - byInput.size);
        const labels = (group: number[]) => new Set(group.map((i) => data.y[i])).size;
        expect(conflicting).toBe(expected.filter((group) => labels(group) > 1).length);
      }),
      { numRuns: 200 },
    );
  });
});
