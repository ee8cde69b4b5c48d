import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { csv, parquet, parquetLists, scratch, type TestTable } from '../../../../test/data/tables.ts';
import { npz } from '../../../../test/data/write-npz.ts';
import { readOutputTable } from '../output-table.ts';

const { file } = scratch();
const read = (path: string, options: Partial<Parameters<typeof readOutputTable>[1]> = {}) =>
  readOutputTable(path, { sample: 1000, seed: 1, ...options });
const text = (content: string, options: Partial<Parameters<typeof readOutputTable>[1]> = {}) =>
  read(file(content), options);

/** Logits of 3 classes and their posteriors, labels, members: one of each side at least. */
const anyOutputs = fc
  .array(
    fc.tuple(
      fc.array(fc.double({ min: -9, max: 9, noNaN: true }), { minLength: 3, maxLength: 3 }),
      fc.nat(2),
      fc.nat(1),
    ),
    {
      minLength: 1,
      maxLength: 12,
    },
  )
  .map((rows) => [
    ...rows,
    [[4, -2, 0], 1, 1] as [number[], number, number],
    [[0, 0, 7.5], 2, 0] as [number[], number, number],
  ]);

const softmax = (z: readonly number[]) => {
  const e = z.map(Math.exp);
  const sum = e.reduce((a, b) => a + b, 0);
  return e.map((v) => v / sum);
};
const columns = (letter: string, rows: readonly (readonly number[])[]): TestTable =>
  Object.fromEntries([0, 1, 2].map((c) => [`${letter}${c}`, rows.map((row) => row[c] as number)]));

