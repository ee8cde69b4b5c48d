/** The attacker's records as a target labels them, against brute force. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { topRecords } from './pseudo-labels.ts';

test('each class gets the records with its highest posteriors, the surest first', () => {
  const logits = fc.integer({ min: -3, max: 3 });
  const table = fc
    .tuple(fc.integer({ min: 2, max: 4 }), fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 15 }))
    .chain(([classes, count, top]) =>
      fc.record({
        classes: fc.constant(classes),
        top: fc.constant(top),
        rows: fc.array(fc.array(logits, { minLength: classes, maxLength: classes }), {
          minLength: count,
          maxLength: count,
        }),
      }),
    );
  fc.assert(
    fc.property(table, ({ classes, top, rows }) => {
      const { records, labels } = topRecords(Float32Array.from(rows.flat()), classes, top);
      const kept = Math.min(top, rows.length);
      expect([...labels]).toEqual(Array.from({ length: classes * kept }, (_, i) => Math.floor(i / kept)));
      for (let c = 0; c < classes; c++) {
        const posterior = (row: number[]) =>
          Math.exp(row[c] as number) / row.reduce((sum, logit) => sum + Math.exp(logit), 0);
        const given = [...records.subarray(c * kept, (c + 1) * kept)];
        expect(new Set(given).size).toBe(kept);
        const rest = rows.map((_, i) => i).filter((i) => !given.includes(i));
        // Each is surer than the next, or as sure and before it; the last in relation to all that were left out.
        const before = (a: number, b: number) => {
          const difference = posterior(rows[a] as number[]) - posterior(rows[b] as number[]);
          return (
            difference > 1e-9 || (Math.abs(difference) <= 1e-9 && a < b) || Math.abs(difference) <= 1e-12
          );
        };
        for (const [i, b] of given.slice(1).entries()) expect(before(given[i] as number, b)).toBe(true);
        for (const other of rest) expect(before(given.at(-1) as number, other)).toBe(true);
      }
    }),
  );
});

test('equal records go by index, and sureness that rounds to 1 still counts', () => {
  expect([...topRecords(Float32Array.of(1, 0, 1, 0, 2, 1), 2, 2).records]).toEqual([0, 1, 0, 1]);
  // Posteriors 1 − e⁻⁴⁰, 1 − e⁻⁵⁰, 1 − e⁻⁴⁵: all of them 1 as doubles.
  const sure = Float32Array.of(40, 0, 50, 0, 45, 0);
  expect([...topRecords(sure, 2, 3).records]).toEqual([1, 2, 0, 0, 2, 1]);
});
