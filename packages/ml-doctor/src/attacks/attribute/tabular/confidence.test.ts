import { describe, expect, it } from 'vitest';
import { plantedInput } from '../../../../test/attacks/tabular-input.ts';
import { context } from '../../../audit/selftest/bench/membership-bench.ts';
import { type CandidateAnswer, csmia } from './confidence.ts';
import { tabular } from './tabular.ts';

/** The confidence of an answer, and whether it is the true label. */
const answers = (...given: readonly (readonly [confidence: number, right: boolean])[]): CandidateAnswer[] =>
  given.map(([p, right]) => ({ right, loss: -Math.log(p), trueLoss: right ? -Math.log(p) : 2 }));

const [yes, no] = [true, false];

describe('csmia', () => {
  it.each([
    ['one right: it, however unsure', answers([0.9, no], [0.4, yes], [0.99, no]), 1, [1]],
    ['several right: the surest of them', answers([0.6, yes], [0.99, no], [0.8, yes], [0.7, yes]), 2, [2]],
    ['none right: the least sure', answers([0.9, no], [0.5, no], [0.7, no]), 3, [1]],
    ['several right, alike', answers([0.8, yes], [0.8, yes], [0.9, no]), 2, [0, 1]],
    ['none right, alike', answers([0.8, no], [0.9, no], [0.8, no]), 3, [0, 2]],
    ['right by as much as float32 can tell', answers([0.8, yes], [0.8000001, yes], [0.79, yes]), 2, [0, 1]],
    ['right beyond doubt', [{ right: yes, loss: 0, trueLoss: 0 }, ...answers([1 - 1e-9, yes])], 2, [0]],
  ] as const)('%s', (_, given, rule, places) => {
    expect(csmia(given)).toEqual({ rule, places });
  });
});

const city = { name: 'city', categories: ['Ulm', 'Bonn', 'Jena'] };
const run = (planted: ReturnType<typeof plantedInput>, given = {}) =>
  tabular.configure({ method: 'confidence', ...given }).run(planted.input, context);

describe('attribute/tabular by confidence', () => {
  it('guesses by the rules, and believes by the posterior of the true label', async () => {
    /** Posteriors of three classes, by record and candidate; the true label is 0. */
    const posteriors = [
      // Rule 1 guesses Bonn, although the true label is likelier with Jena.
      [
        [0.1, 0.8, 0.1],
        [0.4, 0.35, 0.25],
        [0.45, 0.55, 0],
      ],
      // Rule 2.
      [
        [0.6, 0.3, 0.1],
        [0.3, 0.4, 0.3],
        [0.7, 0.2, 0.1],
      ],
      // Rule 3 guesses Ulm, where the wrong answer is least sure, although the true label is likelier with Bonn.
      [
        [0.15, 0.43, 0.42],
        [0.4, 0.5, 0.1],
        [0.1, 0.7, 0.2],
      ],
    ];
    const planted = plantedInput({
      columns: [{ name: 'id' }, city],
      rows: [
        [0, 0],
        [1, 1],
        [2, 2],
      ],
      labels: [0, 0, 0],
      ...{ classes: 3, attribute: 'city', known: 0 },
      model: ([id, c]) => posteriors[id!]![c!]!.map((p) => Math.max(-50, Math.log(p))),
    });
    const { predicted, beliefs, notes } = await run(planted);
    expect(predicted).toEqual(Int32Array.of(1, 2, 0));
    posteriors.forEach((row, i) => {
      const total = row.reduce((sum, [p]) => sum + p!, 0);
      row.forEach(([p], c) => {
        expect(beliefs![3 * i + c]).toBeCloseTo(p! / total, 6);
      });
    });
    expect(notes).toEqual([
      expect.stringMatching(/'city'.* 1 records with one .* 1 with several, of 1 with none/),
    ]);
    expect(planted.input.target.queries).toBe(9);
  });

  it('believes nothing where no value makes the true label possible', async () => {
    const planted = plantedInput({
      columns: [{ name: 'id' }, city],
      rows: [
        [0, 0],
        [1, 0],
        [2, 1],
      ],
      ...{ labels: [0, 1, 0], classes: 2, attribute: 'city', known: 0 },
      model: () => [Number.NEGATIVE_INFINITY, 0],
    });
    const { beliefs } = await run(planted);
    expect([...beliefs!]).toEqual(new Array(9).fill(1 / 3));
  });

  it('breaks ties of a model that ignores the attribute without favour, and says of how many records', async () => {
    const rows = Array.from({ length: 600 }, (_, id) => [id, id % 3]);
    const planted = plantedInput({
      columns: [{ name: 'id' }, city],
      ...{ rows, labels: rows.map(([id]) => id! % 2), classes: 2, attribute: 'city', known: 0 },
      // Right of three records of four, and once in an answer that a sum in another order could give.
      model: ([id, c]) => (id! % 4 < 2 ? [1, c === 1 ? 1e-7 : 0] : [0, 2]),
    });
    const { predicted, beliefs, notes } = await run(planted);
    // Five standard deviations of a binomial with p = 1/3.
    for (const c of [0, 1, 2])
      expect(Math.abs(predicted.filter((p) => p === c).length - 200)).toBeLessThan(58);
    expect([...beliefs!].every((b) => Math.abs(b - 1 / 3) < 1e-6)).toBe(true);
    expect(notes).toContainEqual(expect.stringContaining('600 of 600 records alike'));
    expect((await run(planted)).predicted).toEqual(predicted);
  });

  it('of a number guesses the value tried that fits best', async () => {
    const rows = Array.from({ length: 41 }, (_, i) => [i, i / 4]);
    const planted = plantedInput({
      columns: [{ name: 'id' }, { name: 'dose' }],
      ...{ rows, labels: rows.map(() => 1), classes: 2, attribute: 'dose', known: 0 },
      // Surest of the label where the dose is the record's own.
      model: ([id, dose]) => [0, 5 - Math.abs(dose! - id! / 4)],
    });
    const { predicted, beliefs } = await run(planted, { bins: 11 });
    expect(beliefs).toBeUndefined();
    expect(predicted).toBeInstanceOf(Float64Array);
    // From 0 to 10 in steps of 1; half way between two of them, either.
    predicted.forEach((guess, i) => {
      expect(Math.abs(guess - i / 4)).toBeLessThanOrEqual(0.5);
    });
  });
});
