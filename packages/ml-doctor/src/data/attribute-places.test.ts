import { beforeAll, describe, expect, it } from 'vitest';
import { attributeEditor } from './attribute-places.ts';
import { batch, createDataset, type Dataset } from './dataset.ts';
import { loadDataset } from './load-dataset.ts';
import { sensitiveOf } from './sensitive.ts';

describe('attributeEditor', () => {
  const data = createDataset({
    id: 'd',
    recordShape: [4],
    x: Float32Array.of(10, 1, 0, 2, 20, 0, 1, 1, 30, 1, 0, 0),
    y: Int32Array.of(0, 0, 1),
    classes: ['a', 'b'],
    normalisation: { scale: 0.5, mean: [4, 0.25, 0, 1], std: [2, 1, 4, 0.5] },
    oneHot: [{ first: 1, width: 2 }],
    columns: [
      { name: 'age' },
      { name: 'sex', categories: ['f', 'm'] },
      { name: 'grade', categories: ['low', 'middle', 'high'], ordered: true },
    ],
  });
  const editor = (name: string) => attributeEditor(data, sensitiveOf(data, name))!;

  it.each([
    // (value · scale − mean) / std by hand.
    ['age', 12, [(12 * 0.5 - 4) / 2], 0],
    ['sex', 0, [0.5 - 0.25, 0], 1],
    ['sex', 1, [-0.25, 0.5 / 4], 1],
    ['grade', 2, [(1 - 1) / 0.5], 3],
    ['grade', 0, [-1 / 0.5], 3],
  ])('writes %s = %d where it stands, in every row', (name, value, encoded, first) => {
    const { write, clear, places, encoded: encode } = editor(name);
    expect(places).toEqual({ first, width: encoded.length });
    expect([...encode(value)]).toEqual(encoded);
    const rows = Float32Array.from({ length: 8 }, (_, i) => 100 + i);
    write(rows, value);
    const expected = Array.from({ length: 8 }, (_, i) => encoded[(i % 4) - first] ?? 100 + i);
    expect([...rows]).toEqual(expected);
    clear(rows);
    expect([...rows]).toEqual(expected.map((v, i) => (encoded[(i % 4) - first] === undefined ? v : 0)));
  });

  it('leaves other values than the written one to no place of a category', () => {
    const rows = batch(data, [0, 1, 2]).x;
    editor('sex').write(rows, 1);
    const women = batch(data, [1, 1, 1]).x;
    for (const i of [0, 1, 2]) expect(rows.slice(4 * i + 1, 4 * i + 3)).toEqual(women.slice(1, 3));
  });

  it('is not there for an attribute that records do not hold', () => {
    expect(attributeEditor(data, {})).toBeUndefined();
  });
});

describe('on Adult', () => {
  let data: Dataset;
  beforeAll(async () => {
    data = await loadDataset('adult');
  });

  it.each(['sex', 'race', 'age', 'education-num', 'relationship'])(
    'writing what a record holds of %s leaves it as it was, bit for bit',
    (name) => {
      const attribute = sensitiveOf(data, name);
      const { write, clear, places } = attributeEditor(data, attribute)!;
      for (let i = 0; i < 200; i++) {
        const row = batch(data, [241 * i]).x;
        const copy = row.slice();
        clear(copy);
        expect(copy.slice(places.first, places.first + places.width).every((v) => v === 0)).toBe(true);
        write(copy, attribute.values[241 * i]!);
        expect(copy).toEqual(row);
      }
    },
  );
});
