/** How an attack does on each group of records: a folding table for each way of grouping them. */

import type { Family } from '../family.ts';
import { formatMetric, grouped, metricLabel, plural } from '../format.ts';
import type { Result } from '../schema.ts';
import { html, type Markup } from './markup.ts';

/** Tables with more rows than this are folded away behind a line to click. */
const OPEN_ROWS = 12;
const COLUMNS: Readonly<Record<Family, readonly string[]>> = {
  membership: ['tprAtFpr0.01', 'auc', 'balancedAccuracy'],
  inversion: [],
  attribute: ['accuracy', 'accuracyGain', 'precision', 'ppvTop10'],
  stealing: ['agreement', 'accuracy'],
};

const MEMBERS_AGAINST_OTHERS = 'Each group’s members against its own non-members.';
const GROUPS: Readonly<Record<Family, string>> = {
  membership: MEMBERS_AGAINST_OTHERS,
  inversion: MEMBERS_AGAINST_OTHERS,
  attribute:
    'Of members with that value. Accuracy: how many are guessed to have it. Precision: how many of those guessed to have it do.',
  stealing: 'Of records that the model was not trained on.',
};

/** Empty markup where nothing was grouped. */
export function sliceTables(slices: Result['slices'], family: Family): Markup {
  const groupings = [...new Set(slices.map(({ by }) => by))];
  return html`${groupings.map((by) =>
    sliceTable(
      by,
      slices.filter((slice) => slice.by === by),
      family,
    ),
  )}`;
}

function sliceTable(by: string, slices: Result['slices'], family: Family): Markup {
  const known = new Set(slices.flatMap(({ metrics }) => Object.keys(metrics)));
  const names = [...COLUMNS[family].filter((name) => known.delete(name)), ...[...known].sort()];
  const counted = family === 'stealing' ? 'Records' : 'Members, others';
  const count = ({ members, nonMembers }: Result['records']) =>
    family === 'stealing' ? grouped(nonMembers) : `${grouped(members)}, ${grouped(nonMembers)}`;
  return html`<details class="slices"${slices.length <= OPEN_ROWS && html` open`}><summary>By ${by} (${plural(slices.length, 'group')})</summary>
<p><small>${GROUPS[family]} Each interval holds for its group alone: about one in 20 misses.</small></p>
<table><thead><tr><th scope="col">${by}</th><th scope="col">${counted}</th>${names.map((name) => html`<th scope="col">${metricLabel(name)}</th>`)}</tr></thead>
<tbody>${slices.map(
    ({ value, records, metrics }) =>
      html`<tr><th scope="row" class="name">${value}</th><td data-label="${counted}">${count(records)}</td>${names.map(
        (name) => html`<td data-label="${metricLabel(name)}">${figure(name, metrics[name])}</td>`,
      )}</tr>
`,
  )}</tbody></table></details>`;
}

function figure(name: string, metric: Result['metrics'][string] | undefined): Markup {
  if (metric === undefined) return html`–`;
  const { value, interval } = formatMetric(name, metric);
  return html`${value}<span class="interval">${interval}</span>`;
}
