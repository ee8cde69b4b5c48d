/** The whole program as a user runs it: lists, and audits that end well, badly or too soon. */

import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../test/study/temporary-folder.ts';
import { attacks } from '../attacks/registry.ts';
import { catalog } from '../data/catalog/catalog.ts';
import { architectures } from '../models/architectures.ts';
import { reportSchema } from '../report/schema.ts';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const MAIN = here('main.ts');
const TINY = here('../../test/cli/tiny-demo-process.ts');
const WITHOUT_ONNXRUNTIME = new URL('../../test/cli/without-onnxruntime.mjs', import.meta.url).href;

function start(script: string, args: string[], flags: string[] = []) {
  const child = spawn(
    process.execPath,
    ['--import', 'tsx', ...flags, '--conditions=source', script, ...args],
    {
      env: { ...process.env, NO_COLOR: '1' },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  const seen = { stdout: '', stderr: '' };
  let awaited: { readonly pattern: RegExp; readonly signal: NodeJS.Signals } | undefined;
  for (const name of ['stdout', 'stderr'] as const)
    child[name].setEncoding('utf8').on('data', (text: string) => {
      seen[name] += text;
      if (awaited === undefined || !awaited.pattern.test(seen[name])) return;
      child.kill(awaited.signal);
      awaited = undefined;
    });
  const ended = new Promise<{ status: number | null; stdout: string; stderr: string }>((resolve) => {
    child.on('close', (status) => resolve({ status, ...seen }));
  });
  /** Sends the signal, once, when something is printed that matches. */
  const signalOn = (pattern: RegExp, signal: NodeJS.Signals) => {
    awaited = { pattern, signal };
    return ended;
  };
  return { ended, signalOn };
}

/** Everything below a folder, apart from the store. */
const filesIn = (folder: string) =>
  existsSync(folder) ? readdirSync(folder).filter((name) => name !== 'store') : [];

describe('ml-doctor list', () => {
  const facts = {
    attacks: Object.values(attacks).map(({ name, source }) => ({ name, source })),
    models: Object.values(architectures).map(({ name, source }) => ({ name, source })),
    datasets: Object.values(catalog).map(({ id, licence }) => ({ name: id, licence })),
  };

  it.each(Object.keys(facts) as (keyof typeof facts)[])('%s: names, facts and sources', async (topic) => {
    const { status, stdout, stderr } = await start(MAIN, ['list', topic, '--json']).ended;
    expect([status, stderr]).toEqual([0, '']);
    const entries = JSON.parse(stdout) as Record<string, string>[];
    expect(entries).toEqual(facts[topic].map((expected) => expect.objectContaining(expected)));
  });

  it('reads well in a terminal', async () => {
    const { status, stdout } = await start(MAIN, ['list', 'attacks']).ended;
    expect(status).toBe(0);
    for (const { name, source } of facts.attacks) {
      expect(stdout).toMatch(new RegExp(`^${name}$`, 'm'));
      expect(stdout).toContain(source);
    }
  });
});

describe('ml-doctor demo', () => {
  it('explains itself', async () => {
    const { status, stdout, stderr } = await start(MAIN, ['demo', '--help']).ended;
    expect([status, stderr]).toEqual([0, '']);
    for (const option of ['--quick', '--out', '--store', '--seed', '--workers', '--json'])
      expect(stdout).toContain(option);
  });

  it('refuses a folder with a file in its way, and leaves everything as it was', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'taken'), 'mine');
    const out = join(folder, 'taken');
    const { status, stdout, stderr } = await start(MAIN, ['demo', '--out', out]).ended;
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/^error\[MLD_OUTPUT_UNWRITABLE\]: .*taken.*\n {2}fix: .+\n$/);
    expect(readdirSync(folder)).toEqual(['taken']);
    expect(readFileSync(join(folder, 'taken'), 'utf8')).toBe('mine');
  });

  it('refuses a store that cannot be made, and leaves no output folder', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'taken'), '');
    const args = ['demo', '--out', join(folder, 'out'), '--store', join(folder, 'taken')];
    const { status, stderr } = await start(MAIN, args).ended;
    expect(status).toBe(2);
    expect(stderr).toMatch(
      /^error\[MLD_OUTPUT_UNWRITABLE\]: .*taken: it is a file\n {2}fix: .+\(--store\)\.\n$/,
    );
    expect(readdirSync(folder)).toEqual(['taken']);
  });

  it('says once that onnxruntime is missing, how to get it, and leaves nothing behind', async () => {
    const folder = temporaryFolder();
    const { status, stdout, stderr } = await start(
      MAIN,
      ['demo', '--out', join(folder, 'out')],
      ['--import', WITHOUT_ONNXRUNTIME],
    ).ended;
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/^error\[OG_RUNTIME_MISSING\]: .*onnxruntime-node.*\n {2}fix: .*npm install.*\n$/);
    expect(readdirSync(folder)).toEqual([]);
  });

  it.skipIf(process.platform === 'win32')('stops on Ctrl-C in a training, without a report', async () => {
    const out = join(temporaryFolder(), 'out');
    const { status, stdout, stderr } = await start(MAIN, [
      ...['demo', '--quick', '--json', '--workers', '1'],
      ...['--out', out],
    ]).signalOn(/"type":"progress"/, 'SIGINT');
    expect([status, stdout]).toEqual([130, '']);
    expect(stderr.trim().split('\n').at(-1)).toMatch(/"type":"error","code":"MLD_ABORTED"/);
    expect(filesIn(out)).toEqual([]);
    // The check of the split may come first; it needs no model.
    expect(stderr).not.toMatch(/"type":"finished".*"task":"train/);
    expect(readdirSync(join(out, 'store', 'tasks')).length).toBeLessThan(2);
  });

  it.skipIf(process.platform === 'win32')('continues after Ctrl-C where it was', async () => {
    const out = join(temporaryFolder(), 'out');
    const args = ['demo', '--json', '--out', out, '--workers', '1'];
    const stopped = await start(TINY, args).signalOn(/"type":"finished"/, 'SIGINT');
    expect(stopped.status).toBe(130);
    expect(filesIn(out)).toEqual([]);

    const plannedBy = (stderr: string) =>
      JSON.parse(/^.*"type":"planned".*$/m.exec(stderr)?.[0] ?? '{}') as { cached: number; toRun: number };
    const continued = await start(TINY, args).ended;
    expect(continued.status).toBe(0);
    expect(plannedBy(continued.stderr).cached).toBeGreaterThanOrEqual(1);
    expect(plannedBy(continued.stderr).toRun).toBeGreaterThanOrEqual(1);
    expect(filesIn(out).sort()).toEqual(['artifacts', 'report.html', 'report.json', 'run.json']);
    const report = readFileSync(join(out, 'report.json'), 'utf8');
    expect(continued.stdout).toBe(report);
    expect(reportSchema.safeParse(JSON.parse(report)).error).toBeUndefined();
  });
});
