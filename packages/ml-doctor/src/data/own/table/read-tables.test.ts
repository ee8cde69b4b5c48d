import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { csv, parquet, parquetLists, scratch, type TestTable } from '../../../../test/data/tables.ts';
import { inMemory } from '../../values.ts';
import type { OwnDataChoice, OwnDataOptions } from '../own-data.ts';
import { readTables } from './read-tables.ts';

const { file } = scratch();
const read = (
  members: string,
  nonMembers: string,
  choice: Partial<OwnDataChoice> = {},
  options: Partial<OwnDataOptions> = {},
) => readTables({ members, nonMembers, sample: 1000, ...choice }, { seed: 1, base: '/', ...options });
const rows = async (text: string, other = text, choice: Partial<OwnDataChoice> = {}) =>
  read(file(text), file(other), choice);

/** Numbers and texts; labels whole. */
const anyTable = (size: number): fc.Arbitrary<TestTable> => {
  const column = (cell: fc.Arbitrary<string | number | boolean>) =>
    fc.array(cell, { minLength: size, maxLength: size });
  const text = fc.constantFrom(
    'Graz',
    'a,b',
    'say "so"',
    ' blank ',
    'two\nlines',
    'semi;colon',
    'tab\there',
    'ü€',
    '12 kg',
  );
  return fc.record({
    'first number': column(fc.double({ min: -1e6, max: 1e6, noNaN: true }).map((value) => value + 0)),
    whole: column(fc.integer({ min: -50, max: 50 })),
    'a "text"': column(text),
    flag: column(fc.boolean()),
    label: column(fc.nat(3)),
  });
};

