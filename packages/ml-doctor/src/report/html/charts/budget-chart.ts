/** What queries buy as a chart: agreement over the number of queries, which is drawn logarithmically. */

import { attackLabels } from '../../labels.ts';
import type { BudgetPoint, Metric, Result } from '../../schema.ts';
import { letter } from '../series.ts';
import { budgetScale } from './budget-scale.ts';
import type { ChartSpec } from './render-chart.ts';
import { dashOf, seriesColour } from './series-encoding.ts';
import { CHANCE_DASH, CHART_CONFIG, INK } from './theme.ts';

/** A stealing attack with what its queries bought. */
export interface BudgetCurve {
  readonly label: string;
  readonly points: readonly BudgetPoint[];
  /** Agreement of what needs no such queries. */
  readonly baselines: readonly { readonly name: string; readonly agreement: number }[];
}

/** What some curves have to beat. */
export interface ReferenceLine {
  readonly name: string;
  readonly agreement: number;
  /** The curves beside which it stands. */
  readonly of: readonly number[];
}

const HEIGHT = 330;
/** More lines than this would hide the curves; then only the best of each attack is drawn. */
const MOST_BASELINES = 5;

export function budgetCurvesOf(results: readonly Result[]): BudgetCurve[] {
  const labelOf = attackLabels(results);
  return results.flatMap((result) => {
    const { defense, curves, baselines } = result;
    if (curves.budget === undefined) return [];
    const label = labelOf(result);
    return {
      label: defense.name === 'none' ? label : `${label} against ${defense.name}`,
      points: curves.budget,
      baselines: baselines.flatMap(({ name, metrics: { agreement } }) =>
        agreement === undefined ? [] : [{ name, agreement: agreement.value }],
      ),
    };
  });
}

export interface Drawn {
  readonly queries: number;
  readonly agreement: Metric;
}

/** Without queries there is no place on a logarithmic axis. */
export function drawnOf({ points }: BudgetCurve): Drawn[] {
  return points.flatMap(({ queries, metrics: { agreement } }) =>
    agreement === undefined || queries < 1 ? [] : [{ queries, agreement }],
  );
}

/** Each baseline once, though several attacks have it, the lowest first. */
export function referenceLines(curves: readonly BudgetCurve[]): ReferenceLine[] {
  const best = (curve: BudgetCurve) =>
    [...curve.baselines].sort((a, b) => b.agreement - a.agreement).slice(0, 1);
  const every = distinct(curves, (curve) => curve.baselines);
  return every.length <= MOST_BASELINES ? every : distinct(curves, best);
}

function distinct(curves: readonly BudgetCurve[], pick: (curve: BudgetCurve) => BudgetCurve['baselines']) {
  const found = new Map<string, { name: string; agreement: number; of: number[] }>();
  curves.forEach((curve, index) => {
    for (const { name, agreement } of pick(curve)) {
      const key = `${agreement} ${name}`;
      const line = found.get(key) ?? { name, agreement, of: [] };
      line.of.push(index);
      found.set(key, line);
    }
  });
  return [...found.values()].sort((a, b) => a.agreement - b.agreement);
}

/** For as many curves as can be told apart. Points of several stand side by side, so that no interval hides another. */
export function budgetSpec(curves: readonly BudgetCurve[]): ChartSpec {
  const lines = referenceLines(curves);
  const drawn = curves.map(drawnOf);
  const { queries, agreement, queryTicks, agreementTicks } = budgetScale(
    drawn.flatMap((points) => points.map((point) => point.queries)),
    [
      ...drawn.flatMap((points) => points.map((point) => point.agreement.low ?? point.agreement.value)),
      ...lines.map((line) => line.agreement),
    ],
  );
  const places = letterPlaces(drawn, agreement);
  const x = {
    ...({ field: 'queries', type: 'quantitative' } as const),
    scale: { type: 'log' as const, domain: [...queries], nice: false },
    axis: { values: [...queryTicks], format: ',', title: 'Queries to the model' },
  };
  const y = (field: string) => ({
    ...({ field, type: 'quantitative' } as const),
    scale: { domain: [...agreement], nice: false, zero: false },
    axis: {
      values: [...agreementTicks],
      labelExpr: "format(datum.value * 100, '~r') + '\u00a0%'",
      title: 'Agreement with the model',
    },
  });
  return {
    ...{ width: 560, height: HEIGHT, config: CHART_CONFIG },
    layer: [
      {
        data: { values: lines.map((line) => ({ value: line.agreement })) },
        mark: { type: 'rule', color: INK, strokeWidth: 1.3, strokeDash: CHANCE_DASH },
        encoding: { y: y('value') },
      },
      ...lines.map((line, i) => ({
        data: { values: [{ value: line.agreement, name: String(i + 1) }] },
        mark: { type: 'text', x: 14 + 20 * i, dy: -9, fontWeight: 'bold' } as const,
        encoding: { y: y('value'), text: { field: 'name' } },
      })),
      ...drawn.flatMap((points, series) => {
        const color = seriesColour(series);
        const xOffset = 5 * (series - (curves.length - 1) / 2);
        const data = {
          values: points.map((point) => ({
            queries: point.queries,
            value: point.agreement.value,
            low: point.agreement.low ?? point.agreement.value,
            high: point.agreement.high ?? point.agreement.value,
          })),
        };
        const last = data.values.at(-1);
        return [
          {
            data,
            mark: { type: 'line', xOffset, color, strokeWidth: 2.2, strokeDash: dashOf(series) } as const,
            encoding: { x, y: y('value') },
          },
          {
            data,
            mark: { type: 'rule', xOffset, color, strokeWidth: 1.6 } as const,
            encoding: { x, y: y('low'), y2: { field: 'high' } },
          },
          {
            data,
            mark: { type: 'circle', xOffset, color, opacity: 1, size: 46 } as const,
            encoding: { x, y: y('value') },
          },
          {
            data: { values: last === undefined ? [] : [{ ...last, name: letter(series) }] },
            mark: {
              ...({ type: 'text', xOffset, dx: 13, fontWeight: 'bold', fontSize: 14, color } as const),
              y: places[series] as number,
            },
            encoding: { x, text: { field: 'name' } },
          },
        ];
      }),
    ],
  };
}

/** As high as a letter of the small figure on a phone, in pixels. */
const LETTER_HEIGHT = 20;

/** Pixels from the top of each letter: beside the last point of its curve, moved apart where they would lie upon each other. */
export function letterPlaces(
  drawn: readonly (readonly Drawn[])[],
  agreement: readonly [number, number],
): number[] {
  const [from, to] = agreement;
  const ends = drawn
    .map((points, series) => ({
      series,
      y: ((to - (points.at(-1)?.agreement.value ?? from)) / (to - from)) * HEIGHT,
    }))
    .sort((a, b) => a.y - b.y);
  const places = ends.map(({ y }) => y);
  for (let i = 1; i < places.length; i++)
    places[i] = Math.max(places[i] as number, (places[i - 1] as number) + LETTER_HEIGHT);
  let below = HEIGHT - LETTER_HEIGHT / 2;
  for (let i = places.length - 1; i >= 0; i--) {
    places[i] = Math.min(places[i] as number, below);
    below = (places[i] as number) - LETTER_HEIGHT;
  }
  return drawn.map((_, series) => places[ends.findIndex((end) => end.series === series)] as number);
}
