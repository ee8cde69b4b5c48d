/** `ml-doctor data` and `list datasets` over real folders, files and servers. */

import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { type Behaviour, send, serveFile } from '../../test/data/file-server.ts';
import { runHere } from '../../test/process/here.ts';
import { runProgram, startProgram } from '../../test/process/program.ts';
import { temporaryFolder } from '../../test/study/temporary-folder.ts';
import { bundledDataFolder } from '../data/bundled-folder.ts';
import { catalogEntry } from '../data/catalog-entry.ts';

const TEST_IMAGES = 'fashion-mnist/t10k-images-idx3-ubyte.gz';
const TEST_LABELS = 'fashion-mnist/t10k-labels-idx1-ubyte.gz';
const packed = (name: string) => readFileSync(join(bundledDataFolder, name));

function folderWith(...names: string[]): string {
  const folder = temporaryFolder();
  for (const name of names) {
    mkdirSync(join(folder, name, '..'), { recursive: true });
    copyFileSync(join(bundledDataFolder, name), join(folder, name));
  }
  return folder;
}

/** What the list says of each of them. */
async function listed(...flags: string[]) {
  const { status, stdout, stderr } = await runHere(['data', 'list', '--json', ...flags]);
  expect([status, stderr]).toEqual([0, '']);
  const entries = JSON.parse(stdout) as Record<string, string | number>[];
  return (name: string) => entries.find((entry) => entry.name === name);
}

describe('the list', () => {
  it('says what is bundled, found, partly there and not found', async () => {
    const folder = folderWith(TEST_IMAGES, TEST_LABELS);
    const of = await listed('--data-dir', folder);
    expect(of('adult')?.files).toBe('bundled');
    expect(of('fashion-mnist-10k')?.files).toBe(`found in ${folder} (IDX files, gzipped)`);
    expect(of('fashion-mnist')?.files).toBe('partly there: 2 of 4 files (IDX files, gzipped)');
    expect(of('retail-100')?.files).toBe(`not found: from ${catalogEntry('retail-100').source}`);
  });

  it('gives the facts to choose by', async () => {
    const of = await listed();
    expect(of('utkface')).toMatchObject({
      kind: 'pictures',
      records: 22_013,
      label: 'race',
      sensitive: 'gender',
      pixels: expect.stringMatching(/^32 a side, .*utkface@64$/),
      licence: 'non-commercial research only',
    });
    expect(of('adult')).toMatchObject({
      splits: expect.stringContaining('shokri-2017 10,000 + 10,000 + 20,000'),
    });
  });

  it('is the same by both of its names, in a process of its own, with a folder from the environment', async () => {
    const folder = folderWith(TEST_IMAGES, TEST_LABELS);
    process.env.ML_DOCTOR_DATA = folder;
    const { status, stdout, stderr } = await runProgram(['list', 'datasets']).finally(() => {
      delete process.env.ML_DOCTOR_DATA;
    });
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout).toBe((await runHere(['data', 'list', '--data-dir', folder])).stdout);
    expect(stdout).toContain('partly there: 2 of 4 files');
  });

  it('is refused for a folder that is not there', async () => {
    const { status, stdout, stderr } = await runHere(['data', 'list', '--data-dir', '/nowhere/at/all']);
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toContain('MLD_DATA_UNREADABLE');
  });
});

/** The package's own Adult files, as a mirror has them. */
const FORM = catalogEntry('adult').forms[0];
const mirror: Behaviour = (request, reply) => {
  const name = (request.url ?? '').replace('/mirror/', 'adult/');
  if (FORM.files.some((file) => file.name === name)) send(request, reply, packed(name), { etag: '"1"' });
  else reply.writeHead(404).end();
};
const fetchAdult = (url: string, folder: string, ...flags: string[]) => [
  ...['data', 'fetch', 'adult', '--form', FORM.title, '--from', `${url}/mirror`],
  ...['--data-dir', folder, ...flags],
];

