/** The element types of NumPy arrays that hold numbers or text, and how their bytes are read. */
import { AuditError } from '../../errors.ts';

export interface ElementType {
  /** Truth values, integers, integers from 0, floats, text of UTF-32, text of bytes. */
  readonly kind: 'b' | 'i' | 'u' | 'f' | 'U' | 'S';
  /** Bytes of one element. */
  readonly size: number;
  readonly little: boolean;
}

export type NumberArray = Uint8Array | Int32Array | Float32Array | Float64Array;

/** Longer ones are no labels. */
const MAX_TEXT = 10_000;

/**
 * From NumPy's description, as `<f4`.
 *
 * @throws {AuditError} MLD_DATA_INVALID for objects (which are never unpickled), named fields, complex numbers, dates, …
 */
export function elementType(description: string, name: string): ElementType {
  const match = /^([<>|=]?)([a-zA-Z?])(\d{0,9})$/.exec(description);
  const [, order, letter, digits] = match ?? [];
  const kind = letter === 'a' ? 'S' : letter === '?' ? 'b' : letter;
  const count = letter === '?' ? 1 : Number(digits);
  const little = order !== '>';
  if (kind === 'O') {
    throw new AuditError(
      'MLD_DATA_INVALID',
      `${name}: holds Python objects, which are never loaded: unpickling them would run code of the file`,
      "Save plain numbers: np.stack(list(x)).astype('float32') for records, np.asarray(y, dtype=str) for names.",
    );
  }
  const sizes = { b: [1], i: [1, 2, 4, 8], u: [1, 2, 4, 8], f: [2, 4, 8] }[kind ?? ''];
  if (sizes?.includes(count)) return { kind: kind as ElementType['kind'], size: count, little };
  if ((kind === 'U' || kind === 'S') && count >= 1 && count <= MAX_TEXT)
    return { kind, size: kind === 'U' ? 4 * count : count, little };
  throw new AuditError(
    'MLD_DATA_INVALID',
    `${name}: its elements are of type ${description.slice(0, 60).replaceAll(/[^ -~]/g, '?')}; read are b1, i1 to i8, u1 to u8, f2, f4, f8, and U and S of up to ${MAX_TEXT} characters`,
    description.startsWith('[')
      ? 'Save every field as an array of its own.'
      : "Convert the array before it is saved, as x.astype('float32').",
  );
}

export const isText = ({ kind }: ElementType): boolean => kind === 'U' || kind === 'S';

/** Reads `count` numbers from `at` on into `out` from `to` on; integers beyond 2^53 are rounded as Python's float() does. */
export type NumberDecoder = (view: DataView, at: number, count: number, out: NumberArray, to: number) => void;

/** @throws {Error} `internal:` for text */
export function numberDecoder({ kind, size, little }: ElementType): NumberDecoder {
  const read = numberReader(kind, size, little);
  if (size === 1 && kind !== 'i') {
    return (view, at, count, out, to) =>
      out.set(new Uint8Array(view.buffer, view.byteOffset + at, count), to);
  }
  return (view, at, count, out, to) => {
    for (let i = 0; i < count; i++) out[to + i] = read(view, at + i * size);
  };
}

type NumberReader = (view: DataView, at: number) => number;

function numberReader(kind: ElementType['kind'], size: number, little: boolean): NumberReader {
  const readers: Readonly<Record<string, NumberReader>> = {
    b1: (v, at) => v.getUint8(at),
    u1: (v, at) => v.getUint8(at),
    u2: (v, at) => v.getUint16(at, little),
    u4: (v, at) => v.getUint32(at, little),
    u8: (v, at) => Number(v.getBigUint64(at, little)),
    i1: (v, at) => v.getInt8(at),
    i2: (v, at) => v.getInt16(at, little),
    i4: (v, at) => v.getInt32(at, little),
    i8: (v, at) => wide(v, at, little),
    f2: (v, at) => half(v.getUint16(at, little)),
    f4: (v, at) => v.getFloat32(at, little),
    f8: (v, at) => v.getFloat64(at, little),
  };
  const reader = readers[`${kind}${size}`];
  if (!reader) throw new Error(`internal: elements of kind ${kind}${size} are no numbers`);
  return reader;
}

/** Most are small, and a BigInt costs more than all the rest. */
function wide(view: DataView, at: number, little: boolean): number {
  const high = view.getInt32(little ? at + 4 : at, little);
  const low = view.getUint32(little ? at : at + 4, little);
  return high >= -(2 ** 21) && high < 2 ** 21 ? high * 2 ** 32 + low : Number(view.getBigInt64(at, little));
}

/** IEEE 754 binary16: sign, 5 bits of exponent, 10 of fraction. */
function half(bits: number): number {
  const sign = bits >> 15 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1024 + fraction) * 2 ** (exponent - 25);
}

/**
 * One text, without the zeros that fill it up.
 *
 * @throws {AuditError} MLD_DATA_INVALID for what is no Unicode, or no UTF-8
 */
export function decodeText(
  { kind, size, little }: ElementType,
  view: DataView,
  at: number,
  name: string,
): string {
  try {
    if (kind === 'S') {
      const bytes = new Uint8Array(view.buffer, view.byteOffset + at, size);
      let end = size;
      while (end > 0 && bytes[end - 1] === 0) end--;
      return new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(0, end));
    }
    const points: number[] = [];
    for (let i = 0; i < size; i += 4) points.push(view.getUint32(at + i, little));
    while (points.at(-1) === 0) points.pop();
    return points.map((point) => String.fromCodePoint(point)).join('');
  } catch (cause) {
    throw new AuditError(
      'MLD_DATA_INVALID',
      `${name}: holds bytes that are no text`,
      'Save names as np.asarray(y, dtype=str).',
      {
        cause,
      },
    );
  }
}
