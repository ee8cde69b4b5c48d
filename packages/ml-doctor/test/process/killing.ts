/** Runs an audit that is killed at random moments until it gets through, and checks what every such run must hold. */

import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { stream } from 'onnx-grad';
import { expect } from 'vitest';
import { FolderStore } from '../../src/study/store/folder-store.ts';
import { temporaryFolder } from '../study/temporary-folder.ts';
import { childrenOf, runProgram, startProgram } from './program.ts';
import { TINY_AUDIT, writeConfig } from './tiny-config.ts';

/** What an undisturbed run of the tiny audit reports. */
export async function undisturbed(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'ml-doctor-'));
  try {
    const out = join(folder, 'out');
    const { status, stderr } = await runProgram(['audit', writeConfig(folder, TINY_AUDIT), '--out', out]);
    if (status !== 0) throw new Error(stderr);
    return readFileSync(join(out, 'report.json'), 'utf8');
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/**
 * Kills `kills` times, then lets the audit finish. Of a kill, the moment, what is killed (the program, or one of its
 * workers) and the number of workers are drawn from the seed.
 */
export async function killAndFinish(seed: number, kills: number, expected: string): Promise<void> {
  const folder = temporaryFolder();
  const config = writeConfig(folder, TINY_AUDIT);
  const [out, store] = [join(folder, 'out'), join(folder, 'store')];
  const command = ['audit', config, '--out', out, '--store', store, '--json', '--workers'];
  const draws = stream(seed, 'kills').uniform(new Float64Array(4 * kills + 1));
  for (let i = 0; i <= kills; i++) {
    const [when, what, start, width] = draws.subarray(4 * i, 4 * i + 4) as unknown as number[];
    const had = await recordsIn(store);
    const running = startProgram([...command, (width ?? 0) < 0.5 ? '1' : '2']);
    if (i < kills) await killSometime(running, { when: when!, what: what!, atOnce: start! < 0.2 });
    const { status, events, stderr } = await running.ended;
    const again = events.filter(({ type, key }) => type === 'started' && had.has(key ?? ''));
    expect(again, 'tasks with a record that were run again').toEqual([]);
    if (i === kills) expect([status, stderr.includes('"error"')], stderr).toEqual([0, false]);
  }
  expect(readFileSync(join(out, 'report.json'), 'utf8')).toBe(expected);

  const gc = await runProgram(['store', 'gc', '--store', store]);
  expect(gc.status, gc.stderr).toBe(0);
  const verified = await runProgram(['store', 'verify', '--store', store, '--json']);
  expect(verified.status, verified.stdout).toBe(0);
  await expectNoOrphans(store);
}

type Running = ReturnType<typeof startProgram>;

async function killSometime(running: Running, draw: { when: number; what: number; atOnce: boolean }) {
  // Starting takes longer than the tiny audit itself, so most kills wait for its tasks to begin.
  if (!draw.atOnce) await running.seen(/"type":"started"/);
  await sleep(draw.when * 2000);
  const workers = childrenOf(running.pid);
  const worker = workers[Math.floor(draw.what * workers.length)];
  // A worker that is killed is replaced; the run then ends by itself.
  if (draw.what < 0.3 && worker !== undefined) process.kill(worker, 'SIGKILL');
  else running.kill('SIGKILL');
}

/** Keys of the tasks that are done. */
async function recordsIn(folder: string): Promise<Set<string>> {
  const store = new FolderStore(folder);
  const keys = new Set<string>();
  for (const key of await store.keys()) if (await store.record(key).catch(() => undefined)) keys.add(key);
  return keys;
}

/** Every file below the store is a record, a blob that a record names, or nothing. */
async function expectNoOrphans(folder: string): Promise<void> {
  const store = new FolderStore(folder);
  const meant = new Set<string>();
  for (const key of await store.keys()) {
    meant.add(store.recordPath(key));
    const record = await store.record(key);
    for (const { sha256 } of Object.values(record?.blobs ?? {})) meant.add(store.blobPath(sha256));
  }
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  expect(files.filter((file) => !meant.has(file))).toEqual([]);
  expect([...meant].filter((file) => !existsSync(file))).toEqual([]);
}
