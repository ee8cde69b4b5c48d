/** What queries buy on the page: the figure, and a table of every curve in it. */

import {
  duration,
  formatMetric,
  grouped,
  metricLabel,
  percent,
  percentWithInterval,
  plural,
  quantity,
  queryCount,
} from '../format.ts';
import type { BudgetPoint, Result } from '../schema.ts';
import {
  type BudgetCurve,
  budgetCurvesOf,
  budgetSpec,
  drawnOf,
  referenceLines,
} from './charts/budget-chart.ts';
import { type Chart, renderChart } from './charts/render-chart.ts';
import { html, type Markup } from './markup.ts';
import { legendLine, letter, MAX_CURVES } from './series.ts';

const METRICS = ['agreement', 'accuracy', 'agreementOnErrors', 'klDivergence'];

/** Undefined where no model was stolen. */
export async function budgetSection(results: readonly Result[]): Promise<Markup | undefined> {
  const all = budgetCurvesOf(results);
  if (all.length === 0) return undefined;
  const curves = all.slice(0, MAX_CURVES);
  const ends = curves.map((curve, i) => `${letter(i)}: ${lastText(curve)}`);
  const chart: Chart = {
    id: 'budget',
    spec: budgetSpec(curves),
    title: `Agreement with the model over the number of queries, logarithmic, of ${plural(curves.length, 'stealing attack')}`,
    description: `After the last query, ${ends.join('; ')}. The values are in the tables below.`,
  };
  return html`<p>Each curve shows how often a copy answers as the model does (upwards) after so many queries (to the right), on records that the model was not trained on. The dotted lines are what an attacker reaches without these answers, with as much as he has after the last query: only what lies above them was bought.</p>
<figure>
${await renderChart(chart)}
<figcaption><small>Agreement after the last query, with 95 % intervals:</small>
<ul class="legend">${curves.map(
    (curve, i) => html`<li>${legendLine(i)}
<span><strong>${letter(i)}</strong> <code>${curve.label}</code>: ${lastText(curve)}</span></li>
`,
  )}${referenceLines(curves).map(
    ({ name, agreement, of }, i) =>
      html`<li><svg viewBox="0 0 54 16" aria-hidden="true"><line class="reference" x1="0" y1="8" x2="54" y2="8"/></svg>
<span><strong>${i + 1}</strong> ${name}${of.length < curves.length && ` (beside ${of.map(letter).join(', ')})`}: ${percent(agreement)}</span></li>
`,
  )}</ul>${all.length > curves.length && html`<small>${plural(all.length - curves.length, 'more curve')} in report.json.</small>`}</figcaption>
</figure>
${all.map((curve, i) => pointTable(curve, i < MAX_CURVES ? letter(i) : ''))}`;
}

function lastText(curve: BudgetCurve): string {
  const last = drawnOf(curve).at(-1);
  return last === undefined
    ? 'not measured'
    : `${percentWithInterval(last.agreement)} by ${queryCount(last.queries)}`;
}

function pointTable({ label, points }: BudgetCurve, mark: string): Markup {
  const names = METRICS.filter((name) => points.some(({ metrics }) => metrics[name] !== undefined));
  const priced = points.some(({ cost }) => cost !== null);
  const timed = points.some(({ seconds }) => seconds !== null);
  return html`<h3>${mark} <code>${label}</code></h3>
<table class="points"><thead><tr><th scope="col">Queries</th>${names.map((name) => html`<th scope="col">${metricLabel(name)}</th>`)}${
    priced && html`<th scope="col">Cost</th>`
  }${timed && html`<th scope="col">Time</th>`}</tr></thead>
<tbody>${points.map(
    (point) =>
      html`<tr><th scope="row" class="name" data-label="Queries">${grouped(point.queries)}</th>${names.map(
        (name) => html`<td data-label="${metricLabel(name)}">${figure(name, point)}</td>`,
      )}${priced && html`<td data-label="Cost">${point.cost === null ? '–' : quantity(point.cost)}</td>`}${
        timed && html`<td data-label="Time">${point.seconds === null ? '–' : duration(point.seconds)}</td>`
      }</tr>
`,
  )}</tbody></table>`;
}

function figure(name: string, { metrics }: BudgetPoint): Markup {
  const metric = metrics[name];
  if (metric === undefined) return html`–`;
  const { value, interval } = formatMetric(name, metric);
  return html`${value}<span class="interval">${interval}</span>`;
}
