/** Walks Thrift's compact encoding within limits: what a Parquet file says of itself is not to be believed unread. */

/** Of one structure: a footer of a thousand columns in a hundred row groups has fewer. */
const MAX_PARTS = 1 << 20;
const MAX_DEPTH = 16;
const [STOP, TRUE, FALSE, BYTE, I16, I32, I64, DOUBLE, BINARY, LIST, STRUCT] = [
  0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 12,
];

/** Numbers and structures by field number; the other kinds are passed over. */
export type ThriftFields = ReadonlyMap<number, number | boolean | ThriftFields>;

/**
 * The fields of the structure at `start`, without those of lists, and where it ends.
 *
 * @throws {RangeError} for one that does not end within the bytes, is nested too deep, has a million parts, or a length
 *   beyond the bytes that there are
 */
export const walkThrift = (
  bytes: Uint8Array,
  start: number,
): { readonly fields: ThriftFields; readonly end: number } => {
  let at = start;
  let parts = 0;
  const byte = (): number => {
    if (at >= bytes.length) throw new RangeError('a structure that does not end');
    return bytes[at++] as number;
  };
  /** Exact up to 2^53; ten bytes at most. */
  const varint = (): number => {
    let value = 0;
    for (let i = 0; i < 10; i++) {
      const next = byte();
      value += (next & 0x7f) * 2 ** (7 * i);
      if (next < 0x80) return value;
    }
    throw new RangeError('a number of more than ten bytes');
  };
  const zigzag = (): number => {
    const value = varint();
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  };
  const length = (): number => {
    const value = varint();
    if (value > bytes.length - at) throw new RangeError(`a length of ${value}, beyond its end`);
    return value;
  };
  const element = (type: number, depth: number): number | boolean | ThriftFields | undefined => {
    if (++parts > MAX_PARTS) throw new RangeError(`more than ${MAX_PARTS} parts`);
    if (type === TRUE || type === FALSE) return type === TRUE;
    if (type === BYTE) return byte();
    if (type === I16 || type === I32 || type === I64) return zigzag();
    if (type === STRUCT) return struct(depth + 1);
    if (type === DOUBLE) at += 8;
    else if (type === BINARY) {
      const size = length();
      at += size;
    } else if (type === LIST) list(depth + 1);
    else throw new RangeError(`a field of type ${type}`);
    if (at > bytes.length) throw new RangeError('a structure that does not end');
    return undefined;
  };
  const list = (depth: number): void => {
    const head = byte();
    const type = head & 15;
    const size = head >> 4 === 15 ? length() : head >> 4;
    if (size > bytes.length - at) throw new RangeError(`a list of ${size}, beyond its end`);
    // True and false take a byte each in a list, and none as a field.
    for (let i = 0; i < size; i++) element(type === TRUE || type === FALSE ? BYTE : type, depth);
  };
  const struct = (depth: number): ThriftFields => {
    if (depth > MAX_DEPTH) throw new RangeError(`structures nested more than ${MAX_DEPTH} deep`);
    const fields = new Map<number, number | boolean | ThriftFields>();
    for (let id = 0; ; ) {
      const head = byte();
      if ((head & 15) === STOP) return fields;
      id = head >> 4 ? id + (head >> 4) : zigzag();
      const value = element(head & 15, depth);
      if (value !== undefined) fields.set(id, value);
    }
  };
  return { fields: struct(0), end: at };
};
