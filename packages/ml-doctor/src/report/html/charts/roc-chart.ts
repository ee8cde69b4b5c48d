/** The log-log ROC as a chart: by the step rule that the metrics follow, and nothing finer than one false positive. */

import { grouped } from '../../format.ts';
import { attackLabels } from '../../labels.ts';
import { ONE_RUN } from '../../privacy.ts';
import type { Metric, Result, Roc } from '../../schema.ts';
import { letter } from '../series.ts';
import type { ChartSpec } from './render-chart.ts';
import { dashOf, seriesColour } from './series-encoding.ts';
import { CHANCE_DASH, CHART_CONFIG, INK, PAPER, SOFT } from './theme.ts';

/** A result that has a curve. */
export interface Curve {
  readonly label: string;
  readonly roc: Roc;
  readonly nonMembers: number;
  /** TPR at {@link MARKED_RATE}, when known. */
  readonly marked: Metric | undefined;
}

export const MARKED_RATE = 0.01;
const WIDTH = 560;
const HEIGHT = 390;

/** Of attacks on the target: what an audit of the training names are canaries of another model. */
export function curvesOf(results: readonly Result[]): Curve[] {
  const labelOf = attackLabels(results);
  return results.flatMap((result) => {
    const { attack, defense, curves, records, metrics } = result;
    if (attack === ONE_RUN || curves.roc === undefined || curves.roc.fpr.length === 0) return [];
    const label = labelOf(result);
    return {
      label: defense.name === 'none' ? label : `${label} against ${defense.name}`,
      roc: curves.roc,
      nonMembers: records.nonMembers,
      marked: metrics[`tprAtFpr${MARKED_RATE}`],
    };
  });
}

/** For as many curves as can be told apart. Both axes have the same decades, so that chance is the diagonal. */
export function rocSpec(curves: readonly Curve[]): ChartSpec {
  const nonMembers = Math.max(...curves.map((curve) => curve.nonMembers), 1);
  const decades = decadesFor(nonMembers);
  const least = 10 ** -decades;
  const edge = Math.max(least, 1 / nonMembers);
  const scale = { type: 'log' as const, domain: [least, 1], nice: false };
  const ticks = Array.from({ length: decades + 1 }, (_, k) => 10 ** -k).reverse();
  const axis = { values: ticks, labelExpr: "format(datum.value * 100, '~r') + '\u00a0%'" };
  const rates = (field: string, title: string) => ({
    field,
    type: 'quantitative' as const,
    scale,
    axis: { ...axis, title },
  });
  const x = (field: string) => rates(field, 'Outsiders falsely accused (false-positive rate)');
  const y = (field: string) => rates(field, 'Training records named (true-positive rate)');
  const shown = curves.flatMap(({ marked }, series) => (marked === undefined ? [] : { series, marked }));
  const blind = Math.log10(edge / least) / decades;
  return {
    ...{ width: WIDTH, height: HEIGHT, config: CHART_CONFIG },
    layer: [
      {
        data: { values: blind > 0.002 ? [{ from: least, to: edge, low: least, high: 1 }] : [] },
        mark: { type: 'rect', color: SOFT, opacity: 0.13 },
        encoding: { x: x('from'), x2: { field: 'to' }, y: y('low'), y2: { field: 'high' } },
      },
      {
        data: { values: [least, 1].map((rate) => ({ rate })) },
        mark: { type: 'line', color: INK, strokeWidth: 1.3, strokeDash: CHANCE_DASH },
        encoding: { x: x('rate'), y: y('rate') },
      },
      {
        data: { values: [{ rate: MARKED_RATE }] },
        mark: { type: 'rule', color: INK },
        encoding: { x: x('rate') },
      },
      ...curves.map((curve, series) => ({
        data: { values: stepPoints(curve, least) },
        mark: {
          ...({ type: 'line', interpolate: 'step-after', clip: true, strokeWidth: 2.2 } as const),
          ...{ color: seriesColour(series), strokeDash: dashOf(series) },
        },
        encoding: { x: x('fpr'), y: y('tpr') },
      })),
      ...shown.flatMap(({ series, marked }, order) => {
        const offset = Math.min(15, 70 / shown.length) * (order - (shown.length - 1) / 2);
        const color = seriesColour(series);
        const inPlot = (rate: number) => Math.max(least, rate);
        const low = inPlot(marked.low ?? marked.value);
        const high = inPlot(marked.high ?? marked.value);
        const data = {
          values: [{ rate: MARKED_RATE, low, value: inPlot(marked.value), high, name: letter(series) }],
        };
        return [
          {
            data,
            mark: { type: 'rule', xOffset: offset, color, strokeWidth: 1.6 } as const,
            encoding: { x: x('rate'), y: y('low'), y2: { field: 'high' } },
          },
          {
            data,
            mark: { type: 'circle', xOffset: offset, color, opacity: 1, size: 64 } as const,
            encoding: { x: x('rate'), y: y('value') },
          },
          {
            data,
            mark: {
              ...({
                type: 'text',
                xOffset: offset,
                dy: order % 2 === 1 && shown.length > 5 ? -26 : -10,
              } as const),
              ...{ color, fontWeight: 'bold' as const, fontSize: 14 },
            },
            encoding: { x: x('rate'), y: y('high'), text: { field: 'name' } },
          },
        ];
      }),
      {
        data: { values: [{ rate: 10 ** (-0.2 * decades) }] },
        mark: {
          ...({
            type: 'text',
            text: 'guessing',
            dy: 14,
            color: SOFT,
            stroke: PAPER,
            strokeWidth: 0,
          } as const),
          angle: 360 - (Math.atan2(HEIGHT, WIDTH) * 180) / Math.PI,
        },
        encoding: { x: x('rate'), y: y('rate') },
      },
      {
        data: {
          values:
            blind * WIDTH > 40
              ? [
                  {
                    rate: Math.sqrt(least * edge),
                    top: 1,
                    text: `finer than 1 in ${grouped(nonMembers)}: not measurable`,
                  },
                ]
              : [],
        },
        mark: { type: 'text', angle: 270, align: 'right', dx: -8, color: SOFT, fontSize: 12 },
        encoding: { x: x('rate'), y: y('top'), text: { field: 'text' } },
      },
    ],
  };
}

