/** `ml-doctor study --preset` and `plan --preset` with studies that take no time: what runs when, and what is made of it. */

import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type SampleTarget, sampleSource } from '../../test/analysis/sample-evidence.ts';
import { sampleRun } from '../../test/report/sample-report.ts';
import { temporaryFolder } from '../../test/study/temporary-folder.ts';
import { PRESETS, type Preset } from '../analysis/presets/presets.ts';
import type { PlanSummary } from '../audit/plan/summarise-plan.ts';
import type { StudyRun } from '../audit/run-grid.ts';
import { AuditError } from '../errors.ts';
import { runCommandLine } from './run.ts';
import { type LoadedStudy, type Services, services } from './services.ts';

const PARTS = ['targets', 'complexity', 'defenses', 'epochs'];

const target = (model: string, i: number): SampleTarget => ({
  ...{ data: 'celeba', model, epochs: 300, testAccuracy: 0.6 + i / 30 },
  modes: { 'MemInf <B,S>': 0.55 + i / 50 },
});
/** Each of its own targets: a figure tells by them what it is made of. */
const SAMPLES: Readonly<Record<string, readonly SampleTarget[]>> = {
  targets: ['a', 'b', 'c', 'd', 'e', 'f'].map(target),
  complexity: [target('other', 0)],
  defenses: [target('third', 0)],
  epochs: [target('fourth', 0)],
};

const ran = (part: string, holes: StudyRun['study']['holes'] = []): StudyRun => {
  const { study, reports } = sampleSource(SAMPLES[part]!, { name: part });
  return {
    study: { ...study, holes },
    reports: study.audits.map(({ id }) => ({ id, report: reports.get(id)! })),
    run: { ...sampleRun(), onnxruntime: '1.23.2' },
  };
};
const summary = (over: Partial<PlanSummary> = {}): PlanSummary => ({
  ...{ audits: 3, warnings: [], tasks: {}, workers: 1, queries: { total: 0, toRun: 0 } },
  models: { targets: 0, shadows: 0, judges: 0, generators: 0, copies: 0 },
  estimate: { seconds: 60, unknown: 1, borrowed: 0, recorded: 1, measured: 0 },
  ...over,
});

/** The part is the name of its configuration's file. */
const partOf = (study: LoadedStudy) => (study as unknown as { part: string }).part;

async function run(
  args: readonly string[],
  {
    plan = () => summary(),
    study = ran,
  }: { readonly plan?: (part: string) => PlanSummary; readonly study?: (part: string) => StudyRun } = {},
) {
  const log: string[] = [];
  const tryOuts: (number | undefined)[] = [];
  const written = { stdout: '', stderr: '' };
  const sink = (name: keyof typeof written) => ({
    write: (text: string) => {
      written[name] += text;
    },
  });
  const faked: Partial<Services> = {
    loadStudy: async (path) => ({ part: basename(path, '.yaml') }) as unknown as LoadedStudy,
    planStudy: async (loaded, _settings, _signal, seconds) => {
      log.push(`plan ${partOf(loaded)}`);
      tryOuts.push(seconds);
      return plan(partOf(loaded));
    },
    runStudy: async (loaded) => {
      log.push(`run ${partOf(loaded)}`);
      return study(partOf(loaded));
    },
  };
  const io = { stdout: sink('stdout'), stderr: sink('stderr'), env: {} };
  const status = await runCommandLine(args, io, { ...services, ...faked }, new AbortController().signal);
  return { status, log, tryOuts, ...written };
}

const folder = () => join(temporaryFolder(), 'out');
const figuresIn = (out: string) => JSON.parse(readFileSync(join(out, 'figures.json'), 'utf8'));

