/** Walks the pages of a Parquet column before they are decoded, so that no size or count in them is taken on trust. */
import type { ColumnMetaData, Compressors } from 'hyparquet';
import type { ParquetColumn } from './parquet-schema.ts';
import { type ThriftFields, walkThrift } from './parquet-thrift.ts';

/** Of one page, decoded: numbers of any size take eight bytes in memory. */
export const MAX_PAGE_VALUES = 1 << 22;
/** Of one page, decompressed; writers make them of about 2^20 bytes. */
const MAX_PAGE_BYTES = 1 << 27;

const [DATA, , DICTIONARY, DATA_V2] = [0, 1, 2, 3];
const [PLAIN, PLAIN_DICTIONARY, RLE, DELTA, DELTA_LENGTH, RLE_DICTIONARY, SPLIT] = [0, 2, 3, 5, 6, 8, 9];
const READ_ENCODINGS = new Set([PLAIN, PLAIN_DICTIONARY, RLE, DELTA, DELTA_LENGTH, RLE_DICTIONARY, SPLIT]);

/**
 * @param bytes of the column chunk
 * @throws {RangeError} in words for pages that contradict themselves, the chunk or the limits
 */
export const checkPages = (
  bytes: Uint8Array,
  column: ParquetColumn,
  { codec, num_values }: Pick<ColumnMetaData, 'codec' | 'num_values'>,
  codecs: Compressors,
): void => {
  let values = 0;
  for (let at = 0; at < bytes.length; ) {
    const { fields, end } = walkThrift(bytes, at);
    const compressed = count(fields, 3, 'compressed size');
    const size = count(fields, 2, 'size');
    if (size > MAX_PAGE_BYTES) throw new RangeError(`a page of ${size} bytes`);
    if (compressed > bytes.length - end)
      throw new RangeError(`a page of ${compressed} bytes, beyond its column`);
    const page = { fields, size, body: bytes.subarray(end, end + compressed) };
    at = end + compressed;
    const type = fields.get(1);
    if (type === DICTIONARY) checkDictionary(page);
    else if (type === DATA || type === DATA_V2)
      values += (type === DATA ? checkData : checkDataV2)(page, column, codec, codecs);
    else throw new RangeError(`a page of type ${type}`);
  }
  if (values !== Number(num_values))
    throw new RangeError(`${values} values where ${num_values} are announced`);
};

interface Page {
  readonly fields: ThriftFields;
  readonly size: number;
  readonly body: Uint8Array;
}

const checkDictionary = ({ fields, size }: Page): void => {
  // Each value of a dictionary takes a byte at least, but for those of booleans, which have none.
  const values = count(part(fields, 7), 1, 'values');
  if (values > size) throw new RangeError(`a dictionary of ${values} values in ${size} bytes`);
};

const checkData = (
  { fields, size, body }: Page,
  { list, definition, leaf }: ParquetColumn,
  codec: ColumnMetaData['codec'],
  codecs: Compressors,
): number => {
  const header = part(fields, 5);
  const values = pageValues(header);
  const encoding = header.get(2);
  checkEncoding(encoding);
  const page = inflate(codec, codecs, body, size);
  let at = 0;
  const levels = (width: number) => {
    const length = uint32(page, at);
    checkRuns(page, at + 4, at + 4 + length, width, values);
    at += 4 + length;
  };
  if (list) levels(1);
  if (definition > 0) levels(32 - Math.clz32(definition));
  if (encoding === RLE && leaf.type === 'BOOLEAN') levels(1);
  else checkIndices(page, at, encoding, values);
  return values;
};

