/** Takes files out of a tar archive, gzipped or plain, that is too large to be held: its members come in pieces. */
import { AuditError } from '../../errors.ts';
import { byteStream } from './byte-stream.ts';
import { withFile } from './file-bytes.ts';
import { memberCutShort, TAR_BLOCK, tarHeader } from './tar.ts';

/** Gets the content of a member, piece by piece; a piece is overwritten by the next. */
export type TakePart = (part: Uint8Array) => void;

/**
 * Reads the archive once from its start to its end.
 *
 * @param wanted what takes a file's content, by its name (a leading `./` left out)
 * @param maxBytes of the archive once inflated
 * @throws {AuditError} MLD_DATA_INVALID when a wanted file is not there, is there twice, or the archive inflates to more than
 *   `maxBytes`; MLD_DATA_UNREADABLE, MLD_DATA_MAGIC, MLD_DATA_TRUNCATED, MLD_DATA_CHECKSUM; what `wanted` throws
 */
export async function readTarParts(
  path: string,
  wanted: Readonly<Record<string, TakePart>>,
  maxBytes: number,
  signal?: AbortSignal,
): Promise<void> {
  await withFile(path, async (file) => {
    const head = file.size >= 2 ? await file.read(0, 2) : undefined;
    const method = head?.[0] === 0x1f && head[1] === 0x8b ? 'gzip' : 'stored';
    const blocks = byteStream(file, { name: path, start: 0, end: file.size, method }, signal);
    const parts = tarParts(path, wanted);
    let total = 0;
    for await (const block of blocks) {
      total += block.length;
      if (total > maxBytes) {
        throw new AuditError(
          'MLD_DATA_INVALID',
          `${path}: inflates to more than the ${maxBytes} bytes expected at most`,
          'Check that this is the right file.',
        );
      }
      parts.push(block);
    }
    parts.end();
  });
}

/** Where the next bytes belong: to a header, to a member's content, or to what fills up its last block. */
function tarParts(file: string, wanted: Readonly<Record<string, TakePart>>) {
  const header = new Uint8Array(TAR_BLOCK);
  const found: string[] = [];
  let member = { name: '', size: 0, left: 0, take: undefined as TakePart | undefined };
  let [filled, padding, position, over] = [0, 0, 0, false];
  const open = (at: number) => {
    if (header[0] === 0) {
      over = true;
      return;
    }
    const { name: whole, isFile, size } = tarHeader(header, at, file);
    const name = whole.replace(/^\.\//, '');
    const take = isFile && Object.hasOwn(wanted, name) ? wanted[name] : undefined;
    if (take && found.includes(name)) throw refuse(file, `it has '${name}' twice`);
    found.push(name);
    member = { name, size, left: size, take };
    padding = (TAR_BLOCK - (size % TAR_BLOCK)) % TAR_BLOCK;
  };
  return {
    push(block: Uint8Array) {
      for (let at = 0; at < block.length && !over; ) {
        const rest = block.length - at;
        let length: number;
        if (member.left > 0) {
          length = Math.min(rest, member.left);
          member.take?.(block.subarray(at, at + length));
          member.left -= length;
        } else if (padding > 0) {
          length = Math.min(rest, padding);
          padding -= length;
        } else {
          length = Math.min(rest, TAR_BLOCK - filled);
          header.set(block.subarray(at, at + length), filled);
          filled += length;
          if (filled === TAR_BLOCK) {
            filled = 0;
            open(position + length - TAR_BLOCK);
          }
        }
        at += length;
        position += length;
      }
    },
    end() {
      if (member.left > 0) throw memberCutShort(file, member.name, member.size, member.size - member.left);
      // Complains of a header that is cut short.
      if (filled > 0) tarHeader(header.subarray(0, filled), position - filled, file);
      const missing = Object.keys(wanted).find((name) => !found.includes(name));
      if (missing === undefined) return;
      const others = found.slice(0, 10).join(', ') || 'none at all';
      throw refuse(file, `the archive has no file '${missing}' (it has ${others})`);
    },
  };
}

const refuse = (file: string, what: string): AuditError =>
  new AuditError('MLD_DATA_INVALID', `${file}: ${what}`, 'Check that this is the right archive.');
