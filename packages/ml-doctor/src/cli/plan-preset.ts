/** `ml-doctor plan --preset NAME`: each of its studies, and all of them together. */

import type { PlanSummary } from '../audit/plan/summarise-plan.ts';
import { AuditError } from '../errors.ts';
import { duration, plural } from '../report/format.ts';
import { printable } from '../report/plain-text.ts';
import type { CommandContext } from './context.ts';
import type { AuditOverrides } from './load.ts';
import { givenOptions, type OwnFlags } from './own-options.ts';
import { loadPreset } from './preset.ts';
import type { RunSettings } from './run-settings.ts';
import type { Services } from './services.ts';

/** Of each study: a preset has many kinds of work. */
const TRY_OUT_SECONDS = 60;

/** @throws {AuditError} MLD_USAGE beside options that are about one audit, and the errors of {@link loadPreset} */
export async function planPreset(
  name: string,
  config: string | undefined,
  flags: AuditOverrides & OwnFlags & { readonly json?: true; readonly tryOut?: number },
  { io, signal }: Pick<CommandContext, 'io' | 'signal'>,
  {
    services,
    settings,
    describe,
  }: {
    readonly services: Services;
    readonly settings: RunSettings;
    readonly describe: (summary: PlanSummary) => readonly string[];
  },
): Promise<void> {
  const { attacks, seed, explain } = flags;
  const [own] = [
    ...(attacks === undefined ? [] : ['--attacks']),
    ...(seed === undefined ? [] : ['--seed']),
    ...(explain === undefined ? [] : ['--explain']),
    ...givenOptions(flags),
  ];
  if (own !== undefined)
    throw new AuditError(
      'MLD_USAGE',
      `${own} is about one audit, and --preset ${name} names studies`,
      `Leave ${own} out.`,
    );
  const { studies, notes } = await loadPreset(name, config, services);
  for (const note of notes) io.stderr.write(`note: ${printable(note)}\n`);
  const plans: { readonly name: string; readonly summary: PlanSummary }[] = [];
  for (const { name: part, title, loaded } of studies) {
    const summary = await services.planStudy(loaded, settings, signal, flags.tryOut ?? TRY_OUT_SECONDS);
    plans.push({ name: part, summary });
    for (const { code, message } of summary.warnings)
      io.stderr.write(`warning[${code}]: ${printable(message)}\n`);
    if (flags.json !== true) io.stdout.write(`${part}: ${title}\n${describe(summary).join('\n')}\n\n`);
  }
  const sum = (of: (estimate: NonNullable<PlanSummary['estimate']>) => number) =>
    plans.reduce((total, { summary: { estimate } }) => total + (estimate ? of(estimate) : 0), 0);
  const [seconds, unknown] = [sum((estimate) => estimate.seconds), sum((estimate) => estimate.unknown)];
  io.stdout.write(
    flags.json === true
      ? `${JSON.stringify({ preset: name, seconds, unknown, studies: plans }, null, 1)}\n`
      : `All ${plans.length === 1 ? 'of it' : `${plans.length} studies`}: ${
          seconds === 0 && unknown === 0
            ? 'every result is in the store'
            : `about ${duration(seconds)}${unknown > 0 ? ` and what ${plural(unknown, 'task')} of unknown length take` : ''}${plans.length === 1 ? '' : ', less what they share'}`
        }.\n`,
  );
}
