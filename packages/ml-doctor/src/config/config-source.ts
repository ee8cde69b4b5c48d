/** Paths in a configuration to places in its file, and problems to the one error that a user sees. */

import type { AuditError } from '../errors.ts';
import type { ConfigCode, ConfigPath, ConfigSource } from './config.ts';
import type { Place } from './placed-value.ts';
import type { Positions } from './positions.ts';

export interface Problem {
  /** Where; of a path that is not there, its nearest parent. */
  readonly path: ConfigPath;
  /** Whether the key is at fault and not what it holds. */
  readonly atKey?: boolean;
  readonly code?: ConfigCode;
  /** Made for the problem that is shown only: a bad file can have a hundred thousand. */
  readonly words: () => readonly [what: string, hint: string];
}

export interface PlacedSource extends ConfigSource {
  /** `LINE:COLUMN`. */
  at(path: ConfigPath): string;
  /** How a plain scalar is spelt in the file. */
  written(path: ConfigPath): string | undefined;
  /** The error for the first of some problems in the order of the file, with how many others there are. */
  first(problems: readonly Problem[]): AuditError | undefined;
}

export function configSource(root: Place, positions: Positions): PlacedSource {
  const placeOf = (path: ConfigPath): Place => {
    let place = root;
    for (const part of path) {
      const next = place.parts.get(part);
      if (next === undefined) break;
      place = next;
    }
    return place;
  };
  const fault: PlacedSource['fault'] = (path, what, hint, code) =>
    positions.error(placeOf(path).start, what, hint, code);
  return {
    fault,
    at: (path) => positions.at(placeOf(path).start),
    written: (path) => placeOf(path).written,
    first: (problems) => {
      let first: { readonly problem: Problem; readonly offset: number } | undefined;
      for (const problem of problems) {
        const place = placeOf(problem.path);
        const offset = problem.atKey === true ? place.key : place.start;
        if (first === undefined || offset < first.offset) first = { problem, offset };
      }
      if (first === undefined) return undefined;
      const [what, hint] = first.problem.words();
      const others = problems.length - 1;
      const more = others === 0 ? '' : ` (and ${others} more ${others === 1 ? 'problem' : 'problems'})`;
      return positions.error(first.offset, what + more, hint, first.problem.code);
    },
  };
}
