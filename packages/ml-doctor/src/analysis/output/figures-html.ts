/** `figures.html`: one offline page with every figure beside what was published. */

import { plural } from '../../report/format.ts';
import { htmlDocument } from '../../report/html/document.ts';
import { html, type Markup, verbatim } from '../../report/html/markup.ts';
import { REPORT_STYLE } from '../../report/html/report-style.ts';
import { countsOf, countsText } from './comparison-table.ts';
import type { DrawnChart } from './draw-charts.ts';
import { agreementMark, figureSection, holeItem } from './figure-section.ts';
import type { FigureEntry, FiguresReport } from './figures-schema.ts';
import { FIGURES_STYLE } from './figures-style.ts';
import { slugOf } from './file-names.ts';

/** @param drawn by the path of the SVG */
export function renderFiguresHtml(report: FiguresReport, drawn: ReadonlyMap<string, DrawnChart>): string {
  const { title, tool, figures, refused } = report;
  const body = html`<p class="eyebrow">Figures over many models</p>
<h1>${title}</h1>
${foundSection(report)}
<nav aria-label="On this page"><ul>${refused.length > 0 && html`<li><a href="#refused">What cannot be shown</a></li>`}<li><a href="#reading">How to read this</a></li><li><a href="#again">Get the same again</a></li></ul></nav>
${figures.map((figure) => figureSection(figure, drawn))}
${
  refused.length > 0 &&
  html`<h2 id="refused">What cannot be shown</h2>
<p>The studies lack what these figures are made of.</p>
<ul>${refused.map((hole) => holeItem({ ...hole, what: `${hole.title} (${hole.what})` }))}</ul>
`
}${READING}
${againSection(report)}
<footer>${tool.name} ${tool.version}. The same for programs: figures.json (${report.schema}); for repositories: figures.md. Links to single files work only where <code>figures/</code> lies beside this page.</footer>`;
  return htmlDocument({ title, tool, body, style: `${REPORT_STYLE}${FIGURES_STYLE}` });
}

function foundSection({ figures, refused }: FiguresReport): Markup {
  const counts = countsText(countsOf(figures.flatMap(({ comparisons }) => comparisons)));
  const holes = figures.reduce((sum, figure) => sum + figure.holes.length, 0);
  return html`<p>${plural(figures.length, 'figure')}${refused.length > 0 && html`; <a href="#refused">${refused.length} more cannot be shown</a>`}. ${
    counts !== undefined && html`Of the published figures: <strong>${counts}</strong>. `
  }${holes > 0 && html`${plural(holes, 'gap')}, named below ${holes === 1 ? 'its figure' : 'their figures'}.`}</p>
<ul class="found">${figures.map(
    (figure) => html`<li><p class="name"><a href="#${slugOf(figure.name)}">${figure.title}</a></p>
<p>${figure.finding}</p>${agreementLine(figure)}</li>
`,
  )}</ul>`;
}

function agreementLine({ comparisons }: FigureEntry): Markup {
  if (comparisons.length === 0) return html``;
  const counts = countsOf(comparisons);
  const kinds = (['reproduced', 'differs', 'not comparable'] as const).filter((kind) => counts[kind] > 0);
  return html`
<p><small>Published figures: ${kinds.map((kind, i) => html`${i > 0 && ', '}${counts[kind]} ${agreementMark(kind)}`)}</small></p>`;
}

const READING = html`<h2 id="reading">How to read this</h2>
<ul><li><strong>A point or bar</strong> is one target: a model on a data set, over all its seeds. The strokes and bands are 95 % intervals unless a note says otherwise.</li>
<li><strong>Published figures</strong> stand with how exactly they are known: their own spread, or how far a reading from a picture may be off.</li>
<li>${agreementMark('reproduced')} and ${agreementMark('differs')} follow from the two ranges by one rule; the reason stands beside each. ${agreementMark('not comparable')}: other data, models or trainings than those of the paper, so that neither could be said.</li>
<li><strong>Targets are few.</strong> Intervals of correlations are wide, and targets that share a data set or an architecture are not independent. A relation between figures does not say what causes it.</li></ul>`;

function againSection({ command, sources }: FiguresReport): Markup {
  return html`<h2 id="again">Get the same again</h2>
<pre><code>${verbatim(command)}</code></pre>
${
  sources.length > 0 &&
  html`<p>The numbers come from ${sources.length === 1 ? 'this study' : 'these studies'}:</p>
<dl>${sources.map(
    ({ name, seeds, version, command }) =>
      html`<dt>${name}</dt><dd><code>${verbatim(command)}</code><br><small>${seeds.length === 1 ? 'seed' : 'seeds'} ${seeds.join(', ')}; version ${version}</small></dd>
`,
  )}</dl>`
}`;
}
