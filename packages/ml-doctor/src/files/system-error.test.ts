/** Every refusal of the system, real where the system can be made to refuse, is told in words. */

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { getSystemErrorMap } from 'node:util';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../test/study/temporary-folder.ts';
import { AuditError } from '../errors.ts';
import { systemReason, unwritable } from './system-error.ts';

const thrown = (act: () => unknown): unknown => {
  try {
    act();
  } catch (error) {
    return error;
  }
  throw new Error('the system did not refuse');
};

describe('systemReason', () => {
  it('tells real refusals apart', () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'file'), '');
    const reading = (path: string) => systemReason(thrown(() => readFileSync(join(folder, path))));
    expect(reading('nothing')).toBe('there is no such file or folder');
    expect(reading('file/below')).toBe('part of the path is a file');
    expect(reading('.')).toBe('a folder stands where a file should be');
    expect(reading('x'.repeat(5000))).toBe('name too long');
  });

  it('never gives a code, whatever the error', () => {
    for (const [errno, [code]] of getSystemErrorMap())
      expect(systemReason(Object.assign(new Error(), { code, errno }))).not.toMatch(/\bE[A-Z0-9]{3,}\b/);
    for (const odd of [new Error('x'), undefined, 'text', Object.assign(new Error(), { code: 'EXOTIC' })])
      expect(systemReason(odd)).toBe('the system gave no reason');
  });
});

describe('unwritable', () => {
  it('says what is in the way, and what to do', () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'file'), '');
    const refusal = (path: string, option?: string) =>
      unwritable(
        path,
        thrown(() => mkdirSync(join(folder, path))),
        option,
      );
    expect(refusal('file', '--out')).toMatchObject({
      code: 'MLD_OUTPUT_UNWRITABLE',
      message: 'cannot write to file: it is a file',
      hint: 'Make it a folder that this user can write to, or choose another folder (--out).',
    });
    expect(refusal('no/such')).toMatchObject({
      message: 'cannot write to no/such: a folder of the path does not exist and cannot be made',
      hint: 'Make it a folder that this user can write to, or choose another folder.',
    });
    expect(unwritable('d', Object.assign(new Error(), { code: 'ENOSPC' }))).toMatchObject({
      message: 'cannot write to d: the disk is full',
      hint: 'Free some space, or choose another folder.',
    });
  });

  it('lets a fault of ours, and what is told already, pass', () => {
    const refused = new AuditError('MLD_OUTPUT_UNWRITABLE', 'm', 'h');
    const range = Object.assign(new RangeError('x'), { code: 'ERR_OUT_OF_RANGE' });
    for (const error of [new TypeError('x'), refused, range]) expect(unwritable('d', error)).toBe(error);
  });
});
