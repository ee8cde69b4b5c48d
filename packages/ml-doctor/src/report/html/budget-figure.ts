/**
 * What queries buy as inline SVG: agreement over the number of queries, which is drawn logarithmically.
 *
 * By hand for the reasons of the ROC, whose colours, dashes and letters it shares.
 */

import { grouped, percent, percentWithInterval, plural, queryCount } from '../format.ts';
import { attackLabels } from '../labels.ts';
import type { BudgetPoint, Metric, Result } from '../schema.ts';
import { budgetScale, PLOT, type Scale } from './budget-scale.ts';
import { html, type Markup } from './markup.ts';
import { fillClass, letter, MAX_CURVES, px, strokeClass } from './series.ts';

/** A stealing attack with what its queries bought. */
export interface BudgetCurve {
  readonly label: string;
  readonly points: readonly BudgetPoint[];
  /** Agreement of what needs no such queries. */
  readonly baselines: readonly { readonly name: string; readonly agreement: number }[];
}

const WIDTH = 720;
const HEIGHT = 420;
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

/** Figure and legend for 1 to {@link MAX_CURVES} curves; later ones are left out and counted, so pass the most telling first. */
export function budgetFigure(all: readonly BudgetCurve[]): Markup {
  const curves = all.slice(0, MAX_CURVES).map((curve, index) => ({ ...curve, index, drawn: drawnOf(curve) }));
  const lines = referenceLines(curves);
  const scale = budgetScale(
    curves.flatMap(({ drawn }) => drawn.map(({ queries }) => queries)),
    [
      ...curves.flatMap(({ drawn }) => drawn.map(({ agreement }) => agreement.low ?? agreement.value)),
      ...lines.map(({ agreement }) => agreement),
    ],
  );
  return html`<figure>
<svg class="roc budget" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="Agreement with the model over the number of queries, logarithmic, of ${plural(curves.length, 'stealing attack')}; the values are in the tables below">
${axes(scale)}
${lines.map(
  ({ agreement }, i) =>
    html`<line class="baseline" x1="${PLOT.left}" y1="${px(scale.y(agreement))}" x2="${PLOT.right}" y2="${px(scale.y(agreement))}"/><text class="letter halo" x="${PLOT.left + 14 + 20 * i}" y="${px(scale.y(agreement) - 5)}" text-anchor="middle">${i + 1}</text>
`,
)}${curves.map(({ index, drawn }) => curveMarkup(index, drawn, scale, curves.length))}
${letters(curves, scale)}
<rect class="frame" x="${PLOT.left}" y="${PLOT.top}" width="${PLOT.right - PLOT.left}" height="${PLOT.bottom - PLOT.top}"/>
</svg>
<figcaption><small>Agreement after the last query, with 95 % intervals:</small>
<ul class="legend">${curves.map(({ index, label, drawn }) => {
    const last = drawn.at(-1);
    return html`<li><svg viewBox="0 0 54 16" aria-hidden="true"><line class="curve ${strokeClass(index)}" x1="0" y1="8" x2="54" y2="8"/></svg>
<span><strong>${letter(index)}</strong> <code>${label}</code>: ${last === undefined ? 'not measured' : `${percentWithInterval(last.agreement)} by ${queryCount(last.queries)}`}</span></li>
`;
  })}${lines.map(
    ({ name, agreement, of }, i) =>
      html`<li><svg viewBox="0 0 54 16" aria-hidden="true"><line class="reference" x1="0" y1="8" x2="54" y2="8"/></svg>
<span><strong>${i + 1}</strong> ${name}${of.length < curves.length && ` (beside ${of.map(letter).join(', ')})`}: ${percent(agreement)}</span></li>
`,
  )}</ul>${all.length > curves.length && html`<small>${plural(all.length - curves.length, 'more curve')} in report.json.</small>`}</figcaption>
</figure>`;
}

interface Drawn {
  readonly queries: number;
  readonly agreement: Metric;
}

type Indexed = BudgetCurve & { readonly index: number; readonly drawn: readonly Drawn[] };

/** Without queries there is no place on a logarithmic axis. */
function drawnOf({ points }: BudgetCurve): Drawn[] {
  return points.flatMap(({ queries, metrics: { agreement } }) =>
    agreement === undefined || queries < 1 ? [] : [{ queries, agreement }],
  );
}