/** Down to the power of ten below one false positive. */
export function decadesFor(nonMembers: number): number {
  return Math.min(6, Math.max(2, Math.ceil(Math.log10(nonMembers) - 1e-9)));
}

/**
 * Where the curve turns, from one false positive on: between two points the attacker has the TPR of the left one. Points
 * nearer to the last than half a pixel are left out; what no axis that is logarithmic can show lies below the plot.
 */
export function stepPoints(
  { roc: { fpr, tpr }, nonMembers }: Curve,
  least: number,
): { fpr: number; tpr: number }[] {
  const from = Math.max(least, 1 / Math.max(1, nonMembers));
  const visible = (rate: number) => Math.max(rate, least / 10);
  const place = (rate: number, size: number) => (Math.log10(rate) / -Math.log10(least)) * size;
  const points: { fpr: number; tpr: number }[] = [];
  let start = 0;
  fpr.forEach((rate, i) => {
    if (rate <= from * (1 + 1e-9)) start = Math.max(start, tpr[i] as number);
  });
  points.push({ fpr: from, tpr: visible(start) });
  for (let i = 0; i < fpr.length; i++) {
    const rate = fpr[i] as number;
    if (rate <= from * (1 + 1e-9)) continue;
    const next = { fpr: rate, tpr: visible(tpr[i] as number) };
    const last = points.at(-1) as { fpr: number; tpr: number };
    const near =
      Math.abs(place(next.fpr, WIDTH) - place(last.fpr, WIDTH)) < 0.5 &&
      Math.abs(place(next.tpr, HEIGHT) - place(last.tpr, HEIGHT)) < 0.5;
    if (!near || i === fpr.length - 1) points.push(next);
  }
  return points;
}
