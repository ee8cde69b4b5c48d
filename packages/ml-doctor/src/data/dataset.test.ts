import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { batch, createDataset, type Dataset } from './dataset.ts';
import { inMemory } from './values.ts';

type Parts = Parameters<typeof createDataset>[0];

const pictures: Parts = {
  id: 'pictures',
  recordShape: [2, 1, 2],
  x: Uint8Array.of(0, 255, 10, 20, 1, 2, 3, 4, 5, 6, 7, 8),
  y: Int32Array.of(0, 1, 1),
  classes: ['cat', 'dog'],
  normalisation: { scale: 1 / 255, mean: [0.5, 0.25], std: [0.5, 2] },
};
const table: Parts = {
  id: 'table',
  recordShape: [2],
  x: Float32Array.of(1.5, -2, 3, 4),
  y: Int32Array.of(1, 0),
  classes: ['no', 'yes'],
  normalisation: { scale: 1, mean: [1, 0], std: [2, 1] },
  attributes: {
    sex: { values: Int32Array.of(0, 1), categories: ['f', 'm'] },
    age: { values: Float32Array.of(30, 40.5) },
  },
};

describe('createDataset', () => {
  it('hashes the documented bytes', () => {
    const header =
      '{"format":2,"shape":[2,2],"dtype":"float32","classes":["no","yes"],"normalisation":[1,[1,0],[2,1]],' +
      '"attributes":[["age","float32",null],["sex","int32",["f","m"]]]}\n';
    const values = Buffer.alloc(4 * 4);
    [1.5, -2, 3, 4].forEach((v, i) => {
      values.writeFloatLE(v, 4 * i);
    });
    const body = Buffer.alloc(2 * 4 + 2 * 4 + 2 * 4);
    [1, 0].forEach((v, i) => {
      body.writeInt32LE(v, 4 * i);
    });
    [30, 40.5].forEach((v, i) => {
      body.writeFloatLE(v, 8 + 4 * i);
    });
    [0, 1].forEach((v, i) => {
      body.writeInt32LE(v, 16 + 4 * i);
    });
    const ofValues = createHash('sha256').update(values).digest();
    expect(createDataset(table).contentHash).toBe(
      createHash('sha256').update(header).update(ofValues).update(body).digest('hex'),
    );
  });

  it('gives another hash for any other content, and the same for another id', () => {
    const variants: Parts[] = [
      pictures,
      { ...pictures, x: inMemory(pictures.x).map((v, i) => (i === 11 ? 9 : v)) as Uint8Array },
      { ...pictures, x: Float32Array.from(inMemory(pictures.x)) },
      { ...pictures, y: Int32Array.of(0, 1, 0) },
      { ...pictures, recordShape: [2, 2, 1] },
      { ...pictures, classes: ['cat', 'cow'] },
      { ...pictures, normalisation: { ...pictures.normalisation, mean: [0.5, 0.5] } },
      { ...pictures, normalisation: { ...pictures.normalisation, scale: 1 } },
      { ...pictures, normalisation: { ...pictures.normalisation, std: [0.5, 1] } },
      { ...pictures, attributes: { hue: { values: Int32Array.of(1, 2, 3) } } },
      { ...pictures, attributes: { hue: { values: Int32Array.of(1, 2, 4) } } },
      { ...pictures, attributes: { hue: { values: Float32Array.of(1, 2, 3) } } },
      table,
    ];
    const hashes = variants.map((parts) => createDataset(parts).contentHash);
    expect(new Set(hashes).size).toBe(variants.length);
    expect(createDataset({ ...pictures, id: 'renamed' }).contentHash).toBe(hashes[0]);
  });

  it('hashes a view like a copy of what it shows', () => {
    const buffer = Float32Array.of(99, 1.5, -2, 3, 4, 99);
    const view = createDataset({ ...table, x: buffer.subarray(1, 5) });
    expect(view.contentHash).toBe(createDataset(table).contentHash);
  });

  it.each<[string, Partial<Parts>, RegExp]>([
    ['too few values', { x: new Float32Array(3) }, /3 values where 2 records of shape \[2\] have 4/],
    ['a label without class', { y: Int32Array.of(0, 2) }, /record 1 has label 2/],
    ['a value that is no number', { x: Float32Array.of(1, 2, 3, Number.NaN) }, /record 1 holds NaN/],
    ['a missing mean', { normalisation: { scale: 1, mean: [1], std: [1, 1] } }, /1 means and 2 deviations/],
    ['a zero deviation', { normalisation: { scale: 1, mean: [1, 1], std: [1, 0] } }, /above 0/],
    ['a short attribute', { attributes: { a: { values: Int32Array.of(1) } } }, /'a' has 1 values/],
    [
      'an unknown category',
      { attributes: { a: { values: Int32Array.of(0, 1), categories: ['x'] } } },
      /'a' of record 1 is 1/,
    ],
    ['a category twice', { oneHot: [{ first: 0, width: 2 }] }, /record 0 has 1.5,-2 for .*columns 0 to 1/],
    [
      'a category of none',
      { x: Float32Array.of(0, 1, 0, 0), oneHot: [{ first: 0, width: 2 }] },
      /record 1 has 0,0/,
    ],
    ['a category of two', { x: Float32Array.of(1, 1, 0, 1), oneHot: [{ first: 0, width: 2 }] }, /0 has 1,1/],
    ['categories beyond the record', { oneHot: [{ first: 1, width: 2 }] }, /outside records of shape \[2\]/],
    [
      'categories that overlap',
      {
        x: Float32Array.of(0, 1, 0, 1),
        oneHot: [
          { first: 0, width: 2 },
          { first: 1, width: 1 },
        ],
      },
      /columns 1 to 1 is out of order/,
    ],
    ['no records', { x: new Float32Array(0), y: new Int32Array(0) }, /no records/],
  ])('refuses %s', (_, change, message) => {
    expect(() => createDataset({ ...table, ...change })).toThrow(message);
    expect(() => createDataset({ ...table, ...change })).toThrow(
      expect.objectContaining({ code: 'MLD_DATA_INVALID' }),
    );
  });
});

describe('batch', () => {
  it('normalises each channel of the records asked for, in that order', () => {
    const { x, y } = batch(createDataset(pictures), [2, 0]);
    const channel0 = (v: number) => Math.fround((v / 255 - 0.5) / 0.5);
    const channel1 = (v: number) => Math.fround((v / 255 - 0.25) / 2);
    const expected = [channel0(5), channel0(6), channel1(7), channel1(8), -1, 1, channel1(10), channel1(20)];
    expect([...y]).toEqual([1, 0]);
    expected.forEach((value, i) => {
      expect(x[i]).toBeCloseTo(value, 6);
    });
  });

  it('normalises each feature of a table row by its own mean', () => {
    expect([...batch(createDataset(table), [1]).x]).toEqual([1, 4]);
  });

  it('gives a record the same values whatever else is in the batch', () => {
    const dataset: Dataset = createDataset(pictures);
    fc.assert(
      fc.property(fc.array(fc.nat(2), { minLength: 1, maxLength: 9 }), (indices) => {
        const { x } = batch(dataset, indices);
        indices.forEach((index, i) => {
          expect(x.slice(4 * i, 4 * i + 4)).toEqual(batch(dataset, [index]).x);
        });
      }),
      { numRuns: 30 },
    );
  });

  it.each([-1, 3, 0.5, Number.NaN])('refuses index %d', (index) => {
    expect(() => batch(createDataset(pictures), [index])).toThrow(/internal: record/);
  });
});
