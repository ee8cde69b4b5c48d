/** The text of a file that people write by hand; a pipe too. */

import { open } from 'node:fs/promises';
import { AuditError } from '../errors.ts';
import { systemReason } from '../files/system-error.ts';
import { MAX_LENGTH } from './document.ts';

/** More bytes than any text of the greatest length takes. */
const MAX_BYTES = 4 * MAX_LENGTH;

export interface TextKind {
  readonly code: 'MLD_CONFIG' | 'MLD_POLICY';
  /** What it is, as `the policy`. */
  readonly name: string;
  /** What to do where it cannot be read. */
  readonly advice: string;
}

/** @throws {AuditError} the kind's code, for a file that cannot be read, is too large, or is no text in UTF-8 */
export const readText = async (path: string, { code, name, advice }: TextKind): Promise<string> => {
  const bytes = await readSome(path).catch((cause) => {
    throw new AuditError(code, `cannot read ${path}: ${systemReason(cause)}`, advice, { cause });
  });
  if (bytes.length > MAX_BYTES)
    throw new AuditError(
      code,
      `${path}: the file has more than ${MAX_BYTES} bytes`,
      `Check that it is ${name} and not a model or data.`,
    );
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new AuditError(
      code,
      `${path}: the file is not text in UTF-8`,
      `Save it as UTF-8; check that it is ${name} and not a model or data.`,
    );
  }
};

/** The file's bytes, or as many as show that there are too many. */
const readSome = async (path: string): Promise<Uint8Array> => {
  const file = await open(path);
  try {
    const buffer = Buffer.alloc(MAX_BYTES + 1);
    let filled = 0;
    for (;;) {
      const { bytesRead } = await file.read(buffer, filled, buffer.length - filled, null);
      filled += bytesRead;
      if (bytesRead === 0 || filled === buffer.length) return buffer.subarray(0, filled);
    }
  } finally {
    await file.close();
  }
};
