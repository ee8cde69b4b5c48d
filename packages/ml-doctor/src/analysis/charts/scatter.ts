/** Points of two figures, one a target, with their intervals. */

import type { Axis, Chart, ChartText } from './chart.ts';
import { along, chartOf, type Domain, distinct, domainOf, isLog, limitsOf } from './frame.ts';
import { coloursFor, INK, RULE_DASH, shapesFor } from './palette.ts';

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

const WIDTH = 460;
const HEIGHT = 340;
/** Of a straight line on a logarithmic axis, where it is bent. */
const STEPS = 40;

/** @param line a straight line through the points: y = at + slope · x */
export function scatterChart(
  text: ChartText,
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
  const xs = domainOf(
    x,
    points.map((point) => point.x),
  );
  const ys = domainOf(
    y,
    points.flatMap((point) => [point.y, point.low ?? point.y, point.high ?? point.y]),
  );
  const series = distinct(points.map((point) => point.series));
  const shapes = distinct(points.flatMap(({ shape }) => (shape === undefined ? [] : [shape])));
  const scale = { domain: series, range: coloursFor(series.length) };
  const color = {
    field: 'series',
    type: 'nominal',
    scale,
    legend: series.join() === '' ? null : { title: null },
  };
  // Without shapes of their own, points have those of their series: colour is not all there is to tell them by.
  const shape = {
    ...{ field: shapes.length > 0 ? 'shape' : 'series', type: 'nominal' },
    scale:
      shapes.length > 0
        ? { domain: shapes, range: shapesFor(shapes.length) }
        : { domain: series, range: shapesFor(series.length) },
    legend: shapes.length === 0 && series.join() === '' ? null : { title: null },
  };
  const values = points.map((point) => ({ ...point }));
  const intervals = points.flatMap((point) => {
    const limits = limitsOf(point.y, point);
    return limits === undefined ? [] : [{ x: point.x, series: point.series, ...limits }];
  });
  return chartOf(text, WIDTH + 180, {
    ...{ width: WIDTH, height: HEIGHT },
    layer: [
      ...(line === undefined ? [] : [lineLayer(line, x, y, xs, ys)]),
      {
        data: { values: intervals },
        mark: { type: 'rule', strokeWidth: 1.2, opacity: 0.55 },
        encoding: { x: along(x, xs, 'x'), y: along(y, ys, 'low'), y2: { field: 'high' }, color },
      },
      {
        data: { values },
        mark: { type: 'point', filled: true, opacity: 0.92, size: 90, stroke: '#ffffff', strokeWidth: 0.8 },
        encoding: { x: along(x, xs, 'x'), y: along(y, ys, 'y'), color, shape },
      },
    ],
  });
}

function lineLayer(
  { at, slope }: { readonly at: number; readonly slope: number },
  x: Axis,
  y: Axis,
  xs: Domain,
  ys: Domain,
) {
  const [from, to] = xs;
  const places = isLog(x, xs)
    ? Array.from({ length: STEPS + 1 }, (_, i) => from * (to / from) ** (i / STEPS))
    : [from, to];
  return {
    data: { values: places.map((place) => ({ x: place, y: at + slope * place })) },
    mark: { type: 'line', clip: true, color: INK, strokeWidth: 1.5, strokeDash: RULE_DASH },
    encoding: { x: along(x, xs, 'x'), y: along(y, ys, 'y') },
  };
}
