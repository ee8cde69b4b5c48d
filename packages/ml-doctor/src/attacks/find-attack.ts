/** Looks an attack up by its name. */
import { AuditError } from '../errors.ts';

/** @throws {AuditError} MLD_USAGE naming the known attacks */
export const findAttack = <A>(registry: Readonly<Record<string, A>>, name: string): A => {
  if (Object.hasOwn(registry, name)) return registry[name] as A;
  throw new AuditError(
    'MLD_USAGE',
    `there is no attack '${name}'`,
    `Known attacks: ${Object.keys(registry).join(', ')}.`,
  );
};
