/** Reads the header of a NumPy array file (.npy, format 1 to 3): element type, order, shape. Nothing in it is evaluated. */
import { AuditError } from '../../errors.ts';
import { type ElementType, elementType } from './element-type.ts';

export interface NpyHeader {
  readonly shape: readonly number[];
  /** First index fastest. */
  readonly fortran: boolean;
  readonly type: ElementType;
  /** Bytes before the first element. */
  readonly start: number;
  /** Bytes of all elements. */
  readonly length: number;
}

const MAGIC = Buffer.from('\x93NUMPY', 'latin1');

/** NumPy itself refuses to evaluate headers of more than 10,000 characters. */
const MAX_HEADER = 65_536;

/** So many bytes are enough for {@link npyHeaderLength}. */
export const NPY_PREFIX = 12;

/**
 * How many bytes of the file its header takes, from its first {@link NPY_PREFIX} bytes (or all, if there are fewer).
 *
 * @throws {AuditError} MLD_DATA_MAGIC, MLD_DATA_TRUNCATED, MLD_LIMIT
 */
export function npyHeaderLength(bytes: Uint8Array, name: string): number {
  const found = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (!found.subarray(0, MAGIC.length).equals(MAGIC.subarray(0, found.length)) || found.length === 0) {
    throw new AuditError(
      'MLD_DATA_MAGIC',
      `${name}: is no NumPy array, it starts with 0x${found.subarray(0, 6).toString('hex')}`,
      'Save arrays with np.savez(path, x=…, y=…).',
    );
  }
  const version = found[6];
  if (version !== undefined && (version < 1 || version > 3)) {
    throw new AuditError(
      'MLD_DATA_INVALID',
      `${name}: is a NumPy array of format ${version}; 1, 2 and 3 are known`,
      'Save it with a present release of NumPy.',
    );
  }
  const wide = version !== 1;
  if (found.length < (wide ? 12 : 10)) throw cutShort(name);
  const length = (wide ? 12 : 10) + (wide ? found.readUInt32LE(8) : found.readUInt16LE(8));
  if (length > MAX_HEADER) {
    throw new AuditError(
      'MLD_LIMIT',
      `${name}: announces a header of ${length} bytes; arrays of numbers need some hundred`,
      'Save the array again, plain and without named fields.',
    );
  }
  return length;
}

/**
 * @param bytes as many as {@link npyHeaderLength} says
 * @throws {AuditError} MLD_DATA_TRUNCATED for fewer, MLD_DATA_INVALID for a header that is none, an element type that holds
 *   objects or no numbers, and a shape that no file can have
 */
export function npyHeader(bytes: Uint8Array, name: string): NpyHeader {
  const start = npyHeaderLength(bytes, name);
  if (bytes.length < start) throw cutShort(name);
  const text = new TextDecoder(bytes[6] === 3 ? 'utf-8' : 'latin1').decode(
    bytes.subarray(bytes[6] === 1 ? 10 : 12, start),
  );
  const fields = literal(text);
  if (!fields)
    throw invalid(
      name,
      `its header is ${text
        .slice(0, 80)
        .replaceAll(/[^ -~]/g, '?')
        .trim()}`,
      'Save the array again.',
    );
  const shape = fields.shape.split(',').flatMap((size) => (size.trim() === '' ? [] : [Number(size.trim())]));
  const type = elementType(fields.descr, name);
  const length = shape.reduce((product, size) => product * size, type.size);
  if (!shape.every((size) => Number.isSafeInteger(size) && size >= 0) || !Number.isSafeInteger(length)) {
    throw invalid(
      name,
      `its shape is (${fields.shape.slice(0, 80).replaceAll(/\s/g, ' ')})`,
      'Save the array again.',
    );
  }
  if (shape.length > 8) throw invalid(name, `it has ${shape.length} axes`, 'Records have up to 3 axes.');
  return { shape, fortran: fields.fortran, type, start, length };
}

/** The three entries of the dictionary, in any order, with nothing else beside them. */
function literal(
  text: string,
): { readonly descr: string; readonly fortran: boolean; readonly shape: string } | undefined {
  const entry =
    /^\s*(?:'descr'\s*:\s*(?:'([^'\\]*)'|(\[[^:]*\]))|'fortran_order'\s*:\s*(True|False)|'shape'\s*:\s*\(([-\d,\sL]*)\))\s*(,|(?=\}))/;
  let rest = /^\s*\{/.exec(text) ? text.slice(text.indexOf('{') + 1) : undefined;
  const found: { descr?: string; fortran?: boolean; shape?: string } = {};
  for (let count = 0; rest !== undefined && count < 3; count++) {
    const match = entry.exec(rest);
    if (!match) return undefined;
    const [whole, descr, fields, fortran, shape] = match;
    if (descr !== undefined || fields !== undefined) found.descr = descr ?? fields!;
    if (fortran !== undefined) found.fortran = fortran === 'True';
    if (shape !== undefined) found.shape = shape.replaceAll('L', '');
    rest = rest.slice(whole.length);
  }
  if (rest === undefined || !/^\s*\}\s*$/.test(rest)) return undefined;
  const { descr, fortran, shape } = found;
  return descr === undefined || fortran === undefined || shape === undefined
    ? undefined
    : { descr, fortran, shape };
}

function cutShort(name: string): AuditError {
  return new AuditError(
    'MLD_DATA_TRUNCATED',
    `${name}: cut short, it ends within its header`,
    'Copy or download the file again.',
  );
}

function invalid(name: string, what: string, hint: string): AuditError {
  return new AuditError('MLD_DATA_INVALID', `${name}: ${what}`, hint);
}
