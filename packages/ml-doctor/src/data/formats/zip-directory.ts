/** Reads the directory of a zip archive (APPNOTE 6.3, zip64 too): what is in it and where, nothing of the contents. */
import { AuditError } from '../../errors.ts';
import type { FileBytes } from './file-bytes.ts';

export interface ZipEntry {
  /** Never a path to write to or read from. */
  readonly name: string;
  readonly method: 'stored' | 'deflate';
  readonly crc: number;
  readonly compressed: number;
  readonly size: number;
  /** Of the entry's own header. */
  readonly offset: number;
  /** Where the directory begins: all contents end before it. */
  readonly limit: number;
}

const [LOCAL, CENTRAL, END, END64, LOCATOR64] = [0x04034b50, 0x02014b50, 0x06054b50, 0x06064b50, 0x07064b50];
const END_LENGTH = 22;
const MAX_COMMENT = 65_535;
const ENCRYPTED = 1;
const [STORED, DEFLATED] = [0, 8];
const UNKNOWN_32 = 0xffffffff;

/** What an archive is expected to be. */
export interface ZipLimits {
  readonly entries: number;
  /** Bytes. */
  readonly directory: number;
  /** As errors call it. */
  readonly what: string;
  /** For another one. */
  readonly hint: string;
}

/** An archive of arrays has a handful of entries. */
const ARRAYS: ZipLimits = {
  entries: 10_000,
  directory: 2 ** 22,
  what: '.npz file (a zip archive of arrays)',
  hint: 'Save it with np.savez(path, x=…, y=…); files of pickle, PyTorch or MATLAB are not read.',
};

/** Deflate cannot make more bytes of one; what announces more lies. */
const MAX_RATIO = 1032;

/**
 * The entries by name.
 *
 * @throws {AuditError} MLD_DATA_MAGIC, MLD_DATA_TRUNCATED, MLD_DATA_INVALID, MLD_LIMIT for tens of thousands of entries
 */
export async function zipDirectory(
  file: FileBytes,
  limits: ZipLimits = ARRAYS,
): Promise<ReadonlyMap<string, ZipEntry>> {
  const { path } = file;
  const { count, offset, length, end } = await locateDirectory(file, limits);
  if (count > limits.entries || length > limits.directory) {
    throw new AuditError(
      'MLD_LIMIT',
      `${path}: announces ${count} entries in a directory of ${length} bytes`,
      limits === ARRAYS ? 'An .npz file holds a few arrays: x, y and attributes.' : limits.hint,
    );
  }
  if (offset + length !== end) throw broken(path, 'its directory is not where its end says');
  const directory = await file.read(offset, length);
  const entries = new Map<string, ZipEntry>();
  let at = 0;
  for (let i = 0; i < count; i++) {
    if (at + 46 > length || directory.readUInt32LE(at) !== CENTRAL)
      throw broken(path, `entry ${i} of its directory is none`);
    const [nameLength, extraLength, commentLength] = [28, 30, 32].map((to) =>
      directory.readUInt16LE(at + to),
    ) as [number, number, number];
    const nameEnd = at + 46 + nameLength;
    const next = nameEnd + extraLength + commentLength;
    if (next > length) throw broken(path, `entry ${i} of its directory is cut short`);
    const name = directory.toString('utf8', at + 46, nameEnd);
    if (entries.has(name)) throw broken(path, `${printable(name)} is there twice`);
    const entry = readEntry(
      directory,
      at,
      directory.subarray(nameEnd, nameEnd + extraLength),
      name,
      path,
      offset,
    );
    entries.set(name, entry);
    at = next;
  }
  if (at !== length) throw broken(path, `its directory has ${length - at} bytes after the last entry`);
  return entries;
}

/** Where the contents of an entry are, from its own header, which must agree with the directory. */
export async function zipContent(
  file: FileBytes,
  entry: ZipEntry,
): Promise<{ readonly start: number; readonly end: number }> {
  const header = await file.read(entry.offset, 30);
  const nameLength = header.readUInt16LE(26);
  const start = entry.offset + 30 + nameLength + header.readUInt16LE(28);
  const end = start + entry.compressed;
  const fits = header.readUInt32LE(0) === LOCAL && end <= entry.limit;
  const name = fits && (await file.read(entry.offset + 30, nameLength)).toString('utf8');
  if (name !== entry.name) {
    throw broken(file.path, `the directory names ${printable(entry.name)} where it is not`);
  }
  return { start, end };
}

/** For messages: a name out of a file can hold anything. */
export const printable = (name: string): string =>
  `'${name.slice(0, 60).replaceAll(/[^ -~]|'/g, '?')}${name.length > 60 ? '…' : ''}'`;

