/** What the attacks send, and what they are sent of. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type PlantedTable, plantedInput } from '../../../../test/attacks/tabular-input.ts';
import { context } from '../../../audit/selftest/bench/membership-bench.ts';
import { watched } from '../../../audit/selftest/watched.ts';
import type { Column } from '../../../data/dataset.ts';
import { tabular } from './tabular.ts';

const METHODS = ['fredrikson', 'confidence', 'label-only'] as const;

const names = (count: number) => Array.from({ length: count }, (_, i) => `value ${i}`);
const column: fc.Arbitrary<Omit<Column, 'name'>> = fc.oneof(
  fc.constant({}),
  fc.integer({ min: 2, max: 4 }).map((count) => ({ categories: names(count) })),
  fc.integer({ min: 2, max: 5 }).map((count) => ({ categories: names(count), ordered: true })),
);

/** A number of a column's, or one of its categories. */
const valueIn = (given: Column, word: number) => word % (given.categories?.length ?? 7);

const table = fc
  .record({
    kinds: fc.array(column, { minLength: 2, maxLength: 5 }),
    words: fc.array(fc.nat({ max: 5000 }), { minLength: 60, maxLength: 60 }),
    at: fc.nat(),
  })
  .map(({ kinds, words, at }): PlantedTable => {
    const columns = kinds.map((kind, c) => ({ ...kind, name: `column ${c}` }));
    const rows = Array.from({ length: 12 }, (_, i) =>
      columns.map((own, c) => valueIn(own, words[5 * i + c]!)),
    );
    return {
      ...{ columns, rows, classes: 3, known: 6, attribute: `column ${at % columns.length}` },
      labels: rows.map((_, i) => words[59 - i]! % 3),
      model: (values) => [0, 1, 2].map((k) => Math.sin(1 + k + values.reduce((s, v) => 3 * s + v, 0))),
    };
  });

/** The planted input, unless the data are such as no attack is made on. */
const planted = (given: PlantedTable): ReturnType<typeof plantedInput> => {
  try {
    return plantedInput(given);
  } catch (error) {
    fc.pre(!['MLD_ATTRIBUTE_CONSTANT', 'MLD_ATTRIBUTE_LABEL'].includes((error as { code: string }).code));
    throw error;
  }
};

describe.each(METHODS)('attribute/tabular %s', (method) => {
  const attack = tabular.configure({ method });
  const few = tabular.configure({ method, bins: 3 });

  it('sends every record with every value once, all else as it was, every category one-hot', async () => {
    await fc.assert(
      fc.asyncProperty(table, async (given) => {
        const { input, sent } = planted(given);
        // The planted model fails on a row that is not one-hot.
        const own = input.attribute.categories ? attack : few;
        await own.run(input, context);
        const c = given.columns.findIndex(({ name }) => name === given.attribute);
        const tried = new Set(sent.flat().map((row) => row[c]!));
        const { categories } = given.columns[c]!;
        if (categories) expect([...tried].sort()).toEqual(categories.map((_, i) => i));
        const text = (row: readonly number[]) => row.join();
        const wanted = given.rows
          .slice(given.known)
          .flatMap((row) =>
            [...tried].map((value) => text(row.map((other, i) => (i === c ? value : other)))),
          );
        expect(sent.flat().map(text).sort()).toEqual(wanted.sort());
        expect(sent.flat()).toHaveLength(6 * tried.size);
        expect(sent.flat().length).toBeLessThanOrEqual(
          6 * own.queries({ attribute: input.attribute, recordShape: input.recordShape }).asked,
        );
      }),
      { numRuns: 60 },
    );
  });

  it('guesses the same of people whose attribute alone differs', async () => {
    const rows = (turn: number) => Array.from({ length: 20 }, (_, i) => [i, i < 10 ? i % 3 : (i + turn) % 3]);
    const found = async (turn: number) => {
      const { input, sent } = plantedInput({
        columns: [{ name: 'id' }, { name: 'city', categories: names(3) }],
        ...{ rows: rows(turn), labels: rows(0).map(([i]) => (i! >> 2) % 2), classes: 2 },
        ...{ attribute: 'city', known: 10 },
        model: ([id, c]) => [Math.sin(id! * c! + 1), Math.cos(id! + 2 * c!)],
      });
      return { guesses: await attack.run({ ...input, target: watched(input.target) }, context), sent };
    };
    expect(await found(1)).toEqual(await found(0));
  });

  it('goes in batches, tells how far it is, and stops when told to', async () => {
    const rows = Array.from({ length: 700 }, (_, i) => [i, i % 2]);
    const given: PlantedTable = {
      columns: [{ name: 'id' }, { name: 'gender', categories: names(2) }],
      ...{ rows, labels: rows.map(([i]) => (i! >> 1) % 2), classes: 2, attribute: 'gender', known: 100 },
      model: ([id]) => [id! % 5, 2.5],
    };
    const { input, sent } = plantedInput(given);
    const told: number[] = [];
    await attack.run(input, { ...context, progress: (fraction) => told.push(fraction) });
    expect(sent.map((rows) => rows.length)).toEqual([512, 512, 176]);
    expect(told).toEqual([...told].sort((a, b) => a - b));
    expect(told.at(-1)).toBe(1);

    const stop = new AbortController();
    const stopped = plantedInput(given);
    const running = attack.run(stopped.input, {
      ...context,
      signal: stop.signal,
      progress: () => stop.abort(),
    });
    await expect(running).rejects.toMatchObject({ name: 'AbortError' });
    expect(stopped.sent).toHaveLength(1);
  });

  it('guesses everybody right whom the model knows by heart', async () => {
    const rows = Array.from({ length: 90 }, (_, i) => [i, (i * i) % 3]);
    const labels = rows.map(([i]) => (i! >> 1) % 2);
    const { input, truth } = plantedInput({
      columns: [{ name: 'id' }, { name: 'city', categories: names(3) }],
      ...{ rows, labels, classes: 2, attribute: 'city', known: 40 },
      model: ([id, c]) => ((c === rows[id!]![1] ? labels[id!] : 1 - labels[id!]!) === 0 ? [9, 0] : [0, 9]),
    });
    expect([...(await attack.run(input, context)).predicted]).toEqual(truth);
  });
});
