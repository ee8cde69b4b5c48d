/** What the system refuses, in words: errno codes are for programs. */

import { getSystemErrorMap } from 'node:util';
import { AuditError } from '../errors.ts';
import { NoRegularFile } from './regular-file.ts';

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file or folder',
  ENOTDIR: 'part of the path is a file',
  EISDIR: 'a folder stands where a file should be',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EROFS: 'the file system is read-only',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
};

/** Where a write fails, these mean something more precise. */
const WRITE_REASONS: Readonly<Record<string, string>> = {
  EEXIST: 'it is a file',
  ENOENT: 'a folder of the path does not exist and cannot be made',
};

/** What Node says of a path with a NUL in it, which no system takes. */
const NO_PATH = 'ERR_INVALID_ARG_VALUE';

/** Why a system call failed. */
export function systemReason(error: unknown): string {
  if (error instanceof NoRegularFile) return error.message;
  const { code, errno } = (error ?? {}) as NodeJS.ErrnoException;
  if (code === NO_PATH) return 'no path holds such characters';
  return REASONS[code ?? ''] ?? getSystemErrorMap().get(errno ?? 0)?.[1] ?? 'the system gave no reason';
}

/**
 * The error for a place that cannot be written, `MLD_OUTPUT_UNWRITABLE`, with a hint that fits the reason. What is no
 * system error is a fault of ours, not of the place, and comes back as it is.
 *
 * @param option the command-line option that chooses the place, for the hint.
 */
export function unwritable(path: string, cause: unknown, option?: string): unknown {
  const { code } = (cause ?? {}) as NodeJS.ErrnoException;
  const refused = /^E[A-Z0-9]+$/.test(code ?? '') || (code === NO_PATH && path.includes('\0'));
  if (!refused) return cause;
  const remedy =
    code === 'ENOSPC' || code === 'EDQUOT'
      ? 'Free some space'
      : 'Make it a folder that this user can write to';
  return new AuditError(
    'MLD_OUTPUT_UNWRITABLE',
    `cannot write to ${path}: ${WRITE_REASONS[code ?? ''] ?? systemReason(cause)}`,
    `${remedy}, or choose another folder${option === undefined ? '' : ` (${option})`}.`,
    { cause },
  );
}
