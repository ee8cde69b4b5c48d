/** `ml-doctor plan CONFIG`: what would run and how long it would take; runs none of it. */

import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { PlanSummary } from '../audit/plan/summarise-plan.ts';
import { duration, grouped, plural } from '../report/format.ts';
import { printable } from '../report/plain-text.ts';
import type { CommandContext } from './context.ts';
import type { AuditOverrides } from './load.ts';
import { parseFolder, parseSeconds } from './options.ts';
import { addOwnOptions, type OwnFlags } from './own-options.ts';
import { addOverrides, addStoreOptions, DEFAULT_OUT, type StoreFlags, settingsFrom } from './run-settings.ts';
import type { Services } from './services.ts';

interface Flags extends StoreFlags, AuditOverrides {
  readonly out: string;
  readonly preset?: string;
  readonly tryOut?: number;
  readonly json?: true;
}

export function addPlan(program: Command, { io, signal }: CommandContext, services: Services): void {
  const command = program
    .command('plan')
    .description('what an audit or a study would run, and how long; trains nothing')
    .argument('[config]', 'YAML or JSON file; or say it all with options, as of ml-doctor audit')
    .option('--preset <name>', 'a bundled study (ml-doctor list presets)')
    .option(
      '--try-out <seconds>',
      'for trying out what was never run here (default: 5; of a preset 60 for each study)',
      parseSeconds,
    )
    .option('--out <dir>', 'folder of the report, where the store is looked for', parseFolder, DEFAULT_OUT);
  addOverrides(addOwnOptions(addStoreOptions(command)))
    .option('--json', 'as JSON')
    .addHelpText(
      'after',
      `
The time is estimated from what tasks took on this machine before, as the store tells;
what was never run here is tried out for a few seconds. Nothing is written.

Examples:
  ml-doctor plan audit.yaml
  ml-doctor plan study.yaml --workers 8 --json
  ml-doctor plan --preset small
  ml-doctor plan --model model.onnx --members train.npz --non-members test.npz`,
    )
    .action(async (path: string | undefined, flags: Flags & OwnFlags) => {
      const { attacks, seed, explain, preset } = flags;
      const settings = settingsFrom(flags, resolve(flags.out), io.env);
      if (preset !== undefined) {
        const { planPreset } = await import('./plan-preset.ts');
        await planPreset(preset, path, flags, { io, signal }, { services, settings, describe });
        return;
      }
      const summary = await services.plan(
        path,
        { attacks, seed, explain, own: flags },
        settings,
        signal,
        flags.tryOut,
      );
      for (const { code, message } of summary.warnings)
        io.stderr.write(`warning[${code}]: ${printable(message)}\n`);
      io.stdout.write(
        flags.json === true
          ? `${JSON.stringify(summary, null, 1)}\n`
          : describe(summary).join('\n').concat('\n'),
      );
    });
}

function describe(summary: PlanSummary): string[] {
  const { audits, tasks, models, queries, estimate, workers } = summary;
  const all = Object.values(tasks);
  const sum = (part: 'total' | 'stored' | 'toRun') => all.reduce((total, kind) => total + kind[part], 0);
  const row = (name: string, ...counts: (number | string)[]) =>
    name.padEnd(20) +
    counts.map((count) => (typeof count === 'number' ? grouped(count) : count).padStart(12)).join('');
  return [
    `${plural(audits, 'target')}, ${plural(sum('total'), 'task')}`,
    '',
    row('tasks', 'in all', 'stored', 'to run'),
    ...Object.entries(tasks).map(([kind, { total, stored, toRun }]) => row(kind, total, stored, toRun)),
    row('', sum('total'), sum('stored'), sum('toRun')),
    '',
    `Models to train: ${describeModels(models)}`,
    `Queries to the targets: ${plural(queries.toRun, 'record')} to send, ${grouped(queries.total)} in all`,
    estimate === undefined
      ? 'Nothing to run: every result is in the store.'
      : `Time: about ${duration(estimate.seconds)}${estimate.unknown > 0 ? ` and what ${plural(estimate.unknown, 'task')} of unknown length take` : ''} with ${plural(workers, 'worker')}` +
        ` (${describeBasis(estimate)})`,
  ];
}

function describeModels({ targets, shadows, judges, generators, copies }: PlanSummary['models']): string {
  return [
    plural(targets, 'target'),
    plural(shadows, 'shadow model'),
    ...(generators > 0 ? [plural(generators, 'generator')] : []),
    ...(copies > 0 ? [`${grouped(copies)} ${copies === 1 ? 'copy' : 'copies'}`] : []),
    ...(judges > 0 ? [`${plural(judges, 'judge')} of reconstructions`] : []),
  ].join(', ');
}

function describeBasis({ recorded, measured, borrowed }: NonNullable<PlanSummary['estimate']>): string {
  const parts = [
    recorded > 0 ? `${plural(recorded, 'kind')} of task from earlier runs` : '',
    measured > 0 ? `${plural(measured, 'kind')} tried out just now` : '',
    borrowed > 0 ? `${plural(borrowed, 'task')} as on other data` : '',
  ];
  return parts.filter((part) => part !== '').join(', ') || 'nothing could be tried out';
}
