/** Reads tables whose fields are separated by single spaces, such as those of the Statlog project. */
import { AuditError } from '../../errors.ts';

/**
 * One array of fields per row.
 *
 * @param file name used in error messages
 * @param header the names that the first line may hold instead of a record; as many as a row has fields
 * @throws {AuditError} MLD_DATA_INVALID naming the line, MLD_DATA_TRUNCATED when the last line has no end
 */
export const readSpacedTable = (
  bytes: Uint8Array,
  file: string,
  header: readonly string[],
): readonly (readonly string[])[] => {
  const lines = new TextDecoder().decode(bytes).split(/\r?\n/);
  if (lines.pop() !== '')
    throw new AuditError(
      'MLD_DATA_TRUNCATED',
      `${file}: cut short, line ${lines.length + 1} has no end`,
      'Copy or download the file again.',
    );
  const first = lines[0] === header.join(' ') ? 1 : 0;
  const rows = lines.slice(first).map((line, i) => {
    const fields = line.split(' ');
    if (fields.length === header.length && !fields.includes('')) return fields;
    throw invalid(
      `${file}:${first + i + 1}`,
      `does not have ${header.length} fields with one space between them`,
    );
  });
  if (rows.length === 0) throw invalid(file, 'no records');
  return rows;
};

const invalid = (where: string, what: string): AuditError =>
  new AuditError('MLD_DATA_INVALID', `${where}: ${what}`, 'Check that this is the right file.');
