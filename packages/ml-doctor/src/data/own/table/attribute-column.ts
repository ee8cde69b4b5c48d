/** A column that is no input as an attribute: to slice by, or to be guessed. */
import type { Attribute } from '../../dataset.ts';
import { cellCategory, cellNumber, MISSING_CATEGORY } from './cells.ts';
import { type ColumnFacts, kindOf } from './column-facts.ts';
import { checkedCategories } from './encoding.ts';
import type { Cell } from './table-source.ts';

/** Why a column can be no attribute, in words; `undefined` where it can. */
export const attributeFault = (facts: ColumnFacts): string | undefined => {
  const kind = kindOf(facts);
  const { missing, infinite } = facts.first;
  if (kind === undefined) return 'has no values';
  if (kind === 'list') return 'holds lists';
  if (kind === 'number' && missing) return `has no value at ${missing.place}, where the others are numbers`;
  if (kind === 'number' && infinite) return `is ${infinite.cell} at ${infinite.place}`;
  return undefined;
};

/**
 * Cells put in one by one, then the attribute.
 *
 * @throws {AuditError} MLD_DATA_INVALID for too many categories
 */
export const attributeBuilder = (facts: ColumnFacts, size: number) => {
  if (kindOf(facts) === 'number') {
    const values = new Float32Array(size);
    return {
      set: (record: number, cell: Cell) => {
        values[record] = cellNumber(cell);
      },
      attribute: (): Attribute => ({ values }),
    };
  }
  const categories = checkedCategories(facts);
  const indices = new Map(categories.map((category, index) => [category, index]));
  const values = new Int32Array(size);
  return {
    set: (record: number, cell: Cell) => {
      values[record] = indices.get(cellCategory(cell)) ?? -1;
    },
    attribute: (): Attribute => ({
      values,
      categories,
      ...(facts.counts.missing > 0 && { missing: MISSING_CATEGORY }),
    }),
  };
};
