/** Collects the outputs of the rows that are drawn, whichever way the file holds them. */
import { AuditError } from '../../../errors.ts';
import { cellNumber, shownCell } from '../table/cells.ts';
import type { Cell } from '../table/table-source.ts';
import type { OutputColumns } from './output-columns.ts';

/** In memory, eight bytes each. */
const MAX_VALUES = 1 << 26;

/** @param name of a column, for messages */
export const outputValues = (
  { kind, values: columns, binary }: OutputColumns,
  rows: number,
  name: (column: number) => string,
) => {
  const classOf = new Map(columns.map((column, index) => [column, index]));
  const [listed, letter] = kind === 'logits' ? ['logits', 'z'] : ['posteriors', 'p'];
  const inLists = kind !== 'loss' && !binary && columns.length === 1;
  let width = kind === 'loss' ? 1 : binary ? 2 : columns.length;
  let single = binary;
  let values: Float64Array | undefined;
  /** Its size is known with the first list. */
  const all = (): Float64Array => {
    if (rows * width > MAX_VALUES)
      throw new AuditError(
        'MLD_LIMIT',
        `outputs of ${rows} records and ${width} classes do not fit into memory`,
        'Take a smaller sample.',
      );
    values ??= new Float64Array(rows * width);
    return values;
  };
  const number = (cell: Cell, column: number, place: () => string): number => {
    const value = cellNumber(cell);
    if (Number.isNaN(value) || typeof cell === 'boolean')
      throw invalid(
        `${place()}: column '${name(column)}' is ${shownCell(cell)}, and outputs are numbers`,
        'Save a number for every record.',
      );
    return value;
  };
  const setList = (given: Cell, column: number, row: number, place: () => string): void => {
    // One probability for each record, saved as a column of numbers.
    const cell = kind === 'posteriors' && Number.isFinite(cellNumber(given)) ? [cellNumber(given)] : given;
    if (typeof cell !== 'object' || cell === null)
      throw invalid(
        `${place()}: column '${name(column)}' is ${shownCell(cell)}, no list of numbers`,
        `Outputs in lists are read from .npz and .parquet files; in CSV give one column for each class: ${letter}0, ${letter}1, …`,
      );
    if (values === undefined) {
      single = cell.length === 1 && kind === 'posteriors';
      width = single ? 2 : cell.length;
      if (width < 2)
        throw invalid(
          `${place()}: column '${name(column)}' holds lists of ${cell.length}`,
          `Give the ${listed} of all classes, two at least.`,
        );
    }
    const own = all();
    if (cell.length !== (single ? 1 : width))
      throw invalid(
        `${place()}: column '${name(column)}' holds a list of ${cell.length} numbers, where the first has ${single ? 1 : width}`,
        'Give every record the outputs of all classes.',
      );
    for (let c = 0; c < cell.length; c++)
      own[row * width + c + (single ? 1 : 0)] = number(cell[c] as number, column, place);
    if (single) own[row * 2] = 1 - (own[row * 2 + 1] as number);
  };
  return {
    set: (column: number, cell: Cell, row: number, place: () => string): void => {
      if (inLists) {
        setList(cell, column, row, place);
        return;
      }
      const value = number(cell, column, place);
      const own = all();
      if (single) {
        own[2 * row] = 1 - value;
        own[2 * row + 1] = value;
      } else own[row * width + (classOf.get(column) as number)] = value;
    },
    done: () => ({ values: all(), width }),
    notes: (): readonly string[] =>
      single && !binary ? ['the single posterior of each row is that of class 1 of two'] : [],
  };
};

const invalid = (message: string, hint: string): AuditError =>
  new AuditError('MLD_DATA_INVALID', message, hint);
