import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { plantedInput } from '../../../../test/attacks/tabular-input.ts';
import { context } from '../../../audit/selftest/bench/membership-bench.ts';
import { labelGiven } from './fredrikson.ts';
import { tabular } from './tabular.ts';

const city = { name: 'city', categories: ['Ulm', 'Bonn', 'Jena', 'Kiel'] };
const run = (planted: ReturnType<typeof plantedInput>, given = {}) =>
  tabular.configure({ method: 'fredrikson', ...given }).run(planted.input, context);

describe('labelGiven', () => {
  it('is the share of true labels among records with an answer, one more of each label', () => {
    // Answers 0 0 0 1: true labels 0 0 1 1, of three.
    const table = labelGiven(Int32Array.of(0, 0, 1, 1), Int32Array.of(0, 0, 0, 1), 3);
    expect([...table]).toEqual([3 / 6, 1 / 4, 1 / 3, 2 / 6, 2 / 4, 1 / 3, 1 / 6, 1 / 4, 1 / 3]);
  });
});

describe('attribute/tabular by Fredrikson', () => {
  it('by hand: a rare value with the right answer against a common one with the wrong one', async () => {
    // Known: Ulm 6 times, Bonn 2 times. The model says 1 for Bonn alone; of six 0s five are right, of two 1s both.
    const rows = [0, 0, 0, 0, 0, 0, 1, 1, 0, 0].map((c, id) => [id, c]);
    const planted = plantedInput({
      columns: [{ name: 'id' }, { name: 'city', categories: ['Ulm', 'Bonn'] }],
      ...{ rows, labels: [0, 0, 0, 0, 0, 1, 1, 1, 0, 1], classes: 2, attribute: 'city', known: 8 },
      model: ([, c]) => (c === 1 ? [0, 2] : [2, 0]),
    });
    const { predicted, beliefs } = await run(planted);
    // π(0, 0) = 6/8, π(1, 0) = 2/8, π(0, 1) = 1/4, π(1, 1) = 3/4; label 0: 3/4 · 6/8 against 1/4 · 1/4; label 1: 3/4 · 2/8
    // against 1/4 · 3/4, a tie.
    expect(predicted[0]).toBe(0);
    [9 / 10, 1 / 10, 1 / 2, 1 / 2].forEach((belief, i) => {
      expect(beliefs![i]).toBeCloseTo(belief, 14);
    });
  });

  it('is the formula, evaluated record by record', async () => {
    const cell = fc.nat({ max: 2 });
    const drawnTable = fc.record({
      cities: fc.array(fc.nat({ max: 3 }), { minLength: 12, maxLength: 12 }),
      labels: fc.array(cell, { minLength: 12, maxLength: 12 }),
      model: fc.array(cell, { minLength: 48, maxLength: 48 }),
    });
    await fc.assert(
      fc.asyncProperty(drawnTable, async ({ cities, labels, model }) => {
        fc.pre(new Set(cities).size > 1 && new Set(labels).size > 1);
        fc.pre(cities.some((c, i) => cities.some((d, j) => (c === d) !== (labels[i] === labels[j]))));
        const f = (id: number, c: number) => model[4 * id + c]!;
        const planted = plantedInput({
          columns: [{ name: 'id' }, city],
          rows: cities.map((c, id) => [id, c]),
          ...{ labels, classes: 3, attribute: 'city', known: 8 },
          model: ([id, c]) => [0, 1, 2].map((k) => (k === f(id!, c!) ? 2 : 0)),
        });
        const { predicted, beliefs } = await run(planted);
        const known = cities.slice(0, 8).map((c, id) => ({ c, y: labels[id], answer: f(id, c) }));
        for (let i = 0; i < 4; i++) {
          const weights = [0, 1, 2, 3].map((v) => {
            const own = known.filter(({ answer }) => answer === f(8 + i, v));
            const true_ = own.filter(({ y }) => y === labels[8 + i]);
            return (known.filter(({ c }) => c === v).length / 8) * ((true_.length + 1) / (own.length + 3));
          });
          const total = weights.reduce((a, b) => a + b);
          weights.forEach((w, v) => {
            expect(beliefs![4 * i + v]).toBeCloseTo(w / total, 12);
          });
          expect(weights[predicted[i]!]).toBeCloseTo(Math.max(...weights), 12);
        }
        expect(planted.input.target.queries).toBe(8 + 4 * 4);
      }),
      { numRuns: 40 },
    );
  });

  it('falls back on what is commonest where the model ignores the attribute', async () => {
    const rows = Array.from({ length: 80 }, (_, id) => [id, [2, 2, 2, 0, 1][id % 5]!]);
    const planted = plantedInput({
      columns: [{ name: 'id' }, city],
      ...{ rows, labels: rows.map(([id]) => (id! >> 1) % 2), classes: 2, attribute: 'city', known: 50 },
      model: ([id]) => [id! % 3, 1.5],
    });
    const { predicted, beliefs, notes } = await run(planted);
    expect([...predicted]).toEqual(new Array(30).fill(2));
    [0.2, 0.2, 0.6, 0].forEach((share, v) => {
      expect(beliefs![v]).toBeCloseTo(share, 14);
    });
    expect(notes).toEqual([expect.stringContaining('30 of 30 records alike')]);
  });

  it('breaks ties between equally common values without favour', async () => {
    const rows = Array.from({ length: 480 }, (_, id) => [id, id % 4]);
    const planted = plantedInput({
      columns: [{ name: 'id' }, city],
      ...{ rows, labels: rows.map(([id]) => (id! >> 1) % 2), classes: 2, attribute: 'city', known: 80 },
      model: () => [2, 0],
    });
    const { predicted } = await run(planted);
    for (const c of [0, 1, 2, 3])
      expect(Math.abs(predicted.filter((p) => p === c).length - 100)).toBeLessThan(44);
  });

  it('of a number guesses the weighted median of the known bins', async () => {
    // Known doses 1 to 8 in four bins: medians 1, 3, 5, 7. The model says 1 from 4 on, and so are the labels.
    const doses = [1, 2, 3, 4, 5, 6, 7, 8, 2, 6];
    const planted = plantedInput({
      columns: [{ name: 'id' }, { name: 'dose' }],
      rows: doses.map((dose, id) => [id, dose]),
      labels: doses.map((dose) => (dose >= 4 ? 1 : 0)),
      ...{ classes: 2, attribute: 'dose', known: 8 },
      model: ([, dose]) => (dose! >= 4 ? [0, 2] : [2, 0]),
    });
    const { predicted, beliefs } = await run(planted, { bins: 4 });
    // π(0, 0) = 4/5, π(1, 1) = 6/7: label 0 weighs 4/5 4/5 1/7 1/7, label 1 1/5 1/5 6/7 6/7.
    expect(predicted).toEqual(Float64Array.of(3, 5));
    expect(beliefs).toBeUndefined();
    expect(planted.sent[0]?.map(([, dose]) => dose)).toEqual([1, 1, 3, 3, 5, 5, 7, 7]);
  });
});
