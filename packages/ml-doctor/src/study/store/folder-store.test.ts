import { spawn } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, onTestFinished, test } from 'vitest';
import { newRecord } from '../../../test/study/new-record.ts';
import { temporaryFolder, until } from '../../../test/study/temporary-folder.ts';
import { canonicalJson, sha256 } from '../canonical-json.ts';
import { FolderStore, openStore } from './folder-store.ts';

const newStore = () => openStore(join(temporaryFolder(), 'deep', 'store'));
const filesOf = (folder: string) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    // A file may go between listing and looking.
    .filter((path) => statSync(path, { throwIfNoEntry: false })?.isFile() ?? false);
const isTemporary = (path: string) => path.includes('.tmp-');

describe('what is written', () => {
  test('any result and any blobs come back as they were', async () => {
    const store = await newStore();
    const blobs = fc.dictionary(fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._-]{0,20}$/), fc.uint8Array(), {
      maxKeys: 4,
    });
    await fc.assert(
      fc.asyncProperty(fc.string(), fc.jsonValue(), blobs, async (name, json, blobs) => {
        const result = JSON.parse(JSON.stringify(json));
        const { key } = await store.commit({ ...newRecord(name), result, params: result }, blobs);
        const finished = await new FolderStore(store.folder).finished(key);
        expect(finished).toMatchObject({ key, kind: 'train', label: name });
        expect([finished.result, finished.params]).toEqual([result, result]);
        expect([...finished.blobNames].sort()).toEqual(Object.keys(blobs).sort());
        for (const [name, bytes] of Object.entries(blobs)) expect(await finished.blob(name)).toEqual(bytes);
      }),
      { numRuns: 40 },
    );
  });

  test('lies where the layout says, for the owner only, equal blobs once', async () => {
    const store = await newStore();
    const bytes = new Uint8Array([1, 2, 3]);
    await store.commit(newRecord('a'), { x: bytes, y: bytes });
    await store.commit(newRecord('b'), { z: bytes });
    const digest = sha256(bytes);
    const [a, b] = [sha256('a'), sha256('b')];
    expect(
      filesOf(store.folder)
        .map((path) => path.slice(store.folder.length + 1))
        .sort(),
    ).toEqual(
      [
        `blobs/${digest.slice(0, 2)}/${digest.slice(2)}`,
        `tasks/${a.slice(0, 2)}/${a}.json`,
        `tasks/${b.slice(0, 2)}/${b}.json`,
      ].sort(),
    );
    for (const path of filesOf(store.folder)) {
      expect(statSync(path).mode & 0o777).toBe(0o600);
      expect(statSync(dirname(path)).mode & 0o777).toBe(0o700);
    }
  });

  test('a task that was never finished has no record', async () => {
    const store = await newStore();
    expect(await store.record(sha256('nothing'))).toBeUndefined();
    await expect(store.finished(sha256('nothing'))).rejects.toMatchObject({ code: 'MLD_STORE_CORRUPT' });
  });

  test('a blob’s bytes belong to the reader', async () => {
    const store = await newStore();
    const { key } = await store.commit(newRecord('a'), { x: new Uint8Array([1, 2]) });
    const finished = await store.finished(key);
    (await finished.blob('x')).fill(9);
    expect(await finished.blob('x')).toEqual(new Uint8Array([1, 2]));
    await expect(finished.blob('y')).rejects.toThrow('internal: "a" has no blob "y"');
  });

  test.each(['', '../x', 'a/b', '__proto__', '.hidden'])('a blob cannot be called "%s"', async (name) => {
    const store = await newStore();
    const blobs = Object.fromEntries([[name, new Uint8Array(1)]]);
    await expect(store.commit(newRecord('a'), blobs)).rejects.toThrow('internal: a blob cannot be called');
    expect(filesOf(store.folder)).toEqual([]);
  });

  test('a result that JSON cannot hold leaves no record', async () => {
    const store = await newStore();
    await expect(store.commit({ ...newRecord('a'), result: { auc: Number.NaN } }, {})).rejects.toThrow(
      '$.result.auc',
    );
    expect(await store.record(sha256('a'))).toBeUndefined();
  });
});

