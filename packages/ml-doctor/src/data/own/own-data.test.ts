import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { npz, type TestArray } from '../../../test/data/write-npz.ts';
import { batch } from '../dataset.ts';
import { loadDataset } from '../load-dataset.ts';
import { inMemory } from '../values.ts';
import { type OwnDataChoice, type OwnDataOptions, readOwnData } from './own-data.ts';

let base: string;
beforeAll(() => {
  base = mkdtempSync(join(tmpdir(), 'ml-doctor-own-'));
});
afterAll(() => rmSync(base, { recursive: true }));

const save = (name: string, bytes: Uint8Array | string) => {
  mkdirSync(dirname(join(base, name)), { recursive: true });
  writeFileSync(join(base, name), bytes);
  return name;
};
const read = (choice: Partial<OwnDataChoice>, options: Partial<OwnDataOptions> = {}) =>
  readOwnData(
    { members: 'a.npz', nonMembers: 'b.npz', sample: 100, ...choice },
    { seed: 1, base, ...options },
  );
const refusal = (choice: Partial<OwnDataChoice>, options?: Partial<OwnDataOptions>) =>
  read(choice, options).then(
    () => undefined,
    (error: unknown) => error,
  );

const array = (
  descr: string,
  shape: readonly number[],
  value: (i: number) => number | string,
): TestArray => ({
  ...{ descr, shape },
  values: Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => value(i)),
});
/** Rows of two numbers that tell which row of which file they are. */
const rows = (
  name: string,
  count: number,
  mark: number,
  label: (row: number) => number | string = (row) => row % 3,
) =>
  save(
    name,
    npz({
      x: array('<f4', [count, 2], (i) => (i % 2 ? mark : Math.floor(i / 2))),
      y: array(typeof label(0) === 'string' ? '<U3' : '<i8', [count], label),
    }),
  );

