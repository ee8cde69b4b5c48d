/** Figures of every pair: a grid of coloured fields with the number in each. */

import type { Chart, ChartText } from './chart.ts';
import { chartOf, distinct } from './frame.ts';
import { EMPTY, PAPER } from './palette.ts';

export interface Field {
  readonly row: string;
  readonly column: string;
  /** Null where there is none: the field is empty. */
  readonly value: number | null;
  /** Printed in the field: `−.82`. */
  readonly text: string;
}

type Rgb = readonly [red: number, green: number, blue: number];
/** Of letters on light fields: with {@link PAPER} on dark ones the contrast is 4.5 at least. */
const BLACK = '#000000';
const WHITE: Rgb = [255, 255, 255];
/** Below 0 and above: orange and blue keep apart for all eyes. */
const BELOW: Rgb = [166, 77, 0];
const ABOVE: Rgb = [5, 80, 140];
/** Widths of a letter of a number and of a label, roughly, in pixels. */
const DIGIT = 7.4;
const LETTER = 6.6;
/** From one line of a field to the next. */
const LINE = 14;

const linesOf = ({ text }: Field): number => text.split('\n').length;

/** @param domain of the colours; the middle of it is white when it is symmetric about 0 */
export function gridChart(
  text: ChartText,
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
  const rows = distinct(fields.map(({ row }) => row));
  const columns = distinct(fields.map(({ column }) => column));
  const lines = fields.flatMap((field) => field.text.split('\n'));
  const fieldWidth = Math.max(46, DIGIT * Math.max(0, ...lines.map((line) => line.length)) + 14);
  const fieldHeight = Math.max(38, LINE * Math.max(1, ...fields.map(linesOf)) + 16);
  const slanted = columns.some((column) => column.length * LETTER > fieldWidth);
  const colourOf = colours(domain);
  const x = {
    ...{ field: 'column', type: 'nominal', sort: columns, title: null },
    axis: {
      ...{ domain: false, ticks: false, labelLimit: 0, labelOverlap: false, labelPadding: 6 },
      ...(slanted ? { labelAngle: -40, labelAlign: 'right', labelBaseline: 'top' } : { labelAngle: 0 }),
    },
  };
  const y = {
    ...{ field: 'row', type: 'nominal', sort: rows, title: null },
    axis: { domain: false, ticks: false, labelLimit: 0, labelOverlap: false, labelPadding: 6 },
  };
  const ends = domain[0] < 0 && domain[1] > 0 ? [domain[0], 0, domain[1]] : [...domain];
  const scale = {
    type: 'linear',
    domain: ends,
    range: ends.map((end) => hex(colourOf(end))),
    clamp: true,
    interpolate: 'rgb',
  };
  const width = fieldWidth * Math.max(1, columns.length);
  const values = fields.map((field) => ({
    ...field,
    lines: linesOf(field),
    ...(field.value !== null && { dark: isDark(colourOf(field.value)) }),
  }));
  return chartOf(text, width + 160, {
    data: { values },
    ...{ width, height: fieldHeight * Math.max(1, rows.length) },
    layer: [
      {
        mark: { type: 'rect', color: EMPTY, stroke: PAPER, strokeWidth: 1.5 },
        encoding: { x, y },
      },
      {
        transform: [{ filter: 'isValid(datum.value)' }],
        mark: { type: 'rect', stroke: PAPER, strokeWidth: 1.5 },
        encoding: {
          ...{ x, y },
          color: {
            ...{ field: 'value', type: 'quantitative', scale },
            legend: {
              title: legend,
              gradientLength: Math.min(200, Math.max(80, fieldHeight * rows.length - 30)),
              tickCount: 5,
            },
          },
        },
      },
      // Several lines hang from the first: they are moved up by half of what hangs.
      ...[...new Set(fields.map(linesOf))].map((lines) => ({
        transform: [{ filter: `datum.lines === ${lines}` }],
        mark: {
          type: 'text',
          fontSize: 12,
          lineBreak: '\n',
          lineHeight: LINE,
          dy: (-LINE * (lines - 1)) / 2,
        },
        encoding: {
          ...{ x, y },
          text: { field: 'text', type: 'nominal' },
          color: { condition: { test: 'datum.dark', value: PAPER }, value: BLACK },
        },
      })),
    ],
  });
}

/** White at 0, the deeper the further from it; from white on where 0 is not between the ends. */
function colours([least, most]: readonly [number, number]): (value: number) => Rgb {
  const across = least < 0 && most > 0;
  const from = across ? 0 : least;
  const reach = across ? Math.max(-least, most) : most - least;
  return (value) => {
    const inside = Math.min(most, Math.max(least, value));
    const share = reach > 0 ? (inside - from) / reach : 0;
    const deep = share < 0 ? BELOW : ABOVE;
    return WHITE.map((white, i) => white + ((deep[i] as number) - white) * Math.abs(share)) as unknown as Rgb;
  };
}

const hex = (rgb: Rgb): string =>
  `#${rgb.map((part) => Math.round(part).toString(16).padStart(2, '0')).join('')}`;

/** Whether white letters are read more easily upon it than black ones (WCAG 2, relative luminance). */
function isDark(rgb: Rgb): boolean {
  const [red, green, blue] = rgb.map((part) => {
    const share = part / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  }) as unknown as Rgb;
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue < 0.179;
}
