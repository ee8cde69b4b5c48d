/** Figures along a number: lines with their intervals as bands. */

import type { Axis, Chart, ChartText } from './chart.ts';

export interface LinePoint {
  readonly series: string;
  /** A picture of its own for each, side by side; one picture when left out. */
  readonly panel?: string;
  readonly x: number;
  readonly y: number;
  readonly low?: number;
  readonly high?: number;
}

export function lineChart(
  { id, title, description }: ChartText,
  { x, y, points }: { readonly x: Axis; readonly y: Axis; readonly points: readonly LinePoint[] },
): Chart {
  throw new Error(`internal: ${id} ${title} ${description} ${x} ${y} ${points}`);
}
