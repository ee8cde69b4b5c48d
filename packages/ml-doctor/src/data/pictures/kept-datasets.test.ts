import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { batch, createDataset } from '../dataset.ts';
import { filedBytes } from './filed-bytes.ts';
import { findKeptDataset, keepDataset } from './kept-datasets.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ml-doctor-kept-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const pixels = Uint8Array.from({ length: 3 * 12 }, (_, i) => 7 * i);
const parts = {
  id: 'faces@2',
  recordShape: [3, 2, 2],
  y: Int32Array.of(1, 0, 1),
  classes: ['a', 'b'],
  label: 'letter',
  leftOut: ['broken.jpg'],
  normalisation: { scale: 1 / 255, mean: [0.5, 0.5, 0.5], std: [0.5, 0.5, 0.5] },
  attributes: {
    age: { values: Float32Array.of(3, 4, 5) },
    sex: { values: Int32Array.of(0, 1, 1), categories: ['f', 'm'] },
  },
};
const filed = () => {
  const path = join(folder, 'pictures.bin');
  writeFileSync(path, pixels);
  return createDataset({
    ...parts,
    x: filedBytes(path, pixels.length, createHash('sha256').update(pixels).digest('hex')),
  });
};

describe('data sets kept beside their pictures', () => {
  it('are found by their content hash with all that is known of them, under the name asked for', async () => {
    const data = filed();
    await keepDataset(data, folder);
    const found = await findKeptDataset({ id: 'faces', contentHash: data.contentHash }, folder);
    const { x: _, id, ...rest } = found!;
    expect([id, rest]).toEqual([
      'faces',
      { ...parts, id: undefined, x: undefined, size: 3, contentHash: data.contentHash },
    ]);
    expect(batch(found!, [2, 0])).toEqual(batch(createDataset({ ...parts, x: pixels }), [2, 0]));
    const [set] = (await readdir(folder)).filter((name) => name.endsWith('.set'));
    expect((await stat(join(folder, set!))).mode & 0o777).toBe(0o600);
  });

  it('are not found by another hash, without their pictures, or where anything was changed', async () => {
    const data = filed();
    await keepDataset(data, folder);
    const find = (contentHash = data.contentHash) => findKeptDataset({ id: 'faces', contentHash }, folder);
    expect(await find('0'.repeat(64))).toBeUndefined();
    const set = join(folder, `${data.contentHash}.set`);
    const bytes = readFileSync(set);
    const at = bytes.indexOf(Buffer.from(Int32Array.of(1, 0, 1).buffer));
    expect(at).toBeGreaterThan(0);
    writeFileSync(set, Buffer.from(bytes).fill(0, at, at + 4));
    expect(await find()).toBeUndefined();
    writeFileSync(set, bytes.subarray(0, 40));
    expect(await find()).toBeUndefined();
    writeFileSync(set, bytes);
    expect((await find())?.size).toBe(3);
    rmSync(join(folder, 'pictures.bin'));
    expect(await find()).toBeUndefined();
  });

  it('are not kept when their values are in memory anyhow', async () => {
    await keepDataset(createDataset({ ...parts, x: pixels }), folder);
    expect(await readdir(folder)).toEqual([]);
  });
});
