/** What needs no attack beside the attack itself: a row for each figure, a column for each of them. */

import { type Family, familyOf } from '../family.ts';
import { formatMetric, isGain, metricLabel } from '../format.ts';
import type { Metric, Result } from '../schema.ts';
import { html, type Markup } from './markup.ts';
import { inReadingOrder } from './reading-order.ts';

/** What lies nearest to a baseline is left to report.json: it would fill the page. */
const LEFT_OUT = /^(nearest|ssimNearest)/;

const TITLE = 'The same figures of what needs no attack; gains are the attack’s figure less theirs:';
const ATTRIBUTE_TITLE =
  'The same figures of guesses without the model, and of the attack on records that were not used in training; gains and reductions are those of the attack against them:';
const STEALING_TITLE =
  'The same figures of what an attacker has without these queries, or by asking at random:';
const TITLES: Readonly<Record<Family, string>> = {
  membership: TITLE,
  inversion: TITLE,
  attribute: ATTRIBUTE_TITLE,
  stealing: STEALING_TITLE,
};

/** Figures in narrow columns. */
export const BASELINE_STYLE = `
.baselines { font-size: .9rem; table-layout: fixed; } .baselines td, .baselines th { padding-right: .7rem; } .baselines td .interval { white-space: normal; }
`;

/** Rows are the figures that any baseline has. */
export function baselineColumns({ attack, metrics, baselines }: Result): Markup {
  const family = familyOf({ attack });
  const columns = [{ name: 'this attack', metrics }, ...baselines];
  const all: Result['metrics'] = Object.assign({}, ...baselines.map((baseline) => baseline.metrics));
  const names = inReadingOrder(all, family).filter(([name]) => !LEFT_OUT.test(name));
  return html`<p>${TITLES[family]}</p>
<table class="baselines"><thead><tr><th scope="col">Metric</th>${columns.map(({ name }) => html`<th scope="col">${name}</th>`)}</tr></thead>
<tbody>${names.map(
    ([metric]) =>
      html`<tr><th scope="row" class="name" data-label="Metric">${metricLabel(metric)}</th>${columns.map(
        (column, i) =>
          html`<td data-label="${column.name}">${figure(metric, i === 0 && isGain(metric) ? undefined : column.metrics[metric])}</td>`,
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
