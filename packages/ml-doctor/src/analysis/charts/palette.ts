/** Colours of charts that leave the house: fixed, on white, and apart under colour-blindness. */

import type { Config } from 'vega-lite';

export const PAPER = '#ffffff';
export const INK = '#1b2027';
export const SOFT = '#57606c';
export const LINE = '#d5d9df';
/** Of what is not there. */
export const EMPTY = '#eceef1';

/** Okabe and Ito, without the yellow that white swallows. */
const FEW = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9', '#444444'];
/** Paul Tol's muted scheme, for more than {@link FEW} can tell apart. */
const MANY = [
  ...['#332288', '#cc6677', '#117733', '#ddcc77', '#88ccee'],
  ...['#882255', '#44aa99', '#999933', '#aa4499', '#777777'],
];
const SHAPES = [
  ...['circle', 'square', 'triangle-up', 'diamond', 'cross'],
  ...['triangle-down', 'triangle-right', 'triangle-left'],
];
const DASHES = [
  [1, 0],
  [7, 3],
  [2, 2],
  [9, 3, 2, 3],
  [4, 4],
];

/** Of a long dashed line that is no series: a fit, guessing. */
export const RULE_DASH = [5, 4];

const cycled = <T>(list: readonly T[], count: number): T[] =>
  Array.from({ length: count }, (_, i) => list[i % list.length] as T);

/** Ten can be told apart by colour alone; more begin anew. */
export const coloursFor = (count: number): string[] => cycled(count <= FEW.length ? FEW : MANY, count);
export const shapesFor = (count: number): string[] => cycled(SHAPES, count);
/** Fewer than colours, and not their number's divisor, so that series of one colour differ in dashes. */
export const dashesFor = (count: number): number[][] =>
  cycled(DASHES, count).map((dash, i) => (i >= MANY.length ? [...dash, 1, 3] : dash));

const FONT = 'Helvetica, Arial, "Liberation Sans", sans-serif';

export const CONFIG: Config = {
  aria: false,
  background: PAPER,
  padding: 10,
  font: FONT,
  view: { stroke: LINE },
  axis: {
    ...{ labelColor: SOFT, titleColor: INK, gridColor: '#e8eaee', tickColor: LINE, domainColor: SOFT },
    ...{ labelFontSize: 12, titleFontSize: 13, titleFontWeight: 'normal', titlePadding: 10 },
  },
  legend: {
    ...{ labelColor: INK, titleColor: SOFT, labelFontSize: 12, titleFontSize: 12, titleFontWeight: 'normal' },
    ...{ labelLimit: 280, titleLimit: 280, symbolSize: 90, symbolOpacity: 1, rowPadding: 4 },
  },
  header: { labelColor: INK, labelFontSize: 13, labelFontWeight: 'bold', labelLimit: 0, title: null },
  title: {
    ...{ color: INK, fontSize: 15, fontWeight: 'bold', anchor: 'start', offset: 14, frame: 'group' },
  },
  text: { fontSize: 13, color: INK },
};
