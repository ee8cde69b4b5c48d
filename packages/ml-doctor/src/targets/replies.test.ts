import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Replies, ReplyForm } from './oracle.ts';
import { largestFirst, repliesTo, rounded, tempered } from './replies.ts';

/** Rows of a few classes; on a coarse grid, so that equal values are common. */
const anyLogits = fc
  .record({ classes: fc.integer({ min: 1, max: 6 }), rows: fc.integer({ min: 1, max: 5 }) })
  .chain(({ classes, rows }) =>
    fc
      .array(fc.integer({ min: -12, max: 12 }), { minLength: classes * rows, maxLength: classes * rows })
      .map((values) => ({ logits: Float32Array.from(values, (v) => v / 2), classes })),
  );

const rowsOf = (values: ArrayLike<number>, width: number): number[][] =>
  Array.from({ length: values.length / width }, (_, i) =>
    Array.from(values)
      .slice(i * width, (i + 1) * width)
      .map(Number),
  );

const softmax = (row: readonly number[]): number[] => {
  const weights = row.map((z) => Math.exp(z - Math.max(...row)));
  return weights.map((w) => w / weights.reduce((a, b) => a + b, 0));
};

/** Of the largest value, the first of equals. */
const firstLargest = (row: readonly number[]): number => row.indexOf(Math.max(...row));

const shown = <S extends Replies['shows']>(
  answers: { logits: Float32Array; classes: number },
  form: ReplyForm,
  shows: S,
): Extract<Replies, { shows: S }> => {
  const replies = repliesTo(answers, form);
  expect(replies.shows).toBe(shows);
  return replies as Extract<Replies, { shows: S }>;
};

describe('tempered', () => {
  it('is the softmax of the logits over the temperature', () => {
    // 1 and 3 over 2: 1 / (1 + e).
    expect(tempered([1, 3], 2)[0]).toBeCloseTo(1 / (1 + Math.E), 14);
    fc.assert(
      fc.property(anyLogits, fc.double({ min: 0.05, max: 50, noNaN: true }), ({ logits, classes }, t) => {
        for (const row of rowsOf(logits, classes))
          softmax(row.map((z) => z / t)).forEach((p, j) => {
            expect(tempered(row, t)[j]).toBeCloseTo(p, 12);
          });
      }),
      { numRuns: 50 },
    );
  });

  it.each([1e-300, 1e-3, 1e300])('is a distribution at temperature %d', (t) => {
    const found = tempered([1e30, -1e30, 1e30, Number.NEGATIVE_INFINITY], t);
    expect(found.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 12);
    expect([...found].map((p) => Math.round(p * 1000) / 1000)).toEqual(
      t > 1 ? [0.333, 0.333, 0.333, 0] : [0.5, 0, 0.5, 0],
    );
  });
});

/** n / 10^digits nearest to the double p ≥ 0, by whole numbers alone: p = m / 2^1074. */
const nearestDecimal = (p: number, digits: number): number => {
  let [m, shift] = [p, 0n];
  while (!Number.isInteger(m)) [m, shift] = [m * 2, shift + 1n];
  const twice = 2n * BigInt(m) * 10n ** BigInt(digits);
  const one = 1n << shift;
  return Number((twice + one) / (2n * one)) / 10 ** digits;
};

describe('rounded', () => {
  it('goes to the nearest, halves away from zero', () => {
    expect([...rounded(Float64Array.of(0.125, 0.375, 0.0625, 0.9995, 1), 2)]).toEqual([
      0.13, 0.38, 0.06, 1, 1,
    ]);
    expect([...rounded(Float64Array.of(0.5, 0.49999, 1 / 3), 0)]).toEqual([1, 0, 0]);
    // Just under a half, though 0.145 × 100 might round to it.
    expect([...rounded(Float64Array.of(0.145, 0.285), 2)]).toEqual([0.14, 0.28]);
  });

  it('is what whole numbers of any length say', () => {
    const near = fc
      .tuple(fc.nat(2000), fc.integer({ min: 0, max: 4 }))
      .map(([n, places]) => Math.min(1, n / 10 ** places / 2));
    fc.assert(
      fc.property(
        fc.oneof(near, fc.double({ min: 0, max: 1, noNaN: true })),
        fc.integer({ min: 0, max: 7 }),
        (p, digits) => {
          expect(rounded(Float64Array.of(p), digits)[0]).toBe(nearestDecimal(p, digits));
        },
      ),
      { numRuns: 500 },
    );
  });

  it('leaves posteriors alone without digits', () => {
    const values = Float64Array.of(1 / 3, 2 / 3);
    expect([...rounded(values, undefined)]).toEqual([1 / 3, 2 / 3]);
  });
});

