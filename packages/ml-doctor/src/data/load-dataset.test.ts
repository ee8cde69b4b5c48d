import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AuditError } from '../errors.ts';
import { bundledDataFolder } from './bundled-folder.ts';
import { catalog, type DatasetId } from './catalog/catalog.ts';
import { batch, type Dataset } from './dataset.ts';
import { catalogEntry, loadDataset } from './load-dataset.ts';
import { sensitiveOf } from './sensitive.ts';
import { inMemory } from './values.ts';

describe('fashion-mnist-10k', () => {
  let data: Dataset;
  beforeAll(async () => {
    data = await loadDataset('fashion-mnist-10k');
  });

  it('has the shape, labels and brightness its publisher states', () => {
    expect(data.size).toBe(10_000);
    expect(data.recordShape).toEqual([1, 28, 28]);
    expect(data.classes.map((_, c) => data.y.filter((label) => label === c).length)).toEqual(
      Array(10).fill(1000),
    );
    expect([...data.y.slice(0, 10)]).toEqual([9, 2, 1, 1, 6, 1, 4, 6, 5, 7]);
    expect(data.classes[9]).toBe('Ankle boot');
    let sum = 0;
    for (const value of inMemory(data.x)) sum += value;
    const mean = sum / data.x.length / 255;
    expect(mean).toBeCloseTo(0.2868, 3);
  });

  it("is normalised with the paper's constants", () => {
    const { x } = batch(data, [0]);
    expect(Math.min(...x)).toBeCloseTo(-0.1307 / 0.3081, 6);
    expect(Math.max(...x)).toBeCloseTo((Math.max(...data.x.subarray(0, 784)) / 255 - 0.1307) / 0.3081, 6);
  });
});

/** Where the Debian package dataset-fashion-mnist puts it. */
const WHOLE = '/usr/share/datasets';

describe.skipIf(!existsSync(join(WHOLE, 'fashion-mnist/train-images-idx3-ubyte.gz')))(
  'fashion-mnist (skipped: the Debian package dataset-fashion-mnist is not installed)',
  () => {
    it('is the training images and then the test images, each class equally often', async () => {
      const data = await loadDataset('fashion-mnist', { dataDir: WHOLE });
      const test = await loadDataset('fashion-mnist-10k');
      expect([data.size, data.recordShape]).toEqual([70_000, [1, 28, 28]]);
      // The labels that its publisher's page shows first.
      expect([...data.y.slice(0, 8)]).toEqual([9, 0, 0, 3, 0, 2, 7, 2]);
      expect(data.classes.map((_, c) => data.y.filter((label) => label === c).length)).toEqual(
        Array(10).fill(7000),
      );
      expect(
        Buffer.from(data.x.subarray(60_000 * 784, data.x.length)).equals(Buffer.from(test.x as Uint8Array)),
      ).toBe(true);
      expect(data.y.slice(60_000)).toEqual(test.y);
    });
  },
);

