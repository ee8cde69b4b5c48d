/** Reads data sets of bits from NumPy's .npz files, in the layouts in which Shokri's are passed around. */
import { AuditError } from '../../errors.ts';
import type { LabelledBytes } from './labelled-bytes.ts';
import { type Npz, withNpz } from './npz.ts';

export interface BitsNpzLayout {
  /** Name of the array of `rows × width` numbers 0 and 1, of whatever type. */
  readonly bits: string;
  /** Name of the array of classes: `rows` of them counted from 0 or from 1, or `rows × classes` with a single 1 in each row. */
  readonly labels: string;
  readonly rows: number;
  readonly width: number;
  readonly classes: number;
}

/**
 * Labels come out counted from 0. Every class must occur: only then can it be told from which number they are counted.
 *
 * @throws {AuditError} MLD_DATA_INVALID for other shapes, what is no bit (naming record and column), and classes that do not
 *   fit; those of {@link withNpz}
 */
export const readBitsNpz = (
  path: string,
  layout: BitsNpzLayout,
  signal?: AbortSignal,
): Promise<LabelledBytes> =>
  withNpz(
    path,
    async (npz) => {
      const { bits, labels, rows, width, classes } = layout;
      const shape = (await npz.header(bits)).shape;
      if (shape.join() !== `${rows},${width}`)
        throw invalid(path, `${bits} is of shape (${shape.join(', ')}), expected (${rows}, ${width})`);
      // Labels first: they are small, and as likely to be wrong.
      const classShape = (await npz.header(labels)).shape;
      const oneHot = classShape.join() === `${rows},${classes}` && classes > 1;
      if (!oneHot && !['', ',1'].some((tail) => classShape.join() === `${rows}${tail}`)) {
        throw invalid(
          path,
          `${labels} is of shape (${classShape.join(', ')}), expected (${rows}) or (${rows}, ${classes})`,
        );
      }
      return {
        labels: await (oneHot ? hotPlaces : classNumbers)(npz, layout),
        values: await readBits(npz, bits, rows, width),
      };
    },
    signal,
  );

/** Bits as bytes, checked as they come: as the numbers they are kept as they would take up to eight times the memory. */
async function readBits(npz: Npz, name: string, rows: number, width: number): Promise<Uint8Array> {
  const out = new Uint8Array(rows * width);
  await npz.pieces(name, (values, row, first) => {
    const at = row * width + first;
    for (let i = 0; i < values.length; i++) {
      const value = values[i]!;
      if (value === 1) out[at + i] = 1;
      else if (value !== 0) {
        throw invalid(
          npz.path,
          `${name} of record ${row}, column ${first + i} is ${value}, where bits are 0 or 1`,
        );
      }
    }
  });
  return out;
}

async function hotPlaces(npz: Npz, { labels: name, rows, classes }: BitsNpzLayout) {
  const ones = await readBits(npz, name, rows, classes);
  return Int32Array.from({ length: rows }, (_, row) => {
    const places = ones.subarray(row * classes, (row + 1) * classes);
    const first = places.indexOf(1);
    if (first >= 0 && places.indexOf(1, first + 1) < 0) return first;
    throw invalid(npz.path, `${name} of record ${row} marks ${first < 0 ? 'no class' : 'several classes'}`);
  });
}

async function classNumbers(npz: Npz, { labels: name, rows, classes }: BitsNpzLayout): Promise<Int32Array> {
  const labels = new Int32Array(rows);
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  await npz.each(name, (value, row) => {
    if (!Number.isInteger(value) || (value as number) < 0 || (value as number) > classes)
      throw invalid(npz.path, `${name} of record ${row} is ${value}, no number of ${classes} classes`);
    labels[row] = value as number;
    least = Math.min(least, labels[row]!);
    most = Math.max(most, labels[row]!);
  });
  if (most - least !== classes - 1)
    throw invalid(npz.path, `${name} are ${least} to ${most}, expected ${classes} classes from 0 or 1 on`);
  return labels.map((label) => label - least);
}

const invalid = (path: string, what: string): AuditError =>
  new AuditError('MLD_DATA_INVALID', `${path}: ${what}`, 'Check that this is the right file.');