describe('damage', () => {
  test('a flipped bit in a blob is found on reading, and committing again heals it', async () => {
    const store = await newStore();
    const bytes = new Uint8Array(1000).map((_, index) => index);
    const { key, blobs } = await store.commit(newRecord('a'), { model: bytes });
    const path = store.blobPath(blobs.model?.sha256 ?? '');
    const damaged = new Uint8Array(bytes);
    damaged[500]! ^= 1;
    writeFileSync(path, damaged);
    const finished = await store.finished(key);
    await expect(finished.blob('model')).rejects.toMatchObject({
      code: 'MLD_STORE_CORRUPT',
      message: expect.stringContaining(path),
      hint: expect.stringContaining(`Delete ${path}`),
    });
    await store.commit(newRecord('a'), { model: bytes });
    expect(await finished.blob('model')).toEqual(bytes);
  });

  test('a task whose blob is missing or cut short is not done', async () => {
    const store = await newStore();
    const { key, blobs } = await store.commit(newRecord('a'), { model: new Uint8Array(1000) });
    truncateSync(store.blobPath(blobs.model?.sha256 ?? ''), 999);
    expect(await store.record(key)).toBeUndefined();
  });

  test('a record cut short anywhere, or with any one character changed, is refused by name', async () => {
    const store = await newStore();
    const { key } = await store.commit(newRecord('a'), { model: new Uint8Array(10) });
    const path = store.recordPath(key);
    const text = readFileSync(path, 'utf8');
    const refused = { code: 'MLD_STORE_CORRUPT', message: expect.stringContaining(path) };
    await fc.assert(
      fc.asyncProperty(fc.nat(text.length - 2), async (at) => {
        writeFileSync(path, text.slice(0, at));
        await expect(store.record(key)).rejects.toMatchObject(refused);
        writeFileSync(path, `${text.slice(0, at)}${text[at] === '7' ? '8' : '7'}${text.slice(at + 1)}`);
        await expect(store.record(key)).rejects.toMatchObject(refused);
      }),
      { numRuns: 60 },
    );
    writeFileSync(path, text);
    expect(await store.record(key)).toBeDefined();
  });

  test('a record is a line of canonical JSON with a checksum of the rest', async () => {
    const store = await newStore();
    const blobs = { checksum: new Uint8Array(3), model: new Uint8Array(4) };
    const result = { checksum: sha256('other'), text: `,"checksum":"${sha256('x')}"` };
    const whole = await store.commit({ ...newRecord('a'), result }, blobs);
    const expected = canonicalJson({ ...whole, checksum: sha256(canonicalJson(whole)) });
    expect(readFileSync(store.recordPath(whole.key), 'utf8')).toBe(`${expected}\n`);
    expect(await store.record(whole.key)).toEqual(whole);
  });

  test('a record under another task’s name is refused', async () => {
    const store = await newStore();
    const { key } = await store.commit(newRecord('a'), {});
    const other = sha256('b');
    mkdirSync(dirname(store.recordPath(other)), { recursive: true });
    writeFileSync(store.recordPath(other), readFileSync(store.recordPath(key)));
    await expect(store.record(other)).rejects.toThrow(`belongs to task ${key}`);
  });
});

