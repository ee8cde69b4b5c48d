/** Configurations as commands take them: of the right kind, with what the command line says instead. */

import { attackOf } from '../attacks/registry.ts';
import { parseAttackList } from '../config/attack-list.ts';
import type { AttackChoice, AuditConfig, ConfigSource, LoadedConfig, StudyConfig } from '../config/config.ts';
import { loadConfig } from '../config/load-config.ts';
import { ownAttackChoice } from '../config/own-attacks.ts';
import { type LoadedOwn, ownFromFlags } from '../config/own-flags.ts';
import { AuditError } from '../errors.ts';
import { shortfall } from '../targets/threat-model.ts';
import { configFrom, flagOf, givenOptions, type OwnFlags } from './own-options.ts';

export interface AuditOverrides {
  /** Names with commas between them. */
  readonly attacks?: string | undefined;
  readonly seed?: number | undefined;
  /** Whether it is looked into what exposed records have in common, beside what the file says. */
  readonly explain?: true | undefined;
  /** Options that say which model is audited, in the place of a file. */
  readonly own?: OwnFlags | undefined;
  /** Whether the cost of an endpoint is agreed to. */
  readonly yes?: boolean | undefined;
}

export type LoadedTrained = LoadedConfig & { readonly kind: 'audit' };

/** @param path of a configuration; left out where options say all of it */
export async function loadAudit(
  path: string | undefined,
  overrides: AuditOverrides,
): Promise<LoadedTrained | LoadedOwn> {
  const { own: flags = {} } = overrides;
  const given = givenOptions(flags);
  if (path === undefined) return withOverrides(fromFlags(flags, given), overrides);
  if (given.length > 0)
    throw new AuditError(
      'MLD_USAGE',
      `both ${path} and ${given[0]} say what is audited`,
      'Write it into the file, or leave the file out.',
    );
  const loaded = await loadConfig(path);
  if (loaded.kind === 'study') throw wrongKind(path, 'a study of many models', 'study');
  return withOverrides(loaded as LoadedTrained | LoadedOwn, overrides);
}

function fromFlags(flags: OwnFlags, given: readonly string[]): LoadedOwn {
  if (given.length === 0)
    throw new AuditError(
      'MLD_USAGE',
      'nothing is named to be audited',
      'Give a configuration (`ml-doctor init` writes one), or --model, --endpoint or --outputs; see `ml-doctor audit --help`.',
    );
  const value = configFrom(flags);
  return ownFromFlags({ target: {}, ...value }, flagOf, process.cwd());
}

function withOverrides<T extends LoadedTrained | LoadedOwn>(
  loaded: T,
  { attacks, seed, explain, yes }: AuditOverrides,
): T {
  if (explain && loaded.kind === 'own' && loaded.config.own.kind === 'outputs')
    throw new AuditError(
      'MLD_USAGE',
      '--explain looks at the records, and saved outputs are without them',
      'Leave it out, or audit the model itself with its records.',
    );
  const named = attacks === undefined ? undefined : parseAttackList(attacks);
  const chosen =
    loaded.kind === 'own'
      ? named?.map(({ name }) => ownAttackChoice(name, hasRecords(loaded.config)))
      : named;
  const config = {
    ...loaded.config,
    ...(chosen && { attacks: chosen }),
    ...(seed !== undefined && { seed }),
    ...(explain && { explain }),
    ...(yes === true && loaded.kind === 'own' && { confirmed: true }),
  };
  // What the file's own attacks have been held against already.
  if (chosen && loaded.kind === 'audit') refuseOutOfReach(config as AuditConfig);
  return { ...loaded, config, ...(chosen && { source: ofCommandLine(loaded.source) }) };
}

const hasRecords = ({ data }: LoadedOwn['config']): boolean => data.auxiliary !== undefined;

/** Faults of attacks that the command line names stand at no place of the file. */
const ofCommandLine = (file: ConfigSource): ConfigSource => ({
  fault: (path, what, hint, code = 'MLD_CONFIG') =>
    path[0] === 'attacks'
      ? new AuditError(code, `--attacks: ${what}`, hint)
      : file.fault(path, what, hint, code),
});

/** Either kind; what the command line says instead is for audits. */
export async function loadAny(path: string | undefined, overrides: AuditOverrides): Promise<LoadedConfig> {
  const { attacks, seed, explain, own } = overrides;
  if (
    path === undefined ||
    attacks !== undefined ||
    seed !== undefined ||
    explain ||
    givenOptions(own ?? {}).length > 0
  )
    return loadAudit(path, overrides);
  return loadConfig(path);
}

export async function loadStudy(path: string): Promise<LoadedConfig & { readonly kind: 'study' }> {
  const loaded = await loadConfig(path);
  if (loaded.kind !== 'study') throw wrongKind(path, 'an audit of one model', 'audit');
  return loaded as { kind: 'study'; config: StudyConfig; source: ConfigSource };
}

/** @throws {AuditError} MLD_THREAT_MODEL for attacks of the command line that the target does not allow */
export function refuseOutOfReach({
  attacks,
  target,
}: { readonly attacks: readonly AttackChoice[] } & Pick<AuditConfig, 'target'>): void {
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
