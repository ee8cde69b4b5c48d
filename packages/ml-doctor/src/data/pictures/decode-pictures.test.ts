import { createHash } from 'node:crypto';
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateRawSync, deflateSync } from 'node:zlib';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../../test/study/temporary-folder.ts';
import { inMemory } from '../values.ts';
import { decodePictures, type PictureAt, type PictureSet } from './decode-pictures.ts';
import type { DecodingProgress } from './decoding.ts';

/** A PNG as its specification has it: `pixels` are rows of 1 or 3 bytes a pixel. */
function png(width: number, height: number, pixels: Uint8Array): Buffer {
  const channels = pixels.length / width / height;
  const chunk = (type: string, data: Uint8Array) => {
    const body = Buffer.concat([Buffer.from(type), data]);
    const framed = Buffer.alloc(body.length + 8);
    framed.writeUInt32BE(data.length, 0);
    body.copy(framed, 4);
    framed.writeUInt32BE(crc(body), body.length + 4);
    return framed;
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, channels === 3 ? 2 : 0, 0, 0, 0], 8);
  const rows = Array.from({ length: height }, (_, row) => [
    Buffer.of(0),
    pixels.subarray(row * width * channels, (row + 1) * width * channels),
  ]).flat();
  return Buffer.concat([
    Buffer.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a),
    ...[chunk('IHDR', header), chunk('IDAT', deflateSync(Buffer.concat(rows))), chunk('IEND', Buffer.of())],
  ]);
}

