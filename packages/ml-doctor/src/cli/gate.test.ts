/** The gate as a command: exit statuses, files and messages. */

import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { readSarif } from '../../test/gate/sarif-rules.ts';
import { readJunit } from '../../test/gate/xml-reader.ts';
import { type Draft, sampleReport, sampleRun } from '../../test/report/sample-report.ts';
import { temporaryFolder } from '../../test/study/temporary-folder.ts';
import { reportToJson } from '../report/canonical.ts';
import { runToJson } from '../report/run-record.ts';
import type { CommandContext } from './context.ts';
import { presentError } from './errors.ts';
import { addGate } from './gate.ts';
import { addInit } from './init.ts';

const SAMPLE = sampleReport();

function folderWith(change: (report: Draft) => void = () => {}): string {
  const folder = temporaryFolder();
  const report = structuredClone(SAMPLE);
  change(report);
  writeFileSync(join(folder, 'report.json'), reportToJson(report));
  writeFileSync(join(folder, 'run.json'), runToJson(sampleRun()));
  return folder;
}

const PASSES = 'limits: [{ attack: membership/*, metric: auc, max: 0.7 }]\n';
const FAILS = 'verdicts: { membership: low }\nlimits: [{ attack: membership/*, metric: auc, max: 0.6 }]\n';

function policy(text: string): string {
  const path = join(temporaryFolder(), 'policy.yaml');
  writeFileSync(path, text);
  return path;
}

/** As the program runs it, a day after the report. */
async function run(...args: string[]): Promise<{ status: number; stdout: string; stderr: string }> {
  const printed = { stdout: '', stderr: '' };
  const sink = (name: keyof typeof printed) => ({
    write: (text: string) => {
      printed[name] += text;
    },
  });
  const io = { stdout: sink('stdout'), stderr: sink('stderr'), env: {} };
  const program = new Command().exitOverride().configureOutput({ outputError: () => {} });
  const context: CommandContext = { io, signal: new AbortController().signal, exitStatus: 0 };
  addGate(program, context, () => Date.parse(sampleRun().finishedAt) + 86_400_000);
  addInit(program, context);
  try {
    await program.parseAsync(args, { from: 'user' });
    return { status: context.exitStatus, ...printed };
  } catch (error) {
    return { status: presentError(error, io, { json: false, signal: context.signal }), ...printed };
  }
}

const gate = (dir: string, text: string, ...more: string[]) =>
  run('gate', dir, '--policy', policy(text), ...more);

