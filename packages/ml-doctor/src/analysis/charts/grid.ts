/** Figures of every pair: a grid of coloured fields with the number in each. */

import type { Chart, ChartText } from './chart.ts';

export interface Field {
  readonly row: string;
  readonly column: string;
  /** Null where there is none: the field is empty. */
  readonly value: number | null;
  /** Printed in the field: `−.82`. */
  readonly text: string;
}

/** @param domain of the colours; the middle of it is white when it is symmetric about 0 */
export function gridChart(
  { id, title, description }: ChartText,
  {
    fields,
    domain,
    legend,
  }: {
    readonly fields: readonly Field[];
    readonly domain: readonly [least: number, most: number];
    readonly legend: string;
  },
): Chart {
  throw new Error(`internal: ${id} ${title} ${description} ${fields} ${domain} ${legend}`);
}
