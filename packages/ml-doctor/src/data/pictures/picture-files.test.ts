import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { zipSync } from 'fflate';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type PictureFile, picturesInFolder, picturesInTar, picturesInZip } from './picture-files.ts';

/** They are listed, not decoded: any bytes will do. */
const CONTENTS = {
  'b/2.jpg': 'second',
  'a/10.jpg': 'tenth',
  'a/9.JPG': 'ninth',
  'a/notes.txt': 'no picture',
  'a/._9.JPG': 'left behind',
  '__MACOSX/a/9.jpg': 'left behind',
  '.hidden/1.jpg': 'hidden',
} as const;
const LISTED = ['a/10.jpg', 'a/9.JPG', 'b/2.jpg'];

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ml-doctor-listed-'));
  for (const [name, text] of Object.entries(CONTENTS)) {
    mkdirSync(dirname(join(folder, 'p', name)), { recursive: true });
    writeFileSync(join(folder, 'p', name), text);
  }
});
afterEach(() => rmSync(folder, { recursive: true }));

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const contentOf = ({ archive, start, end }: PictureFile) =>
  (typeof archive === 'string' ? readFileSync(archive) : Buffer.from(archive))
    .subarray(start, end)
    .toString();
const expected = LISTED.map((path) => CONTENTS[path as keyof typeof CONTENTS]);

describe('picturesInFolder', () => {
  it('lists pictures of all its folders by their paths, without links and what is hidden', async () => {
    symlinkSync(join(folder, 'p/b/2.jpg'), join(folder, 'p/b/3.jpg'));
    const { files } = await picturesInFolder(join(folder, 'p'));
    expect(files.map(({ path, name }) => [path, name])).toEqual(LISTED.map((path) => [path, `p/${path}`]));
    expect(files.map(contentOf)).toEqual(expected);
  });

  it('has a digest of names, sizes and times of change, wherever it lies', async () => {
    const digest = async (of: string) => (await picturesInFolder(join(folder, of))).digest;
    const before = await digest('p');
    execFileSync('cp', ['-a', join(folder, 'p'), join(folder, 'q')]);
    expect(await digest('q')).toBe(before);
    const put = (content: string, seconds: number) => {
      writeFileSync(join(folder, 'q/b/2.jpg'), content);
      utimesSync(join(folder, 'q/b/2.jpg'), seconds, seconds);
      return digest('q');
    };
    const [first, later, longer] = [
      await put('second', 1e9),
      await put('SECOND', 1e9 + 1),
      await put('longer than second', 1e9),
    ];
    expect(await put('second', 1e9)).toBe(first);
    execFileSync('mv', [join(folder, 'q/b/2.jpg'), join(folder, 'q/b/4.jpg')]);
    expect(new Set([before, first, later, longer, await digest('q')]).size).toBe(5);
  });

  it('refuses one without pictures, and none at all', async () => {
    mkdirSync(join(folder, 'empty'));
    await expect(picturesInFolder(join(folder, 'empty'))).rejects.toMatchObject({
      code: 'MLD_DATA_INVALID',
      message: expect.stringContaining('empty: holds no pictures'),
    });
    await expect(picturesInFolder(join(folder, 'none'))).rejects.toMatchObject({
      code: 'MLD_DATA_UNREADABLE',
    });
  });
});

describe('picturesInTar', () => {
  const tar = (...options: string[]) => {
    const path = join(folder, 'a.tar');
    execFileSync('tar', [...options, '-cf', path, '-C', join(folder, 'p'), '.']);
    return path;
  };
  const record = { name: 'a.tar', inflatedBytes: 2 ** 20 };

  it.each([
    ['ustar', ['--format=ustar']],
    ['GNU', ['--format=gnu']],
    ['gzipped', ['-z']],
  ])('lists the members of an archive (%s), where they are in memory', async (_, options) => {
    const path = tar(...options);
    const { digest, files } = await picturesInTar(path, record);
    expect(files.map((one) => [one.path, one.name])).toEqual(LISTED.map((at) => [at, `a.tar: ${at}`]));
    expect(files.map(contentOf)).toEqual(expected);
    expect(files[0]!.archive).toBeInstanceOf(SharedArrayBuffer);
    expect(digest).toBe(sha256(readFileSync(path)));
  });

  it('holds no more than is expected', async () => {
    await expect(picturesInTar(tar('-z'), { ...record, inflatedBytes: 4096 })).rejects.toMatchObject({
      code: 'MLD_DATA_INVALID',
      message: expect.stringContaining('inflates to more than the 4096 bytes'),
    });
  });
});

describe('picturesInZip', () => {
  it.each([0, 6] as const)(
    'lists the entries of an archive (level %s), where they are on disk',
    async (level) => {
      const path = join(folder, 'a.zip');
      const files = Object.entries(CONTENTS).map(([name, text]) => [name, Buffer.from(text.repeat(50))]);
      writeFileSync(path, zipSync(Object.fromEntries(files), { level }));
      const found = await picturesInZip(path, { name: 'a.zip', inflatedBytes: 2 ** 20 });
      expect(found.files.map((one) => [one.path, one.name, one.archive])).toEqual(
        LISTED.map((at) => [at, `a.zip: ${at}`, path]),
      );
      expect(found.files.map(({ method }) => method)).toEqual(
        Array(3).fill(level === 0 ? 'stored' : 'deflate'),
      );
      if (level === 0) expect(found.files.map(contentOf)).toEqual(expected.map((text) => text.repeat(50)));
      expect(found.digest).toBe(sha256(readFileSync(path)));
    },
  );
});
