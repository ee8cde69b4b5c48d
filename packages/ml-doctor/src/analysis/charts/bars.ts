/** Figures side by side: grouped bars with their intervals. */

import type { Axis, Chart, ChartText } from './chart.ts';

export interface Bar {
  /** Along the axis, in the order of their first bars. */
  readonly category: string;
  /** Beside one another, told by colour. */
  readonly group: string;
  /** A picture of its own for each, side by side; one picture when left out. */
  readonly panel?: string;
  readonly value: number;
  readonly low?: number;
  readonly high?: number;
}

/** @param reference a dashed line across: guessing, as a rule */
export function barChart(
  { id, title, description }: ChartText,
  { y, bars, reference }: { readonly y: Axis; readonly bars: readonly Bar[]; readonly reference?: number },
): Chart {
  throw new Error(`internal: ${id} ${title} ${description} ${y} ${bars} ${reference}`);
}
