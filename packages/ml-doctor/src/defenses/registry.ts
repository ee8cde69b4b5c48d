/** Every defence by name. Adding one is its file, its name in the type, and a line here. */
import { AuditError } from '../errors.ts';
import { l2 } from './l2.ts';
import { none } from './none.ts';
import type { TrainingDefense } from './training-defense.ts';

export type DefenseName = 'l2' | 'none';

/** Total by type: a name without its defence, or a defence under another's name, does not compile. */
export const defenses: { readonly [Name in DefenseName]: TrainingDefense<Name> } = { l2, none };

/** @throws {AuditError} MLD_USAGE naming the known defences */
export const defenseOf = (name: string): TrainingDefense => {
  if (Object.hasOwn(defenses, name)) return defenses[name as DefenseName];
  throw new AuditError(
    'MLD_USAGE',
    `there is no defence '${name}'`,
    `Known defences: ${Object.keys(defenses).join(', ')}.`,
  );
};
