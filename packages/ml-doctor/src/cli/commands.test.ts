/** Commands around a configuration, run in this process with the real services: what a user types, one after the other. */

import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { runHere } from '../../test/process/here.ts';
import { TINY_AUDIT, TINY_STUDY, writeConfig } from '../../test/process/tiny-config.ts';
import { temporaryFolder } from '../../test/study/temporary-folder.ts';
import type { PlanSummary } from '../audit/plan/summarise-plan.ts';
import { services } from './services.ts';

const run = (...args: string[]) => runHere(args);

describe('ml-doctor init', () => {
  it.each([
    ['audit.yaml', []],
    ['study.yaml', ['--study']],
  ])('writes %s, which plan reads, and not over what is there', async (name, flags) => {
    const folder = temporaryFolder();
    const path = join(folder, name);
    expect((await run('init', path, ...flags)).status).toBe(0);
    const text = readFileSync(path, 'utf8');
    expect(Object.keys(parse(text))).toContain('attacks');
    writeFileSync(path, 'mine');
    const refused = await run('init', path, ...flags);
    expect([refused.status, readFileSync(path, 'utf8')]).toEqual([2, 'mine']);
    expect(refused.stderr).toContain('--force');
    expect((await run('init', path, '--force', ...flags)).status).toBe(0);
    expect(readFileSync(path, 'utf8')).toBe(text);
    expect(await services.plannedKeys(path, join(folder, 'store'))).toHaveProperty(
      'size',
      expect.any(Number),
    );
  });

  it('makes the folders it is told to write into, and says where it cannot', async () => {
    const folder = temporaryFolder();
    expect((await run('init', join(folder, 'new/audit.yaml'))).status).toBe(0);
    const { status, stderr } = await run('init', join(folder, 'new/audit.yaml/below.yaml'));
    expect([status, readdirSync(folder)]).toEqual([2, ['new']]);
    expect(stderr).toContain('MLD_OUTPUT_UNWRITABLE');
  });
});

describe('plan, audit, plan again', () => {
  it('tell the truth: what was planned is run, and then nothing is left', async () => {
    const folder = temporaryFolder();
    const config = writeConfig(folder, TINY_AUDIT);
    const out = join(folder, 'out');
    const plan = async () =>
      JSON.parse((await run('plan', config, '--out', out, '--json')).stdout) as PlanSummary;
    const before = await plan();
    expect(before).toMatchObject({
      audits: 1,
      tasks: {
        ...Object.fromEntries(
          ['train', 'query', 'attack', 'evaluate'].map((kind) => [kind, { total: 2, stored: 0, toRun: 2 }]),
        ),
        'check-split': { total: 1, stored: 0, toRun: 1 },
      },
      models: { targets: 1, shadows: 1 },
      queries: { total: 120, toRun: 120 },
      estimate: { unknown: 0, recorded: 0, measured: 6 },
    });
    expect(before.estimate?.seconds).toBeGreaterThan(0);
    expect(existsSync(out)).toBe(false);

    expect((await run('audit', config, '--out', out, '--workers', '1')).status).toBe(0);
    const record = JSON.parse(readFileSync(join(out, 'run.json'), 'utf8'));
    expect(record.tasks.ran).toBe(9);
    expect(record.estimate).toEqual({
      seconds: expect.any(Number),
      took: expect.any(Number),
      unknown: 0,
    });

    const after = await plan();
    expect(after.estimate).toBeUndefined();
    expect(after).toMatchObject({ models: { targets: 0, shadows: 0 }, queries: { total: 120, toRun: 0 } });
    expect((await run('plan', config, '--out', out)).stdout).toContain('Nothing to run');
    // Another seed is estimated from what was recorded.
    writeConfig(folder, TINY_AUDIT.replace('seed: 4', 'seed: 5'));
    expect((await plan()).estimate).toMatchObject({ recorded: 6, measured: 0, unknown: 0 });
  });

  it('the report contains the configuration that gives it again', async () => {
    const folder = temporaryFolder();
    const out = join(folder, 'out');
    expect((await run('audit', writeConfig(folder, TINY_AUDIT), '--out', out)).status).toBe(0);
    const text = readFileSync(join(out, 'report.json'), 'utf8');
    const again = join(folder, 'again.json');
    writeFileSync(again, JSON.stringify(JSON.parse(text).config));
    const store = join(out, 'store');
    expect((await run('audit', again, '--out', join(folder, 'two'), '--store', store)).status).toBe(0);
    expect(readFileSync(join(folder, 'two/report.json'), 'utf8')).toBe(text);
    expect(JSON.parse(readFileSync(join(folder, 'two/run.json'), 'utf8')).tasks.ran).toBe(0);
  });

  it('takes attacks and seed from the command line instead', async () => {
    const folder = temporaryFolder();
    const config = writeConfig(folder, TINY_AUDIT);
    const out = join(folder, 'out');
    const { status, stdout } = await run(
      ...['audit', config, '--out', out, '--json'],
      ...['--attacks', 'membership/loss-threshold', '--seed', '9'],
    );
    expect(status).toBe(0);
    const report = JSON.parse(stdout);
    expect(report.results.map(({ attack }: { attack: string }) => attack)).toEqual([
      'membership/loss-threshold',
    ]);
    expect(report.seed).toBe(9);
  });
});

