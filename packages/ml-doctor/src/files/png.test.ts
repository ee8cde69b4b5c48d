import { inflateSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodePng, type PictureLayout } from './png.ts';

const sharp = await import('sharp').then(
  (module) => module.default,
  () => undefined,
);
if (!sharp) console.warn('skipped: the optional package sharp is not installed');

const anyPicture = fc
  .record({
    width: fc.integer({ min: 1, max: 40 }),
    height: fc.integer({ min: 1, max: 40 }),
    channels: fc.constantFrom(1 as const, 3 as const),
  })
  .chain((layout) => {
    const length = layout.width * layout.height * layout.channels;
    return fc.tuple(fc.constant(layout), fc.uint8Array({ minLength: length, maxLength: length }));
  });

/** The checksum of PNG's appendix, bit by bit. */
const crc = (bytes: Uint8Array): number => {
  let rest = 0xffff_ffff;
  for (const byte of bytes) {
    rest ^= byte;
    for (let bit = 0; bit < 8; bit++) rest = rest & 1 ? (rest >>> 1) ^ 0xedb8_8320 : rest >>> 1;
  }
  return ~rest >>> 0;
};

const chunksOf = (png: Uint8Array) => {
  const view = Buffer.from(png);
  const chunks: { type: string; content: Buffer; checksum: number; expected: number }[] = [];
  for (let at = 8; at < view.length; ) {
    const length = view.readUInt32BE(at);
    chunks.push({
      type: view.toString('latin1', at + 4, at + 8),
      content: view.subarray(at + 8, at + 8 + length),
      checksum: view.readUInt32BE(at + 8 + length),
      expected: crc(view.subarray(at + 4, at + 8 + length)),
    });
    at += 12 + length;
  }
  return chunks;
};

describe('encodePng', () => {
  it.skipIf(!sharp)('is read back by libpng, pixel by pixel', async () => {
    await fc.assert(
      fc.asyncProperty(anyPicture, async ([layout, pixels]) => {
        const png = encodePng(pixels, layout);
        const { format, width, height, channels, depth } = await sharp!(png).metadata();
        expect({ format, width, height, channels, depth }).toEqual({
          ...layout,
          format: 'png',
          depth: 'uchar',
        });
        const read = sharp!(png, { failOn: 'warning' });
        if (layout.channels === 1) read.toColourspace('b-w');
        expect(new Uint8Array(await read.raw().toBuffer())).toEqual(pixels);
      }),
      { numRuns: 50 },
    );
  });

  it('has three chunks with their checksums', () => {
    fc.assert(
      fc.property(anyPicture, ([layout, pixels]) => {
        const chunks = chunksOf(encodePng(pixels, layout));
        expect(chunks.map(({ type }) => type)).toEqual(['IHDR', 'IDAT', 'IEND']);
        for (const { checksum, expected } of chunks) expect(checksum).toBe(expected);
      }),
      { numRuns: 20 },
    );
  });

  it('holds pictures larger than a block', () => {
    // 65,535 bytes with the filters of the lines: just one block; then one byte and one line more.
    for (const [width, height] of [
      [254, 257],
      [255, 256],
      [254, 258],
      [1000, 400],
    ] as const) {
      const pixels = Uint8Array.from(
        { length: width * height },
        (_, i) => Math.imul(i, 2_654_435_761) >>> 24,
      );
      const [, data] = chunksOf(encodePng(pixels, { width, height, channels: 1 }));
      const lines = inflateSync(data!.content);
      expect(lines).toHaveLength(height * (width + 1));
      for (const row of [0, height - 1]) {
        expect(lines[row * (width + 1)]).toBe(0);
        expect(new Uint8Array(lines.subarray(row * (width + 1) + 1, (row + 1) * (width + 1)))).toEqual(
          pixels.slice(row * width, (row + 1) * width),
        );
      }
    }
  });

  it('gives these very bytes', () => {
    // A red pixel beside a blue one. Adler-32 of 00 ff 00 00 00 00 ff: 1 + 2·255 = 1ff, and 1 + 5·256 + 511 = 700.
    const png = encodePng(Uint8Array.of(255, 0, 0, 0, 0, 255), { width: 2, height: 1, channels: 3 });
    const hex = Buffer.from(png).toString('hex');
    expect(hex.slice(0, 66)).toBe('89504e470d0a1a0a0000000d49484452000000020000000108020000007b40e8dd');
    expect(hex.slice(82, 118)).toBe('7801010700f8ff00ff00000000ff070001ff');
  });

  it.each<[number, PictureLayout]>([
    [5, { width: 2, height: 2, channels: 1 }],
    [4, { width: 2, height: 2, channels: 3 }],
    [0, { width: 0, height: 2, channels: 1 }],
  ])('refuses %d bytes for %j', (length, layout) => {
    expect(() => encodePng(new Uint8Array(length), layout)).toThrow(/internal: /);
  });
});
