/** Every bad input ends in its error code and exit status 2, soon, in little memory, and leaves nothing behind. */

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { BadCase } from './bad-case.ts';
import { CASES } from './cases.ts';
import { goodFiles } from './good-files.ts';
import { closedPort, type LyingServer, startLying } from './lying-server.ts';
import { changed, placeCase, snapshot } from './place-case.ts';
import { LIMITS, Runner } from './run-case.ts';

const runner = new Runner();
let root: string;
let server: LyingServer;
let closed: string;
const seen: { title: string; seconds: number; mebibytes: number }[] = [];

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'ml-doctor-bad-'));
  mkdirSync(join(root, 'good'));
  mkdirSync(join(root, 'tmp'));
  for (const [name, bytes] of Object.entries(goodFiles())) writeFileSync(join(root, 'good', name), bytes);
  server = await startLying();
  closed = await closedPort();
});
afterAll(() => {
  runner.close();
  server.close();
  rmSync(root, { recursive: true, force: true });
  if (process.env['SHOW_COSTS']) show();
});

const show = () => {
  const by = (what: 'seconds' | 'mebibytes') =>
    [...seen]
      .sort((a, b) => b[what] - a[what])
      .slice(0, 8)
      .map((one) => `${one[what].toFixed(2)}  ${one.title}`);
  process.stderr.write(
    `${[`${seen.length} cases`, 's', ...by('seconds'), 'MiB', ...by('mebibytes')].join('\n')}\n`,
  );
};

/** onnxruntime itself puts two files into the folder for temporary ones as soon as it is loaded. */
const OF_ONNXRUNTIME = /^tmp\/(?:\.ses|mat-debug-\d+\.log)$/;

const mayStay = (path: string, folder: string, { leaves = [] }: BadCase): boolean =>
  OF_ONNXRUNTIME.test(path) ||
  leaves.some((name) => path === join(folder, name)) ||
  (leaves.length > 0 && path.startsWith(join(folder, 'out/store/')) && !/\.tmp$/.test(path));

describe('a bad input', () => {
  it('is one of at least 150, each called differently', () => {
    expect(CASES.length).toBeGreaterThanOrEqual(150);
    const titles = CASES.map(({ title }) => title);
    expect(titles.filter((title, index) => titles.indexOf(title) !== index)).toEqual([]);
    for (const { code } of CASES) expect(code).toMatch(/^MLD_(?!TASK_FAILED|INTERNAL)/);
  });

  it.each(CASES.map((one, index) => [one.title, one, index] as const))('%s', async (_, one, index) => {
    const folder = join(root, String(index));
    placeCase(folder, one);
    const before = snapshot(root);
    const args = one.args.map((part) => part.replace('SERVER', server.url).replace('CLOSED', closed));
    const {
      status,
      stderr = '',
      seconds,
      cpuSeconds,
      mebibytes = 0,
      killed,
    } = await runner.run({
      ...{ cwd: folder, args },
      env: { TMPDIR: join(root, 'tmp'), ...one.env },
    });
    seen.push({ title: one.title, seconds, mebibytes });
    expect(killed).toBeUndefined();
    expect(stderr).toMatch(/error\[MLD_\w+\]: .*\S[\s\S]*\n {2}fix: \S/);
    expect(/error\[(\w+)\]/.exec(stderr)?.[1], stderr).toBe(one.code);
    expect(status).toBe(2);
    if (one.says) expect(stderr).toMatch(one.says);
    expect(cpuSeconds).toBeLessThan(LIMITS.seconds);
    expect(mebibytes).toBeLessThan(LIMITS.mebibytes);
    const fresh = changed(before, snapshot(root));
    expect(fresh.filter((path) => !mayStay(path, String(index), one))).toEqual([]);
    rmSync(folder, { recursive: true, force: true });
  });
});
