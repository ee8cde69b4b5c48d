/** UTKFace, CelebA and LFW from a handful of pictures in exactly the official layouts, whole and damaged. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { zipSync } from 'fflate';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { batch, createDataset, type Dataset } from '../../dataset.ts';
import { findForms, wholeForm } from '../../find-files.ts';
import { CELEBA_ATTRIBUTES } from '../../formats/celeba-attributes.ts';
import type { CatalogEntry, ReadOptions } from '../entry.ts';
import { celeba, celebaOf } from './celeba.ts';
import { celeba10k, celeba10kOf } from './celeba-10k.ts';
import { lfw, lfwFunneled, lfwOf } from './lfw.ts';
import { smallUtkfaceOf, utkface, utkfaceOf } from './utkface.ts';

const sharp = await import('sharp').then(
  (module) => module.default,
  () => undefined,
);
if (!sharp) console.warn('skipped: the optional package sharp is not installed');

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ml-doctor-faces-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

type Files = Readonly<Record<string, Uint8Array>>;

const write = (files: Files, below = '') => {
  for (const [name, bytes] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, below, name)), { recursive: true });
    writeFileSync(join(folder, below, name), bytes);
  }
};

/** Packed by the system's tar, in the order given. */
const pack = (archive: string, files: Files) => {
  write(files, 'packed');
  mkdirSync(dirname(join(folder, archive)), { recursive: true });
  execFileSync('tar', ['-czf', join(folder, archive), '-C', join(folder, 'packed'), ...Object.keys(files)]);
  rmSync(join(folder, 'packed'), { recursive: true });
};

const read = async (entry: CatalogEntry, options: Partial<ReadOptions> = {}): Promise<Dataset> => {
  const whole = wholeForm(await findForms(entry, folder));
  if (!whole) throw new Error('no form of it is there');
  return whole.form.read(whole.at, { name: entry.id, workers: 1, ...options });
};

const fault = (code: string, message: RegExp) =>
  expect.objectContaining({
    code,
    message: expect.stringMatching(message),
    hint: expect.stringMatching(/\w/),
  });

/** One colour all over, which JPEG keeps to within a level or two: red says which picture it is. */
const face = (red: number, width: number, height: number) =>
  sharp!({ create: { width, height, channels: 3, background: { r: red, g: 40, b: 200 } } })
    .jpeg({ quality: 100 })
    .toBuffer();

/** Red, green and blue in the middle of each record, to the nearest ten. */
const colours = ({ x, size, recordShape }: Dataset) => {
  const plane = recordShape[1]! * recordShape[2]!;
  return Array.from({ length: size }, (_, i) =>
    [0, 1, 2].map((c) => Math.round(x.subarray(0, x.length)[(3 * i + c) * plane + plane / 2]! / 10) * 10),
  );
};
const reds = (data: Dataset) => colours(data).map(([red]) => red);

