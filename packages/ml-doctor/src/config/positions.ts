/** Offsets in a configuration file to `FILE:LINE:COLUMN`, and errors that begin with it. */

import { type AuditCode, AuditError } from '../errors.ts';

export interface Positions {
  /** `LINE:COLUMN`, from 1; columns count UTF-16 code units, as editors do. */
  at(offset: number): string;
  /** The offsets' errors are the user's: `FILE:LINE:COLUMN: what`. */
  error(offset: number, what: string, hint: string, code?: AuditCode): AuditError;
}

export function positionsIn(text: string, file: string): Positions {
  const at = (offset: number): string => {
    const before = text.slice(0, offset);
    return `${before.split('\n').length}:${offset - before.lastIndexOf('\n')}`;
  };
  return {
    at,
    error: (offset, what, hint, code = 'MLD_CONFIG') =>
      new AuditError(code, `${file}:${at(offset)}: ${what}`, hint),
  };
}
