/** Who is at work on a store is told from real processes and files of real ages; those who delete go one at a time. */

import { spawn } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { temporaryFolder, until } from '../../../test/study/temporary-folder.ts';
import { machineId } from '../../files/machine.ts';
import { storeUsers } from './markers.ts';
import { startSession, startTidying } from './sessions.ts';

const MINUTE_MS = 60_000;
const markersOf = (folder: string) =>
  existsSync(join(folder, 'sessions')) ? readdirSync(join(folder, 'sessions')) : [];

function age(path: string, minutes: number): void {
  const time = new Date(Date.now() - minutes * MINUTE_MS);
  utimesSync(path, time, time);
}

let planted = 0;
/** A marker as another process writes it. */
function plantMarker(folder: string, marker: { machine: string; pid: number; minutes: number }): string {
  planted += 1;
  const uuid = `00000000-0000-4000-8000-${String(planted).padStart(12, '0')}`;
  const path = join(folder, 'sessions', `run.${marker.machine}.${marker.pid}.${uuid}.json`);
  mkdirSync(join(folder, 'sessions'), { recursive: true });
  writeFileSync(path, '');
  age(path, marker.minutes);
  return path;
}

/** A process that holds a session until it is killed. */
async function holder(folder: string) {
  const script = fileURLToPath(new URL('../../../test/store/session-holder.ts', import.meta.url));
  const child = spawn(process.execPath, ['--import', 'tsx', '--conditions=source', script, folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  await new Promise((resolve) => child.stdout.once('data', resolve));
  return {
    pid: child.pid!,
    async kill() {
      child.kill('SIGKILL');
      await new Promise((resolve) => child.once('exit', resolve));
    },
  };
}

describe('who is at work', () => {
  test('one that has announced itself, until it closes', async () => {
    const folder = temporaryFolder();
    const session = await startSession(folder);
    expect(await storeUsers(folder)).toEqual([
      { purpose: 'run', pid: process.pid, host: hostname(), startedAt: expect.stringMatching(/^20.+Z$/) },
    ]);
    expect(statSync(join(folder, 'sessions', markersOf(folder)[0]!)).mode & 0o777).toBe(0o600);
    await session.close();
    await session.close();
    expect(await storeUsers(folder)).toEqual([]);
    expect(markersOf(folder)).toEqual([]);
  });

  test('another process, until it is killed; the next who deletes removes its marker', async () => {
    const folder = temporaryFolder();
    const { pid, kill } = await holder(folder);
    expect(await storeUsers(folder)).toMatchObject([{ purpose: 'run', pid }]);
    await kill();
    expect(await storeUsers(folder)).toEqual([]);
    expect(markersOf(folder)).toHaveLength(1);
    const tidying = await startTidying(folder);
    expect(tidying.users).toEqual([]);
    await tidying.close();
    expect(markersOf(folder)).toEqual([]);
  });

  test.each([
    ['here, alive, and heard of lately', machineId(), process.pid, 9, true],
    ['here, alive, but silent: another process with a used id', machineId(), process.pid, 11, false],
    ['elsewhere, heard of lately', 'ffffffffffff', 1, 9, true],
    ['elsewhere, silent', 'ffffffffffff', 1, 11, false],
  ])('%s', async (_, machine, pid, minutes, expected) => {
    const folder = temporaryFolder();
    plantMarker(folder, { machine, pid, minutes });
    expect(await storeUsers(folder)).toHaveLength(expected ? 1 : 0);
    const tidying = await startTidying(folder);
    expect(tidying.users).toHaveLength(expected ? 1 : 0);
    await tidying.close();
  });

  test('is judged by the clock of the file system, not by that of this machine', async () => {
    const folder = temporaryFolder();
    plantMarker(folder, { machine: 'ffffffffffff', pid: 1, minutes: 1 });
    plantMarker(folder, { machine: 'ffffffffffff', pid: 2, minutes: 15 });
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 60 * MINUTE_MS });
    onTestFinished(() => {
      vi.useRealTimers();
    });
    const tidying = await startTidying(folder);
    expect(tidying.users).toMatchObject([{ pid: 1 }]);
    await tidying.close();
  });

  test('what is no marker is nobody, and stays', async () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'sessions'));
    writeFileSync(join(folder, 'sessions', 'notes.json'), '{}');
    age(join(folder, 'sessions', 'notes.json'), 10_000);
    const tidying = await startTidying(folder);
    expect(tidying.users).toEqual([]);
    await tidying.close();
    expect(markersOf(folder)).toEqual(['notes.json']);
  });

  test('one that was silent is not forgotten for good: it writes its marker anew', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    onTestFinished(() => {
      vi.useRealTimers();
    });
    const folder = temporaryFolder();
    const session = await startSession(folder);
    const path = join(folder, 'sessions', markersOf(folder)[0]!);
    age(path, 60);
    expect(await storeUsers(folder)).toEqual([]);
    vi.advanceTimersByTime(30_000);
    await until(() => Date.now() - statSync(path).mtimeMs < MINUTE_MS);
    await until(() => readFileSync(path, 'utf8').includes(String(process.pid)));
    expect(await storeUsers(folder)).toHaveLength(1);
    await session.close();
    vi.advanceTimersByTime(120_000);
    await sleep(50);
    expect(markersOf(folder)).toEqual([]);
  });

  test('markers of other machines go when a day old', async () => {
    const folder = temporaryFolder();
    const young = plantMarker(folder, { machine: 'ffffffffffff', pid: 1, minutes: 23 * 60 });
    const old = plantMarker(folder, { machine: 'ffffffffffff', pid: 2, minutes: 25 * 60 });
    await (await startSession(folder)).close();
    expect([existsSync(young), existsSync(old)]).toEqual([true, false]);
  });
});

