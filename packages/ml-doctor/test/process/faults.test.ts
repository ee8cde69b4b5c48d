/** What happens to an audit when tasks, the disk or a neighbour misbehave: real workers, real file systems. */

import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Report } from '../../src/report/schema.ts';
import { temporaryFolder } from '../study/temporary-folder.ts';
import { runHere } from './here.ts';
import { runProgram, startProgram } from './program.ts';
import { TINY_AUDIT, TINY_STUDY, writeConfig } from './tiny-config.ts';

function setUp(text = TINY_AUDIT) {
  const folder = temporaryFolder();
  const out = join(folder, 'out');
  const store = join(folder, 'store');
  const config = writeConfig(folder, text);
  const args = ['audit', config, '--out', out, '--store', store, '--json', '--workers', '1'];
  const report = () => JSON.parse(readFileSync(join(out, 'report.json'), 'utf8')) as Report;
  return { folder, out, store, config, args, report };
}

const ran = (events: readonly { type: string }[]) => events.filter(({ type }) => type === 'finished').length;

/** Every file below a folder. */
const filesIn = (folder: string) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));

describe('a task that always fails', () => {
  // The first step leaves weights whose loss is no number.
  const failing = TINY_AUDIT.replace('{ epochs: 2 }', '{ epochs: 2, learningRate: 1.0e+30 }');

  it('leaves a hole with its reason; the rest finishes, and the exit status is 3', async () => {
    const { args, report, out } = setUp(failing);
    const { status } = await runHere(args);
    expect(status).toBe(3);
    expect(report().results.map(({ attack }) => attack)).toEqual(['membership/loss-threshold']);
    expect(report().holes).toEqual([
      {
        task: 'attack membership/shadow-classifier',
        code: 'OG_DIVERGED',
        message: expect.any(String),
        hint: expect.any(String),
        blocked: ['evaluate membership/shadow-classifier'],
      },
    ]);
    expect(readFileSync(join(out, 'report.html'), 'utf8')).toContain('OG_DIVERGED');
  });

  it('in a study leaves the other targets whole', async () => {
    const { folder, out, store } = setUp();
    const config = writeConfig(
      folder,
      // Weight decay so strong that the first steps overshoot, in the defended target alone.
      TINY_STUDY.replace('lambda: 0.01', 'lambda: 1.0e+30'),
      'study.yaml',
    );
    const { status, stderr } = await runHere([
      ...['study', config, '--out', out, '--store', store, '--workers', '1'],
    ]);
    expect(status, stderr).toBe(3);
    const study = JSON.parse(readFileSync(join(out, 'study.json'), 'utf8'));
    expect(study.audits.map(({ results }: { results: unknown[] }) => results.length)).toEqual([2, 2, 0]);
    expect(study.holes.length).toBeGreaterThan(0);
  });
});

