/** Takes one file out of a zip archive, from untrusted bytes: bounded, and checked against the archive's checksum. */
import { crc32 } from 'node:zlib';
import { AuditError } from '../../errors.ts';
import { byteStream } from './byte-stream.ts';
import { withFile } from './file-bytes.ts';
import { printable, zipContent, zipDirectory } from './zip-directory.ts';

/**
 * The content of the file called `name`, in whatever folder of the archive it is.
 *
 * @throws {AuditError} MLD_DATA_INVALID when there is no such file, there are several, or it is larger than `maxBytes`;
 *   MLD_DATA_CHECKSUM; those of {@link zipDirectory} and {@link byteStream}
 */
export const readZipMember = (
  path: string,
  name: string,
  maxBytes: number,
  signal?: AbortSignal,
): Promise<Uint8Array> =>
  withFile(path, async (file) => {
    const refuse = (what: string) =>
      new AuditError('MLD_DATA_INVALID', `${path}: ${what}`, 'Check that this is the right archive.');
    const entries = await zipDirectory(file);
    const found = [...entries.values()].filter((entry) => entry.name.split('/').at(-1) === name);
    const [entry] = found;
    if (entry === undefined || found.length > 1) {
      const others = [...entries.keys()].slice(0, 10).map(printable).join(', ') || 'none at all';
      throw refuse(`the archive has ${entry ? 'several files' : 'no file'} '${name}' (it has ${others})`);
    }
    if (entry.size > maxBytes)
      throw refuse(`'${name}' is of ${entry.size} bytes, expected at most ${maxBytes}`);
    const range = { name: `${path}: ${printable(name)}`, method: entry.method };
    const content = new Uint8Array(entry.size);
    let length = 0;
    for await (const block of byteStream(file, { ...range, ...(await zipContent(file, entry)) }, signal)) {
      if (length + block.length > entry.size)
        throw refuse(`'${name}' inflates to more than the ${entry.size} bytes announced`);
      content.set(block, length);
      length += block.length;
    }
    if (length === entry.size && crc32(content) === entry.crc) return content;
    throw new AuditError(
      'MLD_DATA_CHECKSUM',
      `${range.name}: does not match its checksum`,
      'Copy or download the file again.',
    );
  });
