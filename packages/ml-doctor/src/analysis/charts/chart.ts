/** A chart as data: a vega-lite specification that contains its numbers. */

import type { TopLevelSpec } from 'vega-lite';

export interface Chart {
  /** Of the figure: letters, digits and dashes. */
  readonly id: string;
  /** What is shown, in a few words. */
  readonly title: string;
  /** What it says, for those who do not see it. */
  readonly description: string;
  readonly spec: TopLevelSpec;
}

/** What every builder is told. */
export interface ChartText {
  readonly id: string;
  readonly title: string;
  readonly description: string;
}

export interface Axis {
  readonly label: string;
  /** From the numbers when left out. */
  readonly domain?: readonly [least: number, most: number];
  /** `share` prints .1 as 10 %; `number` when left out. */
  readonly as?: 'share' | 'number' | 'log';
}
