import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clusterBits } from './k-means.ts';

const rowsOf = (bits: Uint8Array, width: number) =>
  Array.from({ length: bits.length / width }, (_, i) => [...bits.subarray(i * width, (i + 1) * width)]);

/** Dense, in the plainest way. */
const distance = (a: readonly number[], b: readonly number[]) =>
  a.reduce((sum, value, i) => sum + (value - b[i]!) ** 2, 0);

const meansOf = (rows: number[][], labels: ArrayLike<number>, clusters: number) =>
  Array.from({ length: clusters }, (_, k) => {
    const own = rows.filter((_, i) => labels[i] === k);
    return own.length === 0
      ? undefined
      : rows[0]!.map((_, c) => own.reduce((sum, row) => sum + row[c]!, 0) / own.length);
  });

const inertia = (rows: number[][], labels: ArrayLike<number>, clusters: number) => {
  const means = meansOf(rows, labels, clusters);
  return rows.reduce((sum, row, i) => sum + distance(row, means[labels[i]!]!), 0);
};

const anyBits = fc
  .tuple(fc.integer({ min: 3, max: 10 }), fc.integer({ min: 8, max: 40 }))
  .chain(([width, count]) =>
    fc
      .array(fc.nat(1), { minLength: width * count, maxLength: width * count })
      .map((bits) => ({ bits: Uint8Array.from(bits), width })),
  );

describe('clusterBits', () => {
  it('ends where every record is with its nearest mean', () => {
    fc.assert(
      fc.property(anyBits, fc.integer({ min: 1, max: 4 }), fc.nat(), ({ bits, width }, clusters, seed) => {
        const rows = rowsOf(bits, width);
        fc.pre(new Set(rows.map(String)).size >= clusters);
        const labels = clusterBits(bits, width, clusters, seed);
        expect(labels).toHaveLength(rows.length);
        const means = meansOf(rows, labels, clusters);
        rows.forEach((row, i) => {
          const own = distance(row, means[labels[i]!]!);
          for (const mean of means)
            if (mean !== undefined) expect(own).toBeLessThanOrEqual(distance(row, mean) + 1e-9);
        });
      }),
      { numRuns: 200 },
    );
  });

  it('finds clusters that were planted', () => {
    const prototypes = ['111110000000000', '000001111100000', '000000000011111'];
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(2), fc.nat(14)), { minLength: 30, maxLength: 60 }),
        fc.nat(),
        (draws, seed) => {
          const planted = [0, 1, 2, ...draws.map(([prototype]) => prototype)];
          fc.pre([0, 1, 2].every((k) => planted.filter((p) => p === k).length > 4));
          const rows = planted.map((prototype, i) =>
            // One bit off, but for the first three.
            [...prototypes[prototype]!].map(
              (bit, c) => Number(bit) ^ Number(i > 2 && draws[i - 3]![1] === c),
            ),
          );
          const labels = clusterBits(Uint8Array.from(rows.flat()), 15, 3, seed);
          expect(new Set(labels.slice(0, 3)).size).toBe(3);
          planted.forEach((prototype, i) => {
            expect(labels[i]).toBe(labels[prototype]);
          });
        },
      ),
      { numRuns: 50 },
    );
  });

  it('comes near the best of all groupings', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat(63), { minLength: 5, maxLength: 8 }), fc.nat(), (numbers, seed) => {
        const rows = numbers.map((n) => [...n.toString(2).padStart(6, '0')].map(Number));
        const found = inertia(rows, clusterBits(Uint8Array.from(rows.flat()), 6, 2, seed), 2);
        let best = Number.POSITIVE_INFINITY;
        for (let mask = 1; mask < 2 ** (rows.length - 1); mask++) {
          const labels = rows.map((_, i) => (mask >> i) & 1);
          best = Math.min(best, inertia(rows, labels, 2));
        }
        expect(found).toBeGreaterThanOrEqual(best - 1e-9);
        // k-means++ promises a factor of 8 (ln K + 2) on average; in practice it is much nearer.
        expect(found).toBeLessThanOrEqual(2 * best + 1e-9);
      }),
      { numRuns: 100 },
    );
  });

  it('repeats, and refuses more clusters than there are different records', () => {
    const bits = Uint8Array.of(0, 0, 1, 0, 1, 1, 0, 1, 1, 1, 0, 1);
    expect(clusterBits(bits, 2, 3, 7)).toEqual(clusterBits(bits, 2, 3, 7));
    expect(() => clusterBits(Uint8Array.of(0, 1, 0, 1, 1, 1), 2, 3, 7)).toThrow(/internal/);
  });
});