/** Bit by bit, as the specification says. */
function crc(bytes: Uint8Array): number {
  let value = 0xffffffff;
  for (const byte of bytes) {
    value ^= byte;
    for (let k = 0; k < 8; k++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  }
  return (value ^ 0xffffffff) >>> 0;
}

const pixelsOf = (length: number, seed: number) =>
  Uint8Array.from({ length }, (_, i) => (i * i * 31 + i * 17 + seed * 97) % 251);

/** Three values a pixel to three planes. */
const planes = (pixels: Uint8Array) => [0, 1, 2].flatMap((c) => [...pixels.filter((_, i) => i % 3 === c)]);

/** All in one piece of shared memory, with a gap before each. */
function archiveOf(files: readonly Uint8Array[]): readonly PictureAt[] {
  const size = files.reduce((sum, file) => sum + file.length + 3, 0);
  const archive = new SharedArrayBuffer(size);
  let start = 0;
  return files.map((file, i) => {
    start += 3;
    new Uint8Array(archive).set(file, start);
    const place = { name: `${i}.png`, archive, start, end: start + file.length };
    start += file.length;
    return place;
  });
}

const SHAPE = [3, 4, 5] as const;
const setOf = (pictures: readonly PictureAt[], more: Partial<PictureSet> = {}): PictureSet => ({
  ...{ name: 'made', pictures, shape: SHAPE, digest: 'd' },
  ...more,
});
/** More than two chunks of them. */
const COUNT = 150;
const FEW = 6;
const raw = Array.from({ length: COUNT }, (_, i) => pixelsOf(60, i));
const files = raw.map((pixels) => png(5, 4, pixels));
const expected = Uint8Array.from(raw.flatMap((pixels) => planes(pixels)));
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

describe('decodePictures', () => {
  it('gives the pixels, channels first, in the order of the pictures, whatever the number of threads', async () => {
    const set = setOf(archiveOf(files));
    for (const workers of [1, 3]) {
      const { values, kept } = await decodePictures(set, { workers });
      expect(inMemory(values)).toEqual(expected);
      expect([...kept]).toEqual([...raw.keys()]);
    }
  });

  it('reads files of their own, ranges of files, and deflated members', async () => {
    const folder = temporaryFolder();
    const [first, second, third] = files as [Buffer, Buffer, Buffer];
    const own = join(folder, 'own.png');
    writeFileSync(own, first);
    const zip = join(folder, 'some.zip');
    const deflated = deflateRawSync(third);
    writeFileSync(zip, Buffer.concat([Buffer.alloc(7), second, deflated, Buffer.alloc(9)]));
    const middle = 7 + second.length;
    const { values } = await decodePictures(
      setOf([
        { name: 'a', archive: own, start: 0 },
        { name: 'b', archive: zip, start: 7, end: middle, method: 'stored' },
        { name: 'c', archive: zip, start: middle, end: middle + deflated.length, method: 'deflate' },
        { name: 'd', archive: own, start: 0, end: first.length },
      ]),
      {},
    );
    expect(inMemory(values)).toEqual(
      Uint8Array.of(...expected.subarray(0, 180), ...expected.subarray(0, 60)),
    );
  });

  it('decodes a JPEG as it was compressed', async () => {
    const flat = await sharp({ create: { width: 16, height: 16, channels: 3, background: '#c86432' } })
      .jpeg({ quality: 100, chromaSubsampling: '4:4:4' })
      .toBuffer();
    const { values } = await decodePictures(setOf(archiveOf([flat]), { shape: [3, 16, 16] }), {});
    const means = [0, 1, 2].map((c) => {
      const plane = inMemory(values).subarray(c * 256, (c + 1) * 256);
      return Array.from(plane).reduce((sum, value) => sum + value, 0) / 256;
    });
    for (const [c, value] of [200, 100, 50].entries()) expect(Math.abs(means[c]! - value)).toBeLessThan(2);
  });

  it('makes pictures of any size that of the records, by the mean of the area', async () => {
    const large = pixelsOf(10 * 8 * 3, 5);
    const mean = (c: number, row: number, column: number) => {
      let sum = 0;
      for (const y of [2 * row, 2 * row + 1])
        for (const x of [2 * column, 2 * column + 1]) sum += large[3 * (10 * y + x) + c]!;
      return Math.round(sum / 4);
    };
    const halved = [0, 1, 2].flatMap((c) =>
      Array.from({ length: 20 }, (_, i) => mean(c, Math.floor(i / 5), i % 5)),
    );
    const set = setOf(archiveOf([png(10, 8, large), files[0]!]));
    const { values } = await decodePictures(set, {});
    expect(inMemory(values)).toEqual(Uint8Array.of(...halved, ...expected.subarray(0, 60)));
  });

  it('makes grey of colour and colour of grey', async () => {
    const grey = pixelsOf(20, 3);
    const set = archiveOf([png(5, 4, grey), files[0]!]);
    const colour = await decodePictures(setOf(set), {});
    expect([...colour.values.subarray(0, 60)]).toEqual([...grey, ...grey, ...grey]);
    const luma = Array.from({ length: 20 }, (_, i) => {
      const [r, g, b] = raw[0]!.subarray(3 * i, 3 * i + 3) as unknown as [number, number, number];
      return Math.round(0.299 * r + 0.587 * g + 0.114 * b);
    });
    const { values } = await decodePictures(setOf(set, { shape: [1, 4, 5] }), {});
    expect([...inMemory(values)]).toEqual([...grey, ...luma]);
  });

  it('tells how far it is, and at the end that it is done', async () => {
    const told: DecodingProgress[] = [];
    await decodePictures(setOf(archiveOf(files)), { onProgress: (progress) => told.push(progress) });
    expect(told.at(-1)).toEqual({ what: 'made: pictures decoded', done: COUNT, total: COUNT });
    expect(told.map(({ done }) => done)).toEqual(told.map(({ done }) => done).sort((a, b) => a - b));
  });
});

describe('a picture that cannot be decoded', () => {
  const cut = (file: Buffer) => Buffer.from(file).fill(0, 40, file.length - 12);
  const gif = Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7', 'base64');
  const damaged = files.map((file, i) => (i === 70 || i === 100 ? cut(file) : i === 140 ? gif : file));
  const good = [...raw.keys()].filter((i) => ![70, 100, 140].includes(i));

  it.each([1, 3])('is named with its position, the first of several, by %i threads', async (workers) => {
    for (const cache of workers === 1 ? [temporaryFolder()] : [undefined]) {
      await expect(
        decodePictures(setOf(archiveOf(damaged)), { workers, ...(cache && { cache }) }),
      ).rejects.toMatchObject({
        code: 'MLD_DATA_INVALID',
        message: expect.stringMatching(/^70\.png \(picture 71 of 150 of 'made'\): cannot be decoded: ./),
      });
      if (cache) expect(readdirSync(cache)).toEqual([]);
    }
  });

  it('is left out where that is asked for, and the others close up', async () => {
    const cache = temporaryFolder();
    const wanted = Uint8Array.from(good.flatMap((i) => planes(raw[i]!)));
    for (const options of [{}, { cache }, { cache, checkCache: true }]) {
      const found = await decodePictures(setOf(archiveOf(damaged)), {
        skipBroken: true,
        workers: 1,
        ...options,
      });
      expect([...found.kept]).toEqual(good);
      expect(inMemory(found.values)).toEqual(wanted);
    }
    // What was found without them is not what is found with them.
    await expect(decodePictures(setOf(archiveOf(damaged)), { cache })).rejects.toMatchObject({
      code: 'MLD_DATA_INVALID',
    });
  });

  it.each<[string, readonly PictureAt[], Partial<PictureSet>, RegExp]>([
    ['is no JPEG or PNG', archiveOf([gif]), {}, /^0\.png .* is neither a JPEG nor a PNG/],
    [
      'has not the published size',
      archiveOf([files[0]!, png(4, 5, raw[1]!)]),
      { published: { width: 5, height: 4 } },
      /^1\.png .* is a picture of 4×5 pixels, expected 5×4/,
    ],
    [
      'ends behind the end of its archive',
      archiveOf([files[0]!]).map((place) => ({ ...place, end: 10_000 })),
      {},
      /bytes 3 to 10000 of/,
    ],
    [
      'is deflated badly',
      archiveOf([files[0]!]).map((place) => ({ ...place, method: 'deflate' as const })),
      {},
      /deflated bytes are damaged/,
    ],
  ])('is refused when it %s', async (_, pictures, more, message) => {
    await expect(decodePictures(setOf(pictures, more), {})).rejects.toMatchObject({
      code: 'MLD_DATA_INVALID',
      message: expect.stringMatching(message),
    });
  });

  it('is no reason to go on when there is no other', async () => {
    await expect(decodePictures(setOf(archiveOf([gif, gif])), { skipBroken: true })).rejects.toMatchObject({
      code: 'MLD_DATA_INVALID',
      message: expect.stringContaining('none of 2 pictures'),
    });
  });

  it('is another thing than a file that is not there, which is never left out', async () => {
    const missing = join(temporaryFolder(), 'missing.png');
    const set = setOf([...archiveOf(files.slice(0, 3)), { name: 'missing.png', archive: missing, start: 0 }]);
    await expect(decodePictures(set, { skipBroken: true })).rejects.toMatchObject({
      code: 'MLD_DATA_UNREADABLE',
      message: expect.stringContaining('missing.png: cannot be read: there is no such file'),
    });
  });
});

describe('a cache of decoded pictures', () => {
  const set = setOf(archiveOf(files.slice(0, FEW)));
  /** Of the same digest and names, but nothing can be read from there. */
  const gone = setOf(set.pictures.map((place) => ({ ...place, archive: '/nowhere' })));
  const read = async (cache: string, checkCache: boolean, of: PictureSet) =>
    sha256(inMemory((await decodePictures(of, { cache, checkCache, workers: 1 })).values) as Uint8Array);
  const wanted = expected.subarray(0, FEW * 60);
  const whole = sha256(wanted);
  /** A cache that is filled once, and copied. */
  const filled = mkdtempSync(join(tmpdir(), 'ml-doctor-decoded-'));
  beforeAll(() => read(filled, false, set));
  afterAll(() => rmSync(filled, { recursive: true }));
  const copied = () => {
    const cache = temporaryFolder();
    cpSync(filled, cache, { recursive: true });
    return cache;
  };
  const pathOf = (cache: string, kind: string) =>
    join(cache, readdirSync(cache).find((name) => name.endsWith(kind))!);

  it('keeps the bytes for their owner alone, and decodes nothing the second time', async () => {
    const cache = join(temporaryFolder(), 'new', 'data');
    const { values } = await decodePictures(set, { cache });
    expect(values).toMatchObject({ length: wanted.length, sha256: whole });
    expect(readdirSync(cache)).toHaveLength(2);
    for (const kind of ['bin', 'json']) expect(statSync(pathOf(cache, kind)).mode & 0o777).toBe(0o600);
    expect(new Uint8Array(readFileSync(pathOf(cache, 'bin')))).toEqual(wanted);
    expect(JSON.parse(readFileSync(pathOf(cache, 'json'), 'utf8'))).toMatchObject({
      ...{ name: 'made', shape: SHAPE, count: FEW, leftOut: [], sha256: whole },
    });
    expect(await read(cache, true, gone)).toBe(whole);
  });

  it.each<[string, Partial<PictureSet>]>([
    ['digest', { digest: 'other' }],
    ['name', { pictures: gone.pictures.map((place) => ({ ...place, name: `x${place.name}` })) }],
    ['shape', { shape: [3, 5, 4] }],
    ['published size', { published: { width: 5, height: 4 } }],
  ])('takes nothing for pictures of another %s', async (_, other) => {
    const cache = copied();
    expect(await read(cache, false, gone)).toBe(whole);
    await expect(read(cache, false, { ...gone, ...other })).rejects.toMatchObject({
      code: 'MLD_DATA_UNREADABLE',
    });
  });

  it.each<[string, boolean, (cache: string) => void]>([
    ['is cut short', false, (cache) => truncateSync(pathOf(cache, 'bin'), 99)],
    ['is gone', false, (cache) => writeFileSync(pathOf(cache, 'bin'), '')],
    [
      'has another byte somewhere, where that is looked at',
      true,
      (cache) => writeFileSync(pathOf(cache, 'bin'), Uint8Array.from(wanted).fill(1, 99, 100)),
    ],
    ['has a note that is not whole', false, (cache) => truncateSync(pathOf(cache, 'json'), 20)],
    ['has a note of another kind', false, (cache) => writeFileSync(pathOf(cache, 'json'), '{}')],
  ])('decodes anew what %s', async (_, checkCache, damage) => {
    const cache = copied();
    damage(cache);
    expect(await read(cache, checkCache, set)).toBe(whole);
    expect(await read(cache, true, gone)).toBe(whole);
  });

  it('stands several that fill it at a time', async () => {
    const cache = temporaryFolder();
    const all = await Promise.all([1, 2, 3].map(() => read(cache, false, set)));
    expect(new Set(all)).toEqual(new Set([whole]));
    expect(readdirSync(cache)).toHaveLength(2);
    expect(await read(cache, true, gone)).toBe(whole);
  });

  it('is rid of what a killed process left', async () => {
    const cache = temporaryFolder();
    const old = join(cache, '.tmp-0123456789ab.1-killed');
    const young = join(cache, '.tmp-0123456789ab.2-at-work');
    for (const path of [old, young]) writeFileSync(path, 'half');
    utimesSync(old, 0, 0);
    await read(cache, false, set);
    expect([existsSync(old), existsSync(young)]).toEqual([false, true]);
  });

  it('says so where it cannot be written', async () => {
    const file = join(temporaryFolder(), 'file');
    writeFileSync(file, '');
    await expect(decodePictures(set, { cache: join(file, 'data') })).rejects.toMatchObject({
      code: 'MLD_OUTPUT_UNWRITABLE',
    });
  });

  it.each([true, false])(
    'holds nothing of pictures whose decoding was stopped (cache: %s)',
    async (cached) => {
      const cache = temporaryFolder();
      const stop = new AbortController();
      const long = setOf(Array.from({ length: 2000 }, () => set.pictures).flat());
      const running = decodePictures(long, {
        ...(cached && { cache }),
        ...{ signal: stop.signal, onProgress: ({ done }) => done > 0 && stop.abort() },
      });
      await expect(running).rejects.toMatchObject({ code: 'MLD_ABORTED' });
      expect(readdirSync(cache)).toEqual([]);
      await expect(decodePictures(set, { signal: stop.signal })).rejects.toMatchObject({
        code: 'MLD_ABORTED',
      });
    },
  );
});
