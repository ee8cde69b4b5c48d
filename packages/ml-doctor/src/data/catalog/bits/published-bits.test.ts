/** Purchase and Texas from archives packed by the system's tar, in the publisher's layout with fewer records. */

import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { npy, zip } from '../../../../test/data/write-npz.ts';
import { catalog } from '../catalog.ts';
import type { CatalogEntry } from '../entry.ts';
import { purchase } from './purchase.ts';
import { texas } from './texas.ts';

const ROWS = 20;
const WIDTH = 6;
const CLASSES = 4;
const shape = { rows: ROWS, width: WIDTH, classes: CLASSES };
const bits = Array.from({ length: ROWS }, (_, i) =>
  Array.from({ length: WIDTH }, (_, j) => Number(((i * 7 + 3) >> j) & 1)),
);
/** Counted from 1, as published. */
const labels = bits.map((_, i) => ((i * 3) % CLASSES) + 1);

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ml-doctor-bits-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const pack = (files: Readonly<Record<string, string>>, options: readonly string[] = []): string => {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(folder, 'in', dirname(name)), { recursive: true });
    writeFileSync(join(folder, 'in', name), text);
  }
  const path = join(folder, 'archive.tgz');
  execFileSync('tar', [...options, '-czf', path, '-C', join(folder, 'in'), ...Object.keys(files)]);
  return path;
};

const read = (entry: CatalogEntry, form: number, path: string, cache?: string) =>
  entry.forms[form]!.read([path], { name: 'x', ...(cache && { cache }) });

const published = (rows = bits) => rows.map((row, i) => `${labels[i]},${row.join()}\n`).join('');

const oneHot = (labels: readonly number[]) =>
  labels.flatMap((label) => Array.from({ length: CLASSES }, (_, c) => Number(c === label - 1)));

interface Arrays {
  readonly features?: Buffer;
  readonly labels?: Buffer;
}
const saved = ({ features, labels: classes }: Arrays = {}, deflate = true): string => {
  const path = join(folder, 'arrays.npz');
  const arrays = {
    'features.npy': features ?? npy({ descr: '<i8', shape: [ROWS, WIDTH], values: bits.flat() }),
    'labels.npy': classes ?? npy({ descr: '<f4', shape: [ROWS, CLASSES], values: oneHot(labels) }),
  };
  writeFileSync(path, zip(arrays, { deflate }));
  return path;
};