describe('readOwnData of arrays', () => {
  it('puts sides one after the other, and says which row each record is', async () => {
    rows('a.npz', 50, 1);
    rows('b.npz', 7, 2);
    rows('c.npz', 50, 3);
    const { data, sizes, sides, origin } = await read({ auxiliary: 'c.npz', sample: 10 });
    expect(sizes).toEqual({ members: 10, nonMembers: 7, auxiliary: 20 });
    expect(data).toMatchObject({ id: 'own', size: 37, recordShape: [2], classes: ['0', '1', '2'] });
    expect(sides.nonMembers).toEqual({ path: join(base, 'b.npz'), format: 'npz', records: 7 });
    const marks = [...inMemory(data.x)].filter((_, i) => i % 2 === 1);
    expect(marks).toEqual([...Array(10).fill(1), ...Array(7).fill(2), ...Array(20).fill(3)]);
    expect([...inMemory(data.x)].filter((_, i) => i % 2 === 0)).toEqual([...origin.rows]);
    expect([...data.y]).toEqual([...origin.rows].map((row) => row % 3));
    for (const [from, to] of [
      [0, 10],
      [10, 17],
      [17, 37],
    ] as const) {
      const part = [...origin.rows.slice(from, to)];
      expect(part).toEqual([...new Set(part)].sort((a, b) => a - b));
    }
  });

  it('draws every row equally often, sides apart, the same for the same seed', async () => {
    rows('a.npz', 20, 1);
    rows('b.npz', 20, 2);
    const counts = new Uint32Array(20);
    let alike = 0;
    for (let seed = 0; seed < 100; seed++) {
      const { origin } = await read({ sample: 5 }, { seed });
      for (const row of origin.rows) counts[row]!++;
      if (origin.rows.slice(0, 5).join() === origin.rows.slice(5).join()) alike++;
    }
    // 200 draws of 5 in 20: 50 of each row, standard deviation 6.1.
    expect(Math.min(...counts)).toBeGreaterThan(50 - 5 * 6.1);
    expect(Math.max(...counts)).toBeLessThan(50 + 5 * 6.1);
    expect(alike).toBeLessThan(3);
    const [one, two] = [await read({ sample: 5 }), await read({ sample: 5 })];
    expect(two.data.contentHash).toBe(one.data.contentHash);
  });

  it('orders classes by all rows of the files, not by those drawn', async () => {
    rows('a.npz', 300, 1, (row) => (row === 0 ? 'ant' : 'cat'));
    rows('b.npz', 300, 2, (row) => (row === 0 ? 'bee' : 'cat'));
    const { data } = await read({ sample: 2 });
    expect(data.classes).toEqual(['ant', 'bee', 'cat']);
    expect([...data.y].every((label) => label === 2)).toBe(true);
  });

  it('keeps bytes where all sides are bytes, and puts channels first', async () => {
    const picture = (name: string, descr: string) =>
      save(
        name,
        npz({ images: array(descr, [2, 5, 4, 3], (i) => i), labels: array('|b1', [2], (i) => i % 2) }),
      );
    picture('a.npz', '|u1');
    picture('b.npz', '|u1');
    const { data, notes } = await read({}, { normalisation: { scale: 0.5, mean: [1, 2, 3], std: [2] } });
    expect(data.x).toBeInstanceOf(Uint8Array);
    expect(data.recordShape).toEqual([3, 5, 4]);
    expect(notes.join()).toMatch(/channels/);
    // Row 1, column 2, green of the second record is place ((1·5 + 1)·4 + 2)·3 + 1 in the file.
    const place = ((1 * 5 + 1) * 4 + 2) * 3 + 1;
    expect(inMemory(data.x)[60 + 20 + 6]).toBe(place);
    expect(batch(data, [1]).x[20 + 6]).toBe((place * 0.5 - 2) / 2);
    picture('b.npz', '<f8');
    const mixed = await read({});
    expect(mixed.data.x).toBeInstanceOf(Float32Array);
    expect([...inMemory(mixed.data.x)]).toEqual([...inMemory(data.x)]);
    expect(mixed.data.normalisation).toEqual({ scale: 1, mean: [0, 0, 0], std: [1, 1, 1] });
  });

  it('reads attributes: text and codes as categories, amounts as numbers', async () => {
    const people = (name: string, count: number) =>
      save(
        name,
        npz({
          x: array('<f4', [count, 1], (i) => i),
          y: array('|u1', [count, 1], (i) => i % 2),
          sex: array('<U1', [count], (i) => (i % 2 ? 'm' : 'f')),
          grade: array('<i2', [count], (i) => 3 - (i % 3)),
          income: array('<f8', [count], (i) => i * 1.5),
        }),
      );
    people('a.npz', 6);
    people('b.npz', 3);
    const { attributes } = (await read({ attributes: ['sex', 'grade', 'income'] })).data;
    expect(attributes!.sex).toEqual({
      values: Int32Array.of(0, 1, 0, 1, 0, 1, 0, 1, 0),
      categories: ['f', 'm'],
    });
    expect(attributes!.grade).toEqual({
      values: Int32Array.of(2, 1, 0, 2, 1, 0, 2, 1, 0),
      categories: ['1', '2', '3'],
      ordered: true,
    });
    expect(attributes!.income!.values).toEqual(Float32Array.of(0, 1.5, 3, 4.5, 6, 7.5, 0, 1.5, 3));
    expect(await refusal({ attributes: ['age'] })).toMatchObject({
      code: 'MLD_DATA_INVALID',
      message: expect.stringMatching(/'age'.*'income'/),
    });
  });

  it('takes training and test arrays of one file for members and non-members', async () => {
    save(
      'both.npz',
      npz({
        x_train: array('|u1', [3, 2], () => 1),
        y_train: array('|u1', [3], () => 0),
        x_test: array('|u1', [2, 2], () => 2),
        y_test: array('|u1', [2], () => 1),
      }),
    );
    const { data } = await read({ members: 'both.npz', nonMembers: 'both.npz' });
    expect([...inMemory(data.x)]).toEqual([1, 1, 1, 1, 1, 1, 2, 2, 2, 2]);
    expect([...data.y]).toEqual([0, 0, 0, 1, 1]);
    expect(
      await refusal({ members: 'both.npz', nonMembers: 'both.npz', auxiliary: 'both.npz' }),
    ).toMatchObject({ code: 'MLD_DATA_INVALID' });
  });

  const y = (count: number) => array('|u1', [count], (i) => i % 2);
  it.each<[string, Record<string, TestArray>, RegExp]>([
    ['without inputs', { z: y(2), y: y(2) }, /no array of inputs; it holds "z", "y"/],
    ['without labels', { x: y(2) }, /no array of labels; it holds "x"/],
    ['of more labels than records', { x: y(2), y: y(3) }, /'x' has 2 rows and 'y' is of shape \(3\)/],
    ['with one-hot labels', { x: y(2), y: array('|u1', [2, 2], (i) => i % 2) }, /'y' is of shape \(2, 2\)/],
    ['without records', { x: array('|u1', [0, 2], () => 0), y: y(0) }, /no records/],
    [
      'with NaN',
      { x: array('<f4', [2, 2], (i) => (i === 3 ? Number.NaN : 0)), y: y(2) },
      /a\.npz: row 1 .*NaN/,
    ],
    ['with numbers too large', { x: array('<f8', [2, 2], () => 1e300), y: y(2) }, /a\.npz: row 0 .*Infinity/],
    ['of films', { x: array('|u1', [2, 1, 1, 1, 1], () => 0), y: y(2) }, /\(1, 1, 1, 1\)/],
    ['of channels anywhere', { x: array('|u1', [2, 3, 8, 3], () => 0), y: y(2) }, /first or last/],
    [
      'of another shape than the other side',
      { x: array('|u1', [2, 3], () => 0), y: y(2) },
      /shape \(3\), those of .*b\.npz of \(2\)/,
    ],
    ['with text as inputs', { x: array('<U2', [2], () => 'ab'), y: y(2) }, /'x' holds text/],
    [
      'of fractions as labels',
      { x: array('|u1', [2, 2], () => 0), y: array('<f4', [2], () => 0.5) },
      /a\.npz: row 0 .*0\.5/,
    ],
  ])('refuses a side %s', async (_, arrays, message) => {
    save('a.npz', npz(arrays));
    rows('b.npz', 2, 2);
    expect(await refusal({})).toMatchObject({
      code: 'MLD_DATA_INVALID',
      message: expect.stringMatching(message),
      hint: expect.stringMatching(/\w/),
    });
  });

  it('refuses pictures that are scaled in different ways', async () => {
    const picture = (name: string, factor: number) =>
      save(name, npz({ x: array('<f4', [2, 4, 4], (i) => (i % 8) * factor), y: y(2) }));
    picture('a.npz', 32);
    picture('b.npz', 0.125);
    expect(await refusal({})).toMatchObject({
      code: 'MLD_DATA_INVALID',
      message: expect.stringMatching(/0\.875.*224/),
    });
    picture('b.npz', 30);
    await read({});
  });

  it('hands tables to the reader of tables', async () => {
    save('t.csv', 'a,label\n1,yes\n3,no\n');
    save('u.CSV', 'label,a\nno,5\n');
    const { data, sizes, sides } = await read({ members: 't.csv', nonMembers: 'u.CSV' });
    expect(sizes).toEqual({ members: 2, nonMembers: 1, auxiliary: 0 });
    expect(sides.members.format).toBe('csv');
    expect([...data.y].map((label) => data.classes[label])).toEqual(['yes', 'no', 'no']);
  });

  it('refuses choices that fit nothing', async () => {
    rows('a.npz', 4, 1);
    rows('b.npz', 4, 2);
    save('t.csv', 'a,label\n1,0\n');
    save('page.html', '<html>');
    save('empty', '');
    const cases: [Partial<OwnDataChoice>, string, Partial<OwnDataOptions>?][] = [
      [{ nonMembers: 't.csv' }, 'MLD_DATA_INVALID'],
      [{ members: 'absent.npz' }, 'MLD_DATA_UNREADABLE'],
      [{ members: '../no/such/folder' }, 'MLD_DATA_UNREADABLE'],
      [{ members: '' }, 'MLD_DATA_UNREADABLE'],
      [{ members: 'a\0b' }, 'MLD_DATA_UNREADABLE'],
      [{ members: 'page.html' }, 'MLD_DATA_MAGIC'],
      [{ members: 'empty' }, 'MLD_DATA_MAGIC'],
      [{ members: 'fashion-mist' }, 'MLD_DATA_UNKNOWN'],
      [{ sample: 0 }, 'MLD_DATA_INVALID'],
      [{ label: 'z' }, 'MLD_DATA_INVALID'],
      [{}, 'MLD_DATA_INVALID', { normalisation: { std: [0] } }],
      [{}, 'MLD_DATA_INVALID', { normalisation: { mean: [1, 2, 3] } }],
      [{}, 'MLD_DATA_INVALID', { modelClasses: ['cat', 'dog'] }],
    ];
    for (const [choice, code, options] of cases)
      expect(await refusal(choice, options), JSON.stringify(choice)).toMatchObject({
        code,
        hint: expect.stringMatching(/\w/),
      });
    expect(await refusal({ members: 'fashion-mist' })).toMatchObject({
      hint: expect.stringContaining("'fashion-mnist'"),
    });
  });
});