describe('adult', () => {
  let data: Dataset;
  beforeAll(async () => {
    data = await loadDataset('adult');
  });
  const count = (name: string, category: string) => {
    const { values, categories } = data.attributes![name]!;
    return values.filter((value) => categories![value] === category).length;
  };

  it('has the counts its publisher states', () => {
    expect(data.size).toBe(48_842);
    expect(data.recordShape).toEqual([108]);
    expect(data.classes).toEqual(['<=50K', '>50K']);
    expect(data.y.filter((label) => label === 1)).toHaveLength(7841 + 3846);
    expect(count('sex', 'Male')).toBe(32_650);
    expect(count('race', 'Amer-Indian-Eskimo')).toBe(470);
  });

  it('turns the first row of each file into features one can read back', () => {
    // 39, State-gov, 77516, Bachelors, 13, …, 2174, 0, 40, United-States, <=50K
    const first = [...data.x.subarray(0, 108)];
    expect(first.filter((value) => value === 1)).toHaveLength(8);
    expect(first.filter((value) => value > 1)).toEqual([39, 77_516, 13, 2174, 40]);
    expect(first[1 + 5]).toBe(1); // workclass State-gov is the sixth category, after age
    expect(data.y[0]).toBe(0);
    expect(data.attributes!.age!.values[0]).toBe(39);
    expect(data.attributes!.age!.values[32_561]).toBe(25);
    expect(inMemory(data.x)[32_561 * 108]).toBe(25);
  });

  it('is the data set that earlier results were measured on', () => {
    expect(data.contentHash).toBe('a286d80c250413f049b6a8134183898c84bf5a919f7cf4d7e9fe5e1d0ac11c25');
  });

  it('knows what is predicted, what is sensitive, and what is not known of everybody', () => {
    expect(data.label).toBe('income');
    expect(catalogEntry('adult').sensitive).toEqual(['sex', 'race']);
    for (const name of catalogEntry('adult').sensitive!) expect(sensitiveOf(data, name).name).toBe(name);
    const gaps = data.columns!.filter(({ missing }) => missing === '?').map(({ name }) => name);
    expect(gaps).toEqual(['workclass', 'occupation', 'native-country']);
    // As adult.names says, 1,836 of the first file's and 963 of the second's lack the workclass.
    expect(() => sensitiveOf(data, 'workclass')).toThrow(
      expect.objectContaining({
        code: 'MLD_ATTRIBUTE_MISSING',
        message: expect.stringContaining('of 2799 of 48842 records'),
      }),
    );
  });

  it('knows which columns are one category', () => {
    // 8 of the 14 columns before the label are no numbers; workclass follows age.
    expect(data.oneHot).toHaveLength(8);
    expect(data.oneHot![0]).toEqual({ first: 1, width: 9 });
    expect(data.oneHot!.reduce((sum, { width }) => sum + width, 0)).toBe(108 - 6);
  });

  it('standardises numbers and leaves categories at 0 and 1', () => {
    const all = Array.from({ length: data.size }, (_, i) => i);
    const { x } = batch(data, all);
    for (let feature = 0; feature < 108; feature++) {
      const column = all.map((i) => x[i * 108 + feature]!);
      const mean = column.reduce((sum, v) => sum + v, 0) / data.size;
      const square = column.reduce((sum, v) => sum + v * v, 0) / data.size;
      if (data.normalisation.std[feature] !== 1) {
        expect(mean).toBeCloseTo(0, 5);
        expect(square).toBeCloseTo(1, 5);
      } else {
        expect(column.every((v) => v === 0 || v === 1)).toBe(true);
        expect(mean).toBeGreaterThan(0);
      }
    }
    expect(data.normalisation.std.filter((std) => std !== 1)).toHaveLength(6);
  });
});

