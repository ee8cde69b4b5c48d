/** What is shown, against the same forms worked out number by number where a thief is answered (`targets/replies.ts`). */
import fc from 'fast-check';
import { createSession } from 'onnx-grad';
import { describe, expect, it } from 'vitest';
import { argmax } from '../../stats/argmax.ts';
import { repliesTo, tempered } from '../../targets/replies.ts';
import type { OutputForm } from './output-form.ts';
import { HIDDEN, outputGraph } from './shown-output.ts';

const LEAST = Math.fround(Math.log(HIDDEN));

interface Given {
  readonly logits: Float32Array;
  readonly classes: number;
}

/** The log posteriors that are shown. */
async function shownOf({ logits, classes }: Given, form: OutputForm): Promise<number[][]> {
  await using session = await createSession(outputGraph(classes, form));
  const x = { dtype: 'float32', dims: [logits.length / classes, classes], data: logits } as const;
  const answers = await session.run({ x });
  expect(Object.keys(answers)).toEqual(['logits']);
  return rowsOf(answers['logits']?.data as Float32Array, classes);
}

const rowsOf = (values: ArrayLike<number>, width: number): number[][] =>
  Array.from({ length: values.length / width }, (_, i) =>
    Array.from(values).slice(i * width, (i + 1) * width),
  );

/** On a coarse grid, so that equal values are common, or as large as they get, or of posteriors that are 0. */
const anyLogit = fc.oneof(
  { weight: 8, arbitrary: fc.integer({ min: -12, max: 12 }).map((v) => v / 4) },
  { weight: 4, arbitrary: fc.double({ min: -8, max: 8, noNaN: true }).map(Math.fround) },
  fc.constantFrom(3e38, -3e38, 1e30, 40, -40),
  { weight: 2, arbitrary: fc.constant(Number.NEGATIVE_INFINITY) },
);

const anyAnswers = fc
  .record({ classes: fc.integer({ min: 1, max: 7 }), rows: fc.integer({ min: 1, max: 10 }) })
  .chain(({ classes, rows }) =>
    fc
      .array(
        fc
          .array(anyLogit, { minLength: classes, maxLength: classes })
          .filter((row) => row.some(Number.isFinite)),
        { minLength: rows, maxLength: rows },
      )
      .map((all) => ({ logits: Float32Array.from(all.flat()), classes })),
  );

const anyMore = fc.record(
  {
    temperature: fc.constantFrom(1e-300, 1e-6, 0.3, 5, 20, 1e15),
    digits: fc.integer({ min: 0, max: 7 }),
  },
  { requiredKeys: [] },
);

const anyForm: fc.Arbitrary<OutputForm> = fc.oneof(
  anyMore.map((more) => ({ shows: 'posteriors' as const, ...more })),
  fc
    .tuple(anyMore, fc.integer({ min: 1, max: 8 }))
    .map(([more, k]) => ({ shows: 'top-k' as const, k, ...more })),
  fc.constant({ shows: 'label' as const }),
);

/** What is shown of each class by `repliesTo`; undefined where nothing is. */
function repliesOf(
  given: Given,
  { shows, k = given.classes, ...more }: OutputForm,
): (number | undefined)[][] {
  const { classes } = given;
  const rows = given.logits.length / classes;
  const all = Array.from({ length: rows }, () => new Array<number | undefined>(classes).fill(undefined));
  if (shows === 'label') {
    const replies = repliesTo(given, { output: 'label' });
    if (replies.shows !== 'label') throw new Error('no labels');
    for (const [i, label] of replies.labels.entries()) all[i]![label] = 1;
    return all;
  }
  const replies = repliesTo(given, { output: 'topK', k, ...more });
  if (replies.shows !== 'top') throw new Error('no largest posteriors');
  replies.classes.forEach((place, at) => {
    all[Math.floor(at / replies.k)]![place] = replies.posteriors[at]!;
  });
  return all;
}

/** What each class counts as that nothing, or 0, is shown of. */
function shareOf(row: readonly (number | undefined)[], digits: number | undefined): number {
  const half = digits === undefined ? 0 : 10 ** -digits / 2;
  const told = row.filter((p) => p !== undefined);
  const left = 1 - told.reduce((sum, p) => sum + p, 0);
  const share = left / row.filter((p) => !p).length;
  return Math.max(HIDDEN, Math.min(share, ...told.map((p) => (p === 0 ? half : p))));
}