describe('readOutputTable', () => {
  it('reads posteriors, labels, members, ids and attributes', async () => {
    const table = await text(
      'id,p1,p0,member,LABEL,age,city\nr7,0.25,0.75,1,0,31,Oslo\nr8,1,0,true,1.0,32.5,NA\nr9,0.5,0.5,False,1,33,Oslo\n',
    );
    expect(table).toMatchObject({
      kind: 'posteriors',
      width: 2,
      classes: ['0', '1'],
      rows: 3,
      names: ['r7', 'r8', 'r9'],
    });
    expect([...table.values]).toEqual([0.75, 0.25, 0, 1, 0.5, 0.5]);
    expect([[...table.labels], [...table.members]]).toEqual([
      [0, 1, 1],
      [1, 1, 0],
    ]);
    expect(table.attributes).toEqual({
      age: { values: Float32Array.of(31, 32.5, 33) },
      city: { values: Int32Array.of(1, 0, 1), categories: ['?', 'Oslo'], missing: '?' },
    });
    expect(table.notes).toEqual([]);
  });

  it('gives the same for CSV, Parquet and NPZ, in columns or lists', async () => {
    await fc.assert(
      fc.asyncProperty(anyOutputs, async (rows) => {
        const z = rows.map(([own]) => own.map((v) => Math.fround(v) + 0));
        const rest = { label: rows.map(([, label]) => label), member: rows.map(([, , member]) => member) };
        const shape = [rows.length, 3];
        const tables = await Promise.all([
          text(csv({ ...columns('z', z), ...rest })),
          read(file(parquet({ ...rest, ...columns('z', z) }, 4), '.parquet')),
          read(file(parquetLists(z, 'logits', rest), '.parquet')),
          read(
            file(
              npz({
                logits: { descr: '<f4', shape, values: z.flat() },
                label: { descr: '<i8', shape: [rows.length], values: rest.label },
                member: { descr: '|b1', shape: [rows.length], values: rest.member },
              }),
              '.npz',
            ),
          ),
        ]);
        expect([...tables[0].values]).toEqual(z.flat());
        expect([...tables[0].labels]).toEqual(rest.label);
        for (const table of tables.slice(1)) expect(table).toEqual(tables[0]);
      }),
      { numRuns: 12 },
    );
  });

  it('gives posteriors whose logarithms differ from the logits by a constant', async () => {
    await fc.assert(
      fc.asyncProperty(anyOutputs, async (rows) => {
        const rest = { label: rows.map(([, label]) => label), member: rows.map(([, , member]) => member) };
        const z = await text(
          csv({
            ...rest,
            ...columns(
              'z',
              rows.map(([own]) => own),
            ),
          }),
        );
        const p = await text(
          csv({
            ...rest,
            ...columns(
              'p',
              rows.map(([own]) => softmax(own)),
            ),
          }),
        );
        rows.forEach((_, row) => {
          const shift = [0, 1, 2].map(
            (c) => Math.log(p.values[row * 3 + c] as number) - (z.values[row * 3 + c] as number),
          );
          for (const each of shift) expect(each).toBeCloseTo(shift[0] as number, 8);
        });
        expect([p.kind, z.kind, [...p.labels]]).toEqual(['posteriors', 'logits', [...z.labels]]);
      }),
      { numRuns: 10 },
    );
  });

  it.each([
    ['p', 'p,label,member\n0.75,0,1\n1,1,0\n'],
    ['p1', 'p1,label,member\n0.75,0,1\n1,1,0\n'],
    ['posteriors', 'posteriors,label,member\n0.75,0,1\n1,1,0\n'],
  ])('takes a single %s as the probability of class 1', async (_, content) => {
    const { values, width, notes } = await text(content);
    expect([width, [...values]]).toEqual([2, [0.25, 0.75, 0, 1]]);
    expect(notes.join()).toMatch(/single .* class 1 of two/);
  });

  it('reads losses, and labels without outputs to compare with', async () => {
    const { kind, values, width, classes } = await text('loss,label,member\n0.5,2,1\n3,0,0\n');
    expect([kind, width, [...values], classes]).toEqual(['loss', 1, [0.5, 3], ['0', '1', '2']]);
    const named = await text('loss,label,member\n0.5,b,1\n3,a,0\n');
    expect([[...named.labels], named.classes]).toEqual([
      [1, 0],
      ['a', 'b'],
    ]);
  });

  it('prefers logits to posteriors, and both to losses, and says so', async () => {
    const { kind, values, notes, attributes } = await text(
      'p0,p1,z0,z1,loss,label,member\n.5,.5,1,-1,9,0,1\n.5,.5,3,-inf,9,0,0\n',
    );
    expect([kind, [...values], attributes]).toEqual(['logits', [1, -1, 3, Number.NEGATIVE_INFINITY], {}]);
    expect(notes).toEqual([
      'logits were used; the file holds posteriors as well',
      'logits were used; the file holds loss as well',
    ]);
  });

  it('finds classes by name: as they are given, or in ascending order', async () => {
    const content = 'p0,p1,label,member\n.9,.1,dog,1\n.2,.8,cat,0\n';
    const guessed = await text(content);
    expect([guessed.classes, [...guessed.labels]]).toEqual([
      ['cat', 'dog'],
      [1, 0],
    ]);
    expect(guessed.notes.join()).toMatch(/ascending order of the labels: cat, dog/);
    const given = await text(content, { classes: ['dog', 'cat'] });
    expect([given.classes, [...given.labels], given.notes]).toEqual([['dog', 'cat'], [0, 1], []]);
  });

  it('leaves out attributes that nothing can be sliced by, and says so', async () => {
    const many = Array.from({ length: 1100 }, (_, i) => `.5,.5,0,${i % 2},text ${i},${i === 5 ? '' : i}`);
    const { attributes, notes } = await text(`p0,p1,label,member,note,age\n${many.join('\n')}\n`);
    expect(attributes).toEqual({});
    expect(notes.join('\n')).toMatch(/'note' holds more than 1000[\s\S]*'age' has no value at .*csv:7/);
  });

  it('allows rounding, to three digits or 32 bits, and clips what it leaves', async () => {
    const { values } = await text('p0,p1,p2,label,member\n.333,.333,.333,0,1\n1.00001,-.00001,0,1,0\n');
    expect([...values]).toEqual([0.333, 0.333, 0.333, 1, 0, 0]);
  });

  it('calls records by their rows, counted from 1, where they have no id', async () => {
    const rows = Array.from({ length: 300 }, (_, i) => `${i / 1000},${i % 2},${i % 3 === 0 ? 1 : 0}`);
    const { names, values } = await text(`p,label,member\n${rows.join('\n')}\n`, { sample: 20 });
    expect(names?.length).toBe(40);
    names?.forEach((name, i) => {
      expect(name).toBe(`row ${Math.round(1000 * (values[2 * i + 1] as number)) + 1}`);
    });
  });

  it('draws a sample of each side that depends on the seed alone', async () => {
    const rows = Array.from({ length: 900 }, (_, i) => `${i},${i / 1000},${i % 2},${i % 3 === 0 ? 1 : 0}`);
    const path = file(`id,p,label,member\n${rows.join('\n')}\n`);
    const a = await read(path, { sample: 40 });
    expect([a.rows, a.members.length, a.members.reduce((x, y) => x + y, 0)]).toEqual([900, 80, 40]);
    a.names?.forEach((name, i) => {
      expect(a.values[2 * i + 1]).toBe(Number(name) / 1000);
      expect([a.labels[i], a.members[i]]).toEqual([Number(name) % 2, Number(name) % 3 === 0 ? 1 : 0]);
    });
    expect(new Set(a.names).size).toBe(80);
    expect(await read(path, { sample: 40 })).toEqual(a);
    expect((await read(path, { sample: 40, seed: 2 })).names).not.toEqual(a.names);
  });
});