describe.skipIf(!sharp)('utkface', () => {
  const tiny = utkfaceOf({ all: 9, kept: 5 });
  const tinySmall = smallUtkfaceOf({ all: 3, kept: 2 });
  const names: readonly (readonly [name: string, red: number])[] = [
    ['9_1_3_20170104222949455.jpg.chip.jpg', 10],
    ['116_0_0_20170120134639935.jpg.chip.jpg', 20],
    ['30_0_4_20170117090443700.jpg.chip.jpg', 30],
    // The publisher's odd names: a space, `jpg` without its dot, and three without a race.
    ['24_0_1_20170116220224657 .jpg.chip.jpg', 40],
    ['55_0_0_20170116232725357jpg.chip.jpg', 50],
    ['1_1_2_20161219154956346.jpg.chip.jpg', 60],
    ['39_1_20170116174525125.jpg.chip.jpg', 70],
    ['61_1_20170109142408075.jpg.chip.jpg', 80],
    ['61_1_20170109150557335.jpg.chip.jpg', 90],
  ];
  let files: Record<string, Uint8Array>;
  let small: Record<string, Uint8Array>;
  beforeAll(async () => {
    files = {};
    for (const [name, red] of names) files[`UTKFace/${name}`] = await face(red, 200, 200);
    small = {};
    for (const [name, red] of names.slice(0, 3)) small[`./utkface64/${name}`] = await face(red, 64, 64);
  });

  it.each<[string, () => void]>([
    ["the publisher's archive", () => pack('utkface/UTKFace.tar.gz', files)],
    ['its folder', () => write(files, 'utkface')],
  ])('reads %s, in the order of the names', async (_, prepare) => {
    prepare();
    const data = await read(tiny);
    expect([data.id, data.recordShape, data.label]).toEqual(['utkface', [3, 32, 32], 'race']);
    expect(colours(data)).toEqual([20, 60, 40, 50, 10].map((red) => [red, 40, 200]));
    expect([...data.y]).toEqual([0, 2, 1, 0, 3]);
    expect([...data.attributes!.age!.values]).toEqual([116, 1, 24, 55, 9]);
    expect([...data.attributes!.gender!.values]).toEqual([0, 1, 0, 0, 1]);
  });

  it('reads the archive of smaller pictures, in the pixels asked for', async () => {
    pack('utkface/utkface-64px-q90-jpg.tar.gz', small);
    const data = await read(tinySmall, { pixels: 16, name: 'utkface-64px@16' });
    expect([data.id, data.recordShape, [...data.y]]).toEqual(['utkface-64px@16', [3, 16, 16], [0, 3]]);
    expect(reds(data)).toEqual([20, 10]);
  });

  it('says how many pictures of how many there are', async () => {
    const { 'UTKFace/1_1_2_20161219154956346.jpg.chip.jpg': _, ...others } = files;
    write(others, 'utkface');
    await expect(read(tiny)).rejects.toEqual(
      fault('MLD_DATA_INVALID', /utkface\/UTKFace: has 8 pictures of 9/),
    );
  });

  it('refuses another digest, other pictures and an archive cut short', async () => {
    pack('utkface/utkface-64px-q90-jpg.tar.gz', small);
    const known = smallUtkfaceOf({ all: 3, kept: 2, sha256: '0'.repeat(64) });
    await expect(read(known)).rejects.toEqual(fault('MLD_DATA_CHECKSUM', /utkface-64px/));
    pack('utkface/utkface-64px-q90-jpg.tar.gz', {
      ...small,
      './utkface64/a_README.jpg': small[`./utkface64/${names[0]![0]}`]!,
    });
    await expect(read(tinySmall)).rejects.toEqual(
      fault('MLD_DATA_INVALID', /a_README\.jpg' is not named age_/),
    );
    pack('utkface/utkface-64px-q90-jpg.tar.gz', {
      ...small,
      [`./utkface64/${names[0]![0]}`]: Buffer.from('no picture'),
    });
    await expect(read(tinySmall)).rejects.toEqual(fault('MLD_DATA_INVALID', /9_1_3_20170104222949455/));
  });

  it('leaves a broken picture out with all that is known of it, if asked', async () => {
    write({ ...files, 'UTKFace/1_1_2_20161219154956346.jpg.chip.jpg': Buffer.from('no picture') }, 'utkface');
    const data = await read(tiny, { skipBroken: true });
    expect([reds(data), [...data.y]]).toEqual([
      [20, 40, 50, 10],
      [0, 1, 0, 3],
    ]);
    expect([...data.attributes!.age!.values]).toEqual([116, 24, 55, 9]);
  });
});

describe.skipIf(!sharp)('celeba', () => {
  const tiny = celebaOf({ size: 4, trainEnd: 2, testStart: 3, zip: {}, list: {} });
  const tiny10k = celeba10kOf({ size: 4, archive: {}, list: {} });
  /** Class and the sensitive attribute, of four pictures. */
  const people = [
    { Heavy_Makeup: 1, Mouth_Slightly_Open: 1, Smiling: 1, Male: 0, Young: 1 },
    { Heavy_Makeup: 1, Mouth_Slightly_Open: 1, Smiling: 0, Male: 1, Young: 0 },
    { Heavy_Makeup: 1, Mouth_Slightly_Open: 0, Smiling: 1, Male: 1, Young: 1 },
    { Heavy_Makeup: 0, Mouth_Slightly_Open: 0, Smiling: 0, Male: 0, Young: 0 },
  ] as const;
  const picture = (i: number) => `${String(i + 1).padStart(6, '0')}.jpg`;
  const bit = (i: number, name: string) => (people[i] as Readonly<Record<string, number>>)[name] ?? 0;
  const row = (i: number) =>
    `${picture(i)} ${CELEBA_ATTRIBUTES.map((name) => (bit(i, name) ? ' 1' : '-1')).join(' ')}`;
  const list = (rows: readonly string[], count = rows.length) =>
    Buffer.from([count, `${CELEBA_ATTRIBUTES.join(' ')} `, ...rows].map((line) => `${line}\r\n`).join(''));
  const rows = [0, 1, 2, 3].map(row);
  let pictures: Record<string, Uint8Array>;
  let half: Record<string, Uint8Array>;
  beforeAll(async () => {
    pictures = {};
    half = {};
    for (const i of [0, 1, 2, 3]) {
      pictures[`img_align_celeba/${picture(i)}`] = await face(50 + 30 * i, 178, 218);
      half[`./celebA/${picture(i)}`] = await face(50 + 30 * i, 89, 109);
    }
  });
  const zip = (level: 0 | 6) => ({
    // As in the publisher's, the folder is an entry of its own.
    'celeba/img_align_celeba.zip': zipSync(
      { 'img_align_celeba/': new Uint8Array(0), ...pictures },
      { level },
    ),
  });
  const attributes = (bytes: Uint8Array) => ({ 'celeba/list_attr_celeba.txt': bytes });

  it.each<[string, () => void]>([
    ['the zip, stored', () => write(zip(0))],
    ['the zip, deflated', () => write(zip(6))],
    ['the folder', () => write(pictures, 'celeba')],
  ])('reads %s and the list of attributes', async (_, prepare) => {
    prepare();
    write(attributes(list(rows)));
    const data = await read(tiny);
    expect([data.id, data.recordShape]).toEqual(['celeba', [3, 32, 32]]);
    expect(reds(data)).toEqual([50, 80, 110, 140]);
    expect([...data.y]).toEqual([7, 3, 5, 0]);
    expect([3, 5, 0].map((c) => data.classes[c])).toEqual([
      ...['Heavy_Makeup + Mouth_Slightly_Open', 'Heavy_Makeup + Smiling', 'none of them'],
    ]);
    const { Male, Young, Smiling, Bald, 'male-young': combined } = data.attributes!;
    expect(Object.keys(data.attributes!)).toHaveLength(41);
    expect([Male, Young, Smiling, Bald].map((one) => [...one!.values])).toEqual([
      [0, 1, 1, 0],
      [1, 0, 1, 0],
      [1, 0, 1, 0],
      [0, 0, 0, 0],
    ]);
    expect([...combined!.values].map((value) => combined!.categories![value])).toEqual([
      ...['woman, young', 'man, not young', 'man, young', 'woman, not young'],
    ]);
  });

  it('reads the smaller pictures and their attributes as CSV to the same classes', async () => {
    pack('celeba/celeba-10k-jpg.tar.gz', half);
    const csv = [0, 1, 2, 3].map((i) =>
      [picture(i), 2880 + i, ...CELEBA_ATTRIBUTES.map((name) => bit(i, name))].join(),
    );
    const header = `file,identity,${CELEBA_ATTRIBUTES.join()}`;
    write({ 'celeba/celeba-10k-attr.csv': Buffer.from(`${[header, ...csv].join('\n')}\n`) });
    const data = await read(tiny10k);
    expect([reds(data), [...data.y], [...data.attributes!['male-young']!.values]]).toEqual([
      [50, 80, 110, 140],
      [7, 3, 5, 0],
      [2, 1, 3, 0],
    ]);
  });

  it('gives the pictures in the order of the list, as bytes from -1 to 1', async () => {
    write(pictures, 'celeba');
    write(attributes(list([2, 0, 3, 1].map(row))));
    const data = await read(tiny);
    expect([reds(data), [...data.y]]).toEqual([
      [110, 50, 140, 80],
      [5, 7, 0, 3],
    ]);
    const ends = createDataset({ ...data, x: new Uint8Array(data.x.length).fill(255, 3072) });
    const { x } = batch(ends, [0, 1]);
    expect([new Set(x.subarray(0, 3072)), new Set(x.subarray(3072))]).toEqual([new Set([-1]), new Set([1])]);
  });

  it.each<[string, () => Uint8Array, RegExp]>([
    [
      'with a row too few',
      () => list(rows.slice(1)),
      /list_attr_celeba\.txt: describes 3 pictures, expected 4/,
    ],
    [
      'with a row too many',
      () => list([...rows, row(0).replace('000001', '000005')]),
      /describes 5 pictures/,
    ],
    [
      'of another picture',
      () => list(rows.with(2, row(2).replace('000003', '000007'))),
      /list_attr_celeba\.txt:5: 000007\.jpg is not among the pictures of .*img_align_celeba/,
    ],
  ])('refuses a list %s', async (_, bytes, message) => {
    write(pictures, 'celeba');
    write(attributes(bytes()));
    await expect(read(tiny)).rejects.toEqual(fault('MLD_DATA_INVALID', message));
  });

  it('says of a partial folder how much is there, and what is missing first', async () => {
    const { 'img_align_celeba/000002.jpg': _, 'img_align_celeba/000003.jpg': __, ...others } = pictures;
    write({ ...others, 'img_align_celeba/.DS_Store.jpg': Buffer.from('x') }, 'celeba');
    write(attributes(list(rows)));
    await expect(read(tiny)).rejects.toEqual(
      fault(
        'MLD_DATA_INVALID',
        /img_align_celeba: has 2 pictures of 4; the first that is not there is 000002\.jpg/,
      ),
    );
  });

  it('refuses pictures of another size', async () => {
    write({ ...pictures, 'img_align_celeba/000003.jpg': await face(9, 178, 217) }, 'celeba');
    write(attributes(list(rows)));
    await expect(read(tiny)).rejects.toEqual(fault('MLD_DATA_INVALID', /000003\.jpg.*178×217/));
  });

  it('refuses another zip and another list than the published ones, and what is no zip', async () => {
    write({ ...zip(0), ...attributes(list(rows)) });
    const sha256 = '1'.repeat(64);
    const known = { size: 4, trainEnd: 2, testStart: 3, zip: {}, list: {} };
    await expect(read(celebaOf({ ...known, zip: { sha256 } }))).rejects.toEqual(
      fault('MLD_DATA_CHECKSUM', /img_align_celeba\.zip/),
    );
    await expect(read(celebaOf({ ...known, list: { sha256 } }))).rejects.toEqual(
      fault('MLD_DATA_CHECKSUM', /list_attr_celeba\.txt/),
    );
    write({ 'celeba/img_align_celeba.zip': Buffer.from('<html>'.repeat(20)) });
    await expect(read(tiny)).rejects.toEqual(fault('MLD_DATA_MAGIC', /is no zip archive/));
    write({ 'celeba/img_align_celeba.zip': zip(0)['celeba/img_align_celeba.zip'].subarray(0, -40) });
    await expect(read(tiny)).rejects.toEqual(fault('MLD_DATA_TRUNCATED', /img_align_celeba\.zip/));
  });
});

describe.skipIf(!sharp)('lfw', () => {
  const tiny = lfwOf('lfw', { all: 6, kept: 5, least: 2, archive: {} });
  const funneled = lfwOf('lfw-funneled', { all: 6, kept: 5, least: 2, archive: {} });
  let files: Record<string, Uint8Array>;
  beforeAll(async () => {
    files = {};
    const named = { Tony_Blair: 3, Aaron_Eckhart: 1, Colin_Powell: 2 };
    let red = 20;
    for (const [person, count] of Object.entries(named))
      for (let i = 1; i <= count; i++) {
        files[`lfw/${person}/${person}_000${i}.jpg`] = await face(red, 250, 250);
        red += 20;
      }
  });

  it.each<[string, () => void]>([
    ['the archive', () => pack('lfw/lfw.tgz', files)],
    ['the folder', () => write(files, 'lfw')],
  ])('reads those of whom there is enough from %s, people by name', async (_, prepare) => {
    prepare();
    const data = await read(tiny);
    expect([data.classes, data.recordShape]).toEqual([
      ['Colin Powell', 'Tony Blair'],
      [3, 32, 32],
    ]);
    expect([reds(data), [...data.y]]).toEqual([
      [100, 120, 20, 40, 60],
      [0, 0, 1, 1, 1],
    ]);
  });

  it('has the funneled pictures apart, with lists beside the people', async () => {
    const renamed = Object.entries(files).map(([name, bytes]) => [
      name.replace('lfw/', 'lfw_funneled/'),
      bytes,
    ]);
    pack('lfw/lfw-funneled.tgz', {
      'lfw_funneled/pairs_01.txt': Buffer.from('300\n'),
      ...Object.fromEntries(renamed),
    });
    expect([...(await read(funneled)).y]).toEqual([0, 0, 1, 1, 1]);
    await expect(read(tiny)).rejects.toThrow('no form of it is there');
  });

  it('says how many are there, and which is missing where the numbers tell it', async () => {
    const { 'lfw/Tony_Blair/Tony_Blair_0002.jpg': _, ...others } = files;
    write(others, 'lfw');
    await expect(read(tiny)).rejects.toEqual(
      fault(
        'MLD_DATA_INVALID',
        /has 5 pictures of 6; the first that is not there is Tony_Blair\/Tony_Blair_0002\.jpg/,
      ),
    );
  });

  it.each(['lfw/Tony_Blair/Colin_Powell_0004.jpg', 'lfw/Tony_Blair_0004.jpg', 'lfw/Tony_Blair/4.jpg'])(
    'refuses a picture named %s',
    async (name) => {
      write({ ...files, [name]: files['lfw/Tony_Blair/Tony_Blair_0001.jpg']! }, 'lfw');
      await expect(read(tiny)).rejects.toEqual(fault('MLD_DATA_INVALID', /is not named PERSON\/PERSON_0001/));
    },
  );
});

it('has the sizes that the publishers and others state', () => {
  expect([celeba, celeba10k, utkface, lfw, lfwFunneled].map(({ size }) => size)).toEqual([
    ...[202_599, 10_000, 22_013, 1867, 1867],
  ]);
  expect(celeba.parts).toEqual({ train: [0, 162_770], test: [182_637, 202_599] });
});
