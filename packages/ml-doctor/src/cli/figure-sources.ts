/** From folders of studies to the figures over them. */

import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
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
    const sources = await readEvidence(dirs.map((dir) => ({ name: basename(dir), dir })));
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
  // Of none at all the first is asked for, whose error says where it was looked for.
  const sources = await readEvidence(there.length === 0 ? folders.slice(0, 1) : there);
  return {
    ...{ requests: presetFigures(preset, sources), sources, title: preset.title },
    notRun: folders.filter((folder) => !there.includes(folder)).map((folder) => folder.name),
  };
}
