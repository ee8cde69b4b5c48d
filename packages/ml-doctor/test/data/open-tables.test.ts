/** Tables of the UCI repository, whole, against what other programs count in the files; in each layout they are around in. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { catalog } from '../../src/data/catalog/catalog.ts';
import type { Dataset } from '../../src/data/dataset.ts';
import { loadDataset } from '../../src/data/load-dataset.ts';
import { sensitiveOf } from '../../src/data/sensitive.ts';
import { decodeTable } from '../../src/data/table/decode-table.ts';
import { hasShared, sharedData } from './shared-data.ts';
import { zip } from './write-npz.ts';

const folder = mkdtempSync(join(tmpdir(), 'ml-doctor-uci-'));
afterAll(() => rmSync(folder, { recursive: true }));

const count = (values: Iterable<number>, of: number) =>
  Array.from(values).filter((value) => value === of).length;

describe.skipIf(!hasShared('diabetes130'))('diabetes130', () => {
  let data: Dataset;
  let lines: readonly string[];
  beforeAll(async () => {
    data = await loadDataset('diabetes130', { dataDir: sharedData });
    const text = gunzipSync(readFileSync(`${sharedData}diabetes130/diabetic_data.csv.gz`)).toString();
    lines = text.split('\r\n');
  });

  it('has the stays and outcomes its publisher states', () => {
    expect([data.size, data.recordShape, data.x.length]).toEqual([101_766, [292], 101_766 * 292]);
    expect(data.classes).toEqual(['NO', '>30', '<30']);
    expect([0, 1, 2].map((c) => count(data.y, c))).toEqual([54_864, 35_545, 11_357]);
    // The header, a stay a line, and nothing after the last line end.
    expect(lines).toHaveLength(data.size + 2);
  });

  it('has what is sensitive of every stay, as awk counts it', () => {
    expect(catalog.diabetes130.sensitive).toEqual(['race', 'gender', 'age']);
    const counts = (name: string) => {
      const { values, categories } = sensitiveOf(data, name);
      return Object.fromEntries(categories!.map((category, c) => [category, count(values, c)]));
    };
    expect(counts('race')).toEqual({
      ...{ Caucasian: 76_099, AfricanAmerican: 19_210, Hispanic: 2037, Other: 1506, Asian: 641, '?': 2273 },
    });
    expect(counts('gender')).toEqual({ Female: 54_708, Male: 47_055, 'Unknown/Invalid': 3 });
    expect(counts('age')).toMatchObject({ '[0-10)': 161, '[70-80)': 26_068, '[90-100)': 2793 });
    expect(sensitiveOf(data, 'age').kind).toBe('ordinal');
  });

  it('has the fields of the file, but for diagnoses', () => {
    const header = lines[0]!.split(',');
    const columns = data.columns!;
    for (const i of [0, 1, 50_000, 101_765]) {
      const [row] = decodeTable({ x: (data.x as Float32Array).slice(i * 292, (i + 1) * 292), columns });
      const fields = lines[i + 1]!.split(',');
      columns.forEach(({ name }, c) => {
        if (!name.startsWith('diag_')) expect(String(row![c])).toBe(fields[header.indexOf(name)]);
      });
    }
    // 250.83, 276 and 8 (the first two stays and the third).
    const groups = sensitiveGroups(data, 'diag_1');
    expect(groups.slice(0, 3)).toEqual(['diabetes', 'other', 'other']);
  });
});

/** Of the first stays; the column is not known of all, so nobody may attack it. */
const sensitiveGroups = (data: Dataset, name: string): readonly unknown[] => {
  const columns = data.columns!;
  const rows = decodeTable({ x: (data.x as Float32Array).slice(0, 3 * 292), columns });
  return rows.map((row) => row[columns.findIndex((column) => column.name === name)]);
};

describe.skipIf(!hasShared('adult'))('adult', () => {
  it("is the bundled data set, from the publisher's plain files and from his archive", async () => {
    const { contentHash } = await loadDataset('adult');
    expect((await loadDataset('adult', { dataDir: sharedData })).contentHash).toBe(contentHash);
    const files = Object.fromEntries(
      ['adult.data', 'adult.test', 'adult.names'].map((name) => [
        name,
        readFileSync(`${sharedData}adult/${name}`),
      ]),
    );
    const path = join(folder, 'adult.zip');
    writeFileSync(path, zip(files, { deflate: true }));
    const archived = await catalog.adult.forms[1]!.read([path], { name: 'adult' });
    expect(archived.contentHash).toBe(contentHash);
    const exchanged = { 'adult.data': files['adult.test']!, 'adult.test': files['adult.data']! };
    writeFileSync(path, zip(exchanged));
    await expect(catalog.adult.forms[1]!.read([path], { name: 'adult' })).rejects.toMatchObject({
      code: 'MLD_DATA_CHECKSUM',
      message: expect.stringMatching(/adult.zip: adult.data: .* expected 5b00264637db/),
    });
  });
});

describe.skipIf(!hasShared('german-credit'))('german-credit', () => {
  it("is the same from the publisher's archive, without names and with bad risks as 2", async () => {
    const copy = readFileSync(`${sharedData}german-credit/german.data`, 'utf8');
    const { contentHash } = await loadDataset('german-credit', { dataDir: sharedData });
    const published = copy.replace(/^.*\n/, '').replaceAll(/ 0$/gm, ' 2');
    const path = join(folder, 'german.zip');
    writeFileSync(path, zip({ 'german.data': Buffer.from(published), Index: Buffer.from('x') }));
    const read = catalog['german-credit'].forms[1]!.read([path], { name: 'german-credit' });
    expect((await read).contentHash).toBe(contentHash);
  });
});
