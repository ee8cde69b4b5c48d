/** Data sets that are not part of the package, against what their publishers state and what others measured on them. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import { batch, type Dataset } from '../../src/data/dataset.ts';
import { featureKind, valueRange } from '../../src/data/feature-kind.ts';
import { catalogEntry, loadDataset } from '../../src/data/load-dataset.ts';
import { duplicates, overlap } from '../../src/data/overlap.ts';
import { sensitiveOf } from '../../src/data/sensitive.ts';
import { decodeTable } from '../../src/data/table/decode-table.ts';
import { inMemory } from '../../src/data/values.ts';
import { hasShared, sharedData } from './shared-data.ts';

const load = (id: string) => loadDataset(id, { dataDir: sharedData });
const classSizes = ({ y, classes }: Dataset) =>
  classes.map((_, c) => y.filter((label) => label === c).length);
const all = ({ size }: Dataset) => Uint32Array.from({ length: size }, (_, i) => i);

describe.skipIf(!hasShared('location30'))('location30', () => {
  let data: Dataset;
  beforeAll(async () => {
    data = await load('location');
  });

  it('has the records, bits and classes that were counted in the archive', () => {
    expect([data.size, data.recordShape, data.classes.length]).toEqual([5010, [446], 30]);
    const sizes = classSizes(data);
    expect([Math.min(...sizes), Math.max(...sizes)]).toEqual([97, 308]);
    expect((data.x as Uint8Array).reduce((sum, bit) => sum + bit, 0) / data.size).toBeCloseTo(53.7, 1);
    expect([featureKind(data), valueRange(data)]).toEqual(['binary', { min: 0, max: 1 }]);
  });

  it('has the rows that tar unpacks', () => {
    const text = execFileSync('tar', ['-xOzf', `${sharedData}location30/dataset_location.tgz`], {
      maxBuffer: 2 ** 24,
    });
    const rows = text.toString().trim().split('\n');
    for (const i of [0, 1, 2500, 5009]) {
      const { x, y } = batch(data, [i]);
      expect([JSON.stringify(data.classes[y[0]!]), ...x].join()).toBe(rows[i]);
    }
  });

  it('has an attribute for each venue', () => {
    expect(data.columns).toHaveLength(446);
    const { kind, values, places, categories } = sensitiveOf(data, 'venue 7');
    expect([kind, places, categories]).toEqual([
      'binary',
      { first: 6, width: 1, encoding: 'value' },
      ['no', 'yes'],
    ]);
    expect([...values]).toEqual(Array.from(values, (_, i) => inMemory(data.x)[446 * i + 6]));
  });
});

describe.skipIf(!hasShared('retail100'))('retail', () => {
  it('has the baskets and clusters of the file', async () => {
    const data = await load('retail-100');
    expect([data.size, data.recordShape, data.classes.length]).toEqual([41_548, [600], 100]);
    const sizes = classSizes(data);
    expect([Math.min(...sizes), Math.max(...sizes)]).toEqual([1, 3884]);
    expect(featureKind(data)).toBe('binary');
    expect(sensitiveOf(data, 'item 600').places).toEqual({ first: 599, width: 1, encoding: 'value' });
    const file = gunzipSync(readFileSync(`${sharedData}retail100/retail600-kmeans100.packed.bin.gz`));
    const hex = (i: number) => file.subarray(76 * i + 1, 76 * (i + 1)).toString('hex');
    for (const i of [0, 777, 41_547]) {
      const bits = BigInt(`0b${batch(data, [i]).x.join('')}`);
      expect(bits.toString(16).padStart(150, '0')).toBe(hex(i));
      expect(data.y[i]).toBe(file[76 * i]);
    }
  });

  it('groups the same baskets into fewer clusters, the same wherever it is done', async () => {
    const [baskets, two, ten] = [await load('retail-100'), await load('retail-2'), await load('retail-10')];
    expect(Buffer.compare(two.x as Uint8Array, baskets.x as Uint8Array)).toBe(0);
    // As found on x64; every operation of k-means is exact or rounded in one way.
    expect(classSizes(two)).toEqual([20343, 21205]);
    expect(classSizes(ten)).toEqual([8224, 3817, 4139, 2894, 1198, 4694, 9685, 5379, 896, 622]);
  });
});

describe.skipIf(!hasShared('german-credit'))('german-credit', () => {
  const name = 'german-credit/german.data';
  let data: Dataset;
  let lines: readonly string[];
  beforeAll(async () => {
    data = await load('german-credit');
    lines = readFileSync(join(sharedData, name), 'utf8').trim().split('\n');
  });
  const column = (header: string) => lines[0]!.split(' ').indexOf(header);
  const codes = (header: string) => lines.slice(1).map((line) => line.split(' ')[column(header)]!);

  it('has the people its publisher states, 700 of them good risks', () => {
    expect([data.size, data.recordShape, data.classes, data.label]).toEqual([
      ...[1000, [52], ['good', 'bad'], 'credit'],
    ]);
    expect(classSizes(data)).toEqual([700, 300]);
    // The first is good and the second bad, with 1,169 and 5,951 marks for 6 and 48 months.
    expect([...data.y.slice(0, 2)]).toEqual([0, 1]);
    expect(data.attributes).toBeUndefined();
  });

  it('has its first two people in the words of german.doc', () => {
    const rows = decodeTable({ x: data.x.subarray(0, 2 * 52), columns: data.columns! });
    expect(rows).toEqual([
      [
        ...['below 0 DM', 6, 'critical account, or credits elsewhere', 'radio or television', 1169],
        ...['unknown or none', '7 years and more', 4, 'male, single', 'none', 4, 'real estate', 67, 'none'],
        ...['own', 2, 'skilled employee or official', 1, 'yes', 'yes'],
      ],
      [
        ...['0 to 200 DM', 48, 'existing credits paid back duly till now', 'radio or television', 5951],
        ...['below 100 DM', '1 to 4 years', 2, 'female, divorced, separated or married', 'none', 2],
        ...['real estate', 22, 'none', 'own', 1, 'skilled employee or official', 1, 'no', 'yes'],
      ],
    ]);
  });

  it('gives each code of the file one text, and each text one code', () => {
    const rows = decodeTable({ x: data.x, columns: data.columns! });
    lines[0]!
      .split(' ')
      .slice(0, -1)
      .forEach((header, c) => {
        const { categories } = data.columns![c]!;
        const pairs = new Set(codes(header).map((code, i) => JSON.stringify([code, rows[i]![c]])));
        if (categories) expect(pairs.size).toBe(new Set(codes(header)).size);
        else expect([...pairs].every((pair) => /^\["(\d+)",\1\]$/.test(pair))).toBe(true);
        if (categories) expect(new Set(rows.map((row) => row[c])).size).toBe(categories.length);
      });
  });

  it('puts the ordered categories in the order of their codes', () => {
    const ordered = data.columns!.filter((one) => one.ordered).map((one) => one.name);
    expect(ordered).toEqual(['employment', 'job', 'telephone', 'foreign-worker']);
    for (const [header, of] of [
      ['EMPLOYMENT', 'employment'],
      ['JOB', 'job'],
      ['TELEPHONE', 'telephone'],
    ] as const) {
      const first = header === 'EMPLOYMENT' ? 71 : header === 'JOB' ? 171 : 191;
      expect([...sensitiveOf(data, of).values]).toEqual(
        codes(header).map((code) => Number(code.slice(1)) - first),
      );
    }
  });

  it('has the sensitive attributes of the entry', () => {
    const { sensitive } = catalogEntry('german-credit');
    expect(sensitive).toEqual(['personal-status-sex', 'foreign-worker', 'age']);
    const found = sensitive!.map((one) => sensitiveOf(data, one));
    expect(found.map(({ kind, inRecord }) => [kind, inRecord])).toEqual([
      ...[
        ['categorical', true],
        ['binary', true],
        ['continuous', true],
      ],
    ]);
    const people = found[0]!.categories!.map((_, c) => found[0]!.values.filter((v) => v === c).length);
    expect(people).toEqual([50, 310, 548, 92]);
    expect(found[1]!.values.filter((v) => v === 1)).toHaveLength(963);
    expect([...found[2]!.values]).toEqual(codes('AGE').map(Number));
  });

  it('is the same from a file without names in which bad is 2, and refused from any other', async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'ml-doctor-data-'));
    mkdirSync(join(dataDir, 'german-credit'));
    const read = (rows: readonly string[]) => {
      writeFileSync(join(dataDir, name), `${rows.join('\n')}\n`);
      return loadDataset('german-credit', { dataDir });
    };
    const rows = lines.slice(1).map((line) => line.replace(/ 0$/, ' 2'));
    expect((await read(rows)).contentHash).toBe(data.contentHash);
    await expect(read(rows.with(7, rows[8]!))).rejects.toMatchObject({ code: 'MLD_DATA_CHECKSUM' });
    await expect(read(rows.slice(1).concat(lines[0]!))).rejects.toMatchObject({ code: 'MLD_DATA_CHECKSUM' });
    writeFileSync(join(dataDir, name), lines.join('\n').slice(0, 5000));
    await expect(loadDataset('german-credit', { dataDir })).rejects.toMatchObject({
      code: 'MLD_DATA_TRUNCATED',
    });
    rmSync(dataDir, { recursive: true });
  });
});

describe.skipIf(!hasShared('cifar10'))('cifar10', () => {
  let data: Dataset;
  beforeAll(async () => {
    data = await load('cifar10-20k');
  });

  it('has balanced classes, in training and test part', () => {
    expect([data.size, data.recordShape]).toEqual([20_000, [3, 32, 32]]);
    expect(classSizes(data)).toEqual(Array(10).fill(2000));
    expect(data.y.slice(0, 10_000).filter((label) => label === 3)).toHaveLength(1000);
    const names = readFileSync(`${sharedData}cifar10/batches.meta.txt`, 'utf8').trim().split('\n');
    expect(data.classes).toEqual(names);
    expect([featureKind(data), valueRange(data)]).toEqual(['image', { min: 0, max: 255 }]);
  });

  it("has the brightness everybody normalises by, and is normalised with the paper's constants", () => {
    const { x } = batch(data, all(data).subarray(0, 10_000));
    const mean = [0, 0, 0];
    for (let i = 0; i < x.length; i++) mean[Math.floor(i / 1024) % 3]! += x[i]! / (10_000 * 1024);
    for (const value of mean) expect(Math.abs(value)).toBeLessThan(0.02);
    expect(batch(data, [0]).x[1024]).toBeCloseTo((inMemory(data.x)[1024]! / 255 - 0.4822) / 0.1994, 5);
  });

  it('is searched for equal pictures', () => {
    const { inputs } = overlap(data, all(data).subarray(0, 10_000), all(data).subarray(10_000));
    const distinct = new Set(
      Array.from(all(data), (i) => Buffer.from(data.x.subarray(3072 * i, 3072 * (i + 1))).toString('latin1')),
    );
    expect(duplicates(data, all(data)).surplus).toBe(data.size - distinct.size);
    expect(inputs).toBeLessThanOrEqual(data.size - distinct.size);
  });
});

const hasSharp = await import('sharp').then(
  () => true,
  () => false,
);
if (!hasSharp) console.warn('skipped: the optional package sharp is not installed');

describe.skipIf(!hasShared('utkface') || !hasSharp)('utkface-64px', () => {
  let data: Dataset;
  beforeAll(async () => {
    data = await load('utkface-64px');
  });

  it('has the people that were counted in the names tar lists', () => {
    const list = execFileSync('tar', ['-tzf', `${sharedData}utkface/utkface-64px-q90-jpg.tar.gz`], {
      maxBuffer: 2 ** 24,
    }).toString();
    const names = Array.from(list.matchAll(/\/(\d+)_(\d)_(\d)_\d+\.jpg/g), ([, ...parts]) =>
      parts.map(Number),
    );
    expect(names).toHaveLength(23_702);
    const count = (r: number, g: number) =>
      names.filter(([, gender, race]) => race === r && gender === g).length;
    const { gender, age } = data.attributes!;
    const found = (r: number, g: number) =>
      data.y.filter((y, i) => y === r && gender!.values[i] === g).length;
    expect([data.size, data.recordShape]).toEqual([22_010, [3, 32, 32]]);
    expect(classSizes(data)).toEqual([10_077, 4524, 3434, 3975]);
    expect(gender!.categories).toEqual(['male', 'female']);
    for (const r of [0, 1, 2, 3]) for (const g of [0, 1]) expect(found(r, g)).toBe(count(r, g));
    const years = names.filter(([, , race]) => race! < 4).reduce((sum, [a]) => sum + a!, 0);
    expect((age!.values as Float32Array).reduce((sum, a) => sum + a, 0)).toBe(years);
    expect([featureKind(data), valueRange(data)]).toEqual(['image', { min: 0, max: 255 }]);
  });

  it('has the pixels that Pillow 13 (libjpeg-turbo 3.2) decodes and NumPy averages', () => {
    // 100_0_0_20170112213500903, 32_1_2_20170116164625227 and 9_1_3_20170104222949455: the first, middle and last name.
    const golden = [
      [0, 0, 100, 0, 143_798, 128_256, 121_175, 203, 156, 172, 192, 190, 179, 161, 154],
      [11_005, 2, 32, 1, 151_081, 116_285, 94_870, 7, 23, 67, 127, 155, 166, 174, 179],
      [22_009, 3, 9, 1, 128_328, 111_746, 93_301, 1, 3, 7, 6, 1, 0, 8, 31],
    ];
    const pixels = data.x as Uint8Array;
    for (const [i, race, age, gender, ...rest] of golden as [number, number, number, number, ...number[]][]) {
      expect([data.y[i], data.attributes!.age!.values[i], data.attributes!.gender!.values[i]]).toEqual([
        ...[race, age, gender],
      ]);
      const planes = [0, 1, 2].map((c) => pixels.subarray(i * 3072 + c * 1024, i * 3072 + (c + 1) * 1024));
      expect([...planes.map((p) => p.reduce((a, b) => a + b, 0)), ...planes[0]!.slice(0, 8)]).toEqual(rest);
    }
    const all = createHash('sha256').update(pixels).digest('hex');
    expect(all).toBe('3209a19231c862dba6c947bb9bb506e8854ca0392077b4706c82d3e417ed1cd5');
  });

  it('has race as its label and gender as what is sensitive', () => {
    expect([data.label, catalogEntry('utkface-64px').sensitive]).toEqual(['race', ['gender']]);
    expect(sensitiveOf(data, 'gender')).toMatchObject({ kind: 'binary', inRecord: false });
    expect(() => sensitiveOf(data, 'race')).toThrow(expect.objectContaining({ code: 'MLD_ATTRIBUTE_LABEL' }));
  });

  it('is given to models between -1 and 1', () => {
    const { x } = batch(data, all(data).subarray(0, 500));
    expect([x.reduce((a, b) => Math.min(a, b)), x.reduce((a, b) => Math.max(a, b))]).toEqual([-1, 1]);
  });
});

describe.skipIf(!hasShared('celeba/celeba-10k-jpg.tar.gz') || !hasSharp)('celeba-10k', () => {
  let data: Dataset;
  beforeAll(async () => {
    data = await load('celeba-10k');
  });

  it('has the classes and sensitive attributes that awk counts in the list', () => {
    expect([data.size, data.recordShape]).toEqual([10_000, [3, 32, 32]]);
    const script =
      'NR == 1 { for (i = 1; i <= NF; i++) c[$i] = i; next }' +
      '{ k = $c["Heavy_Makeup"] + 2 * $c["Mouth_Slightly_Open"] + 4 * $c["Smiling"];' +
      ' print k, $c["Male"] + 2 * $c["Young"], $c["Wearing_Hat"] }';
    const text = execFileSync('awk', ['-F,', script, `${sharedData}celeba/celeba-10k-attr.csv`]).toString();
    const rows = text
      .trim()
      .split('\n')
      .map((line) => line.split(' ').map(Number));
    const { 'male-young': combined, Wearing_Hat: hat } = data.attributes!;
    expect(Array.from(data.y, (y, i) => [y, combined!.values[i], hat!.values[i]])).toEqual(rows);
    expect(classSizes(data)).toEqual([2856, 1155, 786, 381, 651, 526, 1883, 1762]);
    expect(sensitiveOf(data, 'male-young')).toMatchObject({ kind: 'categorical', inRecord: false });
  });

  it('has the pixels that Pillow 9.4 decodes and NumPy averages', () => {
    // 000001.jpg and 010000.jpg: sums of the planes, the first eight reds and the last eight blues.
    const golden = [
      [0, 184_926, 140_429, 112_801, 254, 254, 254, 253, 253, 253, 251, 251, 82, 77, 73, 55, 36, 23, 19, 17],
      [
        ...[9999, 181_995, 151_994, 133_247, 199, 212, 215, 216, 220, 220, 223, 221],
        ...[109, 107, 103, 92, 77, 47, 54, 52],
      ],
    ];
    const pixels = data.x as Uint8Array;
    for (const [i, ...rest] of golden as [number, ...number[]][]) {
      const planes = [0, 1, 2].map((c) => pixels.subarray(i * 3072 + c * 1024, i * 3072 + (c + 1) * 1024));
      const sums = planes.map((plane) => plane.reduce((a, b) => a + b, 0));
      expect([...sums, ...planes[0]!.slice(0, 8), ...planes[2]!.slice(-8)]).toEqual(rest);
    }
  });
});