describe('ml-doctor gate', () => {
  it('ends with 0 where every rule holds', async () => {
    const dir = folderWith();
    const { status, stdout, stderr } = await gate(dir, PASSES);
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout).toContain('The gate lets it pass: all 2 checks hold.');
    expect(readdirSync(dir).sort()).toEqual(['report.json', 'run.json']);
  });

  it('ends with 1 where one does not, and names figure, limit and place', async () => {
    const { status, stdout } = await gate(folderWith(), FAILS);
    expect(status).toBe(1);
    expect(stdout).toMatch(/NO \S+policy\.yaml:2:10 limits\[0\]:\s+membership\/shadow-classifier, auc/);
    expect(stdout).toContain('- wanted at most 0.6\n    + found  0.61389, the upper end');
    expect(stdout).toContain('The gate says NO: 1 of 4 checks does not hold.');
  });

  it('knows the age of the report from run.json', async () => {
    expect((await gate(folderWith(), 'maximumAge: 1d')).status).toBe(0);
    expect((await gate(folderWith(), 'maximumAge: 23h')).status).toBe(1);
  });

  it('compares with a baseline', async () => {
    const worse = folderWith(({ results }) => {
      results[0]!.metrics.auc = { value: 0.7, low: 0.68, high: 0.72, method: 'x' };
    });
    const text = 'baseline: { allowIncrease: 0.01 }';
    expect((await gate(worse, text, '--baseline', worse)).status).toBe(0);
    expect((await gate(folderWith(), text, '--baseline', worse)).status).toBe(0);
    const { status, stdout } = await gate(worse, text, '--baseline', folderWith());
    expect(status).toBe(1);
    expect(stdout).toContain('0.7 [0.68, 0.72], +0.128');
  });

  it.each([
    ['a policy with a baseline without one', 'baseline: {}', [], 'none is given'],
    [
      'a baseline that the policy is silent about',
      PASSES,
      ['--baseline', '.'],
      'says nothing about a baseline',
    ],
    ['a bad policy', 'limit: 1', [], 'policy.yaml:1:1: unknown key'],
    ['an unknown format', PASSES, ['--format', 'html'], 'none of txt, junit, sarif, json'],
  ] as const)('ends with 2 on %s, and writes nothing', async (_, text, more, says) => {
    const dir = folderWith();
    const { status, stdout, stderr } = await gate(dir, text, '--format', 'txt', ...more);
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toContain(says);
    expect(stderr).toContain('fix: ');
    expect(readdirSync(dir).sort()).toEqual(['report.json', 'run.json']);
  });

  it('ends with 2 where there is no report, a broken one, or a study', async () => {
    const empty = temporaryFolder();
    expect(await gate(empty, PASSES)).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('MLD_REPORT_MISSING'),
    });
    writeFileSync(join(empty, 'study.json'), '{}');
    expect(await gate(empty, PASSES)).toMatchObject({ status: 2, stderr: expect.stringContaining('audits') });
    writeFileSync(join(empty, 'report.json'), '{"schema":"ml-doctor/report@1"}');
    expect(await gate(empty, PASSES)).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('MLD_REPORT_INVALID'),
    });
  });

  it('writes the files that are asked for, into a folder of their own too', async () => {
    const dir = folderWith();
    const out = join(temporaryFolder(), 'ci');
    const { status, stdout } = await gate(dir, FAILS, '--format', 'json,sarif,junit,txt', '--out', out);
    expect(status).toBe(1);
    expect(readdirSync(out).sort()).toEqual(['gate.json', 'gate.junit.xml', 'gate.sarif', 'gate.txt']);
    const read = (name: string) => readFileSync(join(out, name), 'utf8');
    expect(read('gate.txt')).toBe(stdout);
    expect(JSON.parse(read('gate.json'))).toMatchObject({ schema: 'ml-doctor/gate@1', passes: false });
    expect(readJunit(read('gate.junit.xml'))).toHaveLength(4);
    expect(readSarif(read('gate.sarif')).results).toHaveLength(1);
    expect(readdirSync(dir).sort()).toEqual(['report.json', 'run.json']);
    await gate(dir, PASSES, '--format', 'json');
    expect(JSON.parse(readFileSync(join(dir, 'gate.json'), 'utf8')).passes).toBe(true);
  });
});

describe('ml-doctor init --policy', () => {
  it('writes a policy that the gate reads, and not over what is there', async () => {
    const path = join(temporaryFolder(), 'new', 'policy.yaml');
    const { status, stdout } = await run('init', '--policy', path);
    expect([status, stdout]).toEqual([
      0,
      `${path} is written. Next: ml-doctor gate ml-doctor-out --policy ${path}\n`,
    ]);
    expect([0, 1]).toContain((await run('gate', folderWith(), '--policy', path)).status);
    expect((await run('init', '--policy', path)).status).toBe(2);
    expect((await run('init', '--policy', path, '--force')).status).toBe(0);
  });

  it('is one kind of file at a time', async () => {
    const path = join(temporaryFolder(), 'x.yaml');
    expect((await run('init', '--policy', '--study', path)).status).toBe(2);
    expect(existsSync(path)).toBe(false);
  });
});

it.each([
  [PASSES, 0],
  [FAILS, 1],
  ['limits: []', 2],
])('the program itself, with the policy %j, ends with %i', { timeout: 60_000 }, (text, status) => {
  const main = fileURLToPath(new URL('main.ts', import.meta.url));
  const args = [
    '--import',
    'tsx',
    '--conditions=source',
    main,
    'gate',
    folderWith(),
    '--policy',
    policy(text),
  ];
  const ended = spawnSync(process.execPath, args, {
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1' },
  });
  expect([ended.status, status === 2 ? ended.stdout : ended.stderr]).toEqual([status, '']);
});
