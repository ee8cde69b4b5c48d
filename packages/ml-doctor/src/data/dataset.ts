/**
 * A labelled data set: read once, never changed, identified by a hash of all that a model sees of it. All of it is in
 * memory but for the values of many pictures, which stay in a file.
 */
import { createHash } from 'node:crypto';
import { endianness } from 'node:os';
import { AuditError } from '../errors.ts';
import { isBytes, isInMemory, type Values, type ValuesInMemory } from './values.ts';

/**
 * A per-record property by name, such as one an attribute-inference attack tries to guess. Columns of `x` may hold it
 * too (Adult's sex, race and age do): such an attack must not be handed those columns.
 */
export interface Attribute {
  /** One per record: category indices when `categories` is present, plain numbers otherwise. */
  readonly values: Int32Array | Float32Array;
  readonly categories?: readonly string[];
  /** Whether the categories stand in their natural order, as school grades do. */
  readonly ordered?: boolean;
  /** The category that stands for "not known". */
  readonly missing?: string;
}

/** `(value * scale - mean[c]) / std[c]`, `c` being the index along the first dimension of a record. */
export interface Normalisation {
  readonly scale: number;
  readonly mean: readonly number[];
  readonly std: readonly number[];
}

/** Neighbouring columns of a table row that hold one category: exactly one of them is 1, the others are 0. */
export interface OneHotColumns {
  readonly first: number;
  readonly width: number;
}

/**
 * A column of a table as people know it: a number; a category, kept in one place for each of its values; or an ordered
 * category (of two values, a bit), kept as the index of its value in a single place.
 */
export interface Column {
  readonly name: string;
  readonly categories?: readonly string[];
  readonly ordered?: boolean;
  /** The category that stands for "not known". */
  readonly missing?: string;
}

/** Where each column stands in a row: its first place, and how many it takes. */
export const columnPlaces = (
  columns: readonly Column[],
): readonly { readonly first: number; readonly width: number }[] => {
  let end = 0;
  return columns.map(({ categories, ordered }) => {
    const first = end;
    const width = categories && !ordered ? categories.length : 1;
    end += width;
    return { first, width };
  });
};

export interface Dataset<X extends Values = Values> {
  readonly id: string;
  /**
   * sha256 (hex) over shape, element type, values, labels, classes, normalisation and attributes; `id`, `label`, `leftOut`,
   * `oneHot` and `columns` are left out, as none changes what a model sees.
   */
  readonly contentHash: string;
  readonly size: number;
  /** Channels first: `[1, 28, 28]` for an image, `[n]` for a table row. */
  readonly recordShape: readonly number[];
  /** Row-major, `size` records of `recordShape`, before normalisation; pictures stay bytes. */
  readonly x: X;
  /** Class indices. */
  readonly y: Int32Array;
  readonly classes: readonly string[];
  /** What the classes are classes of, as `income`. */
  readonly label?: string;
  readonly normalisation: Normalisation;
  readonly attributes?: Readonly<Record<string, Attribute>>;
  /** In ascending order, disjoint; for records of one dimension. Whoever makes records up keeps them so. */
  readonly oneHot?: readonly OneHotColumns[];
  /** Names of what could not be read and is no record, where that was asked for. */
  readonly leftOut?: readonly string[];
  /** What the places of a table row are called, in their order; they cover all of them. */
  readonly columns?: readonly Column[];
}

/** One whose values are at hand one by one. */
export type DatasetInMemory = Dataset<ValuesInMemory>;

export interface Batch {
  /** Normalised values, `indices.length` records of `recordShape`. */
  readonly x: Float32Array;
  readonly y: Int32Array;
}

/**
 * Checks that the parts fit together and adds size and content hash.
 *
 * @throws {AuditError} MLD_DATA_INVALID naming the part that does not fit
 */
export function createDataset<X extends Values>(parts: Omit<Dataset<X>, 'size' | 'contentHash'>): Dataset<X> {
  const { id, recordShape, x, y, classes, normalisation, attributes = {} } = parts;
  const size = y.length;
  const recordLength = elements(recordShape);
  check(size > 0, id, 'it has no records');
  check(
    x.length === size * recordLength,
    id,
    `${x.length} values where ${size} records of shape [${recordShape}] have ${size * recordLength}`,
  );
  const strange = y.findIndex((label) => label < 0 || label >= classes.length);
  check(
    strange < 0,
    id,
    `record ${strange} has label ${y[strange]}, but there are ${classes.length} classes`,
  );
  if (x instanceof Float32Array) {
    const bad = x.findIndex((value) => !Number.isFinite(value));
    check(bad < 0, id, `record ${Math.floor(bad / recordLength)} holds ${x[bad]}, which is no finite number`);
  }
  const channels = recordShape[0] ?? 1;
  check(
    normalisation.mean.length === channels && normalisation.std.length === channels,
    id,
    `normalisation has ${normalisation.mean.length} means and ${normalisation.std.length} deviations for ${channels} channels`,
  );
  check(
    [normalisation.scale, ...normalisation.mean, ...normalisation.std].every(Number.isFinite) &&
      normalisation.std.every((value) => value > 0),
    id,
    'normalisation needs finite numbers and deviations above 0',
  );
  for (const [name, { values, categories }] of Object.entries(attributes)) {
    check(values.length === size, id, `attribute '${name}' has ${values.length} values for ${size} records`);
    const odd = values.findIndex((v) => (categories ? categories[v] === undefined : !Number.isFinite(v)));
    check(odd < 0, id, `attribute '${name}' of record ${odd} is ${values[odd]}`);
  }
  checkOneHot(parts, size);
  const named = parts.columns && columnPlaces(parts.columns).reduce((sum, { width }) => sum + width, 0);
  check(
    named === undefined || (recordShape.length === 1 && named === recordLength),
    id,
    `its columns name ${named} places of records of shape [${recordShape}]`,
  );
  return { ...parts, size, contentHash: contentHash({ ...parts, size }) };
}

