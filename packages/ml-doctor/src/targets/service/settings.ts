/** The settings of a kind of training service, read strictly: one that is missing or unknown is named. */
import { AuditError } from '../../errors.ts';
import type { ServiceChoice } from './service.ts';

export interface KnownSettings {
  /** What each is for. */
  readonly required: Readonly<Record<string, string>>;
  readonly optional: readonly string[];
  /** Beginnings under which any name goes. */
  readonly free?: readonly string[];
}

/** @throws {AuditError} MLD_CONFIG */
export const checkedSettings = (
  { kind, settings }: ServiceChoice,
  { required, optional, free = [] }: KnownSettings,
): Readonly<Record<string, string>> => {
  for (const [name, purpose] of Object.entries(required))
    if ((settings[name] ?? '') === '')
      throw new AuditError(
        'MLD_CONFIG',
        `a training service of kind ${kind} needs the setting "${name}" (${purpose})`,
        `Add "${name}" under settings; docs/training-services.md has an example.`,
      );
  const known = [...Object.keys(required), ...optional];
  for (const name of Object.keys(settings))
    if (!known.includes(name) && !free.some((start) => name.startsWith(start)))
      throw new AuditError(
        'MLD_CONFIG',
        `a training service of kind ${kind} knows no setting "${name}"`,
        `Known are ${[...known, ...free.map((start) => `${start}NAME`)].join(', ') || 'none'}.`,
      );
  return settings;
};
