/** Takes files out of a tar archive (ustar, GNU, and the format before them), from untrusted bytes. */
import { AuditError } from '../../errors.ts';

/** Headers take one, contents whole ones. */
export const TAR_BLOCK = 512;
const BLOCK = TAR_BLOCK;
const GET_AGAIN = 'Copy or download the file again.';

export interface TarMember {
  readonly name: string;
  /** False for folders, links and extensions. */
  readonly isFile: boolean;
  /** A view of the archive. */
  readonly content: Uint8Array;
}

/**
 * The members of an archive, in its order.
 *
 * @param archive the archive, inflated
 * @param file name used in error messages
 * @throws {AuditError} MLD_DATA_MAGIC when this is no tar archive, MLD_DATA_TRUNCATED when it ends within a member,
 * MLD_DATA_CHECKSUM when a header does not match its own checksum; all of them where the fault is reached
 */
export function* tarMembers(archive: Uint8Array, file: string): Generator<TarMember> {
  for (let at = 0; at < archive.length && archive[at] !== 0; ) {
    const { name, isFile, size } = tarHeader(archive.subarray(at, at + BLOCK), at, file);
    const start = at + BLOCK;
    if (start + size > archive.length) throw memberCutShort(file, name, size, archive.length - start);
    yield { name, isFile, content: archive.subarray(start, start + size) };
    at = start + Math.ceil(size / BLOCK) * BLOCK;
  }
}

/**
 * The content of the file called `name`, without copying.
 *
 * @throws {AuditError} what {@link tarMembers} throws, MLD_DATA_INVALID when there is no such file
 */
export function readTarMember(archive: Uint8Array, file: string, name: string): Uint8Array {
  const others: string[] = [];
  for (const member of tarMembers(archive, file)) {
    if (member.isFile && member.name === name) return member.content;
    others.push(member.name);
  }
  throw new AuditError(
    'MLD_DATA_INVALID',
    `${file}: the archive has no file '${name}' (it has ${others.join(', ') || 'none at all'})`,
    'Check that this is the right archive.',
  );
}

export interface TarHeader extends Omit<TarMember, 'content'> {
  /** Bytes of content that follow, filled up to whole blocks. */
  readonly size: number;
}

/**
 * @param header a block
 * @param at the byte of the archive at which it stands
 * @throws {AuditError} MLD_DATA_TRUNCATED, MLD_DATA_MAGIC, MLD_DATA_CHECKSUM
 */
export function tarHeader(header: Uint8Array, at: number, file: string): TarHeader {
  checkHeader(header, at, file);
  const prefix = ustar(header) ? text(header, 345, 155) : '';
  return {
    name: `${prefix === '' ? '' : `${prefix}/`}${text(header, 0, 100)}`,
    // '0' and, in old archives, NUL mark a plain file.
    isFile: header[156] === 0x30 || header[156] === 0,
    size: octal(header, 124, 12),
  };
}

export const memberCutShort = (file: string, name: string, size: number, there: number): AuditError =>
  new AuditError(
    'MLD_DATA_TRUNCATED',
    `${file}: cut short, member '${name}' needs ${size} bytes and there are ${there}`,
    GET_AGAIN,
  );

/** GNU's headers say so too, with a blank where the standard has a zero; what follows them is no prefix. */
const ustar = (header: Uint8Array): boolean => text(header, 257, 6) === 'ustar';

/** The checksum is the sum of the header's bytes, its own eight taken as spaces. */
function checkHeader(header: Uint8Array, at: number, file: string): void {
  if (header.length < BLOCK) {
    throw new AuditError(
      'MLD_DATA_TRUNCATED',
      `${file}: cut short, the header at byte ${at} has ${header.length} of ${BLOCK} bytes`,
      GET_AGAIN,
    );
  }
  const sum = header.reduce((total, byte, i) => total + (i >= 148 && i < 156 ? 0x20 : byte), 0);
  const matches = sum === octal(header, 148, 8) && !Number.isNaN(octal(header, 124, 12));
  // Before ustar headers had no name; their sum tells them from other bytes.
  if (text(header, 257, 5) !== 'ustar' && !matches) {
    throw new AuditError(
      'MLD_DATA_MAGIC',
      `${file}: no tar header at byte ${at}`,
      'Check that this is a tar archive and not, for example, a web page saved under its name.',
    );
  }
  if (!matches) {
    throw new AuditError(
      'MLD_DATA_CHECKSUM',
      `${file}: the tar header at byte ${at} does not match its own checksum`,
      GET_AGAIN,
    );
  }
}

function text(header: Uint8Array, from: number, length: number): string {
  const field = header.subarray(from, from + length);
  const end = field.indexOf(0);
  return new TextDecoder().decode(end < 0 ? field : field.subarray(0, end));
}

/** NaN for anything but octal digits. */
function octal(header: Uint8Array, from: number, length: number): number {
  const digits = text(header, from, length).trim();
  return /^[0-7]+$/.test(digits) ? Number.parseInt(digits, 8) : Number.NaN;
}
