/** What needs no attack beside the attack itself: a row for each figure, a column for each of them. */

import { formatMetric, metricLabel } from '../format.ts';
import type { Metric, Result } from '../schema.ts';
import { html, type Markup } from './markup.ts';
import { inReadingOrder } from './reading-order.ts';

/** What lies nearest to a baseline is left to report.json: it would fill the page. */
const LEFT_OUT = /^(nearest|ssimNearest)/;

/** Rows are the figures that any baseline has. */
export function baselineColumns({ metrics, baselines }: Result): Markup {
  const columns = [{ name: 'this attack', metrics }, ...baselines];
  const all: Result['metrics'] = Object.assign({}, ...baselines.map((baseline) => baseline.metrics));
  const names = inReadingOrder(all).filter(([name]) => !LEFT_OUT.test(name));
  return html`<p>The same figures of what needs no attack; gains are the attack’s figure less theirs:</p>
<table class="baselines"><thead><tr><th scope="col">Metric</th>${columns.map(({ name }) => html`<th scope="col">${name}</th>`)}</tr></thead>
<tbody>${names.map(
    ([metric]) =>
      html`<tr><td class="name" data-label="Metric">${metricLabel(metric)}</td>${columns.map(
        (column) => html`<td data-label="${column.name}">${figure(metric, column.metrics[metric])}</td>`,
      )}</tr>
`,
  )}</tbody></table>`;
}

function figure(name: string, metric: Metric | undefined): Markup {
  if (metric === undefined) return html`–`;
  const { value, interval } = formatMetric(name, metric);
  const known = metric.low !== null || metric.high !== null;
  return html`${value}${known && html`<span class="interval">${interval}</span>`}`;
}