describe('data fetch', () => {
  it('shows the licence, downloads, checks, and does it once only', async () => {
    const folder = join(temporaryFolder(), 'new');
    const { url, asked } = await serveFile(mirror);
    const { status, stdout, stderr } = await runProgram(fetchAdult(url, folder, '--yes'));
    expect(stderr).toMatch(/CC BY 4\.0[\s\S]*Kohavi[\s\S]*2 files[\s\S]*mirror\/adult\.data\.gz/);
    expect(status).toBe(0);
    expect(stdout.match(/as published/g)).toHaveLength(2);
    for (const { name } of FORM.files)
      expect(readFileSync(join(folder, name)).equals(packed(name))).toBe(true);
    expect((await runHere(['data', 'check', 'adult', '--data-dir', folder])).status).toBe(0);
    const again = await runHere(fetchAdult(url, folder));
    expect([again.status, again.stderr]).toEqual([0, '']);
    expect(again.stdout).toContain('nothing to download');
    expect(asked).toHaveLength(2);
  });

  it('asks for agreement, and downloads nothing without', async () => {
    const folder = join(temporaryFolder(), 'new');
    const { url, asked } = await serveFile(mirror);
    const { status, stdout, stderr } = await runHere(fetchAdult(url, folder));
    expect([status, stdout, asked, existsSync(folder)]).toEqual([2, '', [], false]);
    expect(stderr).toMatch(/CC BY 4\.0[\s\S]*error\[MLD_CONFIRM\][\s\S]*--yes/);
  });

  it('gives JSON: terms and progress on stderr, the result on stdout', async () => {
    const folder = temporaryFolder();
    const { url } = await serveFile(mirror);
    const { stdout, events } = await runHere(fetchAdult(url, folder, '--yes', '--json'));
    expect(events[0]).toMatchObject({ type: 'terms', licence: 'CC BY 4.0' });
    expect(JSON.parse(stdout)).toEqual({
      name: 'adult',
      form: FORM.title,
      there: [],
      files: FORM.files.map(({ name, sha256 }) => ({
        path: join(folder, name),
        bytes: packed(name).length,
        digest: sha256,
        verified: true,
      })),
    });
  });

  it('stopped by Ctrl-C, ends with 130 and goes on the next time', async () => {
    const folder = temporaryFolder();
    const [first] = FORM.files;
    const bytes = packed(first?.name as string);
    const { url, asked } = await serveFile((request, reply, before) => {
      if (before > 0) return mirror(request, reply, before);
      reply.writeHead(200, { 'content-length': bytes.length, etag: '"1"' }).write(bytes.subarray(0, 30_000));
    });
    const part = join(folder, `${first?.name}.part`);
    const program = startProgram(fetchAdult(url, folder, '--yes'));
    let over = false;
    void program.ended.then(() => {
      over = true;
    });
    while (!over && !(existsSync(part) && statSync(part).size === 30_000)) await sleep(20);
    program.kill('SIGINT');
    const { status, stdout, stderr } = await program.ended;
    expect([status, stdout]).toEqual([130, '']);
    expect(stderr).toContain('error[MLD_ABORTED]');
    expect((await runHere(fetchAdult(url, folder, '--yes'))).status).toBe(0);
    expect(asked[1]).toMatchObject({ range: 'bytes=30000-', ifRange: '"1"' });
    expect(readdirSync(join(folder, 'adult')).sort()).toEqual(
      FORM.files.map(({ name }) => name.slice(6)).sort(),
    );
  });

  it('downloads nothing of what is bundled', async () => {
    const { status, stdout } = await runHere(['data', 'fetch', 'adult', '--data-dir', temporaryFolder()]);
    expect(status).toBe(0);
    expect(stdout).toContain('nothing to download');
  });

  it('does not write over a file that is there and is another', async () => {
    const folder = folderWith(...FORM.files.map(({ name }) => name));
    const path = join(folder, FORM.files[0]?.name as string);
    writeFileSync(path, 'mine');
    const { url, asked } = await serveFile(mirror);
    const { status, stderr } = await runHere(fetchAdult(url, folder, '--yes'));
    expect([status, asked, readFileSync(path, 'utf8')]).toEqual([2, [], 'mine']);
    expect(stderr).toContain('MLD_DATA_CHECKSUM');
  });

  it('says where to get by hand what nobody offers', async () => {
    const folder = temporaryFolder();
    const { status, stderr } = await runHere(['data', 'fetch', 'retail-100', '--data-dir', folder]);
    const { forms, source } = catalogEntry('retail-100');
    expect(status).toBe(2);
    for (const part of ['MLD_DATA_FETCH', source, forms[0].files[0]?.name, folder, 'data check retail-100'])
      expect(stderr).toContain(part);
  });

  it.each<[string, string[], string]>([
    ['no folder', ['adult'], '--data-dir'],
    ['a form that is not there', ['adult', '--data-dir', '.', '--form', 'on vinyl'], FORM.title],
    ['an address that is none', ['retail-100', '--data-dir', '.', '--from', 'mirror'], '--from mirror'],
    ['an address of no web', ['retail-100', '--data-dir', '.', '--from', 'ftp://x/'], '--from ftp://x/'],
  ])('is refused for %s', async (_, args, said) => {
    const { status, stderr } = await runHere(['data', 'fetch', ...args]);
    expect(status).toBe(2);
    expect(stderr).toContain('error[MLD_USAGE]');
    expect(stderr).toContain(said);
  });
});

