/** Figures side by side: grouped bars with their intervals. */

import type { Axis, Chart, ChartText } from './chart.ts';
import { along, chartOf, columnsOf, distinct, domainOf, isLog, limitsOf, sideBySide } from './frame.ts';
import { coloursFor, INK, RULE_DASH } from './palette.ts';

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

const HEIGHT = 260;
/** What a picture would like to be wide. */
const WIDTH = 720;
/** Of a bar with its share of the gap, in pixels. */
const THINNEST = 9;
const WIDEST = 30;
/** Width of a letter of a label, roughly. */
const LETTER = 6.6;

/** @param reference a dashed line across: guessing, as a rule */
export function barChart(
  text: ChartText,
  { y, bars, reference }: { readonly y: Axis; readonly bars: readonly Bar[]; readonly reference?: number },
): Chart {
  const categories = distinct(bars.map(({ category }) => category));
  const groups = distinct(bars.map(({ group }) => group));
  const panels = distinct(bars.flatMap(({ panel }) => (panel === undefined ? [] : [panel])));
  const numbers = bars.flatMap(({ value, low, high }) => [value, low ?? value, high ?? value]);
  const shown = reference === undefined ? numbers : [...numbers, reference];
  const log = isLog(y, shown);
  // A bar tells its number by its length, which begins at 0.
  const domain = log ? domainOf(y, shown) : withZero(domainOf(y, [...shown, 0]), shown, y);
  const count = Math.max(1, categories.length * groups.length);
  const bar = Math.max(THINNEST, Math.min(WIDEST, Math.floor(WIDTH / count / Math.max(1, panels.length))));
  const place = Math.max(26, bar * groups.length * 1.25);
  const width = place * Math.max(1, categories.length);
  const longest = Math.max(0, ...categories.map((category) => category.length)) * LETTER;
  const x = {
    ...{ field: 'category', type: 'nominal', sort: categories, title: null },
    axis: {
      ...(longest < place
        ? { labelAngle: 0 }
        : { labelAngle: -40, labelAlign: 'right', labelBaseline: 'top' }),
      ...{ labelLimit: 0, labelOverlap: false, ticks: false },
    },
    scale: { paddingInner: 0.2, paddingOuter: 0.1 },
  };
  const xOffset = { field: 'group', type: 'nominal', sort: groups, scale: { domain: groups } };
  const color = {
    ...{ field: 'group', type: 'nominal', scale: { domain: groups, range: coloursFor(groups.length) } },
    legend:
      groups.join() === ''
        ? null
        : { title: null, orient: 'top', columns: columnsFor(groups), symbolType: 'square' },
  };
  const values = bars.map(({ category, group, panel, value, low, high }) => ({
    ...{ category, group, value },
    ...(panel !== undefined && { panel }),
    ...limitsOf(value, { ...(low !== undefined && { low }), ...(high !== undefined && { high }) }),
  }));
  const layer = [
    {
      mark: { type: 'bar', orient: 'vertical' },
      encoding: {
        ...{ x, xOffset, color },
        y: { ...along(y, domain, 'value'), stack: null },
        ...(log && { y2: { datum: domain[0] } }),
      },
    },
    {
      transform: [{ filter: 'isValid(datum.low)' }],
      mark: { type: 'rule', color: INK, strokeWidth: 1.2 },
      encoding: { x, xOffset, y: along(y, domain, 'low'), y2: { field: 'high' } },
    },
    ...(reference === undefined
      ? []
      : [
          {
            data: { values: [{ reference }] },
            mark: { type: 'rule', color: INK, strokeWidth: 1.3, strokeDash: RULE_DASH },
            encoding: { y: along(y, domain, 'reference') },
          },
        ]),
  ];
  const data = { values };
  const size = { width, height: HEIGHT };
  if (panels.length === 0) return chartOf(text, width, { data, ...size, layer });
  const columns = columnsOf(panels.length, width + 40, WIDTH + 200);
  return chartOf(text, columns * width, { data, ...sideBySide(panels, columns), spec: { ...size, layer } });
}

function withZero([least, most]: readonly [number, number], shown: readonly number[], { domain }: Axis) {
  // No margin beyond 0 where nothing lies there.
  return [
    domain === undefined && Math.min(...shown) >= 0 ? 0 : least,
    domain === undefined && Math.max(...shown) <= 0 ? 0 : most,
  ] as const;
}

const columnsFor = (groups: readonly string[]): number =>
  Math.max(1, Math.floor(100 / (6 + Math.max(...groups.map((group) => group.length)))));
