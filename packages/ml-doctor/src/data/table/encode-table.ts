/** Rows of text and numbers as records that a model can be given, each column by its type. */
import { AuditError } from '../../errors.ts';
import { type Column, columnPlaces, type Normalisation, type OneHotColumns } from '../dataset.ts';
import { checkColumns } from './check-columns.ts';
import { categoryIndex, type Field, type FieldPlace, numberField } from './fields.ts';

/** The parts of a data set that its rows and columns decide. */
export interface EncodedTable {
  readonly recordShape: readonly [number];
  /** `rows × places`, row-major, before normalisation. */
  readonly x: Float32Array;
  /**
   * One mean and one deviation per place. Numbers and ordered categories get those of the rows given (population
   * deviation; 1 where all rows have the same), one-hot places 0 and 1, so that models see them as they are.
   */
  readonly normalisation: Normalisation;
  readonly oneHot: readonly OneHotColumns[];
  readonly columns: readonly Column[];
}

/**
 * A number takes one place and is rounded to 32 bits; text that reads as a decimal number will do. A category takes one
 * place for each of its values, 1 at its own; an ordered one a single place, which holds the index. Categories are
 * compared letter by letter: nothing is trimmed, and the empty text is a category like any other. Where `missing` is
 * one of them it is kept as that category.
 *
 * @param id of the data set, for error messages
 * @throws {AuditError} MLD_DATA_INVALID for columns that contradict themselves, for no rows, for a row of another
 *   length, and for a field that is no number or none of the column's categories, naming record and column
 */
export const encodeTable = (
  id: string,
  rows: readonly (readonly Field[])[],
  columns: readonly Column[],
): EncodedTable => {
  checkColumns(id, columns);
  checkRows(id, rows, columns.length);
  const places = columnPlaces(columns);
  const length = places.reduce((sum, { width }) => sum + width, 0);
  const x = new Float32Array(rows.length * length);
  const mean = new Array<number>(length).fill(0);
  const std = new Array<number>(length).fill(1);
  const oneHot: OneHotColumns[] = [];
  columns.forEach(({ name: column, categories, ordered }, c) => {
    const place = places[c] as OneHotColumns;
    const read = fieldReader(categories);
    const isOneHot = categories !== undefined && !ordered;
    rows.forEach((row, record) => {
      const value = read(row[c] as Field, { id, record, column });
      const start = record * length + place.first;
      if (isOneHot) x[start + value] = 1;
      else x[start] = value;
    });
    if (isOneHot) oneHot.push(place);
    else [mean[place.first], std[place.first]] = meanAndDeviation(x, place.first, length);
  });
  return { recordShape: [length], x, normalisation: { scale: 1, mean, std }, oneHot, columns };
};

const fieldReader = (
  categories: readonly string[] | undefined,
): ((field: Field, place: FieldPlace) => number) => {
  if (!categories) return numberField;
  const indices = new Map(categories.map((category, index) => [category, index]));
  return (field, place) => indices.get(String(field)) ?? categoryIndex(field, categories, place);
};

const checkRows = (id: string, rows: readonly (readonly Field[])[], width: number): void => {
  if (rows.length === 0)
    throw new AuditError(
      'MLD_DATA_INVALID',
      `data set '${id}': it has no rows`,
      'Give at least one row; a meaningful audit needs hundreds.',
    );
  const odd = rows.findIndex((row) => row.length !== width);
  if (odd < 0) return;
  throw new AuditError(
    'MLD_DATA_INVALID',
    `data set '${id}': record ${odd} has ${(rows[odd] as readonly Field[]).length} fields for ${width} columns`,
    'Give every row one field for each column.',
  );
};

/**
 * Of every `width`-th value; two passes, so that large values lose no digits. Equal values are told apart by looking,
 * as the rounding of their sum would give them a tiny deviation.
 */
const meanAndDeviation = (x: Float32Array, first: number, width: number): [number, number] => {
  const count = x.length / width;
  const one = x[first] as number;
  let sum = 0;
  let constant = true;
  for (let i = first; i < x.length; i += width) {
    const value = x[i] as number;
    sum += value;
    if (value !== one) constant = false;
  }
  if (constant) return [one, 1];
  const mean = sum / count;
  let squares = 0;
  for (let i = first; i < x.length; i += width) squares += ((x[i] as number) - mean) ** 2;
  return [mean, Math.sqrt(squares / count)];
};
