/** Looks an attack up by its name: among the built-in ones, and among those that the user's own files add. */
import { AuditError } from '../errors.ts';

interface Named {
  readonly family: string;
  readonly name: string;
}

/** Kept by this process until it ends: worker processes load the same files. */
const plugged = new Map<string, { readonly attack: Named; readonly digest: string }>();

/**
 * Adds an attack that is not built in. Its name has been checked.
 * @param digest of the files that it comes from
 */
export const plugAttack = (attack: Named, digest: string): void => {
  plugged.set(attack.name, { attack, digest });
};

/** By name, of one family or of all. */
export const pluggedAttacks = <A>(family?: string): Readonly<Record<string, A>> =>
  Object.fromEntries(
    [...plugged.values()]
      .filter(({ attack }) => family === undefined || attack.family === family)
      .map(({ attack }) => [attack.name, attack as A]),
  );

/** Of the files that an attack of this name comes from; undefined of a built-in one. */
export const pluggedAttackDigest = (name: string): string | undefined => plugged.get(name)?.digest;

/** @throws {AuditError} MLD_USAGE naming the known attacks */
export const findAttack = <A>(registry: Readonly<Record<string, A>>, name: string): A => {
  if (Object.hasOwn(registry, name)) return registry[name] as A;
  throw new AuditError(
    'MLD_USAGE',
    `there is no attack '${name}'`,
    `Known attacks: ${Object.keys(registry).join(', ')}.`,
  );
};
