/** From folders of studies to the figures over them. */

import { existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { FigureRequest } from '../analysis/build-figures.ts';
import type { StudySource } from '../analysis/evidence/evidence.ts';
import { readEvidence } from '../analysis/evidence/read-evidence.ts';
import { presetOf } from '../analysis/presets/preset-file.ts';
import { AuditError } from '../errors.ts';
import { namedFigures, presetFigures } from './figure-requests.ts';

export interface FigureWork {
  readonly requests: readonly FigureRequest[];
  readonly sources: readonly StudySource[];
  readonly title: string;
  /** Studies of a preset that have not ended: it was stopped, or is under way. */
  readonly notRun: readonly string[];
}

/**
 * @param dirs absolute
 * @throws {AuditError} MLD_REPORT_MISSING and MLD_REPORT_INVALID for what is no study; MLD_USAGE; MLD_EVIDENCE_MIXED
 */
export async function requestsFor(
  dirs: readonly string[],
  { figure, preset: name }: { readonly figure?: readonly string[]; readonly preset?: string },
): Promise<FigureWork> {
  if (name === undefined) {
    const sources = await readEvidence(dirs.map((dir) => ({ name: nameOf(dir, dirs), dir })));
    const title = sources.length === 1 ? (sources[0]!.study.name ?? sources[0]!.name) : 'Several studies';
    return { requests: namedFigures(figure, sources), sources, title, notRun: [] };
  }
  const [dir, second] = dirs;
  if (dir === undefined || second !== undefined)
    throw new AuditError(
      'MLD_USAGE',
      `--preset ${name} reads the one folder that it wrote, and ${dirs.length} are given`,
      'Name that folder alone.',
    );
  const preset = presetOf(name);
  const parts = preset.parts.length === 0 ? ['defences'] : preset.parts.map((part) => part.name);
  const folders = parts.map((part) => ({ name: part, dir: join(dir, part) }));
  const there = folders.filter((folder) => existsSync(join(folder.dir, 'study.json')));
  if (there.length === 0)
    throw new AuditError(
      'MLD_REPORT_MISSING',
      `${dir} has no study of the preset ${name}, as ${parts.join(', ')}`,
      `Name the folder that ml-doctor study --preset ${name} wrote.`,
    );
  const sources = await readEvidence(there);
  return {
    ...{ requests: presetFigures(preset, sources), sources, title: preset.title },
    notRun: folders.filter((folder) => !there.includes(folder)).map((folder) => folder.name),
  };
}

/** That of its folder; with the one above where another is called the same. */
function nameOf(dir: string, dirs: readonly string[]): string {
  const own = basename(dir);
  const shared = dirs.filter((other) => basename(other) === own).length > 1;
  return shared ? `${basename(dirname(dir))}/${own}` : own;
}
