import { describe, expect, it } from 'vitest';
import { type PlantedTable, plantedInput } from '../../../../test/attacks/tabular-input.ts';
import { context } from '../../../audit/selftest/bench/membership-bench.ts';
import { tabular } from './tabular.ts';

const run = (planted: ReturnType<typeof plantedInput>, given = {}) =>
  tabular.configure({ method: 'label-only', ...given }).run(planted.input, context);

/**
 * Of every record in `open` the model predicts the true label, 0, with the record's own value alone; of the others
 * always (`age` even) or never.
 */
const opened = (
  attribute: PlantedTable['columns'][number],
  rows: readonly (readonly [id: number, age: number, value: number])[],
  open: (id: number) => boolean,
): PlantedTable => ({
  columns: [{ name: 'id' }, { name: 'age' }, attribute],
  rows,
  // Labels tell nothing, and the model knows them by heart.
  labels: rows.map(([id]) => id % 2),
  ...{ classes: 2, attribute: attribute.name, known: 0 },
  model: ([id, age, value]) => {
    const label = id! % 2;
    const right = open(id!) ? value === rows[id!]![2] : age! % 2 === 0;
    return (right ? label : 1 - label) === 0 ? [2, 0] : [0, 2];
  },
});

const gender = { name: 'gender', categories: ['Female', 'Male', 'Other'] };

describe('attribute/tabular by labels only', () => {
  it('guesses the value that alone is right, and learns from these what the others have', async () => {
    // The attribute is known from the age.
    const rows = Array.from({ length: 72 }, (_, id) => {
      const age = (7 * id) % 60;
      return [id, age, age < 30 ? 2 : 0] as const;
    });
    const planted = plantedInput(opened(gender, rows, (id) => id % 3 > 0));
    const { predicted, beliefs, notes } = await run(planted);
    const right = (id: number) => predicted[id] === planted.truth[id];
    const all = rows.map(([id]) => id);
    expect(all.filter((id) => id % 3 > 0).every(right)).toBe(true);
    expect(all.filter((id) => id % 3 === 0 && right(id)).length).toBeGreaterThanOrEqual(0.9 * 24);
    all.forEach((id) => {
      const own = beliefs!.subarray(3 * id, 3 * id + 3);
      if (id % 3 > 0) expect(own[predicted[id]!]).toBe(1);
      expect(own.reduce((a, b) => a + b)).toBeCloseTo(1, 12);
    });
    expect(notes).toEqual([
      expect.stringMatching(/'gender' alone.* of 48 of 72 records; others .* learnt/),
      expect.stringContaining('24 of 72 records alike'),
    ]);
    expect(planted.input.target.queries).toBe(3 * 72);
  });

  it('needs nothing learnt where every record is told', async () => {
    const rows = Array.from({ length: 50 }, (_, id) => [id, id, (id * id) % 3] as const);
    const planted = plantedInput(opened(gender, rows, () => true));
    const { predicted, notes } = await run(planted);
    expect([...predicted]).toEqual(planted.truth);
    expect(notes).toHaveLength(1);
  });

  it.each([
    ['few', (id: number) => id < 6, [4 / 6, 0, 2 / 6], 0],
    ['uniform', (id: number) => id % 4 === 0, [1, 0, 0], 0],
  ] as const)(
    'guesses what is commonest where those to learn from are too %s',
    async (_, open, shares, mode) => {
      // 0, 2, 0, 0, 0, 2 at first; 0 at every fourth.
      const rows = Array.from({ length: 400 }, (_, id) => {
        const value = id % 4 === 0 ? 0 : ([0, 2, 0, 0, 0, 2][id] ?? id % 3);
        return [id, id, value] as const;
      });
      const { predicted, beliefs, notes } = await run(plantedInput(opened(gender, rows, open)));
      rows.forEach(([id]) => {
        if (open(id)) return;
        expect(predicted[id]).toBe(mode);
        expect([...beliefs!.subarray(3 * id, 3 * id + 3)]).toEqual([...shares]);
      });
      expect(notes![0]).toMatch(/too few or too uniform .* commonest among these/);
    },
  );

  it('guesses at random where the model ignores the attribute', async () => {
    const rows = Array.from({ length: 600 }, (_, id) => [id, id, id % 3] as const);
    const { predicted, beliefs, notes } = await run(plantedInput(opened(gender, rows, () => false)));
    for (const c of [0, 1, 2])
      expect(Math.abs(predicted.filter((p) => p === c).length - 200)).toBeLessThan(58);
    expect([...beliefs!]).toEqual(new Array(1800).fill(1 / 3));
    expect(notes).toEqual([
      expect.stringMatching(/of 0 of 600 records, .* at random/),
      expect.stringContaining('600 of 600 records alike'),
    ]);
  });

  it('of a number takes the one value that fits, and for others the median of such', async () => {
    const dose = { name: 'dose' };
    // Values tried: 0, 1, 2, 3, 4; the first seven records are open, with doses 0 to 3.
    const doses = [0, 1, 1, 2, 1, 3, 3, 4, 4, 0];
    const rows = doses.map((value, id) => [id, id, value] as const);
    const { predicted, beliefs, notes } = await run(plantedInput(opened(dose, rows, (id) => id < 7)), {
      bins: 5,
    });
    expect(notes![0]).toContain('by the median of these');
    // 0 1 1 1 2 3 3: four of seven are reached at 1.
    expect(predicted).toEqual(Float64Array.of(0, 1, 1, 2, 1, 3, 3, 1, 1, 1));
    expect(beliefs).toBeUndefined();

    const blind = await run(plantedInput(opened(dose, rows, () => false)), { bins: 5 });
    expect(blind.predicted).toEqual(new Float64Array(10).fill(2));
    expect(blind.notes![0]).toContain('by the middle of the values tried');
  });

  it('of a number learns, too', async () => {
    const rows = Array.from({ length: 60 }, (_, id) => {
      const age = (7 * id) % 40;
      return [id, age, age < 20 ? 0 : 3] as const;
    });
    const planted = plantedInput(opened({ name: 'dose' }, rows, (id) => id % 3 > 0));
    const { predicted } = await run(planted, { bins: 4 });
    const error = rows.reduce((sum, [id, , dose]) => sum + Math.abs(predicted[id]! - dose), 0) / 20;
    // Whatever is guessed of everybody errs by 1.5.
    expect(error).toBeLessThan(0.75);
  });
});
