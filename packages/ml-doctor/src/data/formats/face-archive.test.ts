import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readFaceArchive } from './face-archive.ts';

const sharp = await import('sharp').then(
  (module) => module.default,
  () => undefined,
);
if (!sharp) console.warn('skipped: the optional package sharp is not installed');

/** Noise, so that neighbouring pixels differ. */
const picture = (seed: number, width = 64, height = 64) =>
  sharp!(
    Uint8Array.from(
      { length: width * height * 3 },
      (_, i) => Math.imul((i + 1) * (seed + 7), 2_654_435_761) >>> 24,
    ),
    { raw: { width, height, channels: 3 } },
  );
const jpeg = (seed: number, width?: number, height?: number) =>
  picture(seed, width, height).jpeg({ quality: 90 }).toBuffer();
const flat = (background: string, size: number) =>
  sharp!({ create: { width: size, height: size, channels: 3, background } })
    .toColourspace('b-w')
    .jpeg()
    .toBuffer();

/** A JPEG without its segments of some kinds, found by their lengths from one to the next up to the picture. */
const withoutSegments = (bytes: Buffer, kinds: readonly number[]): Buffer => {
  const kept = [bytes.subarray(0, 2)];
  let at = 2;
  while (bytes[at + 1] !== 0xda) {
    const end = at + 2 + bytes.readUInt16BE(at + 2);
    if (!kinds.includes(bytes[at + 1]!)) kept.push(bytes.subarray(at, end));
    at = end;
  }
  return Buffer.concat([...kept, bytes.subarray(at)]);
};

