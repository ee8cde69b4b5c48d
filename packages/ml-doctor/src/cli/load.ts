/** Configurations as commands take them: of the right kind, with what the command line says instead. */

import { attackOf } from '../attacks/registry.ts';
import { parseAttackList } from '../config/attack-list.ts';
import type { AuditConfig, ConfigSource, LoadedConfig } from '../config/config.ts';
import { loadConfig } from '../config/load-config.ts';
import { AuditError } from '../errors.ts';
import { shortfall } from '../targets/threat-model.ts';

export interface AuditOverrides {
  /** Names with commas between them. */
  readonly attacks?: string | undefined;
  readonly seed?: number | undefined;
}

export async function loadAudit(
  path: string,
  { attacks, seed }: AuditOverrides,
): Promise<LoadedConfig & { readonly kind: 'audit' }> {
  const loaded = await loadConfig(path);
  if (loaded.kind === 'study') throw wrongKind(path, 'a study of many models', 'study');
  const config: AuditConfig = {
    ...loaded.config,
    ...(attacks !== undefined && { attacks: parseAttackList(attacks) }),
    ...(seed !== undefined && { seed }),
  };
  // What the file's own attacks have been held against already.
  if (attacks !== undefined) refuseOutOfReach(config);
  return { ...loaded, config, ...(attacks !== undefined && { source: ofCommandLine(loaded.source) }) };
}

/** Faults of attacks that the command line names stand at no place of the file. */
const ofCommandLine = (file: ConfigSource): ConfigSource => ({
  fault: (path, what, hint, code = 'MLD_CONFIG') =>
    path[0] === 'attacks'
      ? new AuditError(code, `--attacks: ${what}`, hint)
      : file.fault(path, what, hint, code),
});

/** Either kind; what the command line says instead is for audits. */
export async function loadAny(path: string, overrides: AuditOverrides): Promise<LoadedConfig> {
  const { attacks, seed } = overrides;
  if (attacks !== undefined || seed !== undefined) return loadAudit(path, overrides);
  return loadConfig(path);
}

export async function loadStudy(path: string): Promise<LoadedConfig & { readonly kind: 'study' }> {
  const loaded = await loadConfig(path);
  if (loaded.kind === 'audit') throw wrongKind(path, 'an audit of one model', 'audit');
  return loaded;
}

/** @throws {AuditError} MLD_THREAT_MODEL for attacks of the command line that the target does not allow */
export function refuseOutOfReach({ attacks, target }: AuditConfig): void {
  for (const { name, params } of attacks) {
    const lack = shortfall(attackOf(name).configure(params).needs, target.offers);
    if (lack === undefined) continue;
    throw new AuditError(
      'MLD_THREAT_MODEL',
      `--attacks: ${name} needs ${lack.needs} ${lack.part}; the target offers ${lack.offers}`,
      'Leave the attack out, or say in the configuration that the target offers more (offers).',
    );
  }
}

const wrongKind = (path: string, what: string, command: string) =>
  new AuditError('MLD_USAGE', `${path} configures ${what}`, `Run: ml-doctor ${command} ${path}`);
