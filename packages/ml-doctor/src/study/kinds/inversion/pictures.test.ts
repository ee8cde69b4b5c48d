import { inflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { batch, createDataset, type Dataset } from '../../../data/dataset.ts';
import { describeRow } from '../../../data/describe-row.ts';
import { inMemory } from '../../../data/values.ts';
import { shown, toUnit } from './pictures.ts';

const dataOf = (
  recordShape: readonly number[],
  x: Dataset['x'],
  normalisation: Dataset['normalisation'],
  more: Partial<Dataset> = {},
): Dataset => {
  const size = x.length / recordShape.reduce((a, b) => a * b, 1);
  const y = new Int32Array(size);
  return createDataset({ id: 'd', recordShape, x, y, classes: ['a'], normalisation, ...more });
};

describe('toUnit', () => {
  it('is the share of the range of each place, record by record; 0 where there is no range', () => {
    const bounds = { low: Float32Array.of(0, -1, 3), high: Float32Array.of(2, 3, 3) };
    expect([...toUnit(Float32Array.of(1, 0, 3, 3, -2, 9), bounds)]).toEqual([0.5, 0.25, 0, 1.5, -0.25, 0]);
  });
});

/** The lines of a PNG that `shown` made, each with its filter, and its colour type. */
const read = (one: ReturnType<typeof shown>) => {
  if (!('png' in one)) throw new Error('no picture');
  const png = Buffer.from(one.png, 'base64');
  // Signature and header take 33 bytes.
  const content = png.subarray(41, 41 + png.readUInt32BE(33));
  return {
    width: png.readUInt32BE(16),
    height: png.readUInt32BE(20),
    colour: png[25],
    lines: [...inflateSync(content)],
  };
};

const bounded = (length: number, low: number, high: number) => ({
  low: new Float32Array(length).fill(low),
  high: new Float32Array(length).fill(high),
});

describe('shown', () => {
  it('is a grey picture over the range, cut off at its ends', () => {
    const data = dataOf([1, 2, 3], new Uint8Array(6), { scale: 1, mean: [0], std: [1] });
    const values = Float32Array.of(-1, 0, 1, 3, -3, 0.5);
    expect(read(shown(data, values, bounded(6, -1, 1)))).toEqual({
      ...{ width: 3, height: 2, colour: 0 },
      lines: [0, 0, 128, 255, 0, 255, 0, 191],
    });
  });

  it('has the three colours of a pixel together', () => {
    const data = dataOf([3, 1, 2], new Uint8Array(6), { scale: 1, mean: [0, 0, 0], std: [1, 1, 1] });
    const values = Float32Array.of(10, 11, 20, 21, 30, 31);
    expect(read(shown(data, values, bounded(6, 0, 255)))).toEqual({
      ...{ width: 2, height: 1, colour: 2 },
      lines: [0, 10, 20, 30, 11, 21, 31],
    });
  });

  it('is grey, of the first channel, where channels are no colours', () => {
    const data = dataOf([2, 1, 2], new Uint8Array(4), { scale: 1, mean: [0, 0], std: [1, 1] });
    const values = Float32Array.of(10, 11, 20, 21);
    expect(read(shown(data, values, bounded(4, 0, 255)))).toMatchObject({ colour: 0, lines: [0, 10, 11] });
  });

  it('is a table row as it was before normalisation', () => {
    const normalisation = { scale: 0.5, mean: [1, -1], std: [2, 4] };
    const data = dataOf([2], Float32Array.of(6, 2), normalisation);
    expect([...batch(data, [0]).x]).toEqual([1, 0.5]);
    const values = [
      { name: 'column 1', value: 6 },
      { name: 'column 2', value: 2 },
    ];
    expect(shown(data, Float32Array.of(1, 0.5), bounded(2, 0, 1))).toEqual({ values });
    expect(values).toEqual(describeRow(data, inMemory(data.x)));
  });

  it('reads every place of a row of two dimensions by the normalisation of its line', () => {
    const columns = ['a', 'b', 'c', 'd'].map((name) => ({ name }));
    const data = dataOf([2, 2], Float32Array.of(1, 2, 3, 4), { scale: 1, mean: [0, 2], std: [1, 4] });
    const one = shown({ ...data, columns }, batch(data, [0]).x, bounded(4, 0, 1));
    expect(one).toEqual({ values: columns.map((column, i) => ({ ...column, value: i + 1 })) });
  });
});
