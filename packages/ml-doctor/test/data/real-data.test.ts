/** Data sets that are not part of the package, against what their publishers state and what others measured on them. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import { batch, type Dataset } from '../../src/data/dataset.ts';
import { featureKind, valueRange } from '../../src/data/feature-kind.ts';
import { loadDataset } from '../../src/data/load-dataset.ts';
import { duplicates, overlap } from '../../src/data/overlap.ts';
import { hasShared, sharedData } from './shared-data.ts';

const load = (id: string) => loadDataset(id, { dataDir: sharedData });
const classSizes = ({ y, classes }: Dataset) =>
  classes.map((_, c) => y.filter((label) => label === c).length);
const all = ({ size }: Dataset) => Uint32Array.from({ length: size }, (_, i) => i);

describe.skipIf(!hasShared('location30'))('location30', () => {
  let data: Dataset;
  beforeAll(async () => {
    data = await load('location30');
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
});

describe.skipIf(!hasShared('retail100'))('retail', () => {
  it('has the baskets and clusters of the file', async () => {
    const data = await load('retail100');
    expect([data.size, data.recordShape, data.classes.length]).toEqual([41_548, [600], 100]);
    const sizes = classSizes(data);
    expect([Math.min(...sizes), Math.max(...sizes)]).toEqual([1, 3884]);
    expect(featureKind(data)).toBe('binary');
    const file = gunzipSync(readFileSync(`${sharedData}retail100/retail600-kmeans100.packed.bin.gz`));
    const hex = (i: number) => file.subarray(76 * i + 1, 76 * (i + 1)).toString('hex');
    for (const i of [0, 777, 41_547]) {
      const bits = BigInt(`0b${batch(data, [i]).x.join('')}`);
      expect(bits.toString(16).padStart(150, '0')).toBe(hex(i));
      expect(data.y[i]).toBe(file[76 * i]);
    }
  });

  it('groups the same baskets into fewer clusters, the same wherever it is done', async () => {
    const [baskets, two, ten] = [await load('retail100'), await load('retail2'), await load('retail10')];
    expect(Buffer.compare(two.x as Uint8Array, baskets.x as Uint8Array)).toBe(0);
    // As found on x64; every operation of k-means is exact or rounded in one way.
    expect(classSizes(two)).toEqual([20343, 21205]);
    expect(classSizes(ten)).toEqual([8224, 3817, 4139, 2894, 1198, 4694, 9685, 5379, 896, 622]);
  });
});

describe.skipIf(!hasShared('cifar10'))('cifar10', () => {
  let data: Dataset;
  beforeAll(async () => {
    data = await load('cifar10');
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
    expect(batch(data, [0]).x[1024]).toBeCloseTo((data.x[1024]! / 255 - 0.4822) / 0.1994, 5);
  });

  it('is searched for equal pictures', () => {
    const { inputs } = overlap(data, all(data).subarray(0, 10_000), all(data).subarray(10_000));
    const distinct = new Set(
      Array.from(all(data), (i) => Buffer.from(data.x.slice(3072 * i, 3072 * (i + 1))).toString('latin1')),
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

describe.skipIf(!hasShared('utkface') || !hasSharp)('utkface', () => {
  let data: Dataset;
  beforeAll(async () => {
    data = await load('utkface');
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

  it('is given to models between -1 and 1', () => {
    const { x } = batch(data, all(data).subarray(0, 500));
    expect([x.reduce((a, b) => Math.min(a, b)), x.reduce((a, b) => Math.max(a, b))]).toEqual([-1, 1]);
  });
});
