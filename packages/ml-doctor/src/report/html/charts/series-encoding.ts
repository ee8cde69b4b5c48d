/** How curves of a chart are told apart: four colours in two dash patterns. */

import { SERIES_COLOURS } from './theme.ts';

export function seriesColour(series: number): string {
  return SERIES_COLOURS[series % SERIES_COLOURS.length] as string;
}

export function dashOf(series: number): number[] {
  return series < SERIES_COLOURS.length ? [1, 0] : [8, 4];
}
