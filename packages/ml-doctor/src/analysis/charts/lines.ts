/** Figures along a number: lines with their intervals as bands. */

import type { Axis, Chart, ChartText } from './chart.ts';
import { along, chartOf, columnsOf, distinct, domainOf, limitsOf, sideBySide } from './frame.ts';
import { coloursFor, dashesFor, shapesFor } from './palette.ts';

export interface LinePoint {
  readonly series: string;
  /** A picture of its own for each, side by side; one picture when left out. */
  readonly panel?: string;
  readonly x: number;
  readonly y: number;
  readonly low?: number;
  readonly high?: number;
}

const HEIGHT = 270;
const WIDTH = 480;
/** Of one of several pictures side by side. */
const NARROW = 260;
const COLUMNS = 3;

/** A line whose points have not all an interval has those of the others as strokes: a band would span what is not known. */
export function lineChart(
  text: ChartText,
  { x, y, points }: { readonly x: Axis; readonly y: Axis; readonly points: readonly LinePoint[] },
): Chart {
  const series = distinct(points.map((point) => point.series));
  const panels = distinct(points.flatMap(({ panel }) => (panel === undefined ? [] : [panel])));
  const xs = domainOf(
    x,
    points.map((point) => point.x),
  );
  const ys = domainOf(
    y,
    points.flatMap((point) => [point.y, point.low ?? point.y, point.high ?? point.y]),
  );
  const legend = series.join() === '' ? null : { title: null, symbolSize: 110, symbolStrokeWidth: 0 };
  const by = (range: readonly unknown[]) => ({
    ...{ field: 'series', type: 'nominal', scale: { domain: series, range }, legend },
  });
  const color = by(coloursFor(series.length));
  const lineOf = ({ series, panel }: LinePoint) => JSON.stringify([series, panel ?? null]);
  const banded = bandedOf(points, lineOf);
  const values = points.map((point) => {
    const limits = limitsOf(point.y, point);
    return { ...point, ...limits, ...(limits && { as: banded.has(lineOf(point)) ? 'band' : 'stroke' }) };
  });
  const layer = [
    {
      transform: [{ filter: "datum.as === 'band'" }],
      mark: { type: 'area', opacity: 0.16 },
      encoding: {
        x: along(x, xs, 'x'),
        y: along(y, ys, 'low'),
        y2: { field: 'high' },
        color,
      },
    },
    {
      transform: [{ filter: "datum.as === 'stroke'" }],
      mark: { type: 'rule', strokeWidth: 1.2, opacity: 0.6 },
      encoding: {
        x: along(x, xs, 'x'),
        y: along(y, ys, 'low'),
        y2: { field: 'high' },
        color,
      },
    },
    {
      mark: { type: 'line', strokeWidth: 2 },
      encoding: {
        x: along(x, xs, 'x'),
        y: along(y, ys, 'y'),
        color,
        strokeDash: by(dashesFor(series.length)),
      },
    },
    {
      mark: { type: 'point', filled: true, opacity: 1, size: 55 },
      encoding: { x: along(x, xs, 'x'), y: along(y, ys, 'y'), color, shape: by(shapesFor(series.length)) },
    },
  ];
  const data = { values };
  if (panels.length === 0) return chartOf(text, WIDTH + 180, { data, width: WIDTH, height: HEIGHT, layer });
  const columns = columnsOf(panels.length, NARROW, COLUMNS * NARROW);
  const spec = { width: NARROW, height: HEIGHT, layer };
  return chartOf(text, columns * NARROW, { data, ...sideBySide(panels, columns), spec });
}

/** Lines of two points or more that all have an interval. */
function bandedOf(points: readonly LinePoint[], lineOf: (point: LinePoint) => string): Set<string> {
  const lines = distinct(points.map(lineOf));
  return new Set(
    lines.filter((line) => {
      const own = points.filter((point) => lineOf(point) === line);
      return own.length > 1 && own.every((point) => limitsOf(point.y, point) !== undefined);
    }),
  );
}
