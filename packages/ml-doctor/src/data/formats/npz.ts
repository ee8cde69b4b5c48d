/** Reads arrays out of NumPy's .npz files row by row: what is not asked for is never held, and nothing is unpickled. */
import { crc32 } from 'node:zlib';
import { AuditError } from '../../errors.ts';
import { type ByteRange, byteStream } from './byte-stream.ts';
import { decodeText, isText, type NumberArray, numberDecoder } from './element-type.ts';
import { type FileBytes, withFile } from './file-bytes.ts';
import { NPY_PREFIX, type NpyHeader, npyHeader, npyHeaderLength } from './npy-header.ts';
import { pickRows, type TakePiece } from './pick-rows.ts';
import { printable, type ZipEntry, zipContent, zipDirectory } from './zip-directory.ts';

export interface Npz {
  readonly path: string;
  /** Of the arrays, without `.npy`, in the order of the file. */
  readonly names: readonly string[];
  /** Reads the header only. Throws for an array that is not there, or whose header does not fit its bytes. */
  header(name: string): Promise<NpyHeader>;
  /**
   * The numbers of the rows (indices of the first axis), row-major, into `out`. For bytes and truth values `out` can be of
   * bytes; it has as many elements as the rows have.
   *
   * @param rows in ascending order; all by default
   */
  numbers(name: string, rows: ArrayLike<number> | undefined, out: NumberArray): Promise<void>;
  /**
   * All numbers in the order of the file, some of a row at a time: those of `row` from element `first` on. They are overwritten
   * by the next.
   */
  pieces(name: string, visit: (values: Float64Array, row: number, first: number) => void): Promise<void>;
  /** Every element of an array of one axis (or of one element a row), in order: numbers, or texts. */
  each(name: string, visit: (value: number | string, row: number) => void): Promise<void>;
}

/**
 * Opens an .npz file, or an .npy file as an archive of the one array `x`, lets `use` read it, and closes it.
 *
 * @throws {AuditError} MLD_DATA_UNREADABLE, MLD_DATA_MAGIC, MLD_DATA_TRUNCATED, MLD_DATA_CHECKSUM, MLD_DATA_INVALID, MLD_LIMIT:
 *   at the call that meets what is wrong
 */
export function withNpz<T>(path: string, use: (npz: Npz) => Promise<T>, signal?: AbortSignal): Promise<T> {
  return withFile(path, async (file) => {
    const first = file.size > 0 ? (await file.read(0, 1))[0] : undefined;
    return use(first === 0x93 ? lone(file, signal) : archive(file, await zipDirectory(file), signal));
  });
}

interface Member extends ByteRange {
  /** Bytes announced. */
  readonly size: number;
  readonly crc?: number;
}

function lone(file: FileBytes, signal: AbortSignal | undefined): Npz {
  const member: Member = { name: file.path, start: 0, end: file.size, method: 'stored', size: file.size };
  return arrays(file, ['x'], async (name) => (name === 'x' ? member : undefined), signal);
}

function archive(
  file: FileBytes,
  entries: ReadonlyMap<string, ZipEntry>,
  signal: AbortSignal | undefined,
): Npz {
  const byName = new Map([...entries].map(([name, entry]) => [name.replace(/\.npy$/, ''), entry]));
  const member = async (name: string): Promise<Member | undefined> => {
    const entry = byName.get(name);
    if (!entry) return undefined;
    const { start, end } = await zipContent(file, entry);
    const { method, size, crc } = entry;
    return { name: `${file.path}: ${printable(name)}`, start, end, method, size, crc };
  };
  return arrays(file, [...byName.keys()], member, signal);
}