describe('readOwnData of the catalogue', () => {
  it('reads parts and ranges, with attributes and columns', async () => {
    const adult = await loadDataset('adult');
    const { data, origin, sides } = await read({
      members: 'adult:train[10:13]',
      nonMembers: 'adult:test[:2]',
      auxiliary: 'adult[5:6]',
    });
    expect([...origin.rows]).toEqual([10, 11, 12, 32_561, 32_562, 5]);
    expect(sides.members).toEqual({ path: 'adult:train[10:13]', format: 'catalogue', records: 3 });
    expect([...data.y]).toEqual([...origin.rows].map((row) => adult.y[row]));
    expect([...inMemory(data.x)]).toEqual(
      [...origin.rows].flatMap((row) => [...adult.x.subarray(row * 108, (row + 1) * 108)]),
    );
    expect([...data.attributes!.sex!.values]).toEqual(
      [...origin.rows].map((row) => adult.attributes!.sex!.values[row]),
    );
    expect(data).toMatchObject({
      classes: adult.classes,
      columns: adult.columns,
      oneHot: adult.oneHot,
      label: 'income',
    });
  });

  it('takes labels by name where names are the same, else by number', async () => {
    const range = { members: 'fashion-mnist-10k[0:9]', nonMembers: 'fashion-mnist-10k[9:12]' };
    const { y, classes } = (await read(range)).data;
    const reversed = (await read(range, { modelClasses: [...classes].reverse() })).data;
    expect([...reversed.y]).toEqual([...y].map((label) => 9 - label));
    expect((await read({ ...range, classes: [...'abcdefghij'] })).data.y).toEqual(y);
    expect((await read(range, { modelClasses: [...'0123456789'] })).data.y).toEqual(y);
  });

  it.each([
    ['adult:validation', 'MLD_DATA_UNKNOWN'],
    ['fashion-mnist-10k:train', 'MLD_DATA_UNKNOWN'],
    ['adult:test[0:16282]', 'MLD_DATA_INVALID'],
    ['adult[5:5]', 'MLD_DATA_INVALID'],
    ['adult[9:5]', 'MLD_DATA_INVALID'],
    ['adult[999999999999:]', 'MLD_DATA_INVALID'],
  ])('refuses %s', async (members, code) => {
    expect(await refusal({ members, nonMembers: 'adult[0:5]' })).toMatchObject({
      code,
      message: expect.stringContaining(members),
    });
  });

  it('has parts that follow each other, to the end of the data sets', async () => {
    const { catalog } = await import('../catalog/catalog.ts');
    for (const { id, parts, size } of Object.values(catalog)) {
      if (!parts) continue;
      expect([id, parts.train[0], parts.test[1]]).toEqual([id, 0, size]);
      // CelebA has pictures for validation between them.
      if (id === 'celeba') expect(parts.train[1]).toBeLessThan(parts.test[0]);
      else expect([id, parts.train[1]]).toEqual([id, parts.test[0]]);
    }
  });
});
