import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { jpegForm } from './jpeg-header.ts';
import { BrokenPicture } from './picture-bytes.ts';
import { type TurboDecoder, turboDecoder } from './turbo-decoder.ts';

const sharp = await import('sharp').then(
  ({ default: it }) => it,
  () => undefined,
);
if (!sharp) console.warn('skipped: the optional package sharp is not installed');

/** Noise, in which a shift by one pixel or another table would show. */
const noise = (width: number, height: number, channels: 1 | 3) =>
  Buffer.from(
    Uint8Array.from({ length: width * height * channels }, (_, i) => (i * 7919 + (i >> 3) * 31) % 256),
  );

describe.skipIf(!sharp)('a decoder of ordinary JPEGs', () => {
  let decode: TurboDecoder;
  beforeAll(async () => {
    decode = await turboDecoder(200 * 200);
  });
  const jpeg = (width: number, height: number, channels: 1 | 3, options: object = {}) =>
    sharp!(noise(width, height, channels), { raw: { width, height, channels } })
      .toColourspace(channels === 1 ? 'b-w' : 'srgb')
      .jpeg({ quality: 80, ...options })
      .toBuffer();

  it.each<[string, 1 | 3, object]>([
    ['colour, with halved colours', 3, {}],
    ['colour, whole', 3, { chromaSubsampling: '4:4:4' }],
    ['progressive', 3, { progressive: true }],
    ['grey', 1, {}],
  ])('gives the pixels that sharp gives: %s', async (_, channels, options) => {
    const bytes = await jpeg(37, 23, channels, options);
    const { data, width, height, components } = decode(bytes)!;
    const raw = sharp!(bytes)
      .toColourspace(channels === 1 ? 'b-w' : 'srgb')
      .raw();
    expect([width, height, components]).toEqual([37, 23, channels]);
    expect(Buffer.from(data).equals(await raw.toBuffer())).toBe(true);
  });

  it('refuses what is cut short, and goes on with the next', async () => {
    const bytes = await jpeg(64, 64, 3);
    const whole = Buffer.from(decode(bytes)!.data);
    for (const length of [200, bytes.length >> 1, bytes.length - 2]) {
      expect(() => decode(bytes.subarray(0, length))).toThrow(BrokenPicture);
      expect(Buffer.from(decode(bytes)!.data).equals(whole)).toBe(true);
    }
  });

  it('refuses a claim of too many pixels before it decodes', async () => {
    const bytes = await jpeg(16, 16, 3);
    const frame = bytes.indexOf(Buffer.from([0xff, 0xc0]));
    bytes.writeUInt16BE(0xffff, frame + 5);
    expect(() => decode(bytes)).toThrow(/16×65535 pixels are more than 40000/);
  });

  it('leaves other pictures to others', async () => {
    const inks = await sharp!(noise(8, 8, 3), { raw: { width: 8, height: 8, channels: 3 } })
      .toColourspace('cmyk')
      .jpeg()
      .toBuffer();
    expect([jpegForm(inks)?.components, decode(inks)]).toEqual([4, undefined]);
    expect(
      decode(
        await sharp!(noise(8, 8, 3), { raw: { width: 8, height: 8, channels: 3 } })
          .png()
          .toBuffer(),
      ),
    ).toBeUndefined();
  });
});

describe('the header of a JPEG', () => {
  it('says size and components, whatever stands before', () => {
    const frame = [0xff, 0xc2, 0, 17, 8, 1, 4, 2, 3, 3, 1, 0x22, 0, 2, 0x11, 1, 3, 0x11, 1];
    const comment = [0xff, 0xfe, 0, 6, 0xff, 0xc0, 0, 0];
    const form = { width: 515, height: 260, components: 3 };
    expect(jpegForm(Uint8Array.of(0xff, 0xd8, ...frame))).toEqual(form);
    expect(jpegForm(Uint8Array.of(0xff, 0xd8, ...comment, 0xff, ...frame))).toEqual(form);
    expect(jpegForm(Uint8Array.of(0xff, 0xd8, 0xff, 0xda, 0, 4, 0, 0, ...frame))).toBeUndefined();
    expect(jpegForm(Uint8Array.of(0xff, 0xd8, ...frame.with(4, 12)))).toBeUndefined();
  });

  it('of any bytes is found or not, and nothing else', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        const form = jpegForm(Uint8Array.of(0xff, 0xd8, 0xff, ...bytes));
        if (form) expect(Object.values(form).every((value) => value >= 0 && value <= 0xffff)).toBe(true);
      }),
    );
  });
});
