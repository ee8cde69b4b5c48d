/** `report.html`: one page that opens offline, runs no script, asks for nothing, and reads from the verdict down. */

import { familiesOf, questionOf } from '../family.ts';
import { reportTitle, subjectOf } from '../identity.ts';
import type { Run } from '../run-record.ts';
import type { Report } from '../schema.ts';
import { bySeverity } from '../verdict/overall.ts';
import { ATTRIBUTE_STYLE } from './attribute-figures.ts';
import { BASELINE_STYLE } from './baseline-columns.ts';
import { budgetSection } from './budget-section.ts';
import { htmlDocument } from './document.ts';
import { INVERSION_STYLE } from './inversion-style.ts';
import { keyFigures } from './key-figures.ts';
import { html } from './markup.ts';
import { privacySection } from './privacy-section.ts';
import { readingSection } from './reading-section.ts';
import { attackCards } from './results-section.ts';
import { curvesOf, rocFigure } from './roc-figure.ts';
import {
  handlingSection,
  holesSection,
  nextStepsSection,
  reproductionSection,
  targetSection,
  verdictSection,
  warningsSection,
} from './sections.ts';
import { STEALING_STYLE } from './stealing-figures.ts';

/** Renders the page as a whole document. With `run` it tells when and where; without, it depends on the report alone. */
export function renderHtml(report: Report, run?: Run): string {
  const title = reportTitle(report);
  const results = bySeverity(report.results);
  const families = familiesOf(results);
  const { classes } = report.target;
  const curves = curvesOf(results);
  const body = html`<p class="eyebrow">Privacy audit${run !== undefined && ` of ${run.startedAt.slice(0, 10)}`}</p>
<h1>${title}</h1>
${
  report.name !== undefined &&
  html`<p>${subjectOf(report)}</p>
`
}<p class="soft">${questionOf(families)}</p>
${verdictSection(report)}
${warningsSection(report)}
${holesSection(report)}
${results.length > 0 && html`<h2>Key figures</h2>${keyFigures(results, classes)}`}
${nextStepsSection(report)}
${targetSection(report)}
${privacySection(report)}
${
  curves.length > 0 &&
  html`<h2>How many are named, at what price</h2>
<p>Each curve shows the share of training records an attack names (upwards) for each share of outsiders, people whose records were not used, it falsely accuses (to the right). Above the dotted line is better than guessing. The left side matters most: there the attacker accuses hardly anybody wrongly, so being named means being exposed.</p>
${rocFigure(curves)}`
}
${budgetSection(results)}
${results.length > 0 && html`<h2>The attacks</h2>${attackCards(results, classes)}`}
${readingSection(families)}
${handlingSection(report)}
${reproductionSection(report, run)}
<footer>${report.tool.name} ${report.tool.version}. The same findings for programs: report.json (${report.schema}).</footer>`;
  const style = [
    ...(families.some((family) => family !== 'membership') ? [BASELINE_STYLE] : []),
    ...(families.includes('inversion') ? [INVERSION_STYLE] : []),
    ...(families.includes('attribute') ? [ATTRIBUTE_STYLE] : []),
    ...(families.includes('stealing') ? [STEALING_STYLE] : []),
  ].join('');
  return htmlDocument({ title: `Privacy audit: ${title}`, tool: report.tool, body, style });
}