async function locateDirectory(file: FileBytes, { what, hint }: ZipLimits) {
  const { path, size } = file;
  const head = size >= 4 ? (await file.read(0, 4)).readUInt32LE(0) : 0;
  if (head !== LOCAL && head !== END) {
    if (size === 0) throw cutShort(path, 'it is empty');
    throw new AuditError('MLD_DATA_MAGIC', `${path}: is no ${what}`, hint);
  }
  const tailStart = Math.max(0, size - END_LENGTH - MAX_COMMENT);
  const tail = await file.read(tailStart, size - tailStart);
  for (let at = tail.length - END_LENGTH; at >= 0; at--) {
    if (tail.readUInt32LE(at) !== END || at + END_LENGTH + tail.readUInt16LE(at + 20) !== tail.length)
      continue;
    const short = {
      count: tail.readUInt16LE(at + 10),
      length: tail.readUInt32LE(at + 12),
      offset: tail.readUInt32LE(at + 16),
      end: tailStart + at,
    };
    if (tail.readUInt16LE(at + 4) !== 0 || tail.readUInt16LE(at + 8) !== short.count)
      throw broken(path, 'it is one part of an archive of several');
    return (await wideDirectory(file, short.end)) ?? short;
  }
  throw cutShort(path, 'the end of the archive is not there');
}

/** The zip64 end record, where its locator stands before the end at `end`. */
async function wideDirectory(file: FileBytes, end: number) {
  if (end < 20 + 56) return undefined;
  const locator = await file.read(end - 20, 20);
  if (locator.readUInt32LE(0) !== LOCATOR64) return undefined;
  const at = wide(locator, 8, file.path);
  if (at + 56 > end - 20) throw broken(file.path, 'its zip64 end is not where its locator says');
  const record = await file.read(at, 56);
  if (record.readUInt32LE(0) !== END64 || at + 12 + wide(record, 4, file.path) !== end - 20)
    throw broken(file.path, 'its zip64 end is not where its locator says');
  return {
    count: wide(record, 32, file.path),
    length: wide(record, 40, file.path),
    offset: wide(record, 48, file.path),
    end: at,
  };
}

function readEntry(
  directory: Buffer,
  at: number,
  extra: Buffer,
  name: string,
  path: string,
  limit: number,
): ZipEntry {
  const method = directory.readUInt16LE(at + 10);
  const shown = printable(name);
  if (directory.readUInt16LE(at + 8) & ENCRYPTED)
    throw broken(path, `${shown} is encrypted`, 'Save it without a password.');
  if (method !== STORED && method !== DEFLATED) {
    throw broken(
      path,
      `${shown} is compressed by method ${method}`,
      'Save it with np.savez or np.savez_compressed.',
    );
  }
  let [compressed, size, offset] = [20, 24, 42].map((to) => directory.readUInt32LE(at + to)) as [
    number,
    number,
    number,
  ];
  const longer = [size, compressed, offset].filter((value) => value === UNKNOWN_32).length;
  if (longer > 0) {
    const block = zip64Block(extra);
    if (!block || block.length < 8 * longer) throw broken(path, `the sizes of ${shown} are not there`);
    let to = 0;
    const take = (value: number) => {
      if (value !== UNKNOWN_32) return value;
      to += 8;
      return wide(block, to - 8, path);
    };
    // In the order of the standard.
    size = take(size);
    compressed = take(compressed);
    offset = take(offset);
  }
  if (offset + 30 + compressed > limit) throw broken(path, `${shown} does not fit into the file`);
  if (method === STORED ? size !== compressed : size > MAX_RATIO * compressed + 64) {
    throw broken(path, `${compressed} bytes cannot be the ${size} that ${shown} announces`);
  }
  return {
    name,
    method: method === STORED ? 'stored' : 'deflate',
    crc: directory.readUInt32LE(at + 16),
    compressed,
    size,
    offset,
    limit,
  };
}

function zip64Block(extra: Buffer): Buffer | undefined {
  for (let at = 0; at + 4 <= extra.length; ) {
    const length = extra.readUInt16LE(at + 2);
    if (extra.readUInt16LE(at) === 1) return extra.subarray(at + 4, at + 4 + length);
    at += 4 + length;
  }
  return undefined;
}

function wide(bytes: Buffer, at: number, path: string): number {
  const value = bytes.readBigUInt64LE(at);
  if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw broken(path, `it announces ${value} bytes`);
  return Number(value);
}

function cutShort(path: string, what: string): AuditError {
  return new AuditError('MLD_DATA_TRUNCATED', `${path}: cut short, ${what}`, 'Copy or save the file again.');
}

function broken(path: string, what: string, hint = 'Copy or save the file again.'): AuditError {
  return new AuditError('MLD_DATA_INVALID', `${path}: ${what}`, hint);
}
