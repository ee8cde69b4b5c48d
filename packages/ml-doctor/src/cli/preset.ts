/** The studies that `--preset NAME` stands for. */

import { presetFile, presetOf } from '../analysis/presets/preset-file.ts';
import type { Preset } from '../analysis/presets/presets.ts';
import { AuditError } from '../errors.ts';
import type { LoadedStudy, Services } from './services.ts';

/** A study of a preset, ready to run. */
export interface PresetStudy {
  /** Its folder in the output. */
  readonly name: string;
  readonly title: string;
  readonly loaded: LoadedStudy;
}

export interface LoadedPreset {
  readonly preset: Preset;
  readonly studies: readonly PresetStudy[];
  /** What a reader must know before it runs: defences that do not suit the model. */
  readonly notes: readonly string[];
}

/**
 * @param config an audit, for the preset that is about a model of the user's; other presets take none
 * @throws {AuditError} MLD_USAGE for an unknown preset, or a configuration too many or too few; MLD_CONFIG
 */
export async function loadPreset(
  name: string,
  config: string | undefined,
  services: Pick<Services, 'loadStudy'>,
): Promise<LoadedPreset> {
  const preset = presetOf(name);
  if (preset.parts.length === 0) return ofAudit(preset, config);
  if (config !== undefined)
    throw new AuditError(
      'MLD_USAGE',
      `the preset ${name} has configurations of its own, and ${config} is given`,
      `Leave ${config} out, or run it alone: ml-doctor study ${config}.`,
    );
  const studies = await Promise.all(
    preset.parts.map(async ({ name: part, title }) => ({
      name: part,
      title,
      loaded: await services.loadStudy(presetFile(preset, part)),
    })),
  );
  return { preset, studies, notes: [] };
}

async function ofAudit(preset: Preset, config: string | undefined): Promise<LoadedPreset> {
  if (config === undefined)
    throw new AuditError(
      'MLD_USAGE',
      `the preset ${preset.name} is about one model, and none is named`,
      `Name an audit of a model that is trained here (ml-doctor init writes one): ml-doctor study --preset ${preset.name} audit.yaml.`,
    );
  const { loadOwnerStudy } = await import('./owner-study.ts');
  const { loaded, notes } = await loadOwnerStudy(config);
  return { preset, studies: [{ name: 'defences', title: preset.title, loaded }], notes };
}
