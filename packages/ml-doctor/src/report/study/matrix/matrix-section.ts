/** The matrix on the page of a study: a heat map whose every cell also says in words and signs what its colour means. */

import { html, type Markup } from '../../html/markup.ts';
import type { Run } from '../../run-record.ts';
import type { StudyReport } from '../study-schema.ts';
import type { Effect } from './effect.ts';
import { type Figure, type Matrix, type MatrixColumn, type Missing, matricesOf } from './matrix.ts';
import {
  ALARM_TEXT,
  askedText,
  changeMethods,
  claimText,
  columnNote,
  figureText,
  hasClaims,
  MISSING_TEXT,
  matrixTitle,
  rowLabel,
  seedsNote,
  trainingText,
} from './matrix-format.ts';

/** More matrices than this fold. */
const OPEN_MATRICES = 6;

/** Nothing of a study without two defences. */
export function matrixSection(study: StudyReport, run: Run | undefined): Markup {
  const matrices = matricesOf(study, run);
  if (matrices.length === 0) return html``;
  const open = matrices.length <= OPEN_MATRICES;
  const note = seedsNote(matrices);
  return html`<h2>What each defence buys and costs</h2>
<p><small>Each cell: the figure with its 95 % interval, then what the defence changed of it, with the interval of the change, and what that means; arrows say whether the figure fell (▼) or rose (▲). Figures are means over seeds where there are several.${note !== undefined && ` ${note}`}</small></p>
${legend()}
${matrices.map((matrix) => matrixTable(matrix, open))}
${methods(matrices)}`;
}

function legend(): Markup {
  const entries: readonly (readonly [string, string])[] = [
    ['better s-1', 'protects: less than a third of the attack’s edge over guessing is gone'],
    ['better s-2', 'protects: a third or more, or guessing has no figure'],
    ['better s-3', 'protects: two thirds or more'],
    ['undecided', '≈ may be chance: the interval of the change holds 0, or is open'],
    ['same', '= not touched by this defence: the same model and the same answers'],
    ['worse s-2', 'exposes more; of test accuracy, less accurate'],
  ];
  return html`<ul class="key">${entries.map(
    ([style, text]) => html`<li><span class="swatch m-${style}"></span>${text}</li>`,
  )}</ul>`;
}

function matrixTable(matrix: Matrix, open: boolean): Markup {
  const { columns, rows } = matrix;
  const timed = columns.some(({ training }) => training !== undefined);
  const title = matrixTitle(matrix);
  return html`<details class="matrix"${open && html` open`}><summary><strong>${title}</strong></summary>
<div class="scroll" role="region" tabindex="0" aria-label="Matrix of ${title}">
<table><thead><tr><th scope="col">Attack</th>${columns.map(heading)}</tr></thead>
<tbody>${rows.map(
    (row) =>
      html`<tr><th scope="row">${row.label}<span class="interval">${rowLabel(row)}</span><span class="interval">${askedText(row)}</span></th>${row.cells.map(
        (figure, i) => cell(row.metric, figure, columns[i]!),
      )}</tr>
`,
  )}</tbody>
<tbody class="costs">${
    hasClaims(matrix) &&
    html`<tr><th scope="row">Claimed ε<span class="interval">of the training, at most</span></th>${columns.map(
      claimCell,
    )}</tr>
`
  }<tr><th scope="row">Test accuracy<span class="interval">of the model itself</span></th>${columns.map(
    (column) => cell('testAccuracy', column.testAccuracy, column),
  )}</tr>
${
  timed &&
  html`<tr><th scope="row">Training time<span class="interval">as measured, undefended 1 ×</span></th>${columns.map(
    (column) => html`<td data-label="${column.label}">${trainingText(column) ?? 'unknown'}</td>`,
  )}</tr>
`
}</tbody></table></div></details>
`;
}

function heading(column: MatrixColumn): Markup {
  const note = columnNote(column);
  const { length } = column.seeds;
  return html`<th scope="col">${column.label}${note !== undefined && html`<span class="interval">${note}</span>`}${
    length > 1 && html`<span class="interval">${length} seeds</span>`
  }</th>`;
}

function claimCell(column: MatrixColumn): Markup {
  const alarm = column.claim?.alarm === true;
  return html`<td${alarm && html` class="m-alarm"`} data-label="${column.label}">${claimText(column)}${
    alarm && html`<span class="effect">${ALARM_TEXT}</span>`
  }</td>`;
}

function cell(name: string, figure: Figure | Missing, column: MatrixColumn): Markup {
  if (typeof figure === 'string')
    return html`<td class="m-missing" data-label="${column.label}">${MISSING_TEXT[figure]}</td>`;
  const { value, interval, change, effect, seeds } = figureText(name, figure, column);
  return html`<td${figure.effect && html` class="${styleOf(figure.effect)}"`} data-label="${column.label}"><strong>${value}</strong><span class="interval">${interval}</span>${
    change !== undefined &&
    html`<span class="change">${change.value}</span><span class="interval">${change.interval}</span>`
  }${effect !== undefined && html`<span class="effect">${effect}</span>`}${
    seeds !== undefined && html`<span class="interval">${seeds}</span>`
  }</td>`;
}

function styleOf({ verdict, strength }: Effect): string {
  return verdict === 'undecided' || verdict === 'same' ? `m-${verdict}` : `m-${verdict} s-${strength}`;
}

function methods(matrices: readonly Matrix[]): Markup {
  const found = changeMethods(matrices);
  const timed = matrices.some(({ columns }) => columns.some(({ training }) => training !== undefined));
  if (found.length === 0) return html``;
  return html`<details class="methods"><summary>How the intervals of changes are made</summary>
<ul>${found.map((method) => html`<li>${method}</li>`)}</ul>
<p>Where two figures are of the same records, square-and-add is too wide rather than too narrow. A single seed’s interval is for other records and the same two models; over seeds it is for other trainings, too. Many cells are looked at here: of those without any effect, one in twenty shows one by chance.</p>
${timed && html`<p>Training times are those of the machine as it was, other work beside them, with all that the model learnt from.</p>`}</details>
`;
}