/** A file system of its own, as small as the test wants; undefined where this user may not mount one. */
function smallDisk(megabytes: string): string | undefined {
  const folder = temporaryFolder();
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}`, 'tmpfs', folder], { stdio: 'ignore' });
  } catch {
    return undefined;
  }
  onTestFinished(() => void execFileSync('umount', ['-l', folder], { stdio: 'ignore' }));
  return folder;
}

describe('a disk', () => {
  it('that fills up stops the audit with one error; with more room it goes on and ends the same', async (context) => {
    const disk = smallDisk('1m');
    if (disk === undefined) return context.skip('this user may not mount a file system');
    const usual = setUp();
    expect((await runHere(usual.args)).status).toBe(0);
    const { out, config } = setUp();
    const store = join(disk, 'store');
    const args = ['audit', config, '--out', out, '--store', store, '--json', '--workers', '1'];
    const full = await runHere(args);
    expect(full.status).toBe(2);
    const errors = full.events.filter(({ type }) => type === 'error');
    expect(errors).toMatchObject([{ code: 'MLD_OUTPUT_UNWRITABLE' }]);
    expect(existsSync(join(out, 'report.json'))).toBe(false);

    execFileSync('mount', ['-o', 'remount,size=64m', disk], { stdio: 'ignore' });
    const after = await runHere(args);
    expect(after.status, after.stderr).toBe(0);
    expect(ran(full.events) + ran(after.events)).toBe(9);
    expect(readFileSync(join(out, 'report.json'))).toEqual(readFileSync(join(usual.out, 'report.json')));
  });

  it('that is read-only serves what it holds, and refuses what would have to be kept', async (context) => {
    const disk = smallDisk('64m');
    if (disk === undefined) return context.skip('this user may not mount a file system');
    const { out, config } = setUp();
    const args = ['audit', config, '--store', join(disk, 'store'), '--json', '--workers', '1', '--out'];
    expect((await runHere([...args, out])).status).toBe(0);
    execFileSync('mount', ['-o', 'remount,ro', disk], { stdio: 'ignore' });

    const again = await runHere([...args, join(out, 'again')]);
    expect([again.status, ran(again.events)]).toEqual([0, 0]);
    expect(readFileSync(join(out, 'again/report.json'))).toEqual(readFileSync(join(out, 'report.json')));
    const plan = await runHere(['plan', config, '--store', join(disk, 'store')]);
    expect([plan.status, plan.stdout.includes('Nothing to run')]).toEqual([0, true]);

    const more = await runHere([...args, join(out, 'more'), '--seed', '5']);
    expect(more.status).toBe(2);
    expect(more.stderr).toContain('MLD_OUTPUT_UNWRITABLE');
    expect(existsSync(join(out, 'more'))).toBe(false);
  });
});

describe('a store', () => {
  it('with a flipped byte in a blob never gives a wrong figure: the fault is named, repair mends it', async () => {
    const { args, store, report } = setUp();
    expect((await runHere(args)).status).toBe(0);
    const before = report();
    const blobs = filesIn(join(store, 'blobs'));
    for (const path of blobs) {
      const bytes = readFileSync(path);
      bytes[bytes.length >> 1]! ^= 1;
      chmodSync(path, 0o600);
      writeFileSync(path, bytes);
    }
    const verified = await runHere(['store', 'verify', '--store', store]);
    expect(verified.status).toBe(1);
    // Another seed of the attack would read the damaged outputs; a new attack does.
    const other = await runHere([...args, '--attacks', 'membership/shadow-classifier']);
    expect(other.status).toBe(3);
    expect(report().results).toEqual([]);
    expect(report().holes[0]).toMatchObject({ code: 'MLD_STORE_CORRUPT' });

    expect((await runHere(['store', 'verify', '--repair', '--store', store])).status).toBe(0);
    expect((await runHere(['store', 'verify', '--store', store])).status).toBe(0);
    expect((await runHere(args)).status).toBe(0);
    expect(report()).toEqual(before);
  });

  it('with truncated records computes those again', async () => {
    const { args, store, report } = setUp();
    expect((await runHere(args)).status).toBe(0);
    const before = report();
    for (const path of filesIn(join(store, 'tasks'))) truncateSync(path, 50);
    const again = await runHere(args);
    expect([again.status, ran(again.events)]).toEqual([0, 9]);
    expect(report()).toEqual(before);
  });

  it('shared by two audits at once serves both', async () => {
    const one = setUp();
    const two = join(one.folder, 'two');
    mkdirSync(two);
    const runs = await Promise.all([
      runProgram(one.args),
      runProgram(['audit', one.config, '--out', two, '--store', one.store, '--json', '--workers', '2']),
    ]);
    expect(runs.map(({ status }) => status)).toEqual([0, 0]);
    expect(readFileSync(join(two, 'report.json'))).toEqual(readFileSync(join(one.out, 'report.json')));
    expect((await runProgram(['store', 'verify', '--store', one.store])).status).toBe(0);
  });
});

describe('Ctrl-C', () => {
  const long = TINY_AUDIT.replace('epochs: 3', 'epochs: 100000');

  it('stops a long training, says how to go on, and leaves no process behind', async () => {
    const { args } = setUp(long);
    const running = startProgram(args);
    await running.seen(/"type":"progress"/);
    running.kill('SIGINT');
    const { status, events } = await running.ended;
    expect(status).toBe(130);
    expect(events.at(-1)).toMatchObject({ type: 'error', code: 'MLD_ABORTED' });
  });

  it('twice ends it at once', async () => {
    const { args } = setUp(long);
    const running = startProgram(args);
    await running.seen(/"type":"progress"/);
    running.kill('SIGINT');
    running.kill('SIGINT');
    expect((await running.ended).status).toBe(130);
  });
});