describe('those who delete', () => {
  test('see who had come before them, and one who comes later waits', async () => {
    const folder = temporaryFolder();
    const first = await startSession(folder);
    const tidying = await startTidying(folder);
    expect(tidying.users).toMatchObject([{ purpose: 'run', pid: process.pid }]);
    await first.close();

    let begun = false;
    const second = startSession(folder).then((session) => {
      begun = true;
      return session;
    });
    await until(() => markersOf(folder).length === 2);
    await sleep(600);
    expect(begun).toBe(false);
    await tidying.close();
    await (await second).close();
    expect(markersOf(folder)).toEqual([]);
  });

  test('hold up nobody for ever, and the refusal names them', async () => {
    const folder = temporaryFolder();
    const tidying = await startTidying(folder);
    const refused = {
      code: 'MLD_STORE_BUSY',
      message: expect.stringMatching(`process ${process.pid} on ${hostname()} has been at work on the store`),
    };
    await expect(startSession(folder, { patienceMs: 50 })).rejects.toMatchObject(refused);
    await expect(startTidying(folder, { patienceMs: 50 })).rejects.toMatchObject(refused);
    expect(markersOf(folder)).toHaveLength(1);
    await tidying.close();
  });

  test('are not waited for after an abort', async () => {
    const folder = temporaryFolder();
    const tidying = await startTidying(folder);
    const abort = new AbortController();
    const waiting = [startSession, startTidying].map((start) => start(folder, { signal: abort.signal }));
    const ended = Promise.allSettled(waiting);
    await until(() => markersOf(folder).length > 1);
    abort.abort('enough');
    expect((await ended).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    await tidying.close();
    expect(markersOf(folder)).toEqual([]);
  });

  test('go one at a time, however many come at once', async () => {
    const folder = temporaryFolder();
    let inside = 0;
    let done = 0;
    const tidy = async () => {
      const tidying = await startTidying(folder);
      inside += 1;
      expect(inside).toBe(1);
      await sleep(5);
      inside -= 1;
      done += 1;
      await tidying.close();
    };
    await Promise.all(Array.from({ length: 5 }, tidy));
    expect(done).toBe(5);
  });

  test('are not held up by one that was killed', async () => {
    const folder = temporaryFolder();
    const tidying = await startTidying(folder);
    const [name] = markersOf(folder);
    await tidying.close();
    // The same marker, of a process that never was.
    writeFileSync(join(folder, 'sessions', name!.replace(`.${process.pid}.`, '.999999999.')), '');
    await (await startSession(folder, { patienceMs: 0 })).close();
    await (await startTidying(folder, { patienceMs: 0 })).close();
    expect(markersOf(folder)).toEqual([]);
  });
});
