/** The attacks on the page: one table of key figures, then one card for each attack with everything known about it. */

import { chanceOf, describeThreatModel, formatMetric, grouped, metricLabel } from '../format.ts';
import { settings } from '../identity.ts';
import type { Level, Metric, Result } from '../schema.ts';
import { LEVELS } from '../schema.ts';
import { LEVEL_NAME } from '../verdict/overall.ts';
import { levelRank } from '../verdict/verdict.ts';
import { intervalStrip } from './interval-strip.ts';
import { html, type Markup } from './markup.ts';

const KEY_METRICS = ['tprAtFpr0.01', 'auc', 'balancedAccuracy'];

/** Slices folded away behind a line to click when there are more than this. */
const OPEN_SLICES = 12;

/** Name of a level with as many filled squares as its rank, so that neither colour nor word is needed alone. */
export function levelBadge(level: Level): Markup {
  const squares = LEVELS.length - 1;
  return html`<span class="level l-${level}"><svg viewBox="0 0 ${squares * 14} 12" aria-hidden="true">${Array.from(
    { length: squares },
    (_, i) =>
      html`<rect class="${i < levelRank(level) ? 'on' : 'off'}" x="${i * 14 + 1}" y="1" width="10" height="10"/>`,
  )}</svg>${LEVEL_NAME[level]}</span>`;
}

/** One row per attack, the headline metrics that any of them has, with intervals. */
export function keyFigures(results: readonly Result[]): Markup {
  const names = KEY_METRICS.filter((name) => results.some(({ metrics }) => metrics[name] !== undefined));
  return html`<table>
<thead><tr><th scope="col">Attack</th>${names.map((name) => html`<th scope="col">${metricLabel(name)}</th>`)}<th scope="col">Finding</th></tr></thead>
<tbody>${results.map(
    (result) => html`<tr><td class="name" data-label="Attack">${attackName(result)}</td>${names.map(
      (name) => html`<td data-label="${metricLabel(name)}">${metricCell(name, result.metrics[name])}</td>`,
    )}<td data-label="Finding">${levelBadge(result.verdict.level)}</td></tr>
`,
  )}</tbody></table>
<p><small>Second lines: 95 % intervals. Dashed marks: guessing.</small></p>`;
}

function metricCell(name: string, metric: Metric | undefined): Markup {
  if (metric === undefined) return html`not measured`;
  const { value, interval } = formatMetric(name, metric);
  return html`${value}<span class="interval">${interval}</span>${intervalStrip(name, metric)}`;
}

function attackName({ attack, defense }: Result): Markup {
  return defense.name === 'none' ? html`${attack}` : html`${attack} <small>against ${defense.name}</small>`;
}

/** Everything the report knows about one attack. */
export function attackCard(result: Result): Markup {
  const { threatModel, params, defense, records, verdict, baselines, slices, artifacts, notes } = result;
  return html`<article>
<header><h3>${attackName(result)}</h3>${levelBadge(verdict.level)}</header>
<p>${verdict.sentence}</p>
<dl>
<dt>Threat model</dt><dd>${describeThreatModel(threatModel)}</dd>
<dt>Source</dt><dd>${result.source}</dd>
<dt>Defence</dt><dd>${defense.name === 'none' ? 'none' : html`${defense.name} (${settings(defense.params)})`}</dd>
<dt>Settings</dt><dd>${settings(params)}</dd>
<dt>Judged on</dt><dd>${grouped(records.members)} members and ${grouped(records.nonMembers)} non-members, ${grouped(result.queries)} records sent to the model</dd>
<dt>Identity</dt><dd><code>${result.id}</code>, seed ${result.seed}</dd>
</dl>
${metricsTable(result)}
${baselines.length > 0 && baselineTable(baselines)}
${slices.length > 0 && sliceTable(slices)}
${artifacts.length > 0 && html`<p><small>Files: ${artifacts.map(({ path }, i) => html`${i > 0 && ', '}<code>${path}</code>`)}</small></p>`}
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

/** The headline metrics as the key figures have them, then the others by name. */
function inReadingOrder(metrics: Result['metrics']): [string, Metric][] {
  const place = (name: string) =>
    KEY_METRICS.includes(name) ? KEY_METRICS.indexOf(name) : KEY_METRICS.length;
  return Object.entries(metrics).sort(([a], [b]) => place(a) - place(b) || (a < b ? -1 : 1));
}

function baselineTable(baselines: Result['baselines']): Markup {
  return html`<p>For comparison, what trivial attackers reach:</p>
<ul>${baselines.map(({ name, metrics }) => html`<li>${name}: ${metricList(metrics)}</li>`)}</ul>`;
}

function sliceTable(slices: Result['slices']): Markup {
  return html`<details${slices.length <= OPEN_SLICES && html` open`}><summary>By group of records (${slices.length})</summary>
<ul>${slices.map(
    ({ by, value, records, metrics }) =>
      html`<li>${by} ${value} (${grouped(records.members)} members, ${grouped(records.nonMembers)} non-members): ${metricList(metrics)}</li>`,
  )}</ul></details>`;
}

function metricList(metrics: Result['metrics']): Markup {
  return html`${Object.entries(metrics).map(([name, metric], i) => {
    const { value, interval } = formatMetric(name, metric);
    return html`${i > 0 && '; '}${metricLabel(name)} ${value} (${interval})`;
  })}`;
}
