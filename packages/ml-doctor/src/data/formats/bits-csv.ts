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
  const labels: number[] = [];
  const values = new Uint8Array(Math.ceil(bytes.length / (2 * width)) * width);
  let at = 0;
  while (at < bytes.length) {
    const line = labels.length + 1;
    const end = bytes.indexOf(NEWLINE, at);
    if (end < 0) {
      throw new AuditError(
        'MLD_DATA_TRUNCATED',
        `${file}: cut short, line ${line} has no end`,
        'Copy or download the file again.',
      );
    }
    const comma = bytes.indexOf(COMMA, at);
    const last = bytes[end - 1] === RETURN ? end - 1 : end;
    labels.push(classNumber(bytes.subarray(at, comma < 0 || comma > last ? last : comma), file, line));
    if (last - comma !== 2 * width) throw invalid(file, line, `does not have ${width} bits after its class`);
    const row = (line - 1) * width;
    for (let i = 0; i < width; i++) {
      const bit = bytes[comma + 2 * i + 1];
      if ((bit !== ZERO && bit !== ONE) || bytes[comma + 2 * i] !== COMMA)
        throw invalid(file, line, `feature ${i + 1} is neither 0 nor 1`);
      values[row + i] = bit - ZERO;
    }
    at = end + 1;
  }
  return { labels: Int32Array.from(labels), values: values.slice(0, labels.length * width) };
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
