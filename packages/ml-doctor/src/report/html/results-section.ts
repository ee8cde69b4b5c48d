/** The attacks on the page: one table of key figures, then one card for each attack with everything known about it. */

import {
  chanceOf,
  describeThreatModel,
  formatMetric,
  grouped,
  holdsAudited,
  metricLabel,
  tailRate,
} from '../format.ts';
import { settings } from '../identity.ts';
import { attackChoice, type Choice, variantsFor } from '../labels.ts';
import type { Metric, Result } from '../schema.ts';
import { intervalStrip } from './interval-strip.ts';
import { findingBadge } from './level-badge.ts';
import { html, type Markup } from './markup.ts';
import { sliceTables } from './slice-tables.ts';

const KEY_METRICS = ['tprAtFpr0.01', 'auc', 'balancedAccuracy'];

/** One row per attack, the headline metrics that any of them has, with intervals. */
export function keyFigures(results: readonly Result[]): Markup {
  const names = KEY_METRICS.filter((name) => results.some(({ metrics }) => metrics[name] !== undefined));
  const variantOf = variantsFor(results.map(attackChoice));
  const shifted = results.some(({ verdict }) => verdict.reason === 'shifted-split');
  const stronger = results.some(({ references }) => holdsAudited(references));
  return html`${shifted && html`<p><strong>The split is shifted: none of these figures is evidence of a leak.</strong></p>`}<table>
<thead><tr><th scope="col">Attack</th>${names.map((name) => html`<th scope="col">${metricLabel(name)}</th>`)}<th scope="col">Finding</th></tr></thead>
<tbody>${results.map(
    (
      result,
    ) => html`<tr><td class="name" data-label="Attack">${attackName(result, variantOf)}</td>${names.map(
      (name) => html`<td data-label="${metricLabel(name)}">${metricCell(name, result.metrics[name])}</td>`,
    )}<td data-label="Finding">${findingBadge(result.verdict)}</td></tr>
`,
  )}</tbody></table>
<p><small>Second lines: 95 % intervals. Dashed marks: guessing.${stronger && ' “Stronger attacker”: its own models were trained on random halves that contain the audited records.'}</small></p>`;
}

function metricCell(name: string, metric: Metric | undefined): Markup {
  if (metric === undefined) return html`not measured`;
  const { value, interval } = formatMetric(name, metric);
  return html`${value}<span class="interval">${interval}</span>${intervalStrip(name, metric)}`;
}

function attackName(result: Result, variantOf: (choice: Choice) => string): Markup {
  const { attack, defense, references } = result;
  const variant = variantOf(attackChoice(result));
  return html`${wrappable(attack)}${variant !== '' && html` <span class="variant">(${variant})</span>`}${
    defense.name !== 'none' && html` <small>against ${defense.name}</small>`
  }${holdsAudited(references) && html` <small class="variant">stronger attacker</small>`}`;
}

/** A name too long for its column breaks after the family. */
function wrappable(attack: string): Markup {
  const [family, ...rest] = attack.split('/');
  return html`${family}${rest.map((part) => html`/<wbr>${part}`)}`;
}

/** Everything the report knows about the attacks, a card for each. */
export function attackCards(results: readonly Result[]): Markup {
  const variantOf = variantsFor(results.map(attackChoice));
  return html`${results.map((result) => attackCard(result, attackName(result, variantOf)))}`;
}

function attackCard(result: Result, title: Markup): Markup {
  const { threatModel, references, params, defense, records, verdict } = result;
  const { baselines, slices, artifacts, notes } = result;
  return html`<article>
<header><h3>${title}</h3>${findingBadge(verdict)}</header>
<p>${verdict.sentence}</p>
<dl>
<dt>Threat model</dt><dd>${describeThreatModel(threatModel, references)}</dd>
<dt>Source</dt><dd>${result.source}</dd>
<dt>Defence</dt><dd>${defense.name === 'none' ? 'none' : html`${defense.name} (${settings(defense.params)})`}</dd>
<dt>Settings</dt><dd>${settings(params)}</dd>
<dt>Judged on</dt><dd>${grouped(records.members)} members and ${grouped(records.nonMembers)} non-members, ${grouped(result.queries)} records sent to the model</dd>
<dt>Identity</dt><dd><code>${result.id}</code>, seed ${result.seed}</dd>
</dl>
${metricsTable(result)}
${baselines.length > 0 && baselineTable(baselines)}
${sliceTables(slices)}
${artifacts.length > 0 && html`<p><small>Files: ${artifacts.map(({ path, kind }, i) => html`${i > 0 && ', '}<code>${path}</code> (${kind})`)}</small></p>`}
${
  notes.length > 0 &&
  html`<p>Notes:</p>
<ul>${notes.map((note) => html`<li>${note}</li>`)}</ul>`
}
</article>
`;
}

function metricsTable({ metrics }: Result): Markup {
  return html`<table><thead><tr><th scope="col">Metric</th><th scope="col">Value</th><th scope="col">95 % interval</th><th scope="col">Guessing</th><th scope="col">Interval by</th></tr></thead>
<tbody>${inReadingOrder(metrics).map(([name, metric]) => {
    const { value, interval } = formatMetric(name, metric);
    const chance = chanceOf(name);
    const guess = chance === undefined ? '–' : formatMetric(name, { ...metric, value: chance }).value;
    return html`<tr><td class="name" data-label="Metric">${metricLabel(name)}</td><td data-label="Value">${value}</td><td data-label="95 % interval">${interval}</td><td data-label="Guessing">${guess}</td><td data-label="Interval by"><small>${metric.method}</small></td></tr>
`;
  })}</tbody></table>`;
}

/** The headline metrics as the key figures have them, then the other tails from coarse to fine, then the rest by name. */
function inReadingOrder(metrics: Result['metrics']): [string, Metric][] {
  const place = (name: string) => {
    if (KEY_METRICS.includes(name)) return KEY_METRICS.indexOf(name);
    return KEY_METRICS.length + 1 - (tailRate(name) ?? 0);
  };
  return Object.entries(metrics).sort(([a], [b]) => place(a) - place(b) || (a < b ? -1 : 1));
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
