/** Reads configurations, YAML or JSON; whatever is wrong with one comes with file, line, column and a remedy. */

import { dirname, resolve } from 'node:path';
import { completeAudit, completeStudy } from './complete.ts';
import { completeOwn } from './complete-own.ts';
import type { LoadedConfig } from './config.ts';
import { configSource, type PlacedSource, type Problem } from './config-source.ts';
import { readDocument } from './document.ts';
import { kindOf } from './kind.ts';
import { auditProblems, studyProblems } from './meaning-problems.ts';
import { ownProblems } from './own-problems.ts';
import { ownJsonSchema, ownSchema } from './own-schema.ts';
import { loadNamedPlugins, pluginChoices } from './plugins.ts';
import { positionsIn } from './positions.ts';
import { readText } from './read-text.ts';
import { auditSchema, jsonSchemaOf, studySchema } from './schema.ts';
import { structureProblems } from './structure-problems.ts';

/**
 * Reads a file, a pipe too.
 * @throws {AuditError} MLD_CONFIG when it cannot be read or is no text, and what {@link parseConfig} throws
 */
export async function loadConfig(path: string): Promise<LoadedConfig> {
  const text = await readText(path, {
    code: 'MLD_CONFIG',
    name: 'the configuration',
    advice: 'Name a configuration file that you may read; `ml-doctor init` writes one to start from.',
  });
  const { value, source } = placedConfig(text, path);
  await loadNamedPlugins(value, source, path);
  return checkedConfig(value, source, path);
}

/**
 * Reads the text of a configuration; `file` is its name in messages. What the text breaks first is reported, in the
 * order of the text: first as YAML, then by the schema, then by what its values mean together.
 *
 * @throws {AuditError} MLD_CONFIG; MLD_SPLIT for more records than there are; MLD_THREAT_MODEL for an attack that the
 *   target does not allow; MLD_PLUGIN for a plugin that is not loaded. All begin with `FILE:LINE:COLUMN: `.
 */
export function parseConfig(text: string, file: string): LoadedConfig {
  const { value, source } = placedConfig(text, file);
  return checkedConfig(value, source, file);
}

function placedConfig(
  text: string,
  file: string,
): { readonly value: unknown; readonly source: PlacedSource } {
  const plain = text.replace(/^\uFEFF/, '');
  const positions = positionsIn(plain, file);
  const { value, place } = readDocument(plain, positions);
  return { value, source: configSource(place, positions) };
}

function checkedConfig(value: unknown, source: PlacedSource, file: string): LoadedConfig {
  const kind = kindOf(value, source);
  const plugins = pluginChoices(value, source, file);
  const loaded =
    kind === 'own'
      ? own(value, source, dirname(resolve(file)))
      : kind === 'audit'
        ? audit(value, source)
        : study(value, source);
  // One type for both kinds would lose which is which.
  return plugins.length === 0
    ? loaded
    : loaded.kind === 'own'
      ? { ...loaded, config: { ...loaded.config, plugins } }
      : loaded.kind === 'audit'
        ? { ...loaded, config: { ...loaded.config, plugins } }
        : { ...loaded, config: { ...loaded.config, plugins } };
}

function audit(value: unknown, source: PlacedSource): LoadedConfig {
  const parsed = auditSchema().safeParse(value);
  if (!parsed.success) throw structureError(parsed.error.issues, value, source, 'audit');
  const config = completeAudit(parsed.data);
  refuse(auditProblems(config, source, parsed.data), source);
  return { kind: 'audit', config, source };
}

function own(value: unknown, source: PlacedSource, base: string): LoadedConfig {
  const parsed = ownSchema().safeParse(value);
  if (!parsed.success) throw structureError(parsed.error.issues, value, source, 'own');
  const config = completeOwn(parsed.data, base);
  refuse(ownProblems(config, parsed.data), source);
  return { kind: 'own', config, source };
}

function study(value: unknown, source: PlacedSource): LoadedConfig {
  const parsed = studySchema().safeParse(value);
  if (!parsed.success) throw structureError(parsed.error.issues, value, source, 'study');
  const config = completeStudy(parsed.data);
  refuse(studyProblems(config, source, parsed.data), source);
  return { kind: 'study', config, source };
}

function structureError(
  issues: Parameters<typeof structureProblems>[0],
  value: unknown,
  source: PlacedSource,
  kind: LoadedConfig['kind'],
): Error {
  const problems = structureProblems(issues, {
    value,
    source,
    schema: kind === 'own' ? ownJsonSchema() : jsonSchemaOf(kind),
  });
  return source.first(problems) ?? new Error('internal: a configuration was refused without a reason');
}

function refuse(problems: readonly Problem[], source: PlacedSource): void {
  const error = source.first(problems);
  if (error !== undefined) throw error;
}
