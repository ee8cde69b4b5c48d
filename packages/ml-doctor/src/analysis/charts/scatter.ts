/** Points of two figures, one a target, with their intervals. */

import type { Axis, Chart, ChartText } from './chart.ts';

export interface Point {
  readonly x: number;
  readonly y: number;
  /** Limits of y. */
  readonly low?: number;
  readonly high?: number;
  /** Told by colour: the data set, as a rule. */
  readonly series: string;
  /** Told by shape: the architecture, as a rule. */
  readonly shape?: string;
}

/** @param line a straight line through the points: y = at + slope · x */
export function scatterChart(
  { id, title, description }: ChartText,
  {
    x,
    y,
    points,
    line,
  }: {
    readonly x: Axis;
    readonly y: Axis;
    readonly points: readonly Point[];
    readonly line?: { readonly at: number; readonly slope: number };
  },
): Chart {
  throw new Error(`internal: ${id} ${title} ${description} ${x} ${y} ${points} ${line}`);
}
