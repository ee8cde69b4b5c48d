/** How the columns of a table become the places of a record. */
import { AuditError } from '../../../errors.ts';
import { type Column, columnPlaces, type OneHotColumns } from '../../dataset.ts';
import { cellCategory, cellNumber, MISSING_CATEGORY, shownCell } from './cells.ts';
import { type ColumnFacts, categoriesOf, kindOf, MAX_CATEGORIES } from './column-facts.ts';
import type { Cell } from './table-source.ts';

/** Writes a cell into a record that begins at `start`. */
export type CellWriter = (x: Float32Array, start: number, cell: Cell, place: () => string) => void;

export interface TableEncoding {
  readonly columns: readonly Column[];
  readonly oneHot: readonly OneHotColumns[];
  /** Places of a record. */
  readonly width: number;
  /** By name of the file's column. */
  readonly writers: ReadonlyMap<string, CellWriter>;
  readonly notes: readonly string[];
}

/**
 * A number takes one place, true and false one as well (1 and 0), a list one for each of its numbers, a category one for
 * each of its values, in ascending order.
 *
 * @throws {AuditError} MLD_DATA_INVALID naming file, row and column for numbers that are missing or too large, for columns
 *   without a value, and for texts that are no categories
 */
export const encodingOf = (facts: readonly ColumnFacts[]): TableEncoding => {
  const notes: string[] = [];
  const plans = facts.map((each) => planOf(each, notes));
  const columns = plans.flatMap((plan) => plan.columns);
  const places = columnPlaces(columns);
  const writers = new Map<string, CellWriter>();
  const oneHot: OneHotColumns[] = [];
  let at = 0;
  plans.forEach((plan, index) => {
    const place = places[at] as OneHotColumns;
    const { name } = facts[index] as ColumnFacts;
    if (plan.oneHot) oneHot.push(place);
    writers.set(name, (x, start, cell, where) => plan.write(x, start + place.first, cell, where));
    at += plan.columns.length;
  });
  const width = places.reduce((sum, place) => sum + place.width, 0);
  return { columns, oneHot, width, writers, notes };
};

interface ColumnPlan {
  readonly columns: readonly Column[];
  readonly oneHot: boolean;
  readonly write: CellWriter;
}

const planOf = (facts: ColumnFacts, notes: string[]): ColumnPlan => {
  const { name, counts, first } = facts;
  const kind = kindOf(facts);
  if (kind === undefined)
    throw invalid(`column '${name}' has no values`, 'Leave the column out of all files.');
  if (kind === 'category') {
    const categories = checkedCategories(facts);
    const indices = new Map(categories.map((category, index) => [category, index]));
    notes.push(categoryNote(facts, categories.length));
    return {
      columns: [{ name, categories, ...(counts.missing > 0 && { missing: MISSING_CATEGORY }) }],
      oneHot: true,
      write: (x, start, cell, place) => {
        const index = indices.get(cellCategory(cell));
        if (index === undefined) throw changed(place(), name);
        x[start + index] = 1;
      },
    };
  }
  const wrong = first.missing ?? first.infinite;
  if (wrong) throw noNumber(wrong.place, name, first.missing ? 'has no value' : `is ${wrong.cell}`);
  if (kind === 'bit') {
    notes.push(`column '${name}' holds true and false, read as 1 and 0`);
    return {
      columns: [{ name, categories: ['false', 'true'], ordered: true }],
      oneHot: false,
      write: writeNumber(name),
    };
  }
  if (kind === 'number') return { columns: [{ name }], oneHot: false, write: writeNumber(name) };
  if (counts.number + counts.truth + counts.text > 0)
    throw invalid(
      `${first.list?.place}: column '${name}' holds lists and other values`,
      'Give every record a list.',
    );
  const width = facts.width as number;
  const write = writeNumber(name);
  return {
    columns: Array.from({ length: width }, (_, i) => ({ name: `${name}[${i}]` })),
    oneHot: false,
    write: (x, start, cell, place) => {
      const list = cell as ArrayLike<number>;
      if (list.length !== width) throw changed(place(), name);
      for (let i = 0; i < width; i++) write(x, start + i, list[i] as number, place);
    },
  };
};

/** @throws {AuditError} MLD_DATA_INVALID for texts that are too many or too long for categories */
export const checkedCategories = (facts: ColumnFacts): readonly string[] => {
  const { name, long, tooMany, distinct, first } = facts;
  if (long !== undefined)
    throw invalid(`${long}: column '${name}' holds a text that is too long for a category`, NO_CATEGORY);
  if (tooMany || distinct.size > MAX_CATEGORIES)
    throw invalid(
      `column '${name}' holds texts, as ${first.text?.cell ?? first.truth?.cell} (${first.text?.place ?? first.truth?.place}), and more than ${MAX_CATEGORIES} different ones`,
      NO_CATEGORY,
    );
  return categoriesOf(facts);
};

const NO_CATEGORY =
  'Categories are few. Leave the column out, or save it as the numbers that the model is given; decimals have points, not commas.';

const categoryNote = ({ name, counts, first }: ColumnFacts, size: number): string => {
  const mixed =
    counts.number + counts.infinite > 0
      ? `, as it holds texts besides numbers (${first.text?.cell ?? first.truth?.cell} at ${first.text?.place ?? first.truth?.place})`
      : '';
  const missing =
    counts.missing > 0 ? `; ${counts.missing} missing values are the category '${MISSING_CATEGORY}'` : '';
  return `column '${name}' is a category of ${size} values, one place for each in ascending order${mixed}${missing}`;
};

const writeNumber =
  (name: string): CellWriter =>
  (x, start, cell, place) => {
    const value = cellNumber(cell);
    x[start] = value;
    if (!Number.isFinite(x[start])) throw noNumber(place(), name, `is ${shownCell(cell)}`);
  };

const noNumber = (place: string, name: string, what: string): AuditError =>
  invalid(
    `${place}: column '${name}' ${what}, where the others are numbers`,
    'What a model was given in such a place is not known here: save the table encoded as the model is given it, or audit the saved outputs of the model.',
  );

const changed = (place: string, name: string): AuditError =>
  invalid(
    `${place}: column '${name}' changed while it was read`,
    'Try again when nothing writes to the file.',
  );

const invalid = (message: string, hint: string): AuditError =>
  new AuditError('MLD_DATA_INVALID', message, hint);
