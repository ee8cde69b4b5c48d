/** What a single cell of a table is: nothing, a number, a truth value, a text or a list. */
import type { Cell } from './table-source.ts';

export type CellKind = 'missing' | 'number' | 'infinite' | 'truth' | 'text' | 'list';

/** How people and programs write that there is no value. */
const MISSING = new Set(['', 'NA', 'NaN', 'nan', '?', 'null', 'NULL']);
/** The one category that all of them become. */
export const MISSING_CATEGORY = '?';

const DECIMAL = /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i;
const INFINITE = /^[+-]?inf(inity)?$/i;
const TRUTH = /^(true|false)$/i;

export const cellKind = (cell: Cell): CellKind => {
  if (typeof cell === 'string') {
    if (DECIMAL.test(cell)) return Number.isFinite(Number(cell)) ? 'number' : 'infinite';
    if (MISSING.has(cell)) return 'missing';
    if (TRUTH.test(cell)) return 'truth';
    return INFINITE.test(cell) ? 'infinite' : 'text';
  }
  if (typeof cell === 'number') {
    if (Number.isFinite(cell)) return 'number';
    return Number.isNaN(cell) ? 'missing' : 'infinite';
  }
  if (cell === null) return 'missing';
  return typeof cell === 'boolean' ? 'truth' : 'list';
};

/** Of a cell that is a number, infinite or not, or a truth value (1 for true); NaN of any other. */
export const cellNumber = (cell: Cell): number => {
  if (typeof cell === 'number') return cell;
  if (typeof cell === 'boolean') return cell ? 1 : 0;
  if (typeof cell !== 'string') return Number.NaN;
  if (DECIMAL.test(cell)) return Number(cell);
  if (TRUTH.test(cell)) return cell.length === 4 ? 1 : 0;
  if (!INFINITE.test(cell)) return Number.NaN;
  return cell.startsWith('-') ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
};

/** As a category is called: truth values in small letters, all that is missing by one name. */
export const cellCategory = (cell: Cell): string => {
  const kind = cellKind(cell);
  if (kind === 'missing') return MISSING_CATEGORY;
  const text = String(cell);
  return kind === 'truth' ? text.toLowerCase() : text;
};

/** For messages. */
export const shownCell = (cell: Cell): string => {
  const text = typeof cell === 'object' && cell !== null ? `a list of ${cell.length}` : `'${String(cell)}'`;
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
};