function checkOneHot(
  { id, recordShape, x, oneHot = [] }: Omit<Dataset, 'size' | 'contentHash'>,
  size: number,
) {
  const length = elements(recordShape);
  let end = 0;
  for (const { first, width } of oneHot) {
    const name = `the category in columns ${first} to ${first + width - 1}`;
    check(
      recordShape.length === 1 && first >= end && width >= 1 && first + width <= length,
      id,
      `${name} is out of order or outside records of shape [${recordShape}]`,
    );
    for (let i = 0; i < size; i++) {
      const columns = x.subarray(i * length + first, i * length + first + width);
      let [ones, others] = [0, 0];
      for (const value of columns) {
        if (value === 1) ones++;
        else if (value !== 0) others++;
      }
      check(ones === 1 && others === 0, id, `record ${i} has ${columns.join()} for ${name}`);
    }
    end = first + width;
  }
}

/**
 * The records at `indices`, normalised, in that order.
 *
 * @throws {Error} `internal:` when an index is not that of a record
 */
export function batch(dataset: Dataset, indices: ArrayLike<number>): Batch {
  const { recordShape, normalisation, size, x: source } = dataset;
  const { scale, mean, std } = normalisation;
  const recordLength = elements(recordShape);
  const channels = recordShape[0] ?? 1;
  const plane = recordLength / channels;
  const table = isBytes(source) ? normalisedBytes(normalisation) : undefined;
  const atHand = isInMemory(source) ? source : undefined;
  const x = new Float32Array(indices.length * recordLength);
  const y = new Int32Array(indices.length);
  let to = 0;
  for (let i = 0; i < indices.length; i++) {
    const index = indices[i]!;
    if (!(Number.isInteger(index) && index >= 0 && index < size)) {
      throw new Error(`internal: record ${index} asked of data set '${dataset.id}' with ${size} records`);
    }
    y[i] = dataset.y[index]!;
    const values = atHand ?? source.subarray(index * recordLength, (index + 1) * recordLength);
    let from = atHand ? index * recordLength : 0;
    for (let c = 0; c < channels; c++) {
      for (const end = from + plane; from < end; from++, to++) {
        const value = values[from]!;
        x[to] = table ? table[256 * c + value]! : (value * scale - mean[c]!) / std[c]!;
      }
    }
  }
  return { x, y };
}

/** The number of values in a record of this shape. */
export function elements(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

const tables = new WeakMap<Normalisation, Float32Array>();

/**
 * A byte takes 256 values only, so what each becomes in each channel is worked out once: for a row of hundreds of
 * columns that is more work than a batch of them.
 */
function normalisedBytes(normalisation: Normalisation): Float32Array {
  const { scale, mean, std } = normalisation;
  let table = tables.get(normalisation);
  if (table === undefined) {
    table = Float32Array.from({ length: 256 * mean.length }, (_, i) => {
      const c = i >> 8;
      return ((i & 255) * scale - mean[c]!) / std[c]!;
    });
    tables.set(normalisation, table);
  }
  return table;
}

/** Data sets that users bring. */
const OWN_IDS: ReadonlySet<string> = new Set(['own', 'outputs']);

/**
 * The header is JSON with sorted attribute names and gives every length, so no two data sets share their
 * bytes. The values enter by their sha256, which is known of those in a file: they are not read for it.
 */
function contentHash(parts: Omit<Dataset, 'contentHash'>): string {
  const attributes = Object.entries(parts.attributes ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
  const header = {
    format: 2,
    shape: [parts.size, ...parts.recordShape],
    dtype: isBytes(parts.x) ? 'uint8' : 'float32',
    classes: parts.classes,
    normalisation: [parts.normalisation.scale, parts.normalisation.mean, parts.normalisation.std],
    // Of a catalogue's data the name tells it; a user's are all called the same.
    ...(OWN_IDS.has(parts.id) && { oneHot: parts.oneHot ?? null, columns: parts.columns ?? null }),
    attributes: attributes.map(([name, { values, categories }]) => [
      name,
      values instanceof Int32Array ? 'int32' : 'float32',
      categories ?? null,
    ]),
  };
  const hash = createHash('sha256').update(`${JSON.stringify(header)}\n`);
  hash.update(Buffer.from(sha256Of(parts.x), 'hex'));
  for (const values of [parts.y, ...attributes.map(([, a]) => a.values)]) {
    hash.update(littleEndianBytes(values));
  }
  return hash.digest('hex');
}

const sha256Of = (x: Values): string =>
  isInMemory(x) ? createHash('sha256').update(littleEndianBytes(x)).digest('hex') : x.sha256;

function littleEndianBytes(values: Uint8Array | Int32Array | Float32Array): Uint8Array {
  const bytes = Buffer.from(values.buffer, values.byteOffset, values.byteLength);
  return values.BYTES_PER_ELEMENT === 1 || endianness() === 'LE' ? bytes : Buffer.from(bytes).swap32();
}

function check(condition: boolean, id: string, what: string): asserts condition {
  if (condition) return;
  throw new AuditError(
    'MLD_DATA_INVALID',
    `data set '${id}': ${what}`,
    'Correct the data and read it again.',
  );
}
