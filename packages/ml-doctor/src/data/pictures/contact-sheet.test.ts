import { inflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { createDataset } from '../dataset.ts';
import { contactSheet } from './contact-sheet.ts';

const dataset = (channels: 1 | 3, side: number, y: readonly number[], classes: number) =>
  createDataset({
    id: 'sheet',
    recordShape: [channels, side, side],
    x: Uint8Array.from({ length: y.length * channels * side * side }, (_, i) => i % 251),
    y: Int32Array.from(y),
    classes: Array.from({ length: classes }, (_, c) => `class ${c}`),
    normalisation: { scale: 1, mean: Array(channels).fill(0), std: Array(channels).fill(1) },
  });

/** Width, height and pixels of a PNG with unfiltered lines, one data chunk. */
function pixelsOf(png: Uint8Array, channels: number) {
  const bytes = Buffer.from(png);
  const [width, height] = [bytes.readUInt32BE(16), bytes.readUInt32BE(20)];
  const at = bytes.indexOf('IDAT');
  const lines = inflateSync(bytes.subarray(at + 4, at + 4 + bytes.readUInt32BE(at - 4)));
  const pixel = (x: number, y: number, c: number) => lines[y * (1 + width * channels) + 1 + x * channels + c];
  return { width, height, pixel };
}

describe.each([1, 3] as const)('a sheet of pictures in %i channels', (channels) => {
  const data = dataset(channels, 4, [1, 0, 1, 0, 0, ...Array(20).fill(2)], 3);
  const sheet = contactSheet(data)!;

  it('has pictures from the first of each class to its last', () => {
    expect(sheet.rows.map(({ class: name, records }) => [name, records])).toEqual([
      ['class 0', [1, 3, 4]],
      ['class 1', [0, 2]],
      ['class 2', [5, 8, 10, 13, 16, 19, 21, 24]],
    ]);
  });

  it('has every pixel of them in its place, on white', () => {
    const { width, height, pixel } = pixelsOf(sheet.png, channels);
    expect([width, height]).toEqual([2 + 8 * 6, 2 + 3 * 6]);
    const expected = (x: number, y: number, c: number) => {
      const [column, row, dx, dy] = [Math.floor(x / 6), Math.floor(y / 6), (x % 6) - 2, (y % 6) - 2];
      const record = sheet.rows[row]?.records[column];
      if (dx < 0 || dy < 0 || record === undefined) return 255;
      return (data.x as Uint8Array)[((record * channels + c) * 4 + dy) * 4 + dx];
    };
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++)
        for (let c = 0; c < channels; c++) expect(pixel(x, y, c)).toBe(expected(x, y, c));
  });
});

it('has twelve classes at most, and none of rows', () => {
  const many = contactSheet(dataset(1, 2, [...Array(15).keys()], 15))!;
  expect(many.rows.map(({ records }) => records)).toEqual([...Array(12).keys()].map((i) => [i]));
  const row = createDataset({
    ...dataset(1, 2, [0], 1),
    recordShape: [4],
    normalisation: { scale: 1, mean: [0, 0, 0, 0], std: [1, 1, 1, 1] },
  });
  expect(contactSheet(row)).toBeUndefined();
});
