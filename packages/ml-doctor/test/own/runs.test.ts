/** Runs that are repeated, planned, taken up elsewhere, or whose files change under them. */
import { spawn } from 'node:child_process';
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { runCommandLine } from '../../src/cli/run.ts';
import { services } from '../../src/cli/services.ts';
import type { Report } from '../../src/report/schema.ts';
import { bench, fixtureOptions, fixtureRows, LOSS, MODELS } from './own-run.ts';

const { run, save, folder } = bench();
const members = fixtureRows('wine-members.csv');
const others = fixtureRows('wine-non-members.csv');

/** A folder with copies of its own, and options that name them. */
const copies = (name: string) => {
  save(`${name}/model.onnx`, readFileSync(join(MODELS, 'sklearn-forest.onnx')));
  const rows = ({ head, rows }: typeof members) => `${[head, ...rows].join('\n')}\n`;
  return [
    ...['--model', join(folder, name, 'model.onnx')],
    ...['--members', save(`${name}/members.csv`, rows(members))],
    ...['--non-members', save(`${name}/others.csv`, rows(others))],
  ];
};
const tasksIn = ({ stdout }: { readonly stdout: string }) => {
  const found = /(\d+) tasks? ran, (\d+) taken from the store/.exec(stdout);
  return found && { ran: Number(found[1]), stored: Number(found[2]) };
};

describe('an audit of one’s own model', () => {
  it('runs nothing twice, and anew what a changed file changes', async () => {
    const options = copies('again');
    const first = await run('again-out', 'audit', ...options, ...LOSS);
    expect(tasksIn(first), first.stderr).toEqual({ ran: 5, stored: 0 });
    const second = await run('again-out', 'audit', ...options, ...LOSS);
    expect(tasksIn(second)).toEqual({ ran: 0, stored: 5 });
    expect(second.report).toEqual(first.report);
    copyFileSync(join(MODELS, 'sklearn-boosting-three.onnx'), join(folder, 'again/model.onnx'));
    const other = await run('again-out', 'audit', ...options, ...LOSS);
    // What inputs and labels tell of membership without the model is known already.
    expect(tasksIn(other)).toEqual({ ran: 4, stored: 1 });
    save('again/others.csv', `${[others.head, ...others.rows.slice(1)].join('\n')}\n`);
    const fewer = await run('again-out', 'audit', ...options, ...LOSS);
    expect(tasksIn(fewer)).toEqual({ ran: 4, stored: 1 });
    expect(fewer.report.data.contentHash).not.toBe(other.report.data.contentHash);
  });

  it.each([
    ['model.onnx', () => readFileSync(join(MODELS, 'sklearn-boosting-three.onnx'))],
    ['members.csv', () => Buffer.from(`${[members.head, ...members.rows.slice(1)].join('\n')}\n`)],
  ])('is stopped by a %s that changes between plan and tasks', async (file, other) => {
    const options = copies(`change-${file}`);
    const path = join(folder, `change-${file}`, file);
    let stderr = '';
    const io = {
      stdout: { write: () => {} },
      stderr: { write: (text: string) => (stderr += text) },
      env: {},
    };
    const status = await runCommandLine(
      ['audit', ...options, ...LOSS, '--out', join(folder, `changed-${file}`), '--json'],
      io,
      {
        ...services,
        runAudit: (audit, settings, onEvent, ...rest) =>
          services.runAudit(
            audit,
            // This process has read the records already; a worker has not.
            { ...settings, workers: file === 'members.csv' ? 1 : 0 },
            (event) => {
              if (event.type === 'planned') writeFileSync(path, other());
              onEvent(event);
            },
            ...rest,
          ),
      },
      new AbortController().signal,
    );
    expect(status).toBe(3);
    expect(stderr).toContain('MLD_DATA_CHECKSUM');
  });

  it('gives the same report from the configuration that the report holds', async () => {
    copies('round');
    const written = save(
      'round/audit.yaml',
      `target: { onnx: model.onnx, expectAccuracy: { members: 1 } }
data: { members: members.csv, nonMembers: others.csv, sample: 60, label: label }
seed: 3
`,
    );
    const first = await run('round-out', 'audit', written);
    expect(first.status, first.stderr).toBe(0);
    expect(first.report.results.length).toBeGreaterThan(1);
    const held = save('round/again.json', JSON.stringify(first.report.config, null, 1));
    const again = await run('round-again', 'audit', held);
    expect(again.status, again.stderr).toBe(0);
    // Attacks are named in it, so none is left to be listed as not asked for.
    const { notRun: _, ...rest } = first.report;
    expect(again.report).toEqual(rest);
    expect(tasksIn(again)?.ran).toBe(0);
  });

  it('is planned from options, with the number of records that will be asked', async () => {
    const { status, stdout, stderr } = await run(
      'plan-out',
      ...['plan', ...fixtureOptions('sklearn-svm'), ...LOSS, '--json'],
    );
    expect(status, stderr).toBe(0);
    const { tasks, queries } = JSON.parse(stdout);
    expect(queries).toMatchObject({ total: 178, toRun: 178 });
    expect(Object.values<{ total: number }>(tasks).reduce((sum, { total }) => sum + total, 0)).toBe(5);
  });
});

it('is a program that a shell can run, with workers', { timeout: 120_000 }, async () => {
  const main = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));
  const out = join(folder, 'shell');
  const child = spawn(
    process.execPath,
    [
      ...['--import', 'tsx', '--conditions=source', main, 'audit', ...copies('child'), ...LOSS],
      ...['--out', out, '--workers', '2'],
    ],
    { stdio: ['ignore', 'pipe', 'pipe'], cwd: fileURLToPath(new URL('../../', import.meta.url)) },
  );
  let stderr = '';
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  const status = await new Promise((resolve) => child.on('close', resolve));
  expect(status, stderr).toBe(0);
  const inline = await run('inline', 'audit', ...copies('child'), ...LOSS);
  const { results } = JSON.parse(readFileSync(join(out, 'report.json'), 'utf8')) as Report;
  expect(results.map(({ metrics }) => metrics)).toEqual(inline.report.results.map(({ metrics }) => metrics));
});