describe.skipIf(!sharp)('readFaceArchive', () => {
  let folder: string;
  const faces: Record<string, Buffer> = {};
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'ml-doctor-faces-'));
    const names = [
      'b/9_1_3_20170104.jpg',
      'b/116_0_0_2017.jpg.chip.jpg',
      'a/30_0_4_2016.jpg',
      'a/1_1_2_2.jpg',
      'a/30_0_1_2016.jpg',
    ];
    for (const [i, name] of names.entries()) faces[name] = await jpeg(i);
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  /** Packed by the system's tar, in the order given. */
  const pack = (files: Record<string, Uint8Array>): Buffer => {
    for (const [name, bytes] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), bytes);
    }
    return execFileSync('tar', ['--format=ustar', '-cf', '-', '-C', folder, ...Object.keys(files)], {
      maxBuffer: 2 ** 24,
    });
  };
  const read = (files: Record<string, Uint8Array>) => readFaceArchive(pack(files), 'd/faces.tar');

  it('reads names as age, gender and race, in their order, without the fifth race', async () => {
    const { ages, genders, races } = await read(faces);
    expect([...ages]).toEqual([116, 1, 30, 9]);
    expect([...genders]).toEqual([0, 1, 0, 1]);
    expect([...races]).toEqual([0, 2, 1, 3]);
  });

  it('averages 2×2 pixels of each colour plane', async () => {
    const { pixels } = await read(faces);
    expect(pixels).toHaveLength(4 * 3 * 32 * 32);
    const sorted = [
      'b/116_0_0_2017.jpg.chip.jpg',
      'a/1_1_2_2.jpg',
      'a/30_0_1_2016.jpg',
      'b/9_1_3_20170104.jpg',
    ];
    for (const [i, name] of sorted.entries()) {
      const full = await sharp!(faces[name]!).raw().toBuffer();
      for (const [channel, y, x] of [
        [0, 0, 0],
        [1, 0, 31],
        [2, 31, 0],
        [0, 31, 31],
        [1, 13, 22],
        [2, 20, 5],
      ] as const) {
        let mean = 0;
        for (const dy of [0, 1])
          for (const dx of [0, 1]) mean += full[((2 * y + dy) * 64 + 2 * x + dx) * 3 + channel]! / 4;
        expect(pixels[((i * 3 + channel) * 32 + y) * 32 + x]).toBe(Math.floor(mean + 0.5));
      }
    }
  });

  it('shows a grey picture in three equal planes', async () => {
    const { pixels } = await read({ 'a/5_0_0_1.jpg': await flat('#808080', 64) });
    for (const value of pixels) expect(Math.abs(value - 128)).toBeLessThan(2);
  });

  it("heeds neither a camera's note of turning nor a colour profile", async () => {
    const noted = await picture(3)
      .jpeg()
      .withIccProfile('p3')
      .withExif({ IFD0: { Orientation: '6' } })
      .toBuffer();
    const plain = withoutSegments(noted, [0xe1, 0xe2]);
    expect(plain.length).toBeLessThan(noted.length - 100);
    const pixels = async (bytes: Uint8Array) => (await read({ 'a/5_0_0_1.jpg': bytes })).pixels;
    expect(await pixels(noted)).toEqual(await pixels(plain));
  });

  it.each([
    '61_1_20170109142408075.jpg',
    '61_1__20170109142408075.jpg',
    '20_2_1_2017.jpg',
    '20_0_5_2017.jpg',
    '20_0_1_2017.jpeg',
    '-1_0_1_2017.jpg',
    '20_0_1_.jpg',
    'README',
  ])('refuses a file named %s', async (name) => {
    await expect(read({ ...faces, [`c/${name}`]: faces['a/1_1_2_2.jpg']! })).rejects.toMatchObject({
      code: 'MLD_DATA_INVALID',
      message: expect.stringMatching(`d/faces.tar: .*'c/${name}'`),
    });
  });

  it('refuses a name that is there twice, and an archive without faces', async () => {
    const twice = { ...faces, 'c/1_1_2_2.jpg': faces['a/1_1_2_2.jpg']! };
    await expect(read(twice)).rejects.toMatchObject({
      code: 'MLD_DATA_INVALID',
      message: expect.stringContaining("'1_1_2_2.jpg' is there twice"),
    });
    const others = { 'a/30_0_4_2016.jpg': faces['a/30_0_4_2016.jpg']! };
    await expect(read(others)).rejects.toMatchObject({
      code: 'MLD_DATA_INVALID',
      message: expect.stringContaining('no faces'),
    });
  });

  it.each<[string, () => Promise<Uint8Array>, RegExp]>([
    ['a text', async () => Buffer.from('not a picture'), /no JPEG/],
    ['nothing', async () => new Uint8Array(0), /no JPEG/],
    ['a PNG under its name', () => picture(1).png().toBuffer(), /no JPEG/],
    ['an SVG under its name', async () => Buffer.from('<svg width="64" height="64"/>'), /no JPEG/],
    ['a JPEG cut short', async () => (await jpeg(1)).subarray(0, 1500), /cannot be decoded/],
    ['a JPEG cut after its header', async () => (await jpeg(1)).subarray(0, 200), /cannot be decoded/],
    ['a JPEG with noise in it', async () => (await jpeg(1)).fill(0xa5, 700, 900), /cannot be decoded/],
    ['a smaller picture', () => jpeg(1, 63, 64), /63×64 pixels, expected 64×64/],
    ['a larger picture', () => jpeg(1, 64, 128), /64×128/],
    ['a huge picture', () => flat('#808080', 2100), /cannot be decoded: .*pixel limit/],
  ])('refuses %s, and says where it is', async (_, bytes, message) => {
    const broken = '50_1_1_2017.jpg';
    const error = await read({ ...faces, [`a/${broken}`]: await bytes() }).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'MLD_DATA_INVALID', hint: expect.stringMatching(/\w/) });
    expect((error as Error).message).toMatch(`d/faces.tar: ${broken}: `);
    expect((error as Error).message).toMatch(message);
    expect((error as Error).message).not.toContain('\n');
  });

  it('refuses an archive cut short within a picture', async () => {
    const whole = pack(faces);
    await expect(readFaceArchive(whole.subarray(0, 2500), 'd/faces.tar')).rejects.toMatchObject({
      code: 'MLD_DATA_TRUNCATED',
    });
  });
});
