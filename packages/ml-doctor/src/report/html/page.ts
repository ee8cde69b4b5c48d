/** `report.html`: one page that opens offline, runs no script, asks for nothing, and reads from the verdict down. */

import { type Family, familiesOf, familyOf, questionOf } from '../family.ts';
import { reportTitle, subjectOf } from '../identity.ts';
import { attackItself, variantsFor } from '../labels.ts';
import type { Run } from '../run-record.ts';
import type { Report, Result } from '../schema.ts';
import { bySeverity } from '../verdict/overall.ts';
import { attackName } from './attack-name.ts';
import { ATTRIBUTE_STYLE } from './attribute-figures.ts';
import { BASELINE_STYLE } from './baseline-columns.ts';
import { budgetSection } from './budget-section.ts';
import { defenceSection } from './defence-section.ts';
import { htmlDocument } from './document.ts';
import { exposedSection } from './exposed-section.ts';
import { factorsSection } from './factors-section.ts';
import { headlineSection, nextStepsSection, verdictSection } from './first-screen.ts';
import { gallerySection } from './gallery.ts';
import { glossary } from './glossary.ts';
import { INVERSION_STYLE } from './inversion-style.ts';
import { keyFigures } from './key-figures.ts';
import { html, type Markup } from './markup.ts';
import { privacySection } from './privacy-section.ts';
import { readingSection } from './reading-section.ts';
import { REPORT_STYLE } from './report-style.ts';
import { attackCards } from './results-section.ts';
import { rocSection } from './roc-section.ts';
import {
  assumedSection,
  handlingSection,
  holesSection,
  notRunSection,
  reproductionSection,
  subjectSection,
  targetSection,
  warningsSection,
} from './sections.ts';
import { sliceSection } from './slice-section.ts';
import { STEALING_STYLE } from './stealing-figures.ts';
import { threatTable } from './threat-table.ts';

interface Section {
  /** Where links lead. */
  readonly id: string;
  readonly title: string;
  /** Undefined where there is nothing to say. */
  readonly body: Markup | undefined;
}

/** Renders the page as a whole document. With `run` it tells when and where; without, it depends on the report alone. */
export async function renderHtml(report: Report, run?: Run): Promise<string> {
  const title = reportTitle(report);
  const results = bySeverity(report.results);
  const families = familiesOf(results);
  const sections = (await sectionsOf(report, results, families, run)).filter(
    ({ body }) => body !== undefined,
  );
  const body = html`<p class="eyebrow">Privacy audit${run !== undefined && ` of ${run.startedAt.slice(0, 10)}`}</p>
<h1>${title}</h1>
${
  report.name !== undefined &&
  html`<p>${subjectOf(report)}</p>
`
}${subjectSection(report)}<p class="soft">${questionOf(families)}</p>
${verdictSection(report)}
${warningsSection(report)}
${holesSection(report)}
${sections.filter(onFirstScreen).map(sectionMarkup)}
<nav aria-label="Sections of this report"><ul>${sections
    .filter((section) => !onFirstScreen(section))
    .map(({ id, title: name }) => html`<li><a href="#${id}">${name}</a></li>`)}</ul></nav>
${sections.filter((section) => !onFirstScreen(section)).map(sectionMarkup)}
<footer>${report.tool.name} ${report.tool.version}. The same findings for programs: report.json (${report.schema}).</footer>`;
  return htmlDocument({
    ...{ title: `Privacy audit: ${title}`, tool: report.tool, body },
    style: REPORT_STYLE + styleFor(families, results),
  });
}

/** Above the list of sections. */
function onFirstScreen({ id }: Section): boolean {
  return id === 'findings' || id === 'next' || id === 'assumed';
}

function sectionMarkup({ id, title, body }: Section): Markup {
  return html`<h2 id="${id}">${title}</h2>
${body as Markup}
`;
}

async function sectionsOf(
  report: Report,
  results: readonly Result[],
  families: readonly Family[],
  run: Run | undefined,
): Promise<readonly Section[]> {
  const { classes } = report.target;
  const some = results.length > 0;
  const privacy = privacySection(report);
  return [
    { id: 'findings', title: 'In one sentence each', body: headlineSection(report) },
    { id: 'next', title: 'What to do next', body: nextStepsSection(report) },
    { id: 'assumed', title: 'What was assumed', body: assumedSection(report) },
    { id: 'threats', title: 'Threat models compared', body: some ? threatTable(results) : undefined },
    { id: 'figures', title: 'Key figures', body: some ? keyFigures(results, classes) : undefined },
    { id: 'roc', title: 'How many are named, at what price', body: await rocSection(results) },
    { id: 'groups', title: 'Risk by class and by group', body: await sliceSection(results) },
    { id: 'exposed', title: 'The most exposed records', body: exposedSection(results) },
    {
      id: 'factors',
      title: 'What the most exposed records have in common',
      body: factorsSection(results, report.data),
    },
    { id: 'reconstructions', title: 'Reconstructions', body: reconstructions(results) },
    { id: 'stealing', title: 'What queries buy', body: await budgetSection(results) },
    { id: 'defences', title: 'Defences tried', body: defenceSection(report) },
    {
      id: 'privacy',
      title: 'Differential privacy: claimed and measured',
      body: privacy.text === '' ? undefined : privacy,
    },
    { id: 'attacks', title: 'The attacks', body: some ? attackCards(results, report) : undefined },
    { id: 'not-run', title: 'Attacks that were not run', body: notRunSection(report) },
    { id: 'model', title: 'The model and its data', body: targetSection(report) },
    { id: 'reading', title: 'How to read this: assumptions and limits', body: readingSection(families) },
    { id: 'handling', title: 'Handle with care', body: handlingSection(report) },
    { id: 'again', title: 'Get the same report again', body: reproductionSection(report, run) },
    { id: 'glossary', title: 'Glossary', body: glossary(families) },
  ];
}

function reconstructions(results: readonly Result[]): Markup | undefined {
  const shown = results.filter(
    (result) => familyOf(result) === 'inversion' && (result.gallery ?? []).length > 0,
  );
  if (shown.length === 0) return undefined;
  const variantOf = variantsFor(results.map(attackItself));
  return html`${shown.map(
    (result) => html`<h3>${attackName(result, variantOf(attackItself(result)))}</h3>
${gallerySection(result)}`,
  )}`;
}

function styleFor(families: readonly Family[], results: readonly Result[]): string {
  const pictures = results.some(({ exposed = [] }) => exposed.some(({ picture }) => picture !== undefined));
  return [
    ...(families.some((family) => family !== 'membership') ? [BASELINE_STYLE] : []),
    ...(families.includes('inversion') || pictures ? [INVERSION_STYLE] : []),
    ...(families.includes('attribute') ? [ATTRIBUTE_STYLE] : []),
    ...(families.includes('stealing') ? [STEALING_STYLE] : []),
  ].join('');
}
