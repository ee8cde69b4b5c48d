/**
 * Reads the fixed layout of UCI Adult: comma and space separated lines, no quoting, `?` for a missing value.
 */
import { AuditError } from '../../errors.ts';
import { gunzipIfNeeded } from './gunzip.ts';

export interface Table {
  /** One array per row, one trimmed field per column. */
  readonly rows: readonly (readonly string[])[];
  readonly columns: readonly string[];
}

/**
 * Reads one Adult file, gzipped or plain. `adult.test` opens with a comment line starting with `|`; its
 * labels end with a dot. Both are taken off, so that the two files give equal fields.
 *
 * @param columns the expected columns, in order
 * @throws {AuditError} MLD_DATA_INVALID naming file, line and what was found, MLD_DATA_TRUNCATED when the
 * last line has no end, and the errors of {@link gunzipIfNeeded}
 */
export function readAdultCsv(
  fileBytes: Uint8Array,
  file: string,
  columns: readonly string[],
  maxBytes?: number,
): Table {
  const text = new TextDecoder('utf-8', { fatal: false }).decode(gunzipIfNeeded(fileBytes, file, maxBytes));
  const lines = text.split('\n');
  if (lines.at(-1) !== '') {
    throw new AuditError(
      'MLD_DATA_TRUNCATED',
      `${file}: cut short, line ${lines.length} has no end`,
      'Copy or download the file again.',
    );
  }
  const rows: string[][] = [];
  lines.forEach((raw, index) => {
    const line = raw.trim();
    if (line === '' || line.startsWith('|')) return;
    const fields = line
      .replace(/\.$/, '')
      .split(',')
      .map((field) => field.trim());
    if (fields.length !== columns.length || fields.includes('')) {
      const empty = fields.indexOf('');
      throw invalid(
        file,
        index + 1,
        fields.length === columns.length
          ? `column '${columns[empty]}' is empty`
          : `${fields.length} fields where ${columns.length} are expected`,
      );
    }
    rows.push(fields);
  });
  if (rows.length === 0) throw invalid(file, 1, 'no records');
  return { rows, columns };
}

function invalid(file: string, line: number, what: string): AuditError {
  return new AuditError(
    'MLD_DATA_INVALID',
    `${file}:${line}: ${what}`,
    'Check that this is the unchanged UCI file.',
  );
}
