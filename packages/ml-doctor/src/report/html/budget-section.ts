/** What queries buy on the page: the figure, and a table of every curve in it. */

import { duration, formatMetric, grouped, metricLabel, quantity } from '../format.ts';
import type { BudgetPoint, Result } from '../schema.ts';
import { type BudgetCurve, budgetCurvesOf, budgetFigure } from './budget-figure.ts';
import { html, type Markup } from './markup.ts';
import { letter, MAX_CURVES } from './series.ts';

const METRICS = ['agreement', 'accuracy', 'agreementOnErrors', 'klDivergence'];

/** Empty markup where no model was stolen. */
export function budgetSection(results: readonly Result[]): Markup {
  const curves = budgetCurvesOf(results);
  if (curves.length === 0) return html``;
  return html`<h2>What queries buy</h2>
<p>Each curve shows how often a copy answers as the model does (upwards) after so many queries (to the right), on records that the model was not trained on. The dotted lines are what an attacker reaches without these answers, with as much as he has after the last query: only what lies above them was bought.</p>
${budgetFigure(curves)}
${curves.map((curve, i) => pointTable(curve, i < MAX_CURVES ? letter(i) : ''))}`;
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
      html`<tr><td class="name" data-label="Queries">${grouped(point.queries)}</td>${names.map(
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