/** Whether the posterior lies where a last bit decides how it is rounded. */
function isHalf({ logits, classes }: Given, row: number, place: number, form: OutputForm): boolean {
  const { temperature = 1, digits } = form;
  if (digits === undefined) return false;
  const p = tempered(logits.subarray(row * classes, (row + 1) * classes), temperature)[place]! * 10 ** digits;
  return Math.abs(p - Math.floor(p) - 0.5) < 1e-6;
}

describe('outputGraph', () => {
  it('shows what a service of that form shows, and leaves the predicted class strictly the largest', async () => {
    await fc.assert(
      fc.asyncProperty(anyAnswers, anyForm, async (given, form) => {
        const unit = form.digits === undefined ? 0 : 10 ** -form.digits;
        const replies = repliesOf(given, form);
        (await shownOf(given, form)).forEach((row, i) => {
          const label = argmax(given.logits.subarray(i * row.length, (i + 1) * row.length));
          expect(row.filter((log) => log >= row[label]!)).toHaveLength(1);
          const found = row.map(Math.exp);
          // A posterior so near a half that it may be rounded to either side is read as it was rounded.
          const told = replies[i]!.map((p, j) => {
            const nearby = p !== undefined && Math.abs(found[j]! - p) < 1.1 * unit;
            return nearby && isHalf(given, i, j, form) ? unit * Math.round(found[j]! / unit) : p;
          });
          const share = shareOf(told, form.digits);
          row.forEach((log, j) => {
            expect(Number.isFinite(log)).toBe(true);
            expect(log).toBeGreaterThanOrEqual(LEAST);
            // Half a float32 number on both sides, and again as far for the class that is named.
            expect(Math.abs(found[j]! - Math.max(told[j] || share, HIDDEN))).toBeLessThan(4e-7);
          });
        });
      }),
      { numRuns: 120 },
    );
  });

  it('names the class where nothing else is left to see', async () => {
    // 30 classes, none above a twentieth: all are rounded to 0, and count as a thirtieth.
    const logits = Float32Array.from({ length: 30 }, (_, j) => (j === 17 ? 0.01 : 0));
    const [row] = await shownOf({ logits, classes: 30 }, { shows: 'posteriors', digits: 1 });
    expect(argmax(row!)).toBe(17);
    expect(Math.abs(Math.exp(row![17]!) - 1 / 30)).toBeLessThan(5e-8);
    expect(new Set(row!.filter((_, j) => j !== 17))).toEqual(new Set([Math.fround(-Math.log(30))]));
    // Both are 1 to the nearest whole number.
    const even = { logits: Float32Array.of(0, 0), classes: 2 };
    const [both] = await shownOf(even, { shows: 'posteriors', digits: 0 });
    expect(both![0]).toBeGreaterThan(0);
    expect(Math.fround(Math.exp(both![0]!))).toBe(1);
    expect(both![1]).toBe(0);
  });

  it('makes of what is hidden equal shares of what is left', async () => {
    const given = { logits: Float32Array.of(0.6, 0.2, 0.12, 0.08).map(Math.log), classes: 4 };
    const shown = async (form: OutputForm) => (await shownOf(given, form))[0]!.map(Math.exp);
    const expectNear = (found: readonly number[], expected: readonly number[]) =>
      found.forEach((p, j) => {
        expect(p).toBeCloseTo(expected[j]!, 6);
      });
    // The softmax gives .6 back, not 1.
    expectNear(await shown({ shows: 'top-k', k: 1 }), [0.6, 0.4 / 3, 0.4 / 3, 0.4 / 3]);
    expectNear(await shown({ shows: 'top-k', k: 2 }), [0.6, 0.2, 0.1, 0.1]);
    // All but one tell of the last.
    expectNear(await shown({ shows: 'top-k', k: 3 }), [0.6, 0.2, 0.12, 0.08]);
    // Nothing is left.
    expectNear(await shown({ shows: 'posteriors', digits: 0 }), [1, HIDDEN, HIDDEN, HIDDEN]);
    // .1 is left for one that is less than .05, as it was rounded to 0.
    const low = { logits: Float32Array.of(0.54, 0.44, 0.02).map(Math.log), classes: 3 };
    const [half] = await shownOf(low, { shows: 'posteriors', digits: 1 });
    expectNear(half!.map(Math.exp), [0.5, 0.4, 0.05]);
    const one = { logits: Float32Array.of(0.449, 0.149, 0.149, 0.149, 0.104).map(Math.log), classes: 5 };
    const [largest] = await shownOf(one, { shows: 'top-k', k: 4, digits: 1 });
    // .3 is left for one that is no more than .1, the least that is shown.
    expectNear(largest!.map(Math.exp), [0.4, 0.1, 0.1, 0.1, 0.1]);
    const alone = { logits: Float32Array.of(0.84, 0.04, 0.04, 0.04, 0.04).map(Math.log), classes: 5 };
    // .2 is left, shared among four.
    expectNear(
      (await shownOf(alone, { shows: 'posteriors', digits: 1 }))[0]!.map(Math.exp),
      [0.8, 0.05, 0.05, 0.05, 0.05],
    );
  });

  it('rounds halves up, and what is just below a half down', async () => {
    const quarters = { logits: Float32Array.of(Math.log(3), 0), classes: 2 };
    expect(
      (
        await shownOf({ logits: new Float32Array(4), classes: 4 }, { shows: 'posteriors', digits: 1 })
      )[0]!.map(percent),
    ).toEqual([30, 30, 30, 30]);
    expect((await shownOf(quarters, { shows: 'posteriors', digits: 2 }))[0]!.map(percent)).toEqual([75, 25]);
    const below = { logits: Float32Array.of(0.1, 0, 0, 0).map((v) => -v), classes: 4 };
    expect((await shownOf(below, { shows: 'posteriors', digits: 1 }))[0]!.map(percent)).toEqual([
      20, 30, 30, 30,
    ]);
  });

  it('is softmax(z / t) at temperature t', async () => {
    // 1 and 3 over 2: 1 / (1 + e).
    const [row] = await shownOf(
      { logits: Float32Array.of(1, 3), classes: 2 },
      { shows: 'posteriors', temperature: 2 },
    );
    expect(row![0]).toBeCloseTo(-Math.log(1 + Math.E), 6);
    expect(row![1]).toBeCloseTo(1 - Math.log(1 + Math.E), 6);
  });

  it('tempers before it rounds, and chooses the largest before both', async () => {
    const given = { logits: Float32Array.of(0.5, 0.3, 0.2).map(Math.log), classes: 3 };
    // Squares over .38: .658, .237, .105.
    const squared = { shows: 'posteriors', temperature: 0.5, digits: 1 } as const;
    expect((await shownOf(given, squared))[0]!.map(percent)).toEqual([70, 20, 10]);
    expect((await shownOf(given, { ...squared, shows: 'top-k', k: 2 }))[0]!.map(percent)).toEqual([
      70, 20, 10,
    ]);
    // All the same to one digit: the second is shown, as it is the larger one, not the first.
    const close = { logits: Float32Array.of(0, 0.02, 0.01), classes: 3 };
    expect((await shownOf(close, { shows: 'top-k', k: 2, digits: 1 }))[0]!.map(percent)).toEqual([
      30, 30, 30,
    ]);
  });

  it('shows everything, however many are asked for beyond the classes', async () => {
    const given = { logits: Float32Array.of(1, 2, 3, -1, 0, 4), classes: 3 };
    const all = await shownOf(given, { shows: 'posteriors' });
    for (const k of [3, 4, 1000]) expect(await shownOf(given, { shows: 'top-k', k })).toEqual(all);
    expect(await shownOf(given, { shows: 'top-k', k: 1 })).not.toEqual(all);
  });

  const broken = [
    [0, Number.NaN, 1],
    [Number.POSITIVE_INFINITY, 0, 0],
    [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY],
  ];
  it.each<OutputForm>([
    { shows: 'posteriors', digits: 1, temperature: 5 },
    { shows: 'top-k', k: 1 },
    { shows: 'label' },
  ])('does not hide a row that has no softmax: %j', async (form) => {
    const logits = Float32Array.from([...broken, [0, 1, 2]].flat());
    const rows = await shownOf({ logits, classes: 3 }, form);
    for (const row of rows.slice(0, 3)) expect(row).toEqual([Number.NaN, Number.NaN, Number.NaN]);
    expect(rows[3]!.every(Number.isFinite)).toBe(true);
  });

  it.each<OutputForm>([
    { shows: 'top-k' },
    { shows: 'top-k', k: 0 },
    { shows: 'top-k', k: 1.5 },
    { shows: 'posteriors', digits: -1 },
    { shows: 'posteriors', digits: 13 },
    { shows: 'posteriors', temperature: 0 },
    { shows: 'posteriors', temperature: Number.POSITIVE_INFINITY },
  ])('is not made of %j', (form) => {
    expect(() => outputGraph(3, form)).toThrow('internal: ');
  });
});

const percent = (log: number): number => Math.round(100 * Math.exp(log));
