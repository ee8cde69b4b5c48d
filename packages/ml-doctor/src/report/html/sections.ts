/** Parts of the page without figures: gaps and warnings, model and data, how to handle the report, how to get it again. */

import { asSentence, grouped, percentWithInterval, plural } from '../format.ts';
import { defenseOf, defenseText, isOwn, ownKind, splitOf } from '../identity.ts';
import { notRunByReason, RERUN_OWN, recordFacts } from '../own.ts';
import type { Run } from '../run-record.ts';
import type { Metric, Report, Result } from '../schema.ts';
import { generalisationGap } from '../verdict/overall.ts';
import { describeWork } from '../work.ts';
import { configBlock } from './config-block.ts';
import { html, type Markup } from './markup.ts';

/** A gap of accuracy above this is worth a remark: it is what membership attacks live on. */
const REMARKABLE_GAP = 0.05;

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

/** Where the records come from and how many of them were taken, to stand below the title; empty of models trained here. */
export function subjectSection(report: Report): Markup {
  if (!isOwn(report)) return html``;
  return html`<p class="soft">${asSentence(upperFirst(report.data.source))}</p>
`;
}

function upperFirst(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Of a model that was not trained here, what was taken for granted. */
export function assumedSection(report: Report): Markup | undefined {
  const { notes = [] } = report.target;
  if (!isOwn(report) || notes.length === 0) return undefined;
  return html`<ul>${notes.map((note) => html`<li>${note}</li>`)}</ul>`;
}

/** Attacks that nobody named and that were not run, folded away, by what stands in their way. */
export function notRunSection(report: Report): Markup | undefined {
  const reasons = notRunByReason(report);
  if (reasons.length === 0) return undefined;
  return html`<p>No attacks were named, so those were run that suit this model and take little time. The others:</p>
<details class="not-run"><summary>${plural(report.notRun?.length ?? 0, 'attack')} and why</summary>
<dl>${reasons.map(
    ({ why, attacks }) =>
      html`<dt>${attacks.map((attack, i) => html`${i > 0 && html`<br>`}<code>${attack}</code>`)}</dt><dd>${why}</dd>
`,
  )}</dl></details>`;
}

/** The model and its data, with what a reader must know of both. */
export function targetSection(report: Report): Markup {
  const { target, data } = report;
  const gap = generalisationGap(report);
  const defense = defenseOf(report);
  return html`<dl>
<dt>Model</dt><dd>${target.name}, ${target.task} into ${target.classes} classes${target.parameters !== null && `, ${grouped(target.parameters)} parameters`}</dd>
${
  defense.name !== 'none' &&
  html`<dt>Defence</dt><dd>${defenseText(defense)}</dd>
`
}${isOwn(report) ? ownFacts(report) : trainedFacts(report)}<dt>Content</dt><dd><small>sha256 <code>${data.contentHash}</code></small></dd>
</dl>
${
  gap !== undefined &&
  gap > REMARKABLE_GAP &&
  html`<p>The model is ${(gap * 100).toFixed(1)} percentage points more accurate on its training data than on new data. Such over-fitting is what membership attacks feed on.</p>`
}${
  target.notes !== undefined &&
  !isOwn(report) &&
  html`
<p>Of its training: ${target.notes.map((note, i) => html`${i > 0 && ' '}${note}`)}</p>`
}`;
}

function trainedFacts(report: Report): Markup {
  const { target, data } = report;
  const split = splitOf(report);
  return html`<dt>Training accuracy</dt><dd>${accuracy(target.trainAccuracy)}</dd>
<dt>Test accuracy</dt><dd>${accuracy(target.testAccuracy)}</dd>
<dt>Data</dt><dd>${data.id}, ${data.source}</dd>
<dt>Licence</dt><dd>${data.licence}</dd>
<dt>Split</dt><dd>${split !== undefined && `${split}: `}${Object.entries(data.splits).map(([role, count], i) => `${i > 0 ? ', ' : ''}${role} ${grouped(count)}`)}</dd>
`;
}

function ownFacts(report: Report): Markup {
  return html`${recordFacts(report).map(
    ([label, text]) => html`<dt>${label}</dt><dd>${text}</dd>
`,
  )}`;
}

function accuracy(metric: Metric | null): string {
  return metric === null ? 'unknown (no labels)' : percentWithInterval(metric);
}

export function handlingSection(report: Report): Markup {
  const exposing = report.results.flatMap(({ artifacts }) =>
    artifacts.filter((a) => a.containsTrainingRecords),
  );
  const paths = html`${exposing.map(({ path }, i) => html`${i > 0 && ', '}<code>${path}</code>`)}`;
  return html`<p>The folder of this report, above all <code>artifacts/</code> and the store, may contain training records or models that reveal them. Its files are readable by their owner only${showsRecords(report) ? '.' : '; pass on this page rather than the folder.'}</p>
${
  showsRecords(report) &&
  html`<p><strong>This page itself shows training records</strong>: ${shownWhere(report)}. So does report.json. Pass them on only to people who may see those records.</p>
`
}${
  report.results.some(({ exposed = [] }) => exposed.length > 0) &&
  html`<p>The most exposed records are named by their numbers, which say of each that it was trained on. So does report.json.</p>
`
}${exposing.length > 0 && html`<details><summary>${plural(exposing.length, 'file')} about single training records</summary><p>${paths}</p></details>`}`;
}

function showsRecords({ results }: Report): boolean {
  return results.some((result) => inGallery(result) || inExposed(result));
}

function shownWhere({ results }: Report): string {
  return [
    ...(results.some(inGallery) ? ['the nearest members in its galleries'] : []),
    ...(results.some(inExposed) ? ['the most exposed records'] : []),
  ].join(' and ');
}

function inGallery({ gallery = [] }: Result): boolean {
  return gallery.some(({ nearestMember }) => nearestMember !== null);
}

function inExposed({ exposed = [] }: Result): boolean {
  return exposed.some(({ picture }) => picture !== undefined);
}

export function reproductionSection(report: Report, run: Run | undefined): Markup {
  const { tool, command, config, seed } = report;
  const block = isOwn(report)
    ? configBlock({ command, config, before: RERUN_OWN, again: ownPlaces(report) })
    : configBlock({ command, config, rerun: 'ml-doctor audit FILE' });
  return html`${block}
<p>${tool.name} ${tool.version}, seed ${seed}${run !== undefined && describeRun(run)}. ${EQUAL_NUMBERS}</p>
<dl>
${
  report.target.sha256 !== undefined &&
  html`<dt>Model file</dt><dd><small>sha256 <code>${report.target.sha256}</code></small></dd>
`
}<dt>Data</dt><dd><small>sha256 <code>${report.data.contentHash}</code></small></dd>
${report.results.flatMap(({ artifacts }) =>
  artifacts.map(
    ({ path, sha256 }) => html`<dt>${path}</dt><dd><small>sha256 <code>${sha256}</code></small></dd>
`,
  ),
)}</dl>`;
}

/** What a configuration leaves to the machine, by kind of model. */
function ownPlaces(report: Report): string {
  const kind = ownKind(report);
  const asked = kind === 'endpoint' || kind === 'service';
  return [
    ...(kind === 'function'
      ? ['The function itself is in no file: pass it to audit() with this configuration.']
      : []),
    ...(asked
      ? [
          'Credentials come from the environment. What was asked before is answered from the store, so the same report from another machine takes the store along or pays for its queries again.',
        ]
      : []),
    ...(kind === 'onnx' || asked
      ? ['Data sets named by name and range are looked for where --data-dir says.']
      : []),
  ].join(' ');
}

export const EQUAL_NUMBERS = 'On the same type of processor the numbers come out equal.';

/** Where, when and how long; to follow the version of the program. */
export function describeRun(run: Run): string {
  const { node, onnxruntime, host, startedAt } = run;
  const started = startedAt.slice(0, 16).replace('T', ' ');
  return `, Node ${node.replace(/^v/, '')}, onnxruntime ${onnxruntime} on ${host.cpu} (${plural(host.cores, 'core')}). Run ${started} UTC: ${describeWork(run)}`;
}
