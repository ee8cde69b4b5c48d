/** Lists the JPEGs in a folder or an archive, for whoever decodes them: where each is, and nothing of what it shows. */
import { createHash } from 'node:crypto';
import { readdir, stat } from 'node:fs/promises';
import { basename, join, relative, sep } from 'node:path';
import { AuditError } from '../../errors.ts';
import { systemReason } from '../../files/system-error.ts';
import { checkFile, type FileRecord } from '../checked-file.ts';
import { byteStream } from '../formats/byte-stream.ts';
import { type FileBytes, withFile } from '../formats/file-bytes.ts';
import { wholeRange } from '../formats/idx-rows.ts';
import { tarMembers } from '../formats/tar.ts';
import { type ZipLimits, zipContent, zipDirectory } from '../formats/zip-directory.ts';
import type { PictureAt } from './decode-pictures.ts';

export interface PictureFile extends PictureAt {
  /** Within the folder or archive, with forward slashes. Never a path to read from or write to. */
  readonly path: string;
}

export interface PictureFiles {
  /** Of the archive; of a folder's names, sizes and times of change. */
  readonly digest: string;
  /** In the order of their paths. */
  readonly files: readonly PictureFile[];
}

/** @throws {AuditError} MLD_DATA_UNREADABLE, MLD_DATA_INVALID when there are none */
export async function picturesInFolder(folder: string): Promise<PictureFiles> {
  const unreadable = (cause: unknown) =>
    new AuditError(
      'MLD_DATA_UNREADABLE',
      `${folder}: cannot be read: ${systemReason(cause)}`,
      'Check the path and its permissions.',
      { cause },
    );
  const entries = await readdir(folder, { withFileTypes: true, recursive: true }).catch((cause: unknown) => {
    throw unreadable(cause);
  });
  const files: PictureFile[] = [];
  for (const entry of entries) {
    // Links are left out: they can lead anywhere.
    if (!entry.isFile()) continue;
    const at = join(entry.parentPath, entry.name);
    const path = relative(folder, at).split(sep).join('/');
    if (isPicture(path)) files.push({ path, name: `${basename(folder)}/${path}`, archive: at, start: 0 });
  }
  sortByPath(files);
  const hash = createHash('sha256');
  for (let i = 0; i < files.length; i += AT_ONCE) {
    const some = files.slice(i, i + AT_ONCE);
    const stats = await Promise.all(some.map(({ archive }) => stat(archive as string))).catch(
      (cause: unknown) => {
        throw unreadable(cause);
      },
    );
    some.forEach(({ path }, j) => {
      hash.update(`${path}\n${stats[j]?.size}\n${stats[j]?.mtimeMs}\n`);
    });
  }
  return atLeastOne(folder, { digest: hash.digest('hex'), files });
}

/**
 * Inflates the archive once, into memory that threads can share.
 *
 * @throws {AuditError} MLD_DATA_UNREADABLE, MLD_DATA_CHECKSUM, MLD_DATA_INVALID when there are none or the archive inflates to
 *   more than is expected, and those of the tar reader
 */
export async function picturesInTar(
  path: string,
  expected: FileRecord,
  signal?: AbortSignal,
): Promise<PictureFiles> {
  const archive = await withFile(path, (file) => inflateShared(file, expected.inflatedBytes, signal));
  const files: PictureFile[] = [];
  for (const { name, isFile, content } of tarMembers(archive, path)) {
    if (!isFile || !isPicture(name)) continue;
    const start = content.byteOffset;
    const member = name.replace(/^\.\//, '');
    const errorName = `${basename(path)}: ${member}`;
    files.push({
      path: member,
      name: errorName,
      archive: archive.buffer,
      start,
      end: start + content.length,
    });
  }
  sortByPath(files);
  return atLeastOne(path, { digest: await checkFile(path, expected, signal), files });
}

/**
 * Leaves the archive where it is; only its directory is read.
 *
 * @throws {AuditError} MLD_DATA_UNREADABLE, MLD_DATA_CHECKSUM, MLD_DATA_INVALID when there are none, and those of the zip reader
 */
export async function picturesInZip(
  path: string,
  expected: FileRecord,
  signal?: AbortSignal,
): Promise<PictureFiles> {
  const files = await withFile(path, async (file) => {
    const entries = [...(await zipDirectory(file, ZIP)).values()].filter(({ name }) => isPicture(name));
    const found: PictureFile[] = [];
    for (let i = 0; i < entries.length; i += AT_ONCE) {
      signal?.throwIfAborted();
      const some = entries.slice(i, i + AT_ONCE);
      const ranges = await Promise.all(some.map((entry) => zipContent(file, entry)));
      some.forEach(({ name, method }, j) => {
        const range = ranges[j] as { start: number; end: number };
        found.push({ path: name, name: `${basename(path)}: ${name}`, archive: path, ...range, method });
      });
    }
    return found;
  });
  sortByPath(files);
  return atLeastOne(path, { digest: await checkFile(path, expected, signal), files });
}

/** CelebA has 202,599; their directory takes less than 100 bytes for each. */
const ZIP: ZipLimits = {
  entries: 2 ** 20,
  directory: 2 ** 27,
  what: 'zip archive',
  hint: 'Check that this is the right file and not, for example, a web page saved under its name.',
};

/** Files asked about at a time: enough to keep a disk busy. */
const AT_ONCE = 256;

/** What file managers leave behind is hidden, or in a folder of theirs. */
const isPicture = (path: string): boolean =>
  /\.jpe?g$/i.test(path) && !path.split('/').some((part) => /^(?:\.[^/]|__MACOSX$)/.test(part));

function sortByPath(files: PictureFile[]): void {
  files.sort((a, b) => (a.path < b.path ? -1 : 1));
}

function atLeastOne(path: string, pictures: PictureFiles): PictureFiles {
  if (pictures.files.length > 0) return pictures;
  throw new AuditError(
    'MLD_DATA_INVALID',
    `${path}: holds no pictures (.jpg)`,
    'Check that this is the right one.',
  );
}

async function inflateShared(
  file: FileBytes,
  maxBytes: number,
  signal: AbortSignal | undefined,
): Promise<Uint8Array<SharedArrayBuffer>> {
  // Pages that nothing is written to take no memory.
  const bytes = new Uint8Array(new SharedArrayBuffer(maxBytes));
  let length = 0;
  for await (const block of byteStream(file, await wholeRange(file), signal)) {
    if (length + block.length > maxBytes) {
      throw new AuditError(
        'MLD_DATA_INVALID',
        `${file.path}: inflates to more than the ${maxBytes} bytes expected at most`,
        'Check that this is the right file.',
      );
    }
    bytes.set(block, length);
    length += block.length;
  }
  return bytes.subarray(0, length);
}
