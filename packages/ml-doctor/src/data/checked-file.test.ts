import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../test/study/temporary-folder.ts';
import { checkFile, digestFile } from './checked-file.ts';

/** More than two blocks and not a whole number of them. */
const BYTES = Buffer.alloc(2 * 2 ** 20 + 12_345, 'ab');
const record = { name: 'file', inflatedBytes: BYTES.length };

let path: string;
beforeEach(() => {
  path = join(temporaryFolder(), 'file');
  writeFileSync(path, BYTES);
});

describe('a file that is read in blocks', () => {
  it.each(['sha256', 'md5'] as const)('has the %s that other programs tell', async (algorithm) => {
    const [told] = execFileSync(`${algorithm}sum`, [path], { encoding: 'utf8' }).split(' ');
    expect(await digestFile(path, algorithm)).toBe(told);
  });

  it('is as published, another layout of the same, or refused', async () => {
    const sha256 = createHash('sha256').update(BYTES).digest('hex');
    const md5 = createHash('md5').update(BYTES).digest('hex');
    expect(await checkFile(path, { ...record, sha256 })).toBe(sha256);
    expect(await checkFile(path, { ...record, md5 })).toBe(md5);
    expect(await checkFile(path, record)).toBe(sha256);
    expect(await checkFile(path, { ...record, sha256: 'other', sameContent: [sha256] })).toBe(sha256);
    await expect(checkFile(path, { ...record, sha256: 'other', md5 })).rejects.toMatchObject({
      code: 'MLD_DATA_CHECKSUM',
      message: `${path}: sha256 is ${sha256}, expected other`,
    });
  });

  it('is refused where it is none, and left when told to stop', async () => {
    mkdirSync(`${path}-folder`);
    for (const wrong of [`${path}-folder`, `${path}-absent`])
      await expect(checkFile(wrong, record)).rejects.toMatchObject({ code: 'MLD_DATA_UNREADABLE' });
    await expect(checkFile(path, record, AbortSignal.abort('SIGINT'))).rejects.toBe('SIGINT');
  });
});