describe('data check', () => {
  it('counts what is in a data set, and draws a sheet of it', async () => {
    const out = join(temporaryFolder(), 'sheets');
    const { status, stdout } = await runProgram(['data', 'check', 'fashion-mnist-10k', '--out', out]);
    expect(status).toBe(0);
    expect(stdout).toMatch(
      /^fashion-mnist-10k: sound\n {2}files +2 files, with the digests expected\n {2}records +10,000 of 1 × 28 × 28\n/,
    );
    expect(stdout).toContain('1,000 records each');
    expect(stdout.replace(/\s+/g, ' ')).toContain('Ankle boot 1,000 (10 %)');
    const sheet = join(out, 'fashion-mnist-10k.png');
    expect(statSync(sheet).mode & 0o777).toBe(0o600);
    // Eight pictures across and ten classes down, 28 pixels each, two between them and around.
    const png = readFileSync(sheet);
    expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([8 * 30 + 2, 10 * 30 + 2]);
  });

  it('knows what the census office counted, and people who answered the same', async () => {
    const { stdout } = await runHere(['data', 'check', 'adult', '--json']);
    const [check] = JSON.parse(stdout);
    expect(check).toMatchObject({ sound: true, name: 'adult', records: 48_842, shape: [108] });
    expect(check.classes).toEqual([
      { name: '<=50K', count: 37_155 },
      { name: '>50K', count: 11_687 },
    ]);
    const attribute = (name: string) => check.attributes.find((one: { name: string }) => one.name === name);
    expect(attribute('sex').categories).toContainEqual({ name: 'Male', count: 32_650 });
    expect(attribute('age')).toMatchObject({ least: 17, most: 90 });
    expect(check).not.toHaveProperty('sheet');
    // 48,842 rows have 48,785 different first fourteen fields, counted by a set in Python.
    expect(check.duplicates.surplus).toBe(57);
  });

  it('names what is broken, checks the rest, and ends with 2', async () => {
    const folder = folderWith(TEST_IMAGES, TEST_LABELS);
    const bytes = packed(TEST_LABELS);
    bytes[5000] = bytes[5000]! ^ 1;
    writeFileSync(join(folder, TEST_LABELS), bytes);
    const all = ['fashion-mnist-10k', 'retail-100', 'adult'];
    const { status, stdout, stderr } = await runHere([
      'data',
      'check',
      ...all,
      '--data-dir',
      folder,
      '--json',
    ]);
    expect([status, stderr]).toEqual([2, '']);
    expect(JSON.parse(stdout)).toEqual([
      expect.objectContaining({
        name: 'fashion-mnist-10k',
        sound: false,
        code: 'MLD_DATA_CHECKSUM',
        message: expect.stringContaining(join(folder, TEST_LABELS)),
      }),
      expect.objectContaining({ name: 'retail-100', sound: false, code: 'MLD_DATA_UNREADABLE' }),
      expect.objectContaining({ name: 'adult', sound: true }),
    ]);
    const text = await runHere(['data', 'check', 'fashion-mnist-10k', '--data-dir', folder]);
    expect(text.stdout).toMatch(/^fashion-mnist-10k: broken\n {2}error +MLD_DATA_CHECKSUM/);
  });

  it('finds a broken file that is not read, as another form is whole', async () => {
    const folder = folderWith(TEST_IMAGES, TEST_LABELS, ...FORM.files.map(({ name }) => name));
    // The publisher's archive; a folder is none.
    mkdirSync(join(folder, catalogEntry('adult').forms[1]?.files[0]?.name as string));
    expect((await runHere(['data', 'check', 'adult', '--data-dir', folder])).status).toBe(2);
  });

  it('refuses a name that is none, and pixels of what is no picture', async () => {
    expect((await runHere(['data', 'check', 'adlut'])).stderr).toMatch(/MLD_DATA_UNKNOWN[\s\S]*'adult'/);
    const { status, stdout } = await runHere(['data', 'check', 'adult@64', '--json']);
    expect([status, JSON.parse(stdout)[0].code]).toEqual([2, 'MLD_DATA_UNKNOWN']);
  });
});
