/** `ml-doctor store` on real stores: what it prints, what it deletes, and how it ends. */

import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { beforeEach, describe, expect, it } from 'vitest';
import { contentsOf, flip, plant, temporaryName } from '../../test/store/crashes.ts';
import { newRecord } from '../../test/study/new-record.ts';
import { temporaryFolder } from '../../test/study/temporary-folder.ts';
import { AuditError } from '../errors.ts';
import { fileSize } from '../files/file-size.ts';
import { sha256 } from '../study/canonical-json.ts';
import { type FolderStore, openStore } from '../study/store/folder-store.ts';
import type { CommandContext } from './context.ts';
import { presentError } from './errors.ts';
import { addStore, type PlannedKeys } from './store.ts';

let store: FolderStore;

beforeEach(async () => {
  store = await openStore(join(temporaryFolder(), 'store'));
  await store.commit(newRecord('a'), { model: new Uint8Array(3000), split: new Uint8Array(10).fill(1) });
  await store.commit({ ...newRecord('b'), kind: 'attack' }, { split: new Uint8Array(10).fill(1) });
});

const plan: PlannedKeys = async (path) => {
  if (path === 'bad.yaml') throw new AuditError('MLD_CONFIG', 'bad.yaml:1:1: no', 'Correct it.');
  return new Set(path.split('+').map((name) => sha256(name)));
};

async function run(args: readonly string[], options: { signal?: AbortSignal; tty?: boolean } = {}) {
  const written = { stdout: '', stderr: '' };
  const sink = (name: keyof typeof written) => ({
    write(text: string) {
      written[name] += text;
    },
    isTTY: options.tty === true,
  });
  const io = { stdout: sink('stdout'), stderr: sink('stderr'), env: { NO_COLOR: '1' } };
  const signal = options.signal ?? new AbortController().signal;
  const context: CommandContext = { io, signal, exitStatus: 0 };
  const program = new Command('ml-doctor').exitOverride().configureOutput({
    writeOut: (text) => io.stdout.write(text),
    writeErr: (text) => io.stderr.write(text),
    outputError: () => {},
  });
  addStore(program, context, plan);
  const all = ['store', ...args, ...(args.includes('--store') ? [] : ['--store', store.folder])];
  try {
    await program.parseAsync(all, { from: 'user' });
    return { status: context.exitStatus, ...written };
  } catch (error) {
    return { status: presentError(error, io, { json: args.includes('--json'), signal }), ...written };
  }
}

const blobPath = (bytes: Uint8Array) => store.blobPath(sha256(bytes));
const model = new Uint8Array(3000);

describe('ml-doctor store verify', () => {
  it('says that all is well', async () => {
    expect(await run(['verify'])).toEqual({
      status: 0,
      stdout: `${store.folder}: 2 tasks and 2 blobs (2.9 KiB) are as they were written.\n`,
      stderr: '',
    });
  });

  it('lists damage, ends with 1, and changes nothing', async () => {
    flip(blobPath(model), 7);
    flip(store.recordPath(sha256('b')), 20);
    plant(store.blobPath(sha256('orphan')), 'orphan');
    plant(join(store.folder, temporaryName('alive', 1)), 'half');
    const before = contentsOf(store.folder);
    const { status, stdout, stderr } = await run(['verify']);
    expect([status, stderr]).toEqual([1, '']);
    expect(
      stdout,
    ).toBe(`${store.folder}: 1 damaged record, 1 damaged or missing blob; 1 task and 2 blobs (16 bytes) are as they were written.
  ${store.recordPath(sha256('b'))} does not match its checksum
  ${blobPath(model)} does not match its name; needed by "a"
ml-doctor store verify --repair deletes them, and the next run computes anew what it needs.
No damage: 1 blob (6 bytes) of no task, 1 half-written file (4 bytes). ml-doctor store gc tidies up.
`);
    expect(contentsOf(store.folder)).toEqual(before);
  });

  it('repairs when asked to, and then ends with 0', async () => {
    flip(blobPath(model), 7);
    const repaired = await run(['verify', '--repair']);
    expect(repaired.status).toBe(0);
    expect(repaired.stdout).toMatch(
      /\nDeleted 1 record \(\d+ bytes\) and 1 blob \(2\.9 KiB\): the next run computes anew what it needs of them\.\n.*gc.*\n$/,
    );
    expect(existsSync(blobPath(model))).toBe(false);
    expect((await run(['verify'])).status).toBe(0);
    expect(await store.keys()).toEqual(new Set([sha256('b')]));
  });

  it('names at most five of the tasks that need a blob', async () => {
    for (let task = 0; task < 6; task += 1) await store.commit(newRecord(`task ${task}`), { model });
    rmSync(blobPath(model));
    const { stdout } = await run(['verify']);
    expect(stdout).toMatch(/ is missing; needed by ("[^"]+", ){4}"[^"]+" and 2 more\n/);
  });

  it('gives the same as JSON', async () => {
    rmSync(blobPath(model));
    const { status, stdout } = await run(['verify', '--json']);
    expect(status).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      store: store.folder,
      sound: false,
      records: 2,
      blobs: { files: 1, bytes: 10 },
      damagedRecords: [],
      damagedBlobs: [{ sha256: sha256(model), why: 'is missing', neededBy: [{ label: 'a' }] }],
    });
    const repaired = await run(['verify', '--repair', '--json']);
    expect(JSON.parse(repaired.stdout)).toMatchObject({ repaired: { records: { files: 1 } } });
  });

  it('shows on a terminal how far it is, and wipes that away', async () => {
    const { stderr } = await run(['verify'], { tty: true });
    expect(stderr).toContain('checked ');
    expect(stderr.endsWith('\r\u001b[2K')).toBe(true);
  });

  it('stops on Ctrl-C', async () => {
    const abort = new AbortController();
    abort.abort('SIGINT');
    expect(await run(['verify'], { signal: abort.signal })).toMatchObject({ status: 130, stdout: '' });
  });
});

