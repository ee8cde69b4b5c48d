/** What a column of a table holds, found out from all of its cells without keeping them. */
import { AuditError } from '../../../errors.ts';
import { type CellKind, cellCategory, cellKind, MISSING_CATEGORY, shownCell } from './cells.ts';
import type { Cell, ColumnBlock } from './table-source.ts';

/** More different texts than this are names or free text, not categories. */
export const MAX_CATEGORIES = 1000;
/** Characters of a category or a label. */
const MAX_TEXT = 1000;

interface Found {
  readonly place: string;
  readonly cell: string;
}

export interface ColumnFacts {
  readonly name: string;
  /** Cells of each kind. */
  readonly counts: Record<CellKind, number>;
  /** The first of each kind. */
  readonly first: Partial<Record<CellKind, Found>>;
  /** Different cells that are not missing, until there are too many; then none. */
  readonly distinct: Set<string>;
  tooMany: boolean;
  /** Length of the lists; a list of another length is an error at once. */
  width?: number;
  /** Where a text is too long. */
  long?: string;
}

export const newFacts = (name: string): ColumnFacts => ({
  name,
  counts: { missing: 0, number: 0, infinite: 0, truth: 0, text: 0, list: 0 },
  first: {},
  distinct: new Set(),
  tooMany: false,
});

/**
 * @param most different cells that are remembered
 * @throws {AuditError} MLD_DATA_INVALID for lists of different lengths
 */
export const collectFacts = (facts: ColumnFacts, { cells, place }: ColumnBlock, most: number): void => {
  const { counts, first, distinct } = facts;
  for (let i = 0; i < cells.length; i++) {
    const cell = cells[i] as Cell;
    const kind = cellKind(cell);
    counts[kind]++;
    first[kind] ??= { place: place(i), cell: shownCell(cell) };
    if (kind === 'missing') continue;
    if (kind === 'list') {
      const { length } = cell as ArrayLike<number>;
      facts.width ??= length;
      if (length !== facts.width || length === 0)
        throw new AuditError(
          'MLD_DATA_INVALID',
          `${place(i)}: column '${facts.name}' holds a list of ${length} numbers, where the first has ${facts.width}`,
          'Give every record a list of the same length.',
        );
      continue;
    }
    if (kind === 'text' && (cell as string).length > MAX_TEXT) facts.long ??= place(i);
    if (facts.tooMany || facts.long !== undefined) continue;
    distinct.add(cellCategory(cell));
    if (distinct.size > most) {
      facts.tooMany = true;
      distinct.clear();
    }
  }
};

export type ColumnKind = 'number' | 'bit' | 'category' | 'list';

/**
 * Numbers where all cells are; a bit where all are true or false; lists; a category otherwise. `undefined` for a column
 * without any value.
 */
export const kindOf = ({ counts }: ColumnFacts): ColumnKind | undefined => {
  const { missing, number, infinite, truth, text, list } = counts;
  const rest = truth + text;
  if (list > 0) return 'list';
  if (number + infinite > 0) return rest === 0 ? 'number' : 'category';
  if (truth > 0 && text === 0 && missing === 0) return 'bit';
  return rest > 0 ? 'category' : undefined;
};

/** In ascending order (of code points); what is missing is one of them. */
export const categoriesOf = ({ counts, distinct }: ColumnFacts): readonly string[] =>
  [...new Set(counts.missing > 0 ? [...distinct, MISSING_CATEGORY] : distinct)].sort((a, b) =>
    Buffer.compare(Buffer.from(a), Buffer.from(b)),
  );
