/** Finds out which columns of a table are what: the label, attributes, inputs. */
import { AuditError } from '../../../errors.ts';
import { nearestName } from '../../nearest-name.ts';
import type { TableSource } from './table-source.ts';

export const USUAL_LABELS: readonly string[] = ['label', 'y', 'target', 'class'];
/** Row numbers that pandas writes unasked. */
const ROW_NUMBERS = new Set(['', 'Unnamed: 0', '__index_level_0__']);

export interface ChosenColumns {
  readonly label: string;
  readonly attributes: readonly string[];
  /** In the order of the first file. */
  readonly inputs: readonly string[];
  /** For each file, where each of these columns stands in it. */
  readonly indices: readonly ReadonlyMap<string, number>[];
  readonly notes: readonly string[];
}

/**
 * @throws {AuditError} MLD_DATA_INVALID for files of different columns, naming them; for a label or an attribute that is
 *   no column; for a table without inputs
 */
export const chooseColumns = (
  sources: readonly [TableSource, ...TableSource[]],
  choice: { readonly label?: string; readonly attributes?: readonly string[] },
): ChosenColumns => {
  const indices = sources.map(
    ({ columns }) =>
      new Map(
        [...columns.entries()].filter(([, name]) => !ROW_NUMBERS.has(name)).map(([i, name]) => [name, i]),
      ),
  );
  const [{ path, columns }] = sources;
  const names = [...(indices[0] as ReadonlyMap<string, number>).keys()];
  sources.forEach((other, index) => {
    if (index > 0)
      sameColumns(path, names, other.path, [...(indices[index] as ReadonlyMap<string, number>).keys()]);
  });
  const known = (name: string, what: string): string => {
    if (names.includes(name)) return name;
    throw invalid(
      `${path}: has no column '${name.slice(0, 60)}', which should be ${what}; it has ${listed(names)}`,
      `Did you mean '${nearestName(name.slice(0, 60), names) ?? ''}'?`,
    );
  };
  const usual = USUAL_LABELS.map((label) => names.find((name) => name.toLowerCase() === label)).find(Boolean);
  const label = choice.label === undefined ? usual : known(choice.label, 'the label');
  if (label === undefined)
    throw invalid(
      `${path}: has no column called ${USUAL_LABELS.join(', ')}; it has ${listed(names)}`,
      'Name the column that holds the labels with `label`.',
    );
  const attributes = [...new Set(choice.attributes ?? [])].map((name) => known(name, 'an attribute'));
  if (attributes.includes(label))
    throw invalid(
      `${path}: column '${label}' is both the label and an attribute`,
      'Take it out of the attributes.',
    );
  const inputs = names.filter((name) => name !== label && !attributes.includes(name));
  if (inputs.length === 0)
    throw invalid(
      `${path}: has no columns besides label and attributes`,
      'Give the columns that the model is given.',
    );
  const notes: string[] = [];
  if (choice.label === undefined) notes.push(`the labels are those of column '${label}'`);
  for (const name of new Set(columns.filter((each) => ROW_NUMBERS.has(each))))
    notes.push(`column '${name}' was left out: it holds the row numbers that pandas writes`);
  return { label, attributes, inputs, indices, notes };
};

const sameColumns = (
  path: string,
  names: readonly string[],
  other: string,
  others: readonly string[],
): void => {
  const missing = names.filter((name) => !others.includes(name));
  const extra = others.filter((name) => !names.includes(name));
  if (missing.length + extra.length === 0) return;
  const parts = [
    ...(missing.length ? [`lacks ${listed(missing)}`] : []),
    ...(extra.length ? [`has ${listed(extra)} besides`] : []),
  ];
  throw invalid(
    `${other}: has other columns than ${path}: it ${parts.join(' and ')}`,
    'Give both files the same columns.',
  );
};

const listed = (names: readonly string[]): string => {
  const shown = names.slice(0, 10).map((name) => `'${name.slice(0, 60)}'`);
  return names.length > 10 ? `${shown.join(', ')}, … (${names.length} in all)` : shown.join(', ') || 'none';
};

const invalid = (message: string, hint: string): AuditError =>
  new AuditError('MLD_DATA_INVALID', message, hint);
