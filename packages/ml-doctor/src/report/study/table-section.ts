/** The table of a study on its page: data sets fold, models follow each other, defences stand below undefended. */

import { metricLabel, plural } from '../format.ts';
import { html, type Markup } from '../html/markup.ts';
import { levelBadge } from '../html/results-section.ts';
import { accuracyText, changeText, metricText, type SpreadText } from './study-format.ts';
import type { StudyAudit, StudyReport } from './study-schema.ts';
import { STUDY_METRICS, type StudyGroup, type StudyRow, studyTable, worstLevel } from './study-table.ts';

/** With more rows than this, only what is asked for unfolds. */
const OPEN_ROWS = 60;

export function tableSection(study: StudyReport): Markup {
  const groups = studyTable(study);
  if (groups.length === 0) return html``;
  const data = [...new Set(groups.map((group) => group.data))];
  const rows = groups.reduce((count, group) => count + group.rows.length, 0);
  const open = data.length === 1 || rows <= OPEN_ROWS;
  return html`<h2>Findings</h2>
<p><small>Means over seeds; second lines: smallest and largest. “vs none”: mean with the defence less mean without.</small></p>
${data.map((name) =>
  dataSection(
    name,
    groups.filter((group) => group.data === name),
    open,
  ),
)}`;
}

function dataSection(data: string, groups: readonly StudyGroup[], open: boolean): Markup {
  const rows = groups.flatMap((group) => group.rows);
  const worst = worstLevel(rows.map(({ level }) => level));
  return html`<details class="data"${open && html` open`}><summary><strong>${data}</strong> ${worst !== undefined && levelBadge(worst)} <small>${plural(groups.length, 'model')}, ${plural(rows.length, 'row')}</small></summary>
${groups.map(modelSection)}</details>
`;
}

function modelSection({ model, rows, silent }: StudyGroup): Markup {
  const attacks = [...new Set(rows.map(({ attack }) => attack))];
  return html`<h3>${model}</h3>
${
  rows.length > 0 &&
  html`<table><thead><tr><th scope="col">Defence</th><th scope="col">Test accuracy</th>${STUDY_METRICS.map((name) => html`<th scope="col">${metricLabel(name)}</th>`)}<th scope="col">Worst finding</th><th scope="col">Seeds</th></tr></thead>
${attacks.map(
  (attack) => html`<tbody><tr class="attack"><th colspan="${COLUMNS}" scope="rowgroup">${attack}</th></tr>
${rows.filter((row) => row.attack === attack).map(tableRow)}</tbody>
`,
)}</table>`
}
${
  silent.length > 0 &&
  html`<p>No attack finished: ${silent.map(
    ({ defense, audit }, i) =>
      html`${i > 0 && '; '}defence ${defense}, ${auditLink(audit, `seed ${audit.seed}`)}`,
  )}.</p>`
}`;
}

const COLUMNS = STUDY_METRICS.length + 4;

function tableRow({ defense, testAccuracy, metrics, level, change, audits, planned }: StudyRow): Markup {
  const changed = changeText(change);
  return html`<tr><td class="name" data-label="Defence">${defense}</td><td data-label="Test accuracy">${figure(accuracyText(testAccuracy), changed.testAccuracy)}</td>${STUDY_METRICS.map(
    (name) =>
      html`<td data-label="${metricLabel(name)}">${figure(metricText(name, metrics[name]), name === 'auc' ? changed.auc : undefined)}</td>`,
  )}<td data-label="Worst finding">${levelBadge(level)}</td><td class="seeds" data-label="Seeds">${audits.map((audit) => auditLink(audit, String(audit.seed)))}${
    audits.length < planned && html`<span class="interval">${audits.length} of ${planned}</span>`
  }${change?.sameSeeds === false && html`<span class="interval">not those of none</span>`}</td></tr>
`;
}

function figure(text: SpreadText | undefined, change: string | undefined): Markup {
  if (text === undefined) return html`unknown`;
  return html`${text.mean}${text.range !== undefined && html`<span class="interval">${text.range}</span>`}${
    change !== undefined && html`<span class="change">${change} vs none</span>`
  }`;
}

/** To the audit's own report. Ids consist of letters, digits, dots, dashes and underscores, so they are safe in a path. */
export function auditLink({ id }: StudyAudit, text: string): Markup {
  return html`<a href="audits/${encodeURIComponent(id)}/report.html">${text}</a>`;
}