describe('purchase', () => {
  it.each(['--format=ustar', '--format=gnu', '--format=v7', '--format=pax'])(
    'reads the archive as tar %s packs it',
    async (format) => {
      const path = pack({ dataset_purchase: published() }, [format]);
      const data = await read(purchase(100, shape), 0, path);
      expect([...(data.x as Uint8Array)]).toEqual(bits.flat());
      expect(Array.from(data.y, (c) => data.classes[c])).toEqual(labels.map(String));
      expect(data.columns?.[5]).toMatchObject({ name: 'product 6', categories: ['no', 'yes'] });
    },
  );

  it('reads the same data from arrays, whatever their types, order and way of naming classes', async () => {
    const entry = purchase(100, shape);
    const { contentHash } = await read(entry, 0, pack({ dataset_purchase: published() }));
    const cases: readonly Arrays[] = [
      {},
      { features: npy({ descr: '|b1', shape: [ROWS, WIDTH], values: bits.flat() }) },
      { features: npy({ descr: '<f8', shape: [ROWS, WIDTH], values: bits.flat(), fortran: true }) },
      { labels: npy({ descr: '<i4', shape: [ROWS], values: labels.map((label) => label - 1) }) },
      { labels: npy({ descr: '<i8', shape: [ROWS, 1], values: labels }) },
    ];
    for (const arrays of cases) expect((await read(entry, 1, saved(arrays))).contentHash).toBe(contentHash);
    expect((await read(entry, 1, saved({}, false))).contentHash).toBe(contentHash);
  });

  it('groups the records anew for fewer clusters, and keeps what it found', async () => {
    const path = pack({ dataset_purchase: published() });
    const two = purchase(2, shape);
    const data = await read(two, 0, path);
    expect([...(data.x as Uint8Array)]).toEqual(bits.flat());
    expect(new Set(data.y)).toEqual(new Set([0, 1]));
    expect(data.classes).toEqual(['cluster 0', 'cluster 1']);
    const cache = join(folder, 'cache');
    expect((await read(two, 0, path, cache)).contentHash).toBe(data.contentHash);
    const [kept] = readdirSync(cache);
    const labels = Uint8Array.from(data.y);
    const signed = (of: Uint8Array) => Buffer.concat([createHash('sha256').update(of).digest(), of]);
    expect([...readFileSync(join(cache, kept!))]).toEqual([...signed(labels)]);
    // What is kept is used …
    const swapped = labels.map((c) => 1 - c);
    writeFileSync(join(cache, kept!), signed(swapped));
    expect([...(await read(two, 0, path, cache)).y]).toEqual([...swapped]);
    // … unless it is not what was kept.
    const flipped = signed(labels);
    flipped[40]! ^= 1;
    for (const broken of [flipped, labels, signed(labels.subarray(1))]) {
      writeFileSync(join(cache, kept!), broken);
      expect([...(await read(two, 0, path, cache)).y]).toEqual([...data.y]);
    }
    // Nor is it for another number of clusters.
    expect(new Set((await read(purchase(10, shape), 0, path, cache)).y).size).toBe(10);
  });

  it.each([
    [
      'a value of 2',
      published().replace(/1\n$/, '2\n').replace(/0\n$/, '2\n'),
      'MLD_DATA_INVALID',
      /:20: feature 6/,
    ],
    ['a row too many', `${published()}1,0,0,0,0,0,0\n`, 'MLD_DATA_INVALID', /:21: .*more than the 20/],
    ['a row too few', published(bits.slice(1)), 'MLD_DATA_INVALID', /19 records, expected 20/],
    ['half a line', published().slice(0, -4), 'MLD_DATA_TRUNCATED', /line 20/],
    ['a row too wide', published().replace('\n', ',0\n'), 'MLD_DATA_INVALID', /:1: .*6 bits/],
    ['an endless line', '0'.repeat(3000), 'MLD_DATA_INVALID', /:1: .*6 bits/],
    ['an unknown class', published().replace(/^1/, '5'), 'MLD_DATA_INVALID', /label 4/],
    ['class 0', published().replace(/^1/, '0'), 'MLD_DATA_INVALID', /label -1/],
  ])('refuses %s', async (_, text, code, message) => {
    const reading = read(purchase(100, shape), 0, pack({ dataset_purchase: text }));
    await expect(reading).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
  });

  it('refuses broken archives', async () => {
    const entry = purchase(100, shape);
    const path = pack({ other: 'x' });
    await expect(read(entry, 0, path)).rejects.toMatchObject({
      code: 'MLD_DATA_INVALID',
      message: expect.stringMatching(/no file 'dataset_purchase' \(it has other\)/),
    });
    const whole = readFileSync(pack({ dataset_purchase: published() }));
    const tar = gunzipSync(whole);
    const broken: readonly (readonly [Uint8Array, string])[] = [
      [whole.subarray(0, whole.length - 9), 'MLD_DATA_TRUNCATED'],
      [tar.subarray(0, 700), 'MLD_DATA_TRUNCATED'],
      [tar.subarray(0, 300), 'MLD_DATA_TRUNCATED'],
      [Buffer.from('<html>'.repeat(200)), 'MLD_DATA_MAGIC'],
      [gzipSync(Buffer.concat([tar.subarray(0, 1024), tar])), 'MLD_DATA_INVALID'],
      [gzipSync(Buffer.alloc(2 ** 21)), 'MLD_DATA_INVALID'],
    ];
    for (const [bytes, code] of broken) {
      writeFileSync(path, bytes);
      await expect(read(entry, 0, path)).rejects.toMatchObject({ code });
    }
    // An archive that somebody has inflated.
    writeFileSync(path, tar);
    expect((await read(entry, 0, path)).size).toBe(ROWS);
  });

  it.each<readonly [string, Arrays, RegExp]>([
    [
      'a value that is no bit, though its last byte is one',
      { features: npy({ descr: '<i8', shape: [ROWS, WIDTH], values: bits.flat().with(8, 257) }) },
      /record 1, column 2 is 257/,
    ],
    [
      'half a bit',
      { features: npy({ descr: '<f4', shape: [ROWS, WIDTH], values: bits.flat().with(0, 0.5) }) },
      /record 0, column 0 is 0.5/,
    ],
    [
      'another width',
      { features: npy({ descr: '|u1', shape: [ROWS, 5], values: Array(ROWS * 5).fill(0) }) },
      /shape \(20, 5\), expected \(20, 6\)/,
    ],
    [
      'two classes at once',
      { labels: npy({ descr: '|u1', shape: [ROWS, CLASSES], values: oneHot(labels).fill(1, 0, 2) }) },
      /record 0 marks several/,
    ],
    [
      'no class',
      { labels: npy({ descr: '|u1', shape: [ROWS, CLASSES], values: oneHot(labels).fill(0, 0, 4) }) },
      /record 0 marks no class/,
    ],
    [
      'a class beyond the last',
      { labels: npy({ descr: '<i8', shape: [ROWS], values: labels.with(3, 5) }) },
      /record 3 is 5/,
    ],
    [
      'a class that is no whole number',
      { labels: npy({ descr: '<f8', shape: [ROWS], values: labels.with(3, 1.5) }) },
      /record 3 is 1.5/,
    ],
    [
      'classes of which one never occurs',
      { labels: npy({ descr: '<i8', shape: [ROWS], values: labels.map((label) => Math.min(label, 3)) }) },
      /1 to 3, expected 4 classes/,
    ],
    [
      'labels of too few records',
      { labels: npy({ descr: '<i8', shape: [ROWS - 1], values: labels.slice(1) }) },
      /shape \(19\)/,
    ],
  ])('refuses arrays with %s', async (_, arrays, message) => {
    await expect(read(purchase(100, shape), 1, saved(arrays))).rejects.toMatchObject({
      code: 'MLD_DATA_INVALID',
      message: expect.stringMatching(message),
    });
  });
});

