/** A figure on the page: what it says, its drawings, its numbers, and what was published. */

import { asSentence } from '../../report/format.ts';
import { html, type Markup } from '../../report/html/markup.ts';
import { scrolling } from '../../report/html/numbers-table.ts';
import type { Agreement, Cell } from '../figure.ts';
import { type CellText, cellText, comparisonText, NOTHING } from './cell-text.ts';
import { type ComparisonEntry, comparisonCaption } from './comparison-table.ts';
import type { DrawnChart } from './draw-charts.ts';
import type { FigureEntry, TableEntry } from './figures-schema.ts';
import { slugOf } from './file-names.ts';

export function figureSection(figure: FigureEntry, drawn: ReadonlyMap<string, DrawnChart>): Markup {
  const { name, title, finding, charts, tables, notes, holes } = figure;
  return html`<section>
<h2 id="${slugOf(name)}">${title}</h2>
<p><strong>${finding}</strong></p>
${charts.map(
  ({ files, description }) => html`<figure>${drawn.get(files.svg)?.inline}
<figcaption>${description !== finding && `${asSentence(description)} `}${fileLinks({ 'vega-lite': files.spec, SVG: files.svg })}</figcaption></figure>
`,
)}${tables.map(tableMarkup)}${comparisonMarkup(figure)}${
  notes.length > 0 && html`<ul>${notes.map((note) => html`<li>${note}</li>`)}</ul>`
}${
  holes.length > 0 &&
  html`<section class="warning"><h3>What is missing</h3>
<ul>${holes.map(holeItem)}</ul></section>`
}
</section>
`;
}

export function holeItem({ what, code, message, hint }: FigureEntry['holes'][number]): Markup {
  return html`<li><strong>${what}</strong> (<code>${code}</code>): ${asSentence(message)} ${hint}</li>`;
}

/** A sign, a colour and the word: any of them will do. */
export function agreementMark(agreement: Agreement): Markup {
  return html`<span class="agreement a-${agreement.replace(' ', '-')}"><b aria-hidden="true">${SIGN[agreement]}</b>${agreement}</span>`;
}

const SIGN: Readonly<Record<Agreement, string>> = { reproduced: '✓', differs: '≠', 'not comparable': '○' };

function tableMarkup({ caption, columns, rows, files }: TableEntry): Markup {
  const cells = (row: Readonly<Record<string, Cell>>) =>
    columns.map(({ key, digits }, i) => {
      const cell = cellMarkup(cellText(row[key], digits));
      return i === 0 ? html`<th scope="row">${cell}</th>` : html`<td>${cell}</td>`;
    });
  return html`${scrolling(
    caption,
    html`<table class="plain"><caption>${caption}</caption><thead><tr>${columns.map(
      ({ label }) => html`<th scope="col">${label}</th>`,
    )}</tr></thead>
<tbody>${rows.map(
      (row) => html`<tr>${cells(row)}</tr>
`,
    )}</tbody></table>`,
  )}
${tableLinks(files)}
`;
}

function comparisonMarkup(figure: FigureEntry): Markup {
  const { comparisons, comparisonFiles } = figure;
  if (comparisonFiles === undefined) return html``;
  const caption = comparisonCaption(figure);
  return html`${scrolling(
    caption,
    html`<table class="plain comparisons"><caption>${caption}</caption><thead><tr><th scope="col">Figure</th><th scope="col">Published</th><th scope="col">Ours</th><th scope="col">Agreement</th><th scope="col">Why</th></tr></thead>
<tbody>${comparisons.map(comparisonRow)}</tbody></table>`,
  )}
${tableLinks(comparisonFiles)}
`;
}

function comparisonRow({ what, published, ours, agreement, reason }: ComparisonEntry): Markup {
  const texts = comparisonText(published, ours);
  return html`<tr><th scope="row">${what}</th><td>${cellMarkup(texts.published)}<small class="where">${published.where}</small></td><td>${cellMarkup(texts.ours)}</td><td>${agreementMark(agreement)}</td><td>${reason}</td></tr>
`;
}

function cellMarkup({ value, interval }: CellText): Markup {
  if (value === NOTHING) return html`<span class="soft">${NOTHING}</span>`;
  return html`${value}${interval !== undefined && html`<span class="interval">${interval}</span>`}`;
}

const tableLinks = ({ csv, md, tex }: TableEntry['files']): Markup =>
  html`<p>${fileLinks({ CSV: csv, Markdown: md, LaTeX: tex })}</p>`;

/** Paths are made of letters, digits, dots and dashes: they need no escape in an address. */
function fileLinks(files: Readonly<Record<string, string>>): Markup {
  return html`<span class="files">${Object.entries(files).map(([label, path]) => html`<a href="${path}">${label}</a> `)}</span>`;
}
