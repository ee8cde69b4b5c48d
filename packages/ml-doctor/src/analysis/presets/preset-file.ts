/** Where the configurations of the bundled studies lie. */

import { fileURLToPath } from 'node:url';
import { AuditError } from '../../errors.ts';
import { PRESETS, type Preset } from './presets.ts';

/** Beside `src` and `dist`. */
const FOLDER = new URL('../../../presets/', import.meta.url);

/** @throws {AuditError} MLD_USAGE for a name that no preset has */
export function presetOf(name: string): Preset {
  const found = Object.hasOwn(PRESETS, name) ? PRESETS[name] : undefined;
  if (found !== undefined) return found;
  throw new AuditError(
    'MLD_USAGE',
    `no preset is called '${name}'`,
    `Choose from ${Object.keys(PRESETS).join(', ')}; see ml-doctor list presets.`,
  );
}

/** Path of the YAML file of a part; a study like any other. */
export function presetFile(preset: Pick<Preset, 'name'>, part: string): string {
  return fileURLToPath(new URL(`${preset.name}/${part}.yaml`, FOLDER));
}