describe('ml-doctor study', () => {
  it('reports every target of the grid, and over all of them', async () => {
    const folder = temporaryFolder();
    const config = writeConfig(folder, TINY_STUDY, 'study.yaml');
    const out = join(folder, 'out');
    const { status, stdout } = await run('study', config, '--out', out);
    expect(status).toBe(0);
    expect(stdout).toContain('study.html');
    const study = JSON.parse(readFileSync(join(out, 'study.json'), 'utf8'));
    expect(
      study.audits.map((a: { defense: { name: string }; seed: number }) => `${a.defense.name} ${a.seed}`),
    ).toEqual(['none 0', 'none 1', 'l2 0']);
    for (const { report } of study.audits) expect(existsSync(join(out, report))).toBe(true);
    expect(readFileSync(join(out, 'study.csv'), 'utf8').split('\n').length).toBeGreaterThan(3 * 2 * 5);

    // One target of it alone, from its own report: the same bytes, and nothing to compute.
    const one = readFileSync(join(out, study.audits[2].report), 'utf8');
    const alone = writeConfig(folder, JSON.stringify(JSON.parse(one).config), 'alone.json');
    const store = join(out, 'store');
    expect((await run('audit', alone, '--out', join(folder, 'one'), '--store', store)).status).toBe(0);
    expect(readFileSync(join(folder, 'one/report.json'), 'utf8')).toBe(one);
  });
});

describe('a configuration that cannot be meant', () => {
  const cases: [string, string, string, string, string][] = [
    ['audit', 'a misspelt key', TINY_AUDIT.replace('attacks:', 'atacks:'), 'MLD_CONFIG', 'attacks'],
    [
      'audit',
      'a model that does not suit the records',
      TINY_AUDIT.replace('fashion-mnist-10k', 'adult').replace('mlp', 'simple-cnn'),
      'MLD_CONFIG',
      '3:19',
    ],
    [
      'study',
      'a combination that cannot be',
      TINY_STUDY.replace('{ catalog: fashion-mnist-10k', '{ catalog: adult').replace('[mlp]', '[simple-cnn]'),
      'MLD_CONFIG',
      'exclude: [{ data: adult, model: simple-cnn }]',
    ],
    [
      'audit',
      'an attack that the target does not allow',
      `${TINY_AUDIT}`.replace('attacks:', '  offers: { access: black-box, output: label }\nattacks:'),
      'MLD_THREAT_MODEL',
      'posteriors',
    ],
    ['audit', 'a study', TINY_STUDY, 'MLD_USAGE', 'ml-doctor study'],
    ['study', 'an audit', TINY_AUDIT, 'MLD_USAGE', 'ml-doctor audit'],
  ];
  it.each(cases)('%s: %s is refused before anything is written', async (command, _, text, code, named) => {
    const folder = temporaryFolder();
    const config = writeConfig(folder, text, 'file.yaml');
    const { status, stderr } = await run(command, config, '--out', join(folder, 'out'));
    expect(status).toBe(2);
    expect(stderr).toContain(`error[${code}]`);
    expect(stderr).toContain(named);
    expect(existsSync(join(folder, 'out'))).toBe(false);
    if (code === 'MLD_USAGE') return;
    expect(stderr).toMatch(/file\.yaml:\d+:\d+: /);
    // The plan says the same.
    expect((await run('plan', config)).stderr).toBe(stderr);
  });
});
