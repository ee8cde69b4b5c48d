import { describe, expect, it } from 'vitest';
import { createDataset, type Dataset } from './dataset.ts';
import { describeRow } from './describe-row.ts';
import { loadDataset } from './load-dataset.ts';

const table = (length: number, parts: Partial<Dataset> = {}) =>
  createDataset({
    id: 'table',
    recordShape: [length],
    x: new Float32Array(length),
    y: Int32Array.of(0),
    classes: ['a'],
    normalisation: { scale: 1, mean: Array(length).fill(0), std: Array(length).fill(1) },
    ...parts,
  });

describe('describeRow', () => {
  const data = table(6, {
    columns: [
      { name: 'age' },
      { name: 'work', categories: ['none', 'own', 'paid'] },
      { name: 'sex', categories: ['one'] },
      { name: 'hours' },
    ],
  });

  it('names the category whose place is largest, and goes on behind all of its places', () => {
    expect(describeRow(data, [39, 0.2, -3, 0.7, -1, 40.12345])).toEqual([
      { name: 'age', value: 39 },
      { name: 'work', value: 'paid' },
      { name: 'sex', value: 'one' },
      { name: 'hours', value: 40.12 },
    ]);
  });

  it('takes the first of equal places', () => {
    expect(describeRow(data, [-0.000123456, 0, 0, 0, 0, 123456]).map(({ value }) => value)).toEqual([
      -0.0001235,
      'none',
      'one',
      123500,
    ]);
  });

  it('names of an ordered category the index that is nearest, however far out', () => {
    const graded = table(2, {
      columns: [
        { name: 'bit', categories: ['no', 'yes'], ordered: true },
        { name: 'grade', categories: ['low', 'middle', 'high'], ordered: true },
      ],
    });
    for (const [row, bit, grade] of [
      [[0.4, 1.4], 'no', 'middle'],
      [[0.6, 1.6], 'yes', 'high'],
      [[-7, 9], 'no', 'high'],
      [[3, -0.2], 'yes', 'low'],
    ] as const)
      expect(describeRow(graded, row)).toEqual([
        { name: 'bit', value: bit },
        { name: 'grade', value: grade },
      ]);
  });

  it('counts columns without names from 1', () => {
    expect(describeRow(table(2), Float32Array.of(0.5, -2))).toEqual([
      { name: 'column 1', value: 0.5 },
      { name: 'column 2', value: -2 },
    ]);
  });

  it('says of real rows what is known of them', async () => {
    const adult = await loadDataset('adult');
    const length = adult.recordShape[0]!;
    const { sex, race } = adult.attributes!;
    for (let i = 0; i < 50; i++) {
      const cells = describeRow(adult, adult.x.subarray(i * length, (i + 1) * length));
      const of = (wanted: string) => cells.find(({ name }) => name === wanted)?.value;
      expect([of('sex'), of('race')]).toEqual([
        sex!.categories![sex!.values[i]!],
        race!.categories![race!.values[i]!],
      ]);
    }
  });
});
