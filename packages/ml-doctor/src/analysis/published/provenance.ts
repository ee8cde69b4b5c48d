/** How exactly a published figure is known, by where it was taken from: the limits of all that stand in this room. */

import { normalQuantile } from '../../stats/normal.ts';
import type { Published } from '../figure.ts';

/** Of a figure printed with so many digits after the point: half a unit of the last. */
export function printed(value: number, digits: number, where: string): Published {
  return give(value, 0.5 * 10 ** -digits, where);
}

/** Of a figure read off a picture, by how far the reading may be off; or printed with a spread. */
export function give(value: number, off: number, where: string): Published {
  return { value, low: value - off, high: value + off, where };
}

/** How far figures may be off that were not read in the paper itself: as remembered by others, surely, fairly or hardly. */
export const SECOND_HAND = { surely: 0.01, fairly: 0.03, hardly: 0.05 } as const;

/** Of a share that was not read in the paper itself; its place says so. */
export function recalled(share: number, how: keyof typeof SECOND_HAND, where: string): Published {
  const { value, low, high } = give(share, SECOND_HAND[how], where);
  return { value, low: Math.max(0, low), high: Math.min(1, high), where: `${where}, second-hand` };
}

/**
 * A correlation over so many targets. As a claim about models in general it is as sure as so many targets can make it:
 * 95 % by Fisher's z (Fisher 1921), tanh(atanh r ± 1.96/√(n − 3)). Targets of one data set or architecture are
 * alike, so that the true interval is rather wider.
 */
export function correlation(value: number, targets: number, where: string): Published {
  return onFishersScale(value, 1 / (targets - 3), `${where}; interval by Fisher's z over ${targets} targets`);
}

/** Likewise Spearman's, which varies more: by (1 + ρ²/2)/(n − 3) on Fisher's scale (Bonett & Wright, Psychometrika 65, 2000). */
export function rankCorrelation(value: number, targets: number, where: string): Published {
  const variance = (1 + value ** 2 / 2) / (targets - 3);
  return onFishersScale(value, variance, `${where}; interval by Bonett & Wright over ${targets} targets`);
}

function onFishersScale(value: number, variance: number, where: string): Published {
  const [centre, off] = [Math.atanh(value), normalQuantile(0.975) * Math.sqrt(variance)];
  return { value, low: Math.tanh(centre - off), high: Math.tanh(centre + off), where };
}

/** Cells of a table by row and column; a null is a cell that the table leaves empty. */
export type Grid<Row extends string, Column extends string, Value = Published> = Readonly<
  Record<Row, Readonly<Partial<Record<Column, Value>>>>
>;

/** @param rows values in the order of the columns */
export function grid<Row extends string, Column extends string, Raw, Value = Published>(
  columns: readonly Column[],
  rows: Readonly<Record<Row, readonly (Raw | null)[]>>,
  cell: (raw: Raw, row: Row, column: Column) => Value,
): Grid<Row, Column, Value> {
  const entries = (Object.keys(rows) as Row[]).map((row) => {
    const values = rows[row];
    if (values.length !== columns.length)
      throw new Error(`internal: row ${row} has ${values.length} cells for ${columns.length} columns`);
    const cells = columns.flatMap((column, i) => {
      const raw = values[i];
      return raw === null || raw === undefined ? [] : [[column, cell(raw, row, column)]];
    });
    return [row, Object.fromEntries(cells)];
  });
  return Object.fromEntries(entries) as Grid<Row, Column, Value>;
}
