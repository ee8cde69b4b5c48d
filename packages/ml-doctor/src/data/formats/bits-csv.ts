/** Reads the CSV layout of Shokri's data sets: a class number, then one 0 or 1 per feature, no header. */
import { AuditError } from '../../errors.ts';
import type { LabelledBytes } from './labelled-bytes.ts';

const [COMMA, ZERO, ONE, NEWLINE, RETURN, QUOTE] = [0x2c, 0x30, 0x31, 0x0a, 0x0d, 0x22];

/**
 * Rows of `width` bits. The class number may stand in quotes; lines end with LF or CR LF.
 *
 * @param file name used in error messages
 * @throws {AuditError} MLD_DATA_INVALID naming the line, MLD_DATA_TRUNCATED when the last line has no end
 */
export function readBitsCsv(bytes: Uint8Array, file: string, width: number): LabelledBytes {
  const rows = bitRows(file, { rows: Math.ceil(bytes.length / (2 * width)), width, labelled: true });
  rows.push(bytes);
  const { labels, values, count } = rows.end();
  return { labels: labels.slice(0, count), values: values.slice(0, count * width) };
}

export interface BitRowsLayout {
  /** At most. */
  readonly rows: number;
  readonly width: number;
  /** Whether the class stands before the bits. */
  readonly labelled: boolean;
}

export interface BitRows {
  /** The next bytes of the file, cut anywhere. */
  push(bytes: Uint8Array): void;
  /** @throws {AuditError} MLD_DATA_TRUNCATED when the last line has no end */
  end(): LabelledBytes & { readonly count: number };
}

/**
 * Reads such rows from a file that comes in pieces, so that its text, some times as large as what it says, is never held.
 *
 * @throws {AuditError} from `push`: MLD_DATA_INVALID naming the line
 */
export function bitRows(file: string, { rows, width, labelled }: BitRowsLayout): BitRows {
  const labels = new Int32Array(rows);
  const values = new Uint8Array(rows * width);
  // A class has up to 9 digits and quotes, before a comma; a line ends with one or two bytes.
  const carried = new Uint8Array(2 * width + 16);
  let [count, filled] = [0, 0];
  const read = (line: Uint8Array) => {
    if (count === rows) throw invalid(file, count + 1, `there are more than the ${rows} records expected`);
    const last = line.at(-1) === RETURN ? line.length - 1 : line.length;
    const comma = labelled ? line.indexOf(COMMA) : -1;
    if (labelled) labels[count] = classNumber(line.subarray(0, comma < 0 ? last : comma), file, count + 1);
    if ((labelled && comma < 0) || last - comma !== 2 * width)
      throw invalid(file, count + 1, `does not have ${width} bits${labelled ? ' after its class' : ''}`);
    const to = count * width;
    for (let i = 0; i < width; i++) {
      const bit = line[comma + 2 * i + 1];
      if ((bit !== ZERO && bit !== ONE) || (i > 0 && line[comma + 2 * i] !== COMMA))
        throw invalid(file, count + 1, `feature ${i + 1} is neither 0 nor 1`);
      values[to + i] = bit - ZERO;
    }
    count++;
  };
  const carry = (part: Uint8Array) => {
    if (filled + part.length > carried.length)
      throw invalid(file, count + 1, `does not have ${width} bits${labelled ? ' after its class' : ''}`);
    carried.set(part, filled);
    filled += part.length;
  };
  return {
    push(bytes) {
      for (let at = 0; at < bytes.length; ) {
        const end = bytes.indexOf(NEWLINE, at);
        if (end < 0) return carry(bytes.subarray(at));
        if (filled > 0) {
          carry(bytes.subarray(at, end));
          read(carried.subarray(0, filled));
          filled = 0;
        } else read(bytes.subarray(at, end));
        at = end + 1;
      }
    },
    end() {
      if (filled === 0) return { labels, values, count };
      throw new AuditError(
        'MLD_DATA_TRUNCATED',
        `${file}: cut short, line ${count + 1} has no end`,
        'Copy or download the file again.',
      );
    },
  };
}

function classNumber(field: Uint8Array, file: string, line: number): number {
  const quoted = field.length > 2 && field[0] === QUOTE && field[field.length - 1] === QUOTE;
  const text = new TextDecoder().decode(quoted ? field.subarray(1, -1) : field);
  if (!/^\d{1,9}$/.test(text)) throw invalid(file, line, `its class '${text.slice(0, 20)}' is no number`);
  return Number(text);
}

function invalid(file: string, line: number, what: string): AuditError {
  return new AuditError('MLD_DATA_INVALID', `${file}:${line}: ${what}`, 'Check that this is the right file.');
}