describe('texas', () => {
  const feats = bits.map((row) => `${row.join()}\n`).join('');
  const numbers = labels.map((label) => `${label}\n`).join('');
  const packed = (files: Readonly<Record<string, string>> = {}) =>
    pack({ 'texas/100/feats': feats, 'texas/100/labels': numbers, ...files });

  it('reads bits and procedures from two members, and the same from arrays', async () => {
    const data = await read(texas(shape), 0, packed({ 'texas/README': 'x'.repeat(1000) }));
    expect([...(data.x as Uint8Array)]).toEqual(bits.flat());
    expect(Array.from(data.y, (c) => data.classes[c])).toEqual(labels.map(String));
    expect((await read(texas(shape), 1, saved())).contentHash).toBe(data.contentHash);
  });

  it.each([
    [{ 'texas/100/labels': numbers.replace('\n', '') }, /'14' is no class|19 records/],
    [{ 'texas/100/labels': `${numbers}1\n` }, /21 records, expected 20/],
    [{ 'texas/100/labels': numbers.replace('1', '5') }, /labels:1: '5' is no class from 1 to 4/],
    [{ 'texas/100/labels': numbers.replace('1', '0') }, /labels:1: '0' is no class/],
    [{ 'texas/100/labels': numbers.replace('1', 'x') }, /labels:1: 'x' is no class/],
    [{ 'texas/100/labels': '1'.repeat(1000) }, /more than 20 class numbers/],
    [{ 'texas/100/labels': numbers.slice(0, -1) }, /cut short, line 20/],
    [{ 'texas/100/feats': feats.slice(12) }, /feats: 19 records, expected 20/],
    [{ 'texas/100/feats': feats.replace(',', ';') }, /feats:1: feature 2/],
    [{ 'texas/100/feats': feats.replace('\n', ',1\n') }, /feats:1: does not have 6 bits/],
  ])('refuses %j', async (files, message) => {
    await expect(read(texas(shape), 0, packed(files))).rejects.toMatchObject({
      message: expect.stringMatching(message),
    });
  });

  it('reads members that are longer than the blocks they come in, in any order', async () => {
    const rows = 50_000;
    const bit = (i: number, j: number) => ((i * 2654435761) >>> (j + 7)) & 1;
    const row = (i: number) => Array.from({ length: WIDTH }, (_, j) => bit(i, j)).join();
    const files = {
      'texas/100/labels': Array.from({ length: rows }, (_, i) => `${(i % 3) + 1}\n`).join(''),
      'texas/other': 'x'.repeat(700_001),
      'texas/100/feats': Array.from({ length: rows }, (_, i) => `${row(i)}\n`).join(''),
    };
    const many = texas({ rows, width: WIDTH, classes: 3 });
    const { x, y } = await read(many, 0, pack(files));
    expect(x.length).toBe(rows * WIDTH);
    expect(
      (x as Uint8Array).findIndex((value, at) => value !== bit(Math.floor(at / WIDTH), at % WIDTH)),
    ).toBe(-1);
    expect(y.findIndex((c, i) => c !== i % 3)).toBe(-1);
    const tar = gunzipSync(readFileSync(join(folder, 'archive.tgz')));
    writeFileSync(join(folder, 'archive.tgz'), tar.subarray(0, 900_000));
    await expect(read(many, 0, join(folder, 'archive.tgz'))).rejects.toMatchObject({
      code: 'MLD_DATA_TRUNCATED',
      message: expect.stringMatching(/cut short, member 'texas\/\S+' needs \d+ bytes/),
    });
  });

  it('names the member that is missing', async () => {
    const path = pack({ 'texas/100/feats': feats });
    await expect(read(texas(shape), 0, path)).rejects.toThrow("no file 'texas/100/labels'");
  });
});

it('knows the sizes and splits of the paper', () => {
  expect([catalog['purchase-100'].size, catalog['texas-100'].size]).toEqual([197_324, 67_330]);
  for (const id of ['purchase-2', 'purchase-100', 'texas-100'] as const) {
    const { members, nonMembers, auxiliary } = catalog[id].splits!['shokri-2017']!;
    // Two sets as large as the members, of the many more that are left.
    expect([members, nonMembers, auxiliary]).toEqual([10_000, 10_000, 20_000]);
  }
});
