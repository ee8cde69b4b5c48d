/** The table of a study on its page: data sets fold, models follow each other, defences stand below undefended. */

import { byTable, type Table } from '../family.ts';
import { formatMetric, holdsAudited, metricLabel, plural, STRONGER_ATTACKER } from '../format.ts';
import { levelBadge } from '../html/level-badge.ts';
import { html, type Markup } from '../html/markup.ts';
import { FINDING_NAME, findingName } from '../verdict/overall.ts';
import { REPEATED } from './repeats.ts';
import {
  accuracyText,
  changeText,
  figureLabel,
  metricText,
  type SpreadText,
  spreadOfMetric,
  tellsAttribute,
} from './study-format.ts';
import type { StudyAudit, StudyRepeat, StudyReport } from './study-schema.ts';
import {
  ERROR_METRICS,
  STUDY_METRICS,
  type StudyGroup,
  type StudyRow,
  studyTable,
  worstLevel,
} from './study-table.ts';

/** With more rows than this, only what is asked for unfolds. */
const OPEN_ROWS = 60;
/** Likewise of the figures over seeds of one model. */
const OPEN_REPEATS = 12;

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
  return html`<h3>${model}</h3>
${byTable(rows, ({ table }) => table).map(({ table, items }) => findingsTable(table, items))}
${
  silent.length > 0 &&
  html`<p>No attack finished: ${silent.map(
    ({ defense, audit }, i) =>
      html`${i > 0 && '; '}defence ${defense}, ${auditLink(audit, `seed ${audit.seed}`)}`,
  )}.</p>`
}`;
}

function findingsTable(table: Table, rows: readonly StudyRow[]): Markup {
  const attacks = [...new Set(rows.map(({ attack }) => attack))];
  return html`<table${TABLE_CLASS[table] !== undefined && html` class="${TABLE_CLASS[table]}"`}><thead><tr><th scope="col">Defence</th><th scope="col">Test accuracy</th>${TITLES[table].map((title) => html`<th scope="col">${title}</th>`)}<th scope="col">Worst finding</th><th scope="col">Seeds</th></tr></thead>
${attacks.map(
  (
    attack,
  ) => html`<tbody><tr class="attack"><th colspan="${TITLES[table].length + OTHER_COLUMNS}" scope="rowgroup">${attack}${guesses(rows, attack)}${
    rows.some((row) => row.attack === attack && holdsAudited(row.references)) &&
    html` <small>trains models ${STRONGER_ATTACKER}</small>`
  }</th></tr>
${rows.filter((row) => row.attack === attack).map(tableRow)}</tbody>
`,
)}</table>
${[false, true].map((error) => overSeeds(rows.filter(({ figures }) => (figures === ERROR_METRICS) === error)))}`;
}

/** Mean, interval and spread of every headline metric, folded away; nothing where nothing was repeated. */
function overSeeds(rows: readonly StudyRow[]): Markup {
  const repeated = rows.flatMap((row) => (row.repeat === undefined ? [] : { ...row, repeat: row.repeat }));
  if (repeated.length === 0) return html``;
  const names = REPEATED.filter((name) => repeated.some(({ repeat }) => repeat.metrics[name] !== undefined));
  return html`<details class="repeats"${repeated.length <= OPEN_REPEATS && html` open`}><summary>Over seeds: mean, 95 % interval, spread</summary>
<table><thead><tr><th scope="col">Attack, defence</th>${names.map((name) => html`<th scope="col">${figureLabel(name, true)}</th>`)}<th scope="col">Seeds</th></tr></thead>
<tbody>${repeated.map(
    ({ attack, defense, repeat }) =>
      html`<tr><th scope="row" class="name">${attack} <small>${defense}</small></th>${names.map(
        (name) =>
          html`<td data-label="${figureLabel(name, true)}">${repeatCell(name, repeat.metrics[name])}</td>`,
      )}<td data-label="Seeds">${repeat.seeds.join(', ')}</td></tr>
`,
  )}</tbody></table></details>`;
}

function repeatCell(name: string, found: StudyRepeat['metrics'][string] | undefined): Markup {
  if (found === undefined) return html`not measured`;
  const { value, interval } = formatMetric(name, found.mean);
  return html`${value}<span class="interval">${interval}</span><span class="interval">spread ${spreadOfMetric(name, found.spread)}</span>`;
}

/** Of tables with more columns than two figures. */
const TABLE_CLASS: Readonly<Partial<Record<Table, string>>> = { attribute: 'wide', stealing: 'wider' };

/** Defence, accuracy, finding, seeds. */
const OTHER_COLUMNS = 4;

const TITLES: Readonly<Record<Table, readonly string[]>> = {
  membership: STUDY_METRICS.membership.map(metricLabel),
  audit: ['Epsilon of the training, 95 % lower bound'],
  inversion: STUDY_METRICS.inversion.map(metricLabel),
  attribute: ['Guessed right', 'Gain over no model', 'Members beyond others'],
  stealing: ['Agreement', 'Accuracy of the copy', 'KL divergence', 'Queries'],
};

/** What an attribute attack guesses; nothing of others. */
function guesses(rows: readonly StudyRow[], attack: string): Markup {
  const found = rows.find((row) => row.attack === attack)?.attribute;
  return html`${found !== undefined && !tellsAttribute(attack, found) && html` <small>guesses ${found}</small>`}`;
}

function tableRow(row: StudyRow): Markup {
  const { table, figures, defense, testAccuracy, metrics, change, audits, planned } = row;
  const changed = changeText(change);
  return html`<tr><th scope="row" class="name" data-label="Defence">${defense}</th><td data-label="Test accuracy">${figure(accuracyText(testAccuracy), changed.testAccuracy)}</td>${figures.map(
    (name, i) =>
      html`<td data-label="${TITLES[table][i]}">${name === 'meanAbsoluteError' && 'off by '}${figure(metricText(name, metrics[name]), Object.hasOwn(changed, name) ? changed[name as keyof typeof changed] : undefined)}</td>`,
  )}<td data-label="Worst finding">${finding(row)}</td><td class="seeds" data-label="Seeds">${audits.map((audit) => auditLink(audit, String(audit.seed)))}${
    audits.length < planned && html`<span class="interval">${audits.length} of ${planned}</span>`
  }${change?.sameSeeds === false && html`<span class="interval">not those of none</span>`}</td></tr>
`;
}

function finding({ level, reason, finding: whose }: StudyRow): Markup {
  return html`${levelBadge(level, findingName({ level, reason }))}${whose !== undefined && html`<span class="interval">${FINDING_NAME[whose]}</span>`}`;
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
