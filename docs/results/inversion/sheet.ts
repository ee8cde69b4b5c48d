/** A sheet of pictures: for each class a column, a row for each attack, then the nearest records. */
import { inflateSync } from 'node:zlib';
import { encodePng } from '../../../packages/ml-doctor/src/files/png.ts';
import type { Result } from '../tools.ts';

type Shown = NonNullable<Result['gallery']>[number]['reconstruction'];

interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3;
  readonly data: Uint8Array;
}

/** Pictures as our own writer makes them: one chunk of data, no filter. */
const decode = (base64: string): Pixels => {
  const bytes = Buffer.from(base64, 'base64');
  const width = bytes.readUInt32BE(16);
  const height = bytes.readUInt32BE(20);
  const channels = bytes[25] === 2 ? 3 : 1;
  const parts: Buffer[] = [];
  for (let at = 8; at < bytes.length; ) {
    const length = bytes.readUInt32BE(at);
    if (bytes.toString('latin1', at + 4, at + 8) === 'IDAT')
      parts.push(bytes.subarray(at + 8, at + 8 + length));
    at += 12 + length;
  }
  const rows = inflateSync(Buffer.concat(parts));
  const data = new Uint8Array(width * height * channels);
  const line = width * channels;
  for (let row = 0; row < height; row++) {
    if (rows[row * (line + 1)] !== 0) throw new Error('a picture with a filter');
    data.set(rows.subarray(row * (line + 1) + 1, (row + 1) * (line + 1)), row * line);
  }
  return { width, height, channels, data };
};

const SCALE = 2;
const GAP = 4;

/** Rows of pictures of one size, on white. */
export const sheet = (rows: readonly (readonly (Shown | null)[])[]): Uint8Array => {
  const decoded = rows.map((row) => row.map((one) => (one && 'png' in one ? decode(one.png) : undefined)));
  const first = decoded.flat().find((one) => one !== undefined);
  if (!first) throw new Error('a sheet without pictures');
  const { channels } = first;
  const [cellWide, cellHigh] = [first.width * SCALE + GAP, first.height * SCALE + GAP];
  const width = cellWide * Math.max(...rows.map((row) => row.length)) + GAP;
  const height = cellHigh * rows.length + GAP;
  const pixels = new Uint8Array(width * height * channels).fill(255);
  decoded.forEach((row, r) => {
    row.forEach((picture, column) => {
      if (!picture) return;
      for (let y = 0; y < picture.height * SCALE; y++)
        for (let x = 0; x < picture.width * SCALE; x++)
          for (let c = 0; c < channels; c++) {
            const from = (Math.floor(y / SCALE) * picture.width + Math.floor(x / SCALE)) * channels + c;
            const to = ((GAP + r * cellHigh + y) * width + GAP + column * cellWide + x) * channels + c;
            pixels[to] = picture.data[from] as number;
          }
    });
  });
  return encodePng(pixels, { width, height, channels });
};
