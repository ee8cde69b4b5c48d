/** Tables of random columns: to records and back, and with one column replaced. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { attributeEditor } from '../attribute-places.ts';
import { batch, type Column, columnPlaces, createDataset, type Dataset } from '../dataset.ts';
import { sensitiveOf } from '../sensitive.ts';
import { inMemory } from '../values.ts';
import { decodeTable } from './decode-table.ts';
import { encodeTable } from './encode-table.ts';
import type { Field } from './fields.ts';

const oddText = fc.oneof(
  fc.constantFrom(
    '',
    ' ',
    '  ',
    '?',
    '0',
    '1',
    'nan',
    '__proto__',
    'constructor',
    'Ünïcode',
    '日本',
    '👩‍🚀',
    '\ud800',
    '\n',
    "'",
  ),
  fc.string({ unit: 'grapheme', maxLength: 6 }),
);
const anyColumn: fc.Arbitrary<Omit<Column, 'name'>> = fc.oneof(
  fc.constant({}),
  fc
    .tuple(fc.uniqueArray(oddText, { minLength: 1, maxLength: 6 }), fc.boolean(), fc.boolean())
    .map(([categories, ordered, missing]) => ({
      categories,
      ...(ordered && { ordered }),
      ...(missing && { missing: categories[0]! }),
    })),
);
const anyColumns = fc
  .uniqueArray(oddText, { minLength: 1, maxLength: 8 })
  .chain((names) =>
    fc.tuple(...names.map((name) => anyColumn.map((column): Column => ({ name, ...column })))),
  );
const anyNumber = fc.oneof(
  fc.integer({ min: -1000, max: 1000 }),
  fc.float({ noNaN: true, noDefaultInfinity: true }),
);
const fieldOf = ({ categories }: Column): fc.Arbitrary<Field> =>
  categories ? fc.constantFrom(...categories) : anyNumber;
const anyTable = anyColumns.chain((columns) =>
  fc.record({
    columns: fc.constant(columns),
    rows: fc.array(fc.tuple(...columns.map(fieldOf)), { minLength: 1, maxLength: 12 }),
  }),
);

const datasetOf = (columns: readonly Column[], rows: readonly (readonly Field[])[]): Dataset =>
  createDataset({
    id: 'random',
    ...encodeTable('random', rows, columns),
    y: new Int32Array(rows.length),
    classes: ['a'],
  });

/** What undoes the normalisation, and the rounding to 32 bits of what is an index. */
const restored = (normalised: Float32Array, { normalisation, columns }: Dataset): Float32Array => {
  const places = columnPlaces(columns!);
  const { mean, std } = normalisation;
  return normalised.map((value, i) => {
    const place = i % mean.length;
    const column = columns![places.findIndex(({ first, width }) => place < first + width)]!;
    const raw = value * std[place]! + mean[place]!;
    return column.categories ? Math.round(raw) : raw;
  });
};

