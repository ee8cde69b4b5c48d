/** Reads a CSV file whose header is known beforehand, column for column, and keeps the columns asked for. */
import { AuditError } from '../../errors.ts';

/**
 * The fields of `wanted` in every row after the header. Fields may be in quotes; lines end with LF or CR LF. Of columns with
 * the same name, which some publishers' files have, the first is meant.
 *
 * @param file name used in error messages
 * @param header all columns in the order of the file
 * @throws {AuditError} MLD_DATA_INVALID for another header, a row with another number of fields (with its line) and quotes
 *   that are in the wrong place; MLD_DATA_TRUNCATED when the last line has no end
 */
export async function readKnownCsv(
  bytes: Uint8Array,
  file: string,
  header: readonly string[],
  wanted: readonly string[],
): Promise<readonly (readonly string[])[]> {
  if (bytes.length > 0 && bytes.at(-1) !== 0x0a) {
    throw new AuditError(
      'MLD_DATA_TRUNCATED',
      `${file}: cut short, its last line has no end`,
      'Copy or download the file again.',
    );
  }
  const { parse } = await import('csv-parse/sync');
  const places = wanted.map((name) => header.indexOf(name));
  const rows: string[][] = [];
  let first = true;
  try {
    parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), {
      bom: true,
      relax_column_count: true,
      on_record: (fields: string[], { lines }) => {
        if (first) checkHeader(fields, header, file);
        else if (fields.length === header.length) rows.push(places.map((place) => fields[place] as string));
        else throw invalid(`${file}:${lines}: ${fields.length} fields where ${header.length} are expected`);
        first = false;
        return null;
      },
    });
  } catch (error) {
    const { code, lines } = error as { readonly code?: string; readonly lines?: number };
    if (error instanceof AuditError || !code?.includes('QUOTE')) throw error;
    throw invalid(`${file}:${lines}: a quote is in the wrong place`);
  }
  if (first) throw invalid(`${file}: is empty`);
  return rows;
}

function checkHeader(found: readonly string[], header: readonly string[], file: string): void {
  const odd = header.findIndex((name, i) => found[i] !== name);
  if (odd < 0 && found.length === header.length) return;
  throw invalid(
    odd < 0
      ? `${file}:1: ${found.length} columns where ${header.length} are expected`
      : `${file}:1: column ${odd + 1} is '${(found[odd] ?? '').slice(0, 60)}', expected '${header[odd]}'`,
  );
}

const invalid = (message: string): AuditError =>
  new AuditError('MLD_DATA_INVALID', message, "Check that this is the publisher's unchanged file.");