describe('ml-doctor study --preset', () => {
  it('plans all of its studies, then runs them in order, and writes each and the figures over them', async () => {
    const out = folder();
    const { status, log, stderr, stdout } = await run(['study', '--preset', 'small', '--out', out]);
    expect(log).toEqual([...PARTS.map((part) => `plan ${part}`), ...PARTS.map((part) => `run ${part}`)]);
    expect(stderr).toMatch(
      /^preset small: 4 studies, 12 audits; about 4 min 00 s and what 4 tasks of unknown length take\nstudy 1 of 4: All ten/,
    );
    for (const part of PARTS) expect(existsSync(join(out, part, 'study.json'))).toBe(true);
    const { figures, refused, command, sources } = figuresIn(out);
    expect(command).toBe('ml-doctor study --preset small');
    expect(sources.map(({ name }: { name: string }) => name)).toEqual(PARTS);
    const relations = figures.find(({ name }: { name: string }) => name === 'relations');
    // Of the targets alone.
    expect(relations.finding).toContain('over 6 targets');
    // No ladder of epochs is among the samples.
    expect(refused.map(({ what }: { what: string }) => what)).toContain('ml-doctor-2022/figure-8');
    expect([status, stdout.includes(join(out, 'figures.html'))]).toEqual([3, true]);
  });

  it('runs nothing where the second study cannot be planned, and leaves nothing', async () => {
    const out = folder();
    const { status, log, stderr } = await run(['study', '--preset', 'small', '--out', out], {
      plan: (part) => {
        if (part === 'complexity') throw new AuditError('MLD_DATA_UNREADABLE', 'no files', 'Fetch them.');
        return summary();
      },
    });
    expect([status, log]).toEqual([2, ['plan targets', 'plan complexity']]);
    expect(stderr).toContain('MLD_DATA_UNREADABLE');
    expect(existsSync(out)).toBe(false);
  });

  it('prints figures.json with --json, and announces nothing', async () => {
    const out = folder();
    const { stdout, stderr } = await run(['study', '--preset', 'small', '--out', out, '--json']);
    expect(stdout).toBe(readFileSync(join(out, 'figures.json'), 'utf8'));
    expect(JSON.parse(stdout).figures.length).toBeGreaterThan(0);
    expect(stderr).toBe('');
  });
});

describe('the end of a preset', () => {
  const figureAlone = (figure: string): Preset => ({
    ...{ name: 'one', title: 'One', source: 'here', parts: [{ name: 'targets', title: 'Targets' }] },
    figures: [{ figure, parts: ['targets'] }],
  });
  const hole: StudyRun['study']['holes'][number] = {
    ...{ task: 'train a', code: 'MLD_TASK_FAILED', message: 'it ended', hint: 'Again.', blocked: [] },
  };
  const ended = async (figure: string, holes: StudyRun['study']['holes'] = []) => {
    (PRESETS as Record<string, Preset>).one = figureAlone(figure);
    try {
      return (
        await run(['study', '--preset', 'one', '--out', folder()], { study: (part) => ran(part, holes) })
      ).status;
    } finally {
      delete (PRESETS as Record<string, Preset>).one;
    }
  };

  it('is good where nothing is missing, and 3 where a task failed or a figure cannot be made', async () => {
    expect(await ended('relations')).toBe(0);
    expect(await ended('relations', [hole])).toBe(3);
    expect(await ended('ml-doctor-2022/figure-8')).toBe(3);
  });
});

describe('ml-doctor plan --preset', () => {
  it('tells of each study and of all, having tried out each longer than an audit', async () => {
    const { status, stdout, log, tryOuts } = await run(['plan', '--preset', 'small']);
    expect([status, log]).toEqual([0, PARTS.map((part) => `plan ${part}`)]);
    for (const part of PARTS) expect(stdout).toMatch(new RegExp(`^${part}: `, 'm'));
    expect(stdout).toMatch(
      /All 4 studies: about 4 min 00 s and what 4 tasks of unknown length take, less what they share\.\n$/,
    );
    expect(tryOuts).toHaveLength(4);
    for (const seconds of tryOuts) expect(seconds).toBeGreaterThan(5);
    expect((await run(['plan', '--preset', 'small', '--try-out', '7'])).tryOuts).toEqual([7, 7, 7, 7]);
  });

  it('says where nothing is left, hands on warnings, and is JSON where that is asked', async () => {
    const { estimate: _, ...done } = summary();
    const warned = { code: 'MLD_W', message: 'beware' } as unknown as PlanSummary['warnings'][number];
    const plan = () => ({ ...done, warnings: [warned] });
    const { stdout, stderr } = await run(['plan', '--preset', 'small'], { plan });
    expect(stdout).toContain('All 4 studies: every result is in the store.\n');
    expect(stderr).toBe('warning[MLD_W]: beware\n'.repeat(4));
    const json = JSON.parse((await run(['plan', '--preset', 'small', '--json'])).stdout);
    expect(json).toMatchObject({ preset: 'small', seconds: 240, unknown: 4 });
    expect(json.studies.map(({ name }: { name: string }) => name)).toEqual(PARTS);
  });
});