describe('ml-doctor store gc', () => {
  beforeEach(() => {
    plant(store.blobPath(sha256('orphan')), 'orphan');
    plant(join(store.folder, 'blobs', 'ab', temporaryName('dead', 1)), 'half');
  });

  it('says what would go, and then what went', async () => {
    const before = contentsOf(store.folder);
    const list = '  1 half-written file (4 bytes)\n  1 blob (6 bytes)\n';
    expect(await run(['gc', '--dry-run'])).toEqual({
      status: 0,
      stdout: `${store.folder}: would delete\n${list}`,
      stderr: '',
    });
    expect(contentsOf(store.folder)).toEqual(before);
    expect((await run(['gc'])).stdout).toBe(`${store.folder}: deleted\n${list}`);
    expect((await run(['gc'])).stdout).toBe(`${store.folder}: nothing to delete.\n`);
    expect(contentsOf(store.folder).size).toBe(before.size - 2);
  });

  it('keeps what the named configurations need', async () => {
    const { stdout } = await run(['gc', '--json', '--keep', 'b+c', 'd']);
    expect(JSON.parse(stdout)).toMatchObject({
      store: store.folder,
      dryRun: false,
      users: [],
      records: { files: 1 },
      blobs: { files: 2, bytes: 3006 },
    });
    expect(await store.keys()).toEqual(new Set([sha256('b')]));
    await store.commit(newRecord('a'), {});
    await run(['gc', '--keep', 'a', 'b']);
    expect((await store.keys()).size).toBe(2);
  });

  it('deletes nothing when a configuration is wrong', async () => {
    const before = contentsOf(store.folder);
    const { status, stderr } = await run(['gc', '--keep', 'a', 'bad.yaml']);
    expect(status).toBe(2);
    expect(stderr).toContain('error[MLD_CONFIG]');
    expect(contentsOf(store.folder)).toEqual(before);
  });

  it('holds back while others are at work, and says so', async () => {
    const session = await store.startSession();
    const { status, stdout } = await run(['gc']);
    expect(status).toBe(0);
    expect(stdout).toMatch(/: deleted\n {2}1 half-written file \(4 bytes\)\nAs process \d+ on .+ is at work/);
    const kept = await run(['gc', '--keep', 'a']);
    expect(kept.status).toBe(2);
    expect(kept.stderr).toMatch(/^error\[MLD_STORE_BUSY\]: .+\n {2}fix: .+\n$/);
    await session.close();
    expect(existsSync(store.blobPath(sha256('orphan')))).toBe(true);
  });
});

describe('ml-doctor store size', () => {
  it('gives a table', async () => {
    plant(store.blobPath(sha256('orphan')), 'orphan');
    const lines = (await run(['size'])).stdout.split('\n');
    expect(lines.map((line) => line.trim().split(/ {2,}/))).toEqual([
      [store.folder],
      ['train', '1 task', expect.stringMatching(/^3\.\d KiB$/)],
      ['attack', '1 task', expect.stringMatching(/^\d{3} bytes$/)],
      ['blobs of no task', '1 file', '6 bytes'],
      ['total', '5 files', expect.stringMatching(/^\d\.\d KiB$/)],
      [''],
    ]);
    expect(new Set(lines.slice(1, -1).map((line) => line.length)).size).toBe(1);
  });

  it('gives JSON', async () => {
    const { status, stdout } = await run(['size', '--json']);
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ store: store.folder, total: { files: 4 } });
  });
});

describe('a folder that is no store', () => {
  it.each(['verify', 'gc', 'size'])('is refused by %s, and left alone', async (name) => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'tasks'));
    writeFileSync(join(folder, '.tmp-1-mine'), '');
    for (const [path, message] of [
      [folder, /is not a store: it has no folder "blobs"/],
      [join(folder, 'none'), /there is no store at/],
    ] as const) {
      const { status, stdout, stderr } = await run([name, '--store', path]);
      expect([status, stdout]).toEqual([2, '']);
      expect(stderr).toMatch(message);
    }
    expect(readdirSync(folder).sort()).toEqual(['.tmp-1-mine', 'tasks']);
  });
});

it('sizes are printed with two digits at least', () => {
  for (const [bytes, text] of [
    [0, '0 bytes'],
    [1, '1 byte'],
    [1023, '1,023 bytes'],
    [1024, '1.0 KiB'],
    [10 * 1024 - 60, '9.9 KiB'],
    [10 * 1024 - 50, '10 KiB'],
    [1023.4 * 1024, '1023 KiB'],
    [1023.6 * 1024, '1.0 MiB'],
    [1.26 * 1024 ** 3, '1.3 GiB'],
    [5000 * 1024 ** 4, '5000 TiB'],
  ] as const)
    expect(fileSize(bytes)).toBe(text);
});