function arrays(
  file: FileBytes,
  names: readonly string[],
  find: (name: string) => Promise<Member | undefined>,
  signal: AbortSignal | undefined,
): Npz {
  const opened = new Map<string, { readonly member: Member; readonly header: NpyHeader }>();
  const open = async (name: string) => {
    const known = opened.get(name);
    if (known) return known;
    const member = await find(name);
    if (!member) {
      throw new AuditError(
        'MLD_DATA_INVALID',
        `${file.path}: there is no array ${printable(name)}; it holds ${names.slice(0, 10).map(printable).join(', ') || 'none'}`,
        'Name the arrays when they are saved: np.savez(path, x=…, y=…).',
      );
    }
    const header = await readHeader(file, member, signal);
    const both = { member, header };
    opened.set(name, both);
    return both;
  };
  const pick = async (name: string, rows: ArrayLike<number> | undefined, take: TakePiece) => {
    const { member, header } = await open(name);
    const axes = header.shape.slice(1);
    const width = axes.reduce((product, size) => product * size, 1);
    const layout = {
      name: member.name,
      rows: header.shape[0] ?? 1,
      width,
      size: header.type.size,
      start: header.start,
      ...(header.fortran && axes.length > 0 && { fortran: axes }),
    };
    await pickRows(checked(byteStream(file, member, signal), member), layout, rows, take);
  };
  return {
    path: file.path,
    names,
    header: async (name) => (await open(name)).header,
    async numbers(name, rows, out) {
      const { member, header } = await open(name);
      if (isText(header.type)) throw noNumbers(member.name);
      const decode = numberDecoder(header.type);
      const width = header.shape.slice(1).reduce((product, size) => product * size, 1);
      await pick(name, rows, (view, at, slot, first, count) =>
        decode(view, at, count, out, slot * width + first),
      );
    },
    async pieces(name, visit) {
      const { member, header } = await open(name);
      if (isText(header.type)) throw noNumbers(member.name);
      const decode = numberDecoder(header.type);
      let values = new Float64Array(0);
      await pick(name, undefined, (view, at, row, first, count) => {
        if (values.length !== count) values = new Float64Array(count);
        decode(view, at, count, values, 0);
        visit(values, row, first);
      });
    },
    async each(name, visit) {
      const { member, header } = await open(name);
      const { shape, type } = header;
      if (shape.slice(1).some((size) => size !== 1) || shape.length === 0) {
        throw new AuditError(
          'MLD_DATA_INVALID',
          `${member.name}: is of shape (${shape.join(', ')}), where one value a record is wanted`,
          'Save one number or name for each record.',
        );
      }
      if (isText(type)) {
        await pick(name, undefined, (view, at, row) => visit(decodeText(type, view, at, member.name), row));
        return;
      }
      const decode = numberDecoder(type);
      const value = new Float64Array(1);
      await pick(name, undefined, (view, at, row) => {
        decode(view, at, 1, value, 0);
        visit(value[0]!, row);
      });
    },
  };
}

async function readHeader(
  file: FileBytes,
  member: Member,
  signal: AbortSignal | undefined,
): Promise<NpyHeader> {
  let bytes: Uint8Array = new Uint8Array(0);
  let wanted = NPY_PREFIX;
  for await (const block of byteStream(file, member, signal)) {
    bytes = Buffer.concat([bytes, block]);
    if (bytes.length >= NPY_PREFIX) wanted = Math.max(wanted, npyHeaderLength(bytes, member.name));
    if (bytes.length >= wanted) break;
  }
  const header = npyHeader(bytes, member.name);
  if (header.start + header.length === member.size) return header;
  const short = header.start + header.length > member.size;
  throw new AuditError(
    short ? 'MLD_DATA_TRUNCATED' : 'MLD_DATA_INVALID',
    `${member.name}: shape (${header.shape.join(', ')}) needs ${header.start + header.length} bytes, and there are ${member.size}`,
    'Copy or save the file again.',
  );
}

/** Compares the checksum at the end. */
async function* checked(blocks: AsyncIterable<Uint8Array>, member: Member): AsyncGenerator<Uint8Array> {
  let found = 0;
  for await (const block of blocks) {
    if (member.crc !== undefined) found = crc32(block, found);
    yield block;
  }
  if (member.crc === undefined || found === member.crc) return;
  throw new AuditError(
    'MLD_DATA_CHECKSUM',
    `${member.name}: does not match its checksum`,
    'Copy or save the file again.',
  );
}

function noNumbers(name: string): AuditError {
  return new AuditError(
    'MLD_DATA_INVALID',
    `${name}: holds text, where numbers are wanted`,
    "Convert it before it is saved, as x.astype('float32').",
  );
}
