/** Data sets that are not part of the package, against what their publishers state and what others measured on them. */
import { execFileSync } from 'node:child_process';
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
