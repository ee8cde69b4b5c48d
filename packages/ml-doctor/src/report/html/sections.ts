/** The rest of the page: verdict, model and data, gaps, what to do, how to get it again. */

import { asSentence, grouped, percentWithInterval, plural } from '../format.ts';
import { defenseOf, defenseText } from '../identity.ts';
import { attackLabels } from '../labels.ts';
import type { Run } from '../run-record.ts';
import type { Metric, Report } from '../schema.ts';
import { generalisationGap, headlineOf, nextSteps, worstResult } from '../verdict/overall.ts';
import { describeWork } from '../work.ts';
import { configBlock } from './config-block.ts';
import { findingBadge } from './level-badge.ts';
import { html, type Markup } from './markup.ts';

/** A gap of accuracy above this is worth a remark: it is what membership attacks live on. */
const REMARKABLE_GAP = 0.05;

export function verdictSection(report: Report): Markup {
  const worst = worstResult(report);
  if (worst === undefined) {
    return html`<section class="verdict l-inconclusive"><h2>No attack finished</h2><p>Nothing is known about this model.</p></section>`;
  }
  const { level, sentence } = worst.verdict;
  const others = report.results.length - 1;
  const label = attackLabels(report.results)(worst);
  return html`<section class="verdict l-${level}">
${findingBadge(worst.verdict)}
<h2>${headlineOf(worst)}</h2>
<p>${sentence}</p>
<p><small>Worst finding, from <code>${label}</code>${others > 0 && `; ${plural(others, 'other attack')} below`}.</small></p>
</section>`;
}

/** What deceives, above all figures. */
export function warningsSection({ target: { warnings = [] } }: Report): Markup {
  if (warnings.length === 0) return html``;
  return html`<section class="warning"><h2>Warning</h2>
${warnings.map((warning) => html`<p>${asSentence(warning)}</p>`)}</section>`;
}

export function holesSection({ holes }: Report): Markup {
  if (holes.length === 0) return html``;
  return html`<section class="warning"><h2>What is missing</h2>
<p>Some work failed, so this report is incomplete.</p>
<ul>${holes.map(
    (hole) =>
      html`<li><code>${hole.task}</code> failed (<code>${hole.code}</code>): ${asSentence(hole.message)} ${hole.hint}${
        hole.blocked.length > 0 && html` Not run because of it: ${hole.blocked.join(', ')}.`
      }</li>`,
  )}</ul></section>`;
}

export function targetSection(report: Report): Markup {
  const { target, data } = report;
  const gap = generalisationGap(report);
  const defense = defenseOf(report);
  return html`<h2>The model and its data</h2>
<dl>
<dt>Model</dt><dd>${target.name}, ${target.task} into ${target.classes} classes${target.parameters !== null && `, ${grouped(target.parameters)} parameters`}</dd>
${
  defense.name !== 'none' &&
  html`<dt>Defence</dt><dd>${defenseText(defense)}</dd>
`
}<dt>Training accuracy</dt><dd>${accuracy(target.trainAccuracy)}</dd>
<dt>Test accuracy</dt><dd>${accuracy(target.testAccuracy)}</dd>
<dt>Data</dt><dd>${data.id}, ${data.source}</dd>
<dt>Licence</dt><dd>${data.licence}</dd>
<dt>Split</dt><dd>${Object.entries(data.splits).map(([role, count], i) => `${i > 0 ? ', ' : ''}${role} ${grouped(count)}`)}</dd>
<dt>Content</dt><dd><small>sha256 <code>${data.contentHash}</code></small></dd>
</dl>
${
  gap !== undefined &&
  gap > REMARKABLE_GAP &&
  html`<p>The model is ${(gap * 100).toFixed(1)} percentage points more accurate on its training data than on new data. Such over-fitting is what membership attacks feed on.</p>`
}${
  target.notes !== undefined &&
  html`
<p>Of its training: ${target.notes.map((note, i) => html`${i > 0 && ' '}${note}`)}</p>`
}`;
}

function accuracy(metric: Metric | null): string {
  return metric === null ? 'unknown (no labels)' : percentWithInterval(metric);
}

export function nextStepsSection(report: Report): Markup {
  const steps = nextSteps(report);
  if (steps.length === 0) return html``;
  return html`<h2>What to do next</h2>
<ol>${steps.map((step) => html`<li>${step}</li>`)}</ol>`;
}

export function handlingSection(report: Report): Markup {
  const exposing = report.results.flatMap(({ artifacts }) =>
    artifacts.filter((a) => a.containsTrainingRecords),
  );
  const paths = html`${exposing.map(({ path }, i) => html`${i > 0 && ', '}<code>${path}</code>`)}`;
  return html`<h2>Handle with care</h2>
<p>The folder of this report, above all <code>artifacts/</code> and the store, may contain training records or models that reveal them. Its files are readable by their owner only${showsRecords(report) ? '.' : '; pass on this page rather than the folder.'}</p>
${
  showsRecords(report) &&
  html`<p><strong>This page itself shows training records</strong>: the nearest members in its galleries. So does report.json. Pass them on only to people who may see those records.</p>
`
}${exposing.length > 0 && html`<details><summary>${plural(exposing.length, 'file')} about single training records</summary><p>${paths}</p></details>`}`;
}

function showsRecords({ results }: Report): boolean {
  return results.some(({ gallery = [] }) => gallery.some(({ nearestMember }) => nearestMember !== null));
}

export function reproductionSection(report: Report, run: Run | undefined): Markup {
  const { tool, command, config, seed } = report;
  return html`<h2>Get the same report again</h2>
${configBlock({ command, config, rerun: 'ml-doctor audit FILE' })}
<p>${tool.name} ${tool.version}, seed ${seed}${run !== undefined && describeRun(run)}. ${EQUAL_NUMBERS}</p>`;
}

export const EQUAL_NUMBERS = 'On the same type of processor the numbers come out equal.';

/** Where, when and how long; to follow the version of the program. */
export function describeRun(run: Run): string {
  const { node, onnxruntime, host, startedAt } = run;
  const started = startedAt.slice(0, 16).replace('T', ' ');
  return `, Node ${node.replace(/^v/, '')}, onnxruntime ${onnxruntime} on ${host.cpu} (${plural(host.cores, 'core')}). Run ${started} UTC: ${describeWork(run)}`;
}
