/** How much one attack finds in each group of records: a dot with its interval for each, the most exposed on top. */

import type { Metric, Result } from '../../schema.ts';
import type { ChartSpec } from './render-chart.ts';
import { ACCENT, CHANCE_DASH, CHART_CONFIG, INK } from './theme.ts';

/** More groups than this would fill the page; the others are in the table. */
export const MOST_GROUPS = 30;
/** Longer names are cut. */
const MOST_LETTERS = 24;

export interface Group {
  readonly value: string;
  readonly metric: Metric;
}

/** Groups that have the metric, the highest lower end first. */
export function groupsOf(slices: Result['slices'], by: string, metric: string): Group[] {
  return slices
    .flatMap((slice) => {
      const found = slice.metrics[metric];
      return slice.by === by && found !== undefined ? [{ value: slice.value, metric: found }] : [];
    })
    .sort((a, b) => (b.metric.low ?? b.metric.value) - (a.metric.low ?? a.metric.value));
}

/** @param chance where guessing lies */
export function sliceSpec(groups: readonly Group[], title: string, chance: number): ChartSpec {
  const shown = groups.slice(0, MOST_GROUPS);
  const names = distinctNames(shown.map(({ value }) => value));
  const rows = shown.map(({ metric: { value, low, high } }, i) => ({
    ...{ name: names[i] as string, value, low: low ?? value, high: high ?? value },
  }));
  const least = Math.min(chance - 0.05, ...rows.map(({ low }) => low));
  const most = Math.max(chance + 0.05, ...rows.map(({ high }) => high));
  const x = (field: string) => ({
    field,
    type: 'quantitative' as const,
    scale: { domain: [least, most], nice: true, zero: false },
    axis: { title, tickCount: 5, orient: 'top' as const },
  });
  const y = {
    field: 'name',
    type: 'nominal',
    sort: null,
    axis: { title: null, grid: true, labelLimit: 0 },
  } as const;
  return {
    ...{ width: 480, height: { step: 24 }, config: CHART_CONFIG },
    layer: [
      {
        data: { values: [{ value: chance }] },
        mark: { type: 'rule', color: INK, strokeDash: CHANCE_DASH, strokeWidth: 1.3 },
        encoding: { x: x('value') },
      },
      {
        data: { values: rows },
        mark: { type: 'rule', color: ACCENT, strokeWidth: 4, opacity: 0.45 },
        encoding: { x: x('low'), x2: { field: 'high' }, y },
      },
      {
        data: { values: rows },
        mark: { type: 'circle', color: ACCENT, opacity: 1, size: 60 },
        encoding: { x: x('value'), y },
      },
    ],
  };
}

/** Cut to what fits, and told apart where that makes two alike. */
export function distinctNames(values: readonly string[]): string[] {
  const taken = new Set<string>();
  return values.map((value) => {
    const letters = [...value.replace(/\s+/g, ' ')];
    const cut =
      letters.length > MOST_LETTERS ? `${letters.slice(0, MOST_LETTERS - 1).join('')}…` : letters.join('');
    let name = cut;
    for (let n = 2; taken.has(name); n++) name = `${cut} (${n})`;
    taken.add(name);
    return name;
  });
}
