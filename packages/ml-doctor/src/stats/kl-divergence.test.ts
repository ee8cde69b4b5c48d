import fc from 'fast-check';
import { expect, it } from 'vitest';
import { klDivergence } from './kl-divergence.ts';

const MINUS = Number.NEGATIVE_INFINITY;
const softmax = (row: readonly number[]): number[] => {
  const powers = row.map((z) => Math.exp(z));
  const total = powers.reduce((a, b) => a + b, 0);
  return powers.map((power) => power / total);
};
const logits = (classes: number, most = 20) =>
  fc.array(fc.double({ min: -most, max: most, noNaN: true }), { minLength: classes, maxLength: classes });
const pairs = fc.integer({ min: 2, max: 6 }).chain((classes) => fc.tuple(logits(classes), logits(classes)));

it('is that of two classes by hand', () => {
  // ¾ and ¼ of ½ and ½: ¾ ln 3 − ln 2; of each other: ½ ln 3.
  const [even, three] = [
    [0, 0],
    [Math.log(3), 0],
  ];
  expect(klDivergence(three!, even!)).toBeCloseTo(0.75 * Math.log(3) - Math.log(2), 14);
  expect(klDivergence(even!, three!)).toBeCloseTo(Math.log(2) - Math.log(3) / 2, 14);
  expect(klDivergence(three!, [...three!].reverse())).toBeCloseTo(Math.log(3) / 2, 14);
  // Whatever is added to a row.
  expect(klDivergence([Math.log(3) + 900, 900], [-700, -700])).toBeCloseTo(
    0.75 * Math.log(3) - Math.log(2),
    12,
  );
});

it('is Σ p (ln p − ln q)', () => {
  fc.assert(
    fc.property(pairs, ([p, q]) => {
      const [own, other] = [softmax(p), softmax(q)];
      const sum = own.reduce((all, w, j) => all + w * (Math.log(w) - Math.log(other[j]!)), 0);
      expect(klDivergence(p, q)).toBeCloseTo(sum, 10);
      expect(klDivergence(p, q)).toBeGreaterThanOrEqual(0);
      expect(klDivergence(p, p.slice())).toBe(0);
      // The same posteriors but for rounding, from other logits.
      const shifted = p.map((z) => z + Math.PI);
      expect(klDivergence(p, shifted)).toBeGreaterThanOrEqual(0);
      expect(klDivergence(p, shifted)).toBeLessThan(1e-13);
    }),
  );
});

it('keeps the digits of what is small', () => {
  // p = (1 − ε, ε), q = (1 − δ, δ): δ − ε + ε ln(ε/δ) and nothing else that counts.
  const [epsilon, delta] = [1e-12, 1e-9];
  const expected = delta - epsilon + epsilon * Math.log(epsilon / delta);
  const found = klDivergence([0, Math.log(epsilon)], [0, Math.log(delta)]);
  expect(Math.abs(found / expected - 1)).toBeLessThan(1e-8);
});

it('is finite for posteriors that are 0, or as good as', () => {
  expect(klDivergence([0, MINUS], [0, 0])).toBeCloseTo(Math.log(2), 14);
  expect(klDivergence([0, MINUS], [3, MINUS])).toBe(0);
  // Half a record on a class that q rules out: ½ (ln ½ − 0) + ½ (ln ½ + 149 ln 2).
  expect(klDivergence([0, 0], [0, MINUS])).toBeCloseTo((149 / 2 - 1) * Math.log(2), 12);
  expect(klDivergence([0, MINUS], [MINUS, 0])).toBeCloseTo(149 * Math.log(2), 12);
  // A logit that is merely low is not cut off.
  expect(klDivergence([0, -2000], [-2000, 0])).toBeCloseTo(2000, 9);
  const largest = 3.4e38;
  expect(klDivergence([largest, -largest], [-largest, largest])).toBeCloseTo(2 * largest);
});