describe('readTables', () => {
  it('puts numbers, truth values and categories of all sides where they belong', async () => {
    const { data, sizes, sides, notes, origin } = await rows(
      'age,city,Label,ok\n1.5,Oslo,0,true\n-2,Graz,1,False\n',
      'ok,Label,city,age\nfalse,1,Bern,3e2\n',
    );
    expect(data.recordShape).toEqual([5]);
    expect([...inMemory(data.x)]).toEqual([1.5, 0, 0, 1, 1, -2, 0, 1, 0, 0, 300, 1, 0, 0, 0]);
    expect([...data.y]).toEqual([0, 1, 1]);
    expect(data.columns?.map(({ name, categories }) => [name, categories])).toEqual([
      ['age', undefined],
      ['city', ['Bern', 'Graz', 'Oslo']],
      ['ok', ['false', 'true']],
    ]);
    expect(data.oneHot).toEqual([{ first: 1, width: 3 }]);
    expect(data.normalisation).toEqual({ scale: 1, mean: [0, 0, 0, 0, 0], std: [1, 1, 1, 1, 1] });
    expect([sizes, sides.members.records, sides.nonMembers.format, data.label]).toEqual([
      { members: 2, nonMembers: 1, auxiliary: 0 },
      2,
      'csv',
      'Label',
    ]);
    expect([...origin.rows]).toEqual([0, 1, 0]);
    expect(notes.join('\n')).toMatch(
      /column 'Label'[\s\S]*'city' is a category of 3[\s\S]*'ok' holds true and false/,
    );
  });

  it('reads the same from CSV, however it is quoted and separated, and from Parquet', async () => {
    const tables = fc.tuple(anyTable(7), anyTable(4));
    const style = fc.record({
      separator: fc.constantFrom(',', ';', '\t'),
      end: fc.constantFrom('\n', '\r\n'),
      bom: fc.boolean(),
      mask: fc.nat(),
    });
    await fc.assert(
      fc.asyncProperty(tables, style, async ([members, others], { separator, end, bom, mask }) => {
        const text = (table: TestTable) =>
          (bom ? '\ufeff' : '') + csv(table, { separator, end, odd: (i) => ((mask >> (i % 20)) & 1) === 1 });
        const a = await rows(text(members), text(others));
        const b = await read(file(parquet(members, 3), '.parquet'), file(parquet(others), '.parquet'));
        const mixed = await read(file(text(members)), file(parquet(others), '.parquet'));
        expect(b.data.contentHash).toBe(a.data.contentHash);
        expect(mixed.data.contentHash).toBe(a.data.contentHash);
        expect(b.data.columns).toEqual(a.data.columns);
        expect([...a.data.y].slice(0, 7)).toEqual(members['label']);
        expect([...inMemory(a.data.x)].filter((_, i) => i % (a.data.recordShape[0] as number) === 0)).toEqual(
          [...(members['first number'] ?? []), ...(others['first number'] ?? [])].map((v) =>
            Math.fround(v as number),
          ),
        );
      }),
      { numRuns: 15 },
    );
  });

  it('does not mind the order of the columns of the second side', async () => {
    await fc.assert(
      fc.asyncProperty(
        anyTable(5),
        fc.shuffledSubarray(['first number', 'whole', 'a "text"', 'flag', 'label'], { minLength: 5 }),
        async (table, order) => {
          const turned = Object.fromEntries(order.map((name) => [name, table[name] ?? []]));
          const [a, b] = [await rows(csv(table)), await rows(csv(table), csv(turned))];
          expect(b.data.contentHash).toBe(a.data.contentHash);
        },
      ),
      { numRuns: 10 },
    );
  });

  it('draws a sample of each side at random, the same for the same seed, and keeps the numbers of its rows', async () => {
    const many = (shift: number) =>
      `v,label\n${Array.from({ length: 3000 }, (_, i) => `${i + shift},${i % 2}`).join('\n')}\n`;
    const [members, nonMembers] = [file(many(0)), file(many(5000))];
    const draw = (seed: number) => read(members, nonMembers, { sample: 100, auxiliary: members }, { seed });
    const { data, origin, sizes, sides } = await draw(3);
    expect(sizes).toEqual({ members: 100, nonMembers: 100, auxiliary: 200 });
    expect(sides.members.records).toBe(3000);
    inMemory(data.x).forEach((value, i) => {
      expect(value).toBe((origin.rows[i] as number) + (i >= 100 && i < 200 ? 5000 : 0));
    });
    expect(data.y[7]).toBe((origin.rows[7] as number) % 2);
    const own = origin.rows.slice(0, 100);
    expect(new Set(own).size).toBe(100);
    // Uniform on 0 … 2999: mean 1499.5, standard error 86.6.
    expect(Math.abs(own.reduce((a, b) => a + b, 0) / 100 - 1499.5)).toBeLessThan(4 * 86.6);
    expect([...own]).not.toEqual([...origin.rows.slice(100, 200)]);
    expect((await draw(3)).data.contentHash).toBe(data.contentHash);
    expect((await draw(4)).data.contentHash).not.toBe(data.contentHash);
  });

  it('has the categories and classes of rows that were not drawn', async () => {
    const text = `c,label\n${Array.from({ length: 50 }, (_, i) => `k${i},n${i % 5}`).join('\n')}\n`;
    const { data } = await read(file(text), file(text), { sample: 3 });
    expect([data.size, data.recordShape, data.classes]).toEqual([6, [50], ['n0', 'n1', 'n2', 'n3', 'n4']]);
  });

  it('takes attributes out of the inputs', async () => {
    const { data } = await rows('v,age,sex,ok,y\n1,30,f,true,0\n2,41.5,?,false,1\n', undefined, {
      attributes: ['age', 'sex', 'ok'],
    });
    expect([...inMemory(data.x)]).toEqual([1, 2, 1, 2]);
    expect(data.attributes).toEqual({
      age: { values: Float32Array.of(30, 41.5, 30, 41.5) },
      sex: { values: Int32Array.of(1, 0, 1, 0), categories: ['?', 'f'], missing: '?' },
      ok: { values: Int32Array.of(1, 0, 1, 0), categories: ['false', 'true'] },
    });
  });

  it('has one category for all that is missing, and one for each text where numbers are mixed in', async () => {
    const { data, notes } = await rows('c,m,label\nNA,1,0\nred,x,1\n,2,0\nnull,1,1\n');
    expect(data.columns).toEqual([
      { name: 'c', categories: ['?', 'red'], missing: '?' },
      { name: 'm', categories: ['1', '2', 'x'] },
    ]);
    expect([...data.x.subarray(0, 10)]).toEqual([1, 0, 1, 0, 0, 0, 1, 0, 0, 1]);
    expect(notes.join('\n')).toMatch(/6 missing values[\s\S]*texts besides numbers \('x' at .*csv:3\)/);
  });

  it('has one place for each number of a list', async () => {
    const lists = file(
      parquetLists(
        [
          [1, 2],
          [3, 4],
        ],
        'v',
        { label: [0, 1] },
      ),
      '.parquet',
    );
    const { data } = await read(lists, lists);
    expect([data.recordShape, [...inMemory(data.x)]]).toEqual([[2], [1, 2, 3, 4, 1, 2, 3, 4]]);
    expect(data.columns?.map(({ name }) => name)).toEqual(['v[0]', 'v[1]']);
  });

  it('leaves out the row numbers of pandas, and takes classes and normalisation as given', async () => {
    const text = ',v,label\n0,5,b\n1,7,a\n';
    const { data, notes } = await read(
      file(text),
      file(text),
      { classes: ['b', 'a'] },
      { normalisation: { scale: 2, mean: [1], std: [3] } },
    );
    expect([[...inMemory(data.x)], [...data.y], data.classes]).toEqual([
      [5, 7, 5, 7],
      [0, 1, 0, 1],
      ['b', 'a'],
    ]);
    expect(data.normalisation).toEqual({ scale: 2, mean: [1], std: [3] });
    expect(notes.join()).toMatch(/row numbers/);
  });

  it('stops when asked to', async () => {
    const path = file('v,label\n1,0\n');
    await expect(read(path, path, {}, { signal: AbortSignal.abort() })).rejects.toThrow(/abort/);
  });
});