describe('a table of random columns', () => {
  it('is the same after encoding and decoding', () => {
    fc.assert(
      fc.property(anyTable, ({ columns, rows }) => {
        const { x } = encodeTable('random', rows, columns);
        expect(decodeTable({ x, columns })).toEqual(rows);
      }),
      { numRuns: 200 },
    );
  });

  it('is the same when its numbers are given as text, rounded to 32 bits', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ noNaN: true, min: -1e30, max: 1e30 }), { minLength: 1 }),
        (numbers) => {
          const { x } = encodeTable(
            'random',
            numbers.map((value) => [String(value)]),
            [{ name: 'n' }],
          );
          // String(-0) is '0'.
          expect([...x]).toEqual(numbers.map((value) => Math.fround(value + 0)));
        },
      ),
      { numRuns: 50 },
    );
  });

  it('has exactly one 1 for each category, and nothing else in its places', () => {
    fc.assert(
      fc.property(anyTable, ({ columns, rows }) => {
        const { x, oneHot, recordShape } = encodeTable('random', rows, columns);
        const choices = columns.flatMap(({ categories, ordered }, c) =>
          categories && !ordered ? [{ categories, c }] : [],
        );
        expect(oneHot.map(({ width }) => width)).toEqual(choices.map(({ categories }) => categories.length));
        rows.forEach((row, r) => {
          const record = [...x.subarray(r * recordShape[0], (r + 1) * recordShape[0])];
          oneHot.forEach(({ first, width }, g) => {
            const { categories, c } = choices[g]!;
            expect(record.slice(first, first + width)).toEqual(
              categories.map((category) => (category === row[c] ? 1 : 0)),
            );
          });
        });
      }),
      { numRuns: 100 },
    );
  });

  it('is given to models with mean 0 and deviation 1 in numbers and ordered categories', () => {
    const tame = anyColumns.chain((columns) =>
      fc.record({
        columns: fc.constant(columns),
        rows: fc.array(
          fc.tuple(
            ...columns.map(({ categories }) =>
              categories ? fc.constantFrom(...categories) : fc.integer({ min: -1000, max: 1000 }),
            ),
          ),
          { minLength: 1, maxLength: 12 },
        ),
      }),
    );
    fc.assert(
      fc.property(tame, ({ columns, rows }) => {
        const data = datasetOf(columns, rows);
        const all = batch(
          data,
          rows.map((_, i) => i),
        ).x;
        const [length] = data.recordShape as [number];
        columnPlaces(columns).forEach(({ first }, c) => {
          const { categories, ordered } = columns[c]!;
          const values = rows.map((_, i) => all[i * length + first]!);
          if (categories && !ordered) {
            expect(values.every((v) => v === 0 || v === 1)).toBe(true);
            return;
          }
          const constant = new Set(rows.map((row) => row[c])).size === 1;
          if (constant) {
            expect(values.every((v) => v === 0)).toBe(true);
            expect(data.normalisation.std[first]).toBe(1);
            return;
          }
          expect(values.reduce((sum, v) => sum + v, 0) / rows.length).toBeCloseTo(0, 5);
          expect(values.reduce((sum, v) => sum + v * v, 0) / rows.length).toBeCloseTo(1, 4);
        });
      }),
      { numRuns: 100 },
    );
  });

  it('changes in one column only when a value of it is written into its records', () => {
    fc.assert(
      fc.property(anyTable, fc.nat(), fc.nat(), ({ columns, rows }, which, choice) => {
        const c = which % columns.length;
        const column = columns[c]!;
        const { categories } = column;
        fc.pre(new Set(rows.map((row) => row[c])).size > 1);
        fc.pre(!rows.some((row) => row[c] === column.missing));
        const data = datasetOf(columns, rows);
        // Labels that vary with no attribute, as one class alone goes with none.
        const attribute = sensitiveOf(data, column.name);
        const editor = attributeEditor(data, attribute)!;
        const value = categories ? choice % categories.length : (rows[choice % rows.length]![c] as number);
        const normalised = batch(
          data,
          rows.map((_, i) => i),
        ).x;
        const written = normalised.slice();
        editor.write(written, value);
        const { first, width } = editor.places;
        const [length] = data.recordShape as [number];
        for (let i = 0; i < written.length; i++) {
          const place = (i % length) - first;
          if (place < 0 || place >= width) expect(written[i]).toBe(normalised[i]);
          else expect(written[i]).toBe(editor.encoded(value)[place]);
        }
        const { x } = data;
        const back = restored(written, data);
        const after = decodeTable({
          x: inMemory(x).map((v, i) => (written[i] === normalised[i] ? v : back[i]!)),
          columns,
        });
        after.forEach((row, r) => {
          row.forEach((field, other) => {
            if (other !== c) expect(field).toBe(rows[r]![other]);
            else if (categories) expect(field).toBe(categories[value]);
            else expect(Math.abs((field as number) - value)).toBeLessThanOrEqual(1e-5 * spread(data, first));
          });
        });
        // Whoever writes what a record holds anyway gets the record, bit for bit.
        for (const [r, row] of rows.entries()) {
          const own = normalised.slice(r * length, (r + 1) * length);
          const same = own.slice();
          editor.write(same, categories ? categories.indexOf(row[c] as string) : (row[c] as number));
          expect(same).toEqual(own);
          editor.clear(same);
          expect([...same.subarray(first, first + width)]).toEqual(Array(width).fill(0));
          expect(same.filter((v, i) => v !== own[i] && (i < first || i >= first + width))).toHaveLength(0);
        }
      }),
      { numRuns: 200 },
    );
  });
});

/** The size of the numbers in a place, of which 32 bits keep seven digits. */
const spread = ({ normalisation: { mean, std } }: Dataset, place: number): number =>
  Math.abs(mean[place]!) + 12 * std[place]!;
