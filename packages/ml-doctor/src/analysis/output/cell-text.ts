/** Cells of tables as text; used alike by page, Markdown and LaTeX. */

import type { Metric } from '../../report/schema.ts';
import type { Cell, Published } from '../figure.ts';

const DIGITS = 3;
export const NOTHING = '–';

export interface CellText {
  readonly value: string;
  /** Undefined where there is none. */
  readonly interval: string | undefined;
}

export function cellText(cell: Cell | undefined, digits = DIGITS): CellText {
  if (cell === null || cell === undefined) return { value: NOTHING, interval: undefined };
  if (typeof cell === 'string') return { value: cell, interval: undefined };
  if (typeof cell === 'number') return { value: fixed(cell, digits), interval: undefined };
  return { value: fixed(cell.value, digits), interval: intervalText(cell, digits) };
}

/** `0.612 (0.590 to 0.634)` */
export function cellLine(cell: Cell | undefined, digits?: number): string {
  const { value, interval } = cellText(cell, digits);
  return interval === undefined ? value : `${value} (${interval})`;
}

/** The two figures of a comparison, with as many digits as the smaller of them needs to have two that count. */
export function comparisonText(
  published: Published,
  ours: Metric | null,
): { readonly published: CellText; readonly ours: CellText } {
  const { value, low, high } = published;
  const sizes = [value, ours?.value ?? 0].map(Math.abs).filter((size) => size > 0);
  const digits = Math.max(DIGITS, Math.min(12, 1 - Math.floor(Math.log10(Math.min(1, ...sizes)))));
  return {
    // What is known exactly has no range.
    published: cellText(low === high ? value : { value, low, high, method: 'none' }, digits),
    ours: ours === null ? { value: 'not measured', interval: undefined } : cellText(ours, digits),
  };
}

function intervalText({ low, high }: Metric, digits: number): string | undefined {
  if (low === null) return high === null ? undefined : `at most ${fixed(high, digits)}`;
  if (high === null) return `at least ${fixed(low, digits)}`;
  return `${fixed(low, digits)} to ${fixed(high, digits)}`;
}

/** With a minus rather than a hyphen, and none before what rounds to nothing. */
function fixed(value: number, digits: number): string {
  const text = Math.abs(value).toFixed(digits);
  return value < 0 && Number(text) !== 0 ? `−${text}` : text;
}
