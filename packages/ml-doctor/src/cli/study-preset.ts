/** `ml-doctor study --preset NAME`: its studies one after the other, and the figures over all of them. */

import { join } from 'node:path';
import type { StudySource } from '../analysis/evidence/evidence.ts';
import type { StudyRun } from '../audit/run-grid.ts';
import { toolVersion } from '../audit/tool-version.ts';
import { makeFolders } from '../files/atomic-write.ts';
import { unwritable } from '../files/system-error.ts';
import { duration, plural } from '../report/format.ts';
import { printable } from '../report/plain-text.ts';
import type { CommandContext } from './context.ts';
import { EXIT } from './errors.ts';
import { presetFigures } from './figure-requests.ts';
import { wantsColour } from './io.ts';
import { type Output, withOutput } from './output.ts';
import { type LoadedPreset, loadPreset, type PresetStudy } from './preset.ts';
import type { RunFlags } from './run-settings.ts';
import type { Services } from './services.ts';

/** @returns the exit status */
export async function runPreset(
  name: string,
  config: string | undefined,
  flags: RunFlags,
  context: CommandContext,
  services: Services,
): Promise<number> {
  const { io } = context;
  const loaded = await loadPreset(name, config, services);
  for (const note of loaded.notes) io.stderr.write(`note: ${printable(note)}\n`);
  return withOutput(flags, context, async (output) => {
    await announce(loaded, output, flags, context, services);
    const sources: StudySource[] = [];
    let holes = false;
    for (const [index, study] of loaded.studies.entries()) {
      if (flags.json !== true)
        io.stderr.write(`study ${index + 1} of ${loaded.studies.length}: ${study.title}\n`);
      const done = await runPart(study, output, context, services);
      holes ||= done.study.holes.length > 0;
      sources.push(sourceOf(study.name, done));
    }
    output.progress.clear();
    const figures = await writePresetFigures(loaded, sources, output.dir, flags, context);
    return holes || figures === EXIT.holes ? EXIT.holes : EXIT.done;
  });
}

/** All is planned before anything runs: data that are missing are told at once, and not after hours. */
async function announce(
  { preset, studies }: LoadedPreset,
  { settings }: Output,
  flags: RunFlags,
  { io, signal }: CommandContext,
  services: Services,
): Promise<void> {
  let [targets, seconds, unknown] = [0, 0, 0];
  for (const { loaded } of studies) {
    const { audits, estimate } = await services.planStudy(loaded, settings, signal);
    targets += audits;
    seconds += estimate?.seconds ?? 0;
    unknown += estimate?.unknown ?? 0;
  }
  if (flags.json === true) return;
  const left =
    seconds === 0 && unknown === 0
      ? 'every result is in the store'
      : `about ${duration(seconds)}${unknown > 0 ? ` and what ${plural(unknown, 'task')} of unknown length take` : ''}`;
  io.stderr.write(
    `preset ${preset.name}: ${studies.length} ${studies.length === 1 ? 'study' : 'studies'}, ${plural(targets, 'audit')}; ${left}\n`,
  );
}

async function runPart(
  { name, loaded }: PresetStudy,
  { dir, settings, progress }: Output,
  { signal }: CommandContext,
  services: Services,
): Promise<StudyRun> {
  const done = await services.runStudy(loaded, settings, progress.onEvent, signal);
  const folder = join(dir, name);
  try {
    await makeFolders(folder);
  } catch (cause) {
    throw unwritable(folder, cause, '--out');
  }
  const { writeStudy } = await import('../report/study/write-study.ts');
  await writeStudy(folder, done.study, done.reports, done.run);
  progress.clear();
  return done;
}

function sourceOf(name: string, { study, reports, run }: StudyRun): StudySource {
  return {
    name,
    study,
    reports: new Map(reports.map(({ id, report }) => [id, report])),
    onnxruntime: run.onnxruntime,
  };
}

async function writePresetFigures(
  { preset }: LoadedPreset,
  sources: readonly StudySource[],
  dir: string,
  flags: RunFlags,
  { io }: CommandContext,
): Promise<number> {
  const [{ buildFigures }, { writeFigures }, { figuresToJson }, { renderFiguresTerminal }] =
    await Promise.all([
      import('../analysis/build-figures.ts'),
      import('../analysis/output/write-figures.ts'),
      import('../analysis/output/figures-schema.ts'),
      import('../analysis/output/figures-terminal.ts'),
    ]);
  const built = buildFigures(await presetFigures(preset, sources));
  const analysis = {
    ...built,
    about: {
      title: preset.title,
      command: `ml-doctor study --preset ${preset.name}`,
      version: toolVersion(),
      sources,
    },
  };
  const paths = await writeFigures(dir, analysis);
  if (flags.json === true) io.stdout.write(figuresToJson(analysis));
  else {
    io.stdout.write(renderFiguresTerminal(analysis, { colour: wantsColour(io.stdout, io.env) }));
    io.stdout.write(`Figures: ${paths.html}\n         ${paths.md}\n         ${paths.json}\n`);
  }
  return built.refused.length > 0 ? EXIT.holes : EXIT.done;
}
