import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readTarMember } from './tar.ts';

/** Packed by the system's tar: what archives look like is not this test's invention. */
let archive: Buffer;
let folder: string;
const long = `${'d'.repeat(80)}/${'f'.repeat(60)}`;
const contents: Record<string, string> = {
  empty: '',
  'sub/whole-block': 'x'.repeat(512),
  'sub/more': 'Grüße'.repeat(300),
  [long]: 'a path in two parts',
};

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'ml-doctor-tar-'));
  mkdirSync(join(folder, 'sub'));
  mkdirSync(join(folder, 'd'.repeat(80)));
  for (const [name, text] of Object.entries(contents)) writeFileSync(join(folder, name), text);
  symlinkSync('empty', join(folder, 'link'));
  const members = ['link', 'sub', ...Object.keys(contents)];
  archive = execFileSync('tar', ['--format=ustar', '-cf', '-', '-C', folder, ...members]);
});
afterAll(() => rmSync(folder, { recursive: true }));

const read = (bytes: Uint8Array, name: string) =>
  Buffer.from(readTarMember(bytes, 'd/a.tar', name)).toString();
const codeFor = (bytes: Uint8Array, name = 'none') => {
  try {
    read(bytes, name);
    return 'read';
  } catch (error) {
    return (error as { code: string }).code;
  }
};

describe('readTarMember', () => {
  it('gives each file as it was packed', () => {
    for (const [name, text] of Object.entries(contents)) expect(read(archive, name)).toBe(text);
  });

  it.each(['none', 'link', 'sub', 'whole-block'])('refuses %s, which is no file in it', (name) => {
    expect(() => read(archive, name)).toThrow(
      expect.objectContaining({
        code: 'MLD_DATA_INVALID',
        message: expect.stringMatching(/d\/a\.tar.*sub\/whole-block/),
      }),
    );
  });

  it('refuses other things by their first bytes', () => {
    expect(codeFor(Buffer.from('<html>'.repeat(200)))).toBe('MLD_DATA_MAGIC');
    expect(codeFor(Buffer.from('short'))).toBe('MLD_DATA_TRUNCATED');
    expect(codeFor(Buffer.alloc(0))).toBe('MLD_DATA_INVALID');
  });

  it('refuses a header with any byte changed', () => {
    for (let at = 0; at < 512; at += 7) {
      const damaged = Buffer.from(archive);
      damaged[at]! ^= 0x41;
      expect(codeFor(damaged, 'empty'), `byte ${at}`).toMatch(/CHECKSUM|MAGIC/);
    }
  });

  it('refuses an archive that ends within a member or header', () => {
    const start = archive.indexOf('Grüße');
    for (const end of [start - 512, start + 10, start - 100]) {
      const expected = end === start - 512 ? 'MLD_DATA_INVALID' : 'MLD_DATA_TRUNCATED';
      expect(codeFor(archive.subarray(0, end), 'sub/more')).toBe(expected);
    }
  });
});
