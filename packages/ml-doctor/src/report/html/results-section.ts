/** The attacks on the page: a card for each, with everything known about it. */

import { familyOf } from '../family.ts';
import {
  chanceOf,
  costText,
  describePool,
  describeThreatModel,
  formatMetric,
  grouped,
  metricLabel,
  plural,
  queryCount,
} from '../format.ts';
import { type OwnKind, ownKind, settings } from '../identity.ts';
import { attackItself, variantsFor } from '../labels.ts';
import type { Attribute, BudgetPoint, Copy, Report, Result, Through } from '../schema.ts';
import { attackName } from './attack-name.ts';
import { baselineColumns } from './baseline-columns.ts';
import { findingBadge } from './level-badge.ts';
import { html, type Markup } from './markup.ts';
import { inReadingOrder } from './reading-order.ts';

/**
 * Everything the report knows about the attacks, a card for each.
 *
 * @param report that they are from, for what holds for all of them
 */
export function attackCards(results: readonly Result[], report: Report): Markup {
  const variantOf = variantsFor(results.map(attackItself));
  return html`${results.map((result) =>
    attackCard(result, attackName(result, variantOf(attackItself(result))), report),
  )}`;
}

function attackCard(result: Result, title: Markup, report: Report): Markup {
  const { threatModel, references, attribute, copy, through, params, defense, verdict } = result;
  const { baselines, artifacts, notes } = result;
  const family = familyOf(result);
  return html`<article>
<header><h3>${title}</h3>${findingBadge(verdict)}</header>
${through !== undefined && madeOnCopy(through)}<p>${verdict.sentence}</p>
<dl>
${
  attribute !== undefined &&
  html`<dt>Attribute</dt><dd>${describeAttribute(attribute)}</dd>
`
}${
  copy !== undefined &&
  html`<dt>Copy</dt><dd>${describeCopy(copy, result.curves.budget?.at(-1))}</dd>
`
}<dt>Threat model</dt><dd>${describeThreatModel(threatModel, references, result)}</dd>
<dt>Source</dt><dd>${result.source}</dd>
<dt>Defence</dt><dd>${defense.name === 'none' ? 'none' : html`${defense.name} (${settings(defense.params)})`}</dd>
<dt>Settings</dt><dd>${settings(params)}</dd>
<dt>Judged on</dt><dd>${judgedOn(result)}, ${recordsSent(result, ownKind(report))}</dd>
<dt>Identity</dt><dd><code>${result.id}</code>, seed ${result.seed}</dd>
</dl>
${metricsTable(result, report.target.classes)}
${baselines.length > 0 && (family === 'membership' ? baselineTable(baselines) : baselineColumns(result))}
${artifacts.length > 0 && html`<p><small>Files: ${artifacts.map(({ path, kind }, i) => html`${i > 0 && ', '}<code>${path}</code> (${kind})`)}</small></p>`}
${
  notes.length > 0 &&
  html`<p>Notes:</p>
<ul>${notes.map((note) => html`<li>${note}</li>`)}</ul>`
}
</article>
`;
}

function madeOnCopy({ attack, params, queries }: Through): Markup {
  return html`<p><strong>Made on a copy</strong> that <code>${attack}</code> got with ${queryCount(queries)} (${settings(params)}), not on the model itself: the threat model below is towards the model; of the copy the attacker holds everything. What is found holds for anybody who has it.</p>
`;
}

function describeCopy(copy: Copy, last: BudgetPoint | undefined): string {
  const cost = last && costText(last);
  return `${copy.architecture}, trained on answers about ${describePool(copy)}${cost === undefined ? '' : `; the queries ${cost}`}`;
}

function recordsSent({ queries, through }: Result, kind: OwnKind | undefined): string {
  if (kind === 'outputs') return `${plural(queries, 'saved answer')} read`;
  if (through === undefined) return `${grouped(queries)} records sent to the model`;
  return `${plural(through.queries, 'record')} sent to the model, all of them for the copy`;
}

function judgedOn(result: Result): string {
  const { records, reconstructions } = result;
  if (familyOf(result) === 'stealing')
    return `${plural(records.nonMembers, 'record')} that the model was not trained on`;
  const compared = `${grouped(records.members)} members and ${grouped(records.nonMembers)} non-members`;
  if (reconstructions === undefined) return compared;
  const { count, classes } = reconstructions;
  return `${plural(count, 'reconstruction')} of ${grouped(classes)} ${classes === 1 ? 'class' : 'classes'}, compared with ${compared}`;
}

/** Categories named one by one; more are counted. */
const LISTED = 12;

const KIND: Readonly<Record<Attribute['kind'], string>> = {
  binary: 'one of two',
  categorical: 'categories',
  ordinal: 'categories in order',
  continuous: 'a number',
};

function describeAttribute({ name, kind, categories = [], auxiliaryRecords }: Attribute): Markup {
  const rest = categories.length - LISTED;
  const listed = [...categories.slice(0, LISTED), ...(rest > 0 ? [`${grouped(rest)} more`] : [])];
  const known = auxiliaryRecords === 0 ? 'no record' : plural(auxiliaryRecords, 'record');
  return html`<strong>${name}</strong>, ${KIND[kind]}${listed.length > 0 && `: ${listed.join(', ')}`}; the attacker knows it of ${known}`;
}

function metricsTable({ attack, metrics, reconstructions }: Result, classes: number): Markup {
  return html`<table><thead><tr><th scope="col">Metric</th><th scope="col">Value</th><th scope="col">95 % interval</th><th scope="col">Guessing</th><th scope="col">Interval by</th></tr></thead>
<tbody>${inReadingOrder(metrics, familyOf({ attack })).map(([name, metric]) => {
    const { value, interval } = formatMetric(name, metric);
    const chance = chanceOf(name, reconstructions?.classes ?? classes);
    const guess = chance === undefined ? '–' : formatMetric(name, { ...metric, value: chance }).value;
    return html`<tr><th scope="row" class="name" data-label="Metric">${metricLabel(name)}</th><td data-label="Value">${value}</td><td data-label="95 % interval">${interval}</td><td data-label="Guessing">${guess}</td><td data-label="Interval by"><small>${metric.method}</small></td></tr>
`;
  })}</tbody></table>`;
}

function baselineTable(baselines: Result['baselines']): Markup {
  return html`<p>For comparison, what trivial attackers reach:</p>
<ul>${baselines.map(({ name, metrics }) => html`<li>${name}: ${metricList(metrics)}</li>`)}</ul>`;
}

function metricList(metrics: Result['metrics']): Markup {
  return html`${Object.entries(metrics).map(([name, metric], i) => {
    const { value, interval } = formatMetric(name, metric);
    return html`${i > 0 && '; '}${metricLabel(name)} ${value} (${interval})`;
  })}`;
}
