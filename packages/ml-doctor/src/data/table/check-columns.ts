/** Refuses columns of a table that contradict themselves. */
import { AuditError } from '../../errors.ts';
import type { Column } from '../dataset.ts';

/**
 * @param id of the data set, for error messages
 * @throws {AuditError} MLD_DATA_INVALID naming the column
 */
export const checkColumns = (id: string, columns: readonly Column[]): void => {
  if (columns.length === 0) throw invalid(id, 'it has no columns');
  const seen = new Set<string>();
  for (const column of columns) {
    const { name } = column;
    if (seen.has(name)) throw invalid(id, `two of its columns are called '${name}'`);
    seen.add(name);
    const wrong = wrongWith(column);
    if (wrong !== undefined) throw invalid(id, `column '${name}' ${wrong}`);
  }
};

const wrongWith = ({ categories, ordered, missing }: Column): string | undefined => {
  if (categories === undefined) {
    if (ordered) return 'is ordered, but has no categories';
    return missing === undefined ? undefined : `calls '${missing}' missing, but has no categories`;
  }
  if (categories.length === 0) return 'has an empty list of categories';
  const twice = categories.find((category, i) => categories.indexOf(category) !== i);
  if (twice !== undefined) return `lists its category '${twice}' twice`;
  if (missing === undefined || categories.includes(missing)) return undefined;
  return `calls '${missing}' missing, which is none of its categories`;
};

const invalid = (id: string, what: string): AuditError =>
  new AuditError('MLD_DATA_INVALID', `data set '${id}': ${what}`, 'Correct the columns of the table.');