it('finds the largest, the first among equals, by taking one after the other', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 1, maxLength: 9 }),
      fc.nat(10),
      (row, k) => {
        const left = row.slice();
        const expected = Array.from({ length: Math.min(k, row.length) }, () => {
          const best = firstLargest(left);
          left[best] = -1;
          return best;
        });
        expect(largestFirst(row, k)).toEqual(expected);
      },
    ),
  );
});

describe('repliesTo', () => {
  const anyForm = fc.record({
    temperature: fc.constantFrom(1e-9, 0.3, 1, 7, 1e9),
    digits: fc.constantFrom(undefined, 0, 1, 3),
  });
  const formOf = (
    output: ReplyForm['output'],
    { temperature, digits }: { temperature: number; digits: number | undefined },
    k?: number,
  ): ReplyForm => ({
    output,
    temperature,
    ...(digits !== undefined && { digits }),
    ...(k !== undefined && { k }),
  });

  it('shows the same label at every temperature, rounded or not', () => {
    fc.assert(
      fc.property(anyLogits, anyForm, (answers, more) => {
        const { labels } = shown(answers, formOf('label', more), 'label');
        expect([...labels]).toEqual(rowsOf(answers.logits, answers.classes).map(firstLargest));
        const top = shown(answers, formOf('top1', more), 'top');
        expect(top.k).toBe(1);
        expect([...top.classes]).toEqual([...labels]);
        if (more.digits !== undefined) return;
        const { posteriors } = shown(answers, formOf('posteriors', more), 'posteriors');
        rowsOf(posteriors, answers.classes).forEach((row, i) => {
          expect(row[labels[i]!]).toBe(Math.max(...row));
        });
      }),
    );
  });

  it('of logits that only a temperature makes equal names the larger', () => {
    const answers = { logits: Float32Array.of(0, 1e-6, 1, 1), classes: 2 };
    const { labels } = shown(answers, { output: 'label', temperature: 1e15 }, 'label');
    expect([...labels]).toEqual([1, 0]);
    const top = shown(answers, { output: 'top1', temperature: 1e15 }, 'top');
    expect([...top.classes]).toEqual([1, 0]);
  });

  it('shows of the posteriors, rounded, the largest with their classes', () => {
    fc.assert(
      fc.property(anyLogits, anyForm, fc.integer({ min: 1, max: 8 }), (answers, more, k) => {
        const { classes } = answers;
        const { posteriors } = shown(answers, formOf('posteriors', more), 'posteriors');
        const top = shown(answers, formOf('topK', more, k), 'top');
        expect(top.k).toBe(Math.min(k, classes));
        const places = rowsOf(top.classes, top.k);
        const values = rowsOf(top.posteriors, top.k);
        rowsOf(posteriors, classes).forEach((row, i) => {
          expect(new Set(places[i]).size).toBe(top.k);
          expect(values[i]).toEqual(places[i]!.map((place) => row[place]));
          expect(values[i]).toEqual([...row].sort((a, b) => b - a).slice(0, top.k));
        });
      }),
    );
  });

  it('rounds what it shows, and nothing where no digits are given', () => {
    const answers = { logits: Float32Array.of(0.5, 0.3, 0.2).map(Math.log), classes: 3 };
    const { posteriors } = shown(answers, { output: 'posteriors', digits: 0 }, 'posteriors');
    expect([...posteriors].slice(1)).toEqual([0, 0]);
    expect([...shown(answers, { output: 'posteriors', digits: 1 }, 'posteriors').posteriors]).toEqual([
      ...Float32Array.of(0.5, 0.3, 0.2),
    ]);
    const top = shown(answers, { output: 'topK', k: 2, digits: 1, temperature: 0.5 }, 'top');
    // Squares over .38: .66, .24, .1.
    expect([...top.posteriors]).toEqual([...Float32Array.of(0.7, 0.2)]);
    const third = { logits: Float32Array.of(Math.log(2), 0), classes: 2 };
    const plain = shown(third, { output: 'posteriors' }, 'posteriors').posteriors;
    expect(plain[0]).toBe(Math.fround(tempered(third.logits, 1)[0]!));
    expect(plain[0]).toBeCloseTo(2 / 3, 7);
  });

  it.each([
    ['NaN', [0, Number.NaN]],
    ['+∞', [0, Number.POSITIVE_INFINITY]],
    ['nothing but −∞', [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY]],
  ])('refuses answers with %s', (_, row) => {
    for (const output of ['label', 'top1', 'posteriors'] as const)
      expect(() => repliesTo({ logits: Float32Array.of(1, 2, ...row), classes: 2 }, { output })).toThrow(
        expect.objectContaining({ code: 'MLD_ARTIFACT', message: expect.stringContaining('input 1') }),
      );
  });
});