const checkDataV2 = (
  { fields, size, body }: Page,
  { list, definition }: ParquetColumn,
  codec: ColumnMetaData['codec'],
  codecs: Compressors,
): number => {
  const header = part(fields, 8);
  const values = pageValues(header);
  const nulls = count(header, 2, 'nulls');
  const rows = count(header, 3, 'rows');
  if (nulls > values || rows > values || (!list && rows !== values))
    throw new RangeError(`a page of ${rows} rows, ${values} values and ${nulls} nulls`);
  const encoding = header.get(4);
  checkEncoding(encoding);
  const [defined, repeated] = [count(header, 5, 'levels'), count(header, 6, 'levels')];
  const start = defined + repeated;
  if (start > body.length || start > size) throw new RangeError('levels beyond their page');
  if (list) checkRuns(body, 0, repeated, 1, values);
  if (definition > 0) checkRuns(body, repeated, start, 32 - Math.clz32(definition), values);
  const rest = body.subarray(start);
  const page = header.get(7) === false ? rest : inflate(codec, codecs, rest, size - start);
  if (encoding === RLE) {
    const length = uint32(page, 0);
    checkRuns(page, 4, 4 + length, 1, values);
  } else checkIndices(page, 0, encoding, values);
  return values;
};

/** Indices into a dictionary: their width in bits, then runs to the end of the page. */
const checkIndices = (page: Uint8Array, at: number, encoding: unknown, values: number): void => {
  if (encoding !== PLAIN_DICTIONARY && encoding !== RLE_DICTIONARY) return;
  const width = page[at];
  // A page of nulls alone may have nothing there.
  if (width === undefined) return;
  if (width > 32) throw new RangeError(`indices of ${width} bits`);
  checkRuns(page, at + 1, page.length, width, values);
};

/** Runs of equal values, or of eight packed ones each, until there are as many as the page has or the bytes end. */
const checkRuns = (bytes: Uint8Array, start: number, end: number, width: number, values: number): void => {
  if (end > bytes.length) throw new RangeError('runs beyond their page');
  let at = start;
  for (let seen = 0; seen < values && at < end; ) {
    let header = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = bytes[at++];
      if (byte === undefined || at > end || shift > 28) throw new RangeError('a run that does not end');
      header += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) break;
    }
    const packed = header % 2 === 1;
    const groups = Math.floor(header / 2);
    const length = packed ? groups * 8 : groups;
    if (length > values + (packed ? 7 : 0))
      throw new RangeError(`a run of ${length} in a page of ${values} values`);
    at += packed ? groups * width : Math.ceil(width / 8);
    seen += length;
  }
};

const inflate = (
  codec: ColumnMetaData['codec'],
  codecs: Compressors,
  body: Uint8Array,
  size: number,
): Uint8Array => {
  if (codec === 'UNCOMPRESSED') {
    if (body.length !== size) throw new RangeError(`a page of ${body.length} bytes that should have ${size}`);
    return body;
  }
  const decompress = codecs[codec];
  if (!decompress) throw new RangeError(`pages compressed with ${codec}, which is not read`);
  return decompress(body, size);
};

const pageValues = (header: ThriftFields): number => {
  const values = count(header, 1, 'values');
  if (values > MAX_PAGE_VALUES) throw new RangeError(`a page of ${values} values`);
  return values;
};

/** Strings as differences from the one before are left out: a page of them may stand for any amount of memory. */
const checkEncoding = (encoding: unknown): void => {
  if (!READ_ENCODINGS.has(encoding as number))
    throw new RangeError(`values in encoding ${encoding}, which is not read`);
};

const count = (fields: ThriftFields, id: number, what: string): number => {
  const value = fields.get(id);
  if (typeof value === 'number' && value >= 0) return value;
  throw new RangeError(`a page whose number of ${what} is ${value ?? 'not there'}`);
};

const part = (fields: ThriftFields, id: number): ThriftFields => {
  const value = fields.get(id);
  if (value instanceof Map) return value;
  throw new RangeError('a page without its header');
};

const uint32 = (bytes: Uint8Array, at: number): number => {
  if (at + 4 > bytes.length) throw new RangeError('levels beyond their page');
  return new DataView(bytes.buffer, bytes.byteOffset + at, 4).getUint32(0, true);
};
