/** Which figures are made, and of what. */

import type { FigureRequest } from '../analysis/build-figures.ts';
import { evidenceFrom, type StudySource } from '../analysis/evidence/evidence.ts';
import { figures } from '../analysis/figures/registry.ts';
import type { Preset } from '../analysis/presets/presets.ts';
import { AuditError } from '../errors.ts';

/** Each figure of a preset over the studies that it is for. */
export function presetFigures(preset: Preset, sources: readonly StudySource[]): FigureRequest[] {
  return preset.figures.map(({ figure, parts }) => {
    const kind = figures[figure];
    if (kind === undefined) throw new Error(`internal: the preset ${preset.name} names no figure ${figure}`);
    // A preset about a model of the user's has one study, whatever it is called.
    const own = preset.parts.length === 0 ? sources : sources.filter(({ name }) => parts.includes(name));
    return { kind, evidence: evidenceFrom(own) };
  });
}

/**
 * @param names all figures when left out
 * @throws {AuditError} MLD_USAGE for a name that no figure has; MLD_EVIDENCE_MIXED where studies contradict one another
 */
export function namedFigures(
  names: readonly string[] | undefined,
  sources: readonly StudySource[],
): FigureRequest[] {
  const stranger = names?.find((name) => !Object.hasOwn(figures, name));
  if (stranger !== undefined)
    throw new AuditError(
      'MLD_USAGE',
      `no figure is called '${stranger}'`,
      `Choose from ${Object.keys(figures).join(', ')}.`,
    );
  const evidence = evidenceFrom(sources);
  return [...new Set(names ?? Object.keys(figures))].map((name) => ({ kind: figures[name]!, evidence }));
}