describe('a folder that cannot be written', () => {
  test('is one clear error', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'file'), '');
    const refused = {
      code: 'MLD_OUTPUT_UNWRITABLE',
      message: expect.stringMatching(/store: part of the path is a file$/),
    };
    await expect(openStore(join(folder, 'file', 'store'))).rejects.toMatchObject(refused);
    await expect(openStore(join(folder, 'file'))).rejects.toMatchObject({
      ...refused,
      message: expect.stringMatching(/file: it is a file$/),
    });
    await expect(openStore('/proc/ml-doctor')).rejects.toMatchObject({
      code: 'MLD_OUTPUT_UNWRITABLE',
      message: expect.not.stringMatching(/\bE[A-Z]{3,}\b/),
    });
  });

  test.skipIf(process.getuid?.() === 0)('also when only its permissions are in the way', async () => {
    const folder = temporaryFolder();
    chmodSync(folder, 0o500);
    await expect(openStore(join(folder, 'store'))).rejects.toMatchObject({ code: 'MLD_OUTPUT_UNWRITABLE' });
  });

  test('in the middle of a commit leaves neither record nor temporary file', async () => {
    const store = await newStore();
    // The folder for the record is a file.
    writeFileSync(join(store.folder, 'tasks', sha256('a').slice(0, 2)), '');
    await expect(store.commit(newRecord('a'), { x: new Uint8Array(5) })).rejects.toMatchObject({
      code: 'MLD_OUTPUT_UNWRITABLE',
    });
    expect(filesOf(store.folder)).toEqual([join(store.folder, 'tasks', sha256('a').slice(0, 2))]);
  });
});

describe('several processes', () => {
  test('two that write the same key leave one whole record', async () => {
    const store = await newStore();
    const writers = [writer(store, 'same', 30), writer(store, 'same', 30)];
    const done = Promise.all(writers.map((child) => new Promise((resolve) => child.once('exit', resolve))));
    const ended = done.then(() => true);
    let reads = 0;
    for (;;) {
      const record = await store.record(sha256('a'));
      if (record !== undefined) {
        const bytes = await (await store.finished(record.key)).blob('bytes');
        expect(bytes).toHaveLength(100_000);
        reads += 1;
      }
      if (await Promise.race([ended, new Promise<false>((resolve) => setTimeout(resolve, 5, false))])) break;
    }
    expect(await done).toEqual([0, 0]);
    expect(reads).toBeGreaterThan(0);
    expect((await store.record(sha256('a')))?.result).toBe(29);
    expect(filesOf(store.folder).filter(isTemporary)).toEqual([]);
  });

  test('one killed while writing leaves no record that lacks anything, and its leftovers go', async () => {
    const store = await newStore();
    const child = writer(store, 'big', 1000);
    const ended = new Promise((resolve) => child.once('exit', resolve));
    await until(() => existsSync(store.recordPath(sha256('task 0'))));
    await until(() => filesOf(join(store.folder, 'blobs')).some(isTemporary));
    child.kill('SIGKILL');
    await ended;

    const records = filesOf(join(store.folder, 'tasks')).filter((path) => path.endsWith('.json'));
    for (const path of records) {
      const finished = await store.finished(path.slice(-69, -5));
      expect(await finished.blob('bytes')).toHaveLength(16 << 20);
    }
    expect(await store.record(sha256(`task ${records.length}`))).toBeUndefined();

    // What a process of another machine is writing, as far as anybody can tell from here.
    const elsewhere = join(dirname(records[0]!), '.tmp-0123456789ab.1-left');
    writeFileSync(elsewhere, '');
    const leftovers = () => filesOf(store.folder).filter(isTemporary);
    expect(leftovers().length).toBeGreaterThan(1);
    await openStore(store.folder);
    expect(leftovers()).toEqual([elsewhere]);
    const twoDaysAgo = new Date(Date.now() - 48 * 60 * 60 * 1000);
    for (const path of filesOf(store.folder)) utimesSync(path, twoDaysAgo, twoDaysAgo);
    await openStore(store.folder);
    expect(leftovers()).toEqual([]);
    expect(filesOf(join(store.folder, 'tasks'))).toHaveLength(records.length);
  });
});

function writer(store: FolderStore, mode: string, count: number) {
  const script = fileURLToPath(new URL('../../../test/study/store-writer.ts', import.meta.url));
  const child = spawn(
    process.execPath,
    ['--import', 'tsx', '--conditions=source', script, store.folder, mode, String(count)],
    { stdio: ['ignore', 'inherit', 'inherit'] },
  );
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  return child;
}