describe('the catalogue', () => {
  const ids = Object.keys(catalog) as DatasetId[];
  const bundled = ids.filter((id) => catalogEntry(id).bundled);

  it('has every entry under its own id, and three of them bundled', () => {
    for (const id of ids) expect(catalogEntry(id).id).toBe(id);
    expect(bundled).toEqual(['fashion-mnist-10k', 'adult', 'adult-unaware']);
  });

  it.each(bundled)('%s: entry, files and README agree', async (id) => {
    const entry = catalogEntry(id);
    for (const file of entry.forms[0].files) {
      const folder = file.name.split('/')[0]!;
      const bytes = await readFile(join(bundledDataFolder, file.name));
      const digest = createHash('sha256').update(bytes).digest('hex');
      expect([file.sha256, ...(file.sameContent ?? [])]).toContain(digest);
      const readme = await readFile(join(bundledDataFolder, folder, 'README.md'), 'utf8');
      expect(readme).toContain(digest);
      expect(readme).toContain(entry.licence);
      expect(readme).toContain(entry.source);
    }
    expect((await loadDataset(id)).size).toBe(entry.size);
  });

  it.each(['fashionmnist', 'fashon-mnist-10k', 'toString', 'utkfaces@64', 'utkface@x'])(
    'refuses %s and names what is near',
    async (id) => {
      await expect(loadDataset(id)).rejects.toMatchObject({
        code: 'MLD_DATA_UNKNOWN',
        hint: expect.stringMatching(new RegExp(`'(${ids.join('|')})(@64)?'`)),
      });
    },
  );

  it.each([
    ['utkfase@48', "Did you mean 'utkface@48'?"],
    ['adutl@48', "Did you mean 'adult'?"],
    ['utkface@12345', "as 'utkface@64'"],
    ['adult@64', 'Remove the pixels.'],
    ['utkface@7', 'from 8 to 256'],
    ['utkface@257', 'from 8 to 256'],
  ])('refuses %s', async (name, hint) => {
    await expect(loadDataset(name)).rejects.toMatchObject({
      code: 'MLD_DATA_UNKNOWN',
      hint: expect.stringContaining(hint),
    });
  });

  it.each(ids.filter((id) => !bundled.includes(id)))(
    '%s: says which files are wanted, where from, and where to put them',
    async (id) => {
      const { forms, source } = catalogEntry(id);
      const { files } = forms[0];
      const folder = await mkdtemp(join(tmpdir(), 'ml-doctor-data-'));
      for (const [options, where] of [
        [{}, 'none is given'],
        [{ dataDir: folder }, folder],
      ] as const) {
        const error = await loadDataset(id, options).catch((thrown: unknown) => thrown);
        expect(error).toMatchObject({ code: 'MLD_DATA_UNREADABLE' });
        const { message, hint } = error as AuditError;
        for (const part of [id, where, ...files.slice(0, 8).map(({ name }) => name)])
          expect(message).toContain(part);
        for (const part of [source, '--data-dir', 'ML_DOCTOR_DATA']) expect(hint).toContain(part);
        if (files.length === 1 && files[0]?.sha256) expect(hint).toContain(files[0].sha256);
        const offered = forms.some((form) => form.files.every(({ url }) => url !== undefined));
        expect(hint.includes(`ml-doctor data fetch ${id}`)).toBe(offered);
      }
      await rm(folder, { recursive: true });
    },
  );

  it('says what is still missing where some of the files are there', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'ml-doctor-data-'));
    const { files, title } = catalogEntry('fashion-mnist').forms[0];
    await mkdir(join(folder, 'fashion-mnist'));
    for (const { name } of files.slice(1)) await writeFile(join(folder, name), '');
    const error = (await loadDataset('fashion-mnist', { dataDir: folder }).catch((e) => e)) as AuditError;
    expect(error.message).toContain(
      `3 of the 4 files of '${title}' are in ${folder}; missing: ${files[0]?.name}`,
    );
    for (const { name } of files.slice(1)) expect(error.message).not.toContain(name);
    await rm(folder, { recursive: true });
  });
});

describe('a data folder of the user', () => {
  let folder: string;
  const { name } = catalogEntry('fashion-mnist-10k').forms[0].files[1]!;
  const load = () => loadDataset('fashion-mnist-10k', { dataDir: folder });
  const put = async (change: (published: Buffer) => Uint8Array) => {
    await mkdir(join(folder, 'fashion-mnist'), { recursive: true });
    await writeFile(join(folder, name), change(await readFile(join(bundledDataFolder, name))));
  };
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ml-doctor-data-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('may hold none of the files, or the published ones', async () => {
    const bundled = await loadDataset('fashion-mnist-10k');
    expect((await load()).contentHash).toBe(bundled.contentHash);
    await put((published) => published);
    expect((await load()).contentHash).toBe(bundled.contentHash);
  });

  it.each<[string, string, (published: Buffer) => Uint8Array]>([
    ['a file cut short', 'MLD_DATA_TRUNCATED', (published) => published.subarray(0, 3000)],
    ['a web page', 'MLD_DATA_MAGIC', () => Buffer.from('<!doctype html>')],
    ['other labels of the right shape', 'MLD_DATA_CHECKSUM', () => relabelled()],
    ['an empty file', 'MLD_DATA_TRUNCATED', () => Buffer.alloc(0)],
  ])('is refused for %s', async (_, code, change) => {
    await put(change);
    await expect(load()).rejects.toMatchObject({
      code,
      message: expect.stringContaining(join(folder, name)),
      hint: expect.stringMatching(/\w/),
    });
  });

  it('is refused when it is not there', async () => {
    await expect(loadDataset('adult', { dataDir: join(folder, 'absent') })).rejects.toMatchObject({
      code: 'MLD_DATA_UNREADABLE',
    });
  });
});

function relabelled(): Uint8Array {
  const plain = Buffer.alloc(8 + 10_000);
  plain.writeUInt32BE(0x0801, 0);
  plain.writeUInt32BE(10_000, 4);
  return gzipSync(plain);
}
