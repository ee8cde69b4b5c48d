/** An audit of one's own model as the command line says it: the same configuration, with flags for places. */

import { AuditError } from '../errors.ts';
import { completeOwn } from './complete-own.ts';
import type { ConfigPath, LoadedConfig } from './config.ts';
import type { PlacedSource, Problem } from './config-source.ts';
import { ownProblems } from './own-problems.ts';
import { ownJsonSchema, ownSchema } from './own-schema.ts';
import { structureProblems } from './structure-problems.ts';

export type LoadedOwn = LoadedConfig & { readonly kind: 'own' };

/**
 * @param value what a file would hold
 * @param flagOf the flag that says what stands at a path
 * @param base folder that paths start from
 * @throws {AuditError} MLD_CONFIG, with the flag at fault
 */
export const ownFromFlags = (
  value: unknown,
  flagOf: (path: ConfigPath) => string | undefined,
  base: string,
): LoadedOwn => {
  const source = flagSource(flagOf);
  const parsed = ownSchema().safeParse(value);
  if (!parsed.success) {
    const problems = structureProblems(parsed.error.issues, { value, source, schema: ownJsonSchema() });
    throw source.first(problems) ?? new Error('internal: flags were refused without a reason');
  }
  const config = completeOwn(parsed.data, base);
  const fault = source.first(ownProblems(config, parsed.data));
  if (fault) throw fault;
  return { kind: 'own', config, source };
};

const flagSource = (flagOf: (path: ConfigPath) => string | undefined): PlacedSource => {
  const named = (path: ConfigPath): string | undefined => {
    for (let length = path.length; length > 0; length--) {
      const flag = flagOf(path.slice(0, length));
      if (flag !== undefined) return flag;
    }
    return undefined;
  };
  const fault: PlacedSource['fault'] = (path, what, hint, code = 'MLD_CONFIG') => {
    const flag = named(path);
    return new AuditError(code, flag === undefined ? what : `${flag}: ${what}`, hint);
  };
  return {
    fault,
    at: (path) => named(path) ?? 'the command line',
    written: () => undefined,
    first: (problems: readonly Problem[]) => {
      const [first] = problems;
      if (first === undefined) return undefined;
      const [what, hint] = first.words();
      const others = problems.length - 1;
      const more = others === 0 ? '' : ` (and ${others} more ${others === 1 ? 'problem' : 'problems'})`;
      return fault(first.path, what + more, hint, first.code) as AuditError;
    },
  };
};