/** Each baseline once, though several attacks have it, the lowest first; `of`: the curves beside which it stands. */
function referenceLines(curves: readonly Indexed[]) {
  const best = (curve: Indexed) => [...curve.baselines].sort((a, b) => b.agreement - a.agreement).slice(0, 1);
  const every = distinct(curves, (curve) => curve.baselines);
  return every.length <= MOST_BASELINES ? every : distinct(curves, best);
}

function distinct(curves: readonly Indexed[], pick: (curve: Indexed) => BudgetCurve['baselines']) {
  const found = new Map<string, { name: string; agreement: number; of: number[] }>();
  for (const curve of curves)
    for (const { name, agreement } of pick(curve)) {
      const key = `${agreement} ${name}`;
      const line = found.get(key) ?? { name, agreement, of: [] };
      line.of.push(curve.index);
      found.set(key, line);
    }
  return [...found.values()].sort((a, b) => a.agreement - b.agreement);
}

function axes(scale: Scale): Markup {
  return html`${scale.queryTicks.map(
    (queries) =>
      html`<line class="grid" x1="${px(scale.x(queries))}" y1="${PLOT.top}" x2="${px(scale.x(queries))}" y2="${PLOT.bottom}"/><text x="${px(scale.x(queries))}" y="${PLOT.bottom + 21}" text-anchor="middle">${grouped(queries)}</text>
`,
  )}${scale.agreementTicks.map(
    (share) =>
      html`<line class="grid" x1="${PLOT.left}" y1="${px(scale.y(share))}" x2="${PLOT.right}" y2="${px(scale.y(share))}"/><text x="${PLOT.left - 8}" y="${px(scale.y(share) + 4.5)}" text-anchor="end">${percent(share)}</text>
`,
  )}<text class="axis-title" x="${(PLOT.left + PLOT.right) / 2}" y="${HEIGHT - 10}" text-anchor="middle">Queries to the model</text>
<text class="axis-title upright" transform="translate(18 ${(PLOT.top + PLOT.bottom) / 2}) rotate(-90)" text-anchor="middle">Agreement with the model</text>`;
}

/** Points of several curves stand side by side, so that no interval hides another. */
function shifted(index: number, curves: number, x: number): number {
  return px(x + 5 * (index - (curves - 1) / 2));
}

function curveMarkup(index: number, drawn: readonly Drawn[], scale: Scale, curves: number): Markup {
  const at = ({ queries }: Drawn) => shifted(index, curves, scale.x(queries));
  const path = drawn.map(
    (point, i) => `${i === 0 ? 'M' : 'L'}${at(point)} ${px(scale.y(point.agreement.value))}`,
  );
  return html`<path class="curve ${strokeClass(index)}" d="${path.join('')}"/>
${drawn.map((point) => {
  const { value, low, high } = point.agreement;
  return html`<line class="whisker ${strokeClass(index, false)}" x1="${at(point)}" y1="${px(scale.y(high ?? value))}" x2="${at(point)}" y2="${px(scale.y(low ?? value))}"/><circle class="dot ${fillClass(index)}" cx="${at(point)}" cy="${px(scale.y(value))}" r="3.8"/>
`;
})}`;
}

/** As high as a letter of the small figure on a phone. */
const LETTER_HEIGHT = 20;

/** Right of the last point of each curve, moved apart where they would lie upon each other. */
function letters(curves: readonly Indexed[], scale: Scale): Markup {
  const ends = curves
    .flatMap(({ index, drawn }) => {
      const last = drawn.at(-1);
      if (last === undefined) return [];
      return [
        {
          index,
          x: shifted(index, curves.length, scale.x(last.queries)) + 10,
          y: scale.y(last.agreement.value) + 5,
        },
      ];
    })
    .sort((a, b) => a.y - b.y);
  const places = ends.map(({ y }) => y);
  for (let i = 1; i < places.length; i++) places[i] = Math.max(places[i]!, places[i - 1]! + LETTER_HEIGHT);
  let below = PLOT.bottom - 4;
  for (let i = places.length - 1; i >= 0; i--) {
    places[i] = Math.min(places[i]!, below);
    below = places[i]! - LETTER_HEIGHT;
  }
  return html`${ends.map(
    (
      { index, x },
      i,
    ) => html`<text class="letter ${fillClass(index)}" x="${px(x)}" y="${px(places[i]!)}">${letter(index)}</text>
`,
  )}`;
}
