/** `study.html`: one offline page over all audits of a grid, with a link to the report of each. */

import { familiesOf, questionOf } from '../family.ts';
import { configBlock } from '../html/config-block.ts';
import { htmlDocument } from '../html/document.ts';
import { findingBadge } from '../html/level-badge.ts';
import { html, type Markup } from '../html/markup.ts';
import { readingSection } from '../html/reading-section.ts';
import { describeRun, EQUAL_NUMBERS } from '../html/sections.ts';
import type { Run } from '../run-record.ts';
import { matrixSection } from './matrix/matrix-section.ts';
import { MATRIX_STYLE } from './matrix/matrix-style.ts';
import { missingSection } from './missing-section.ts';
import {
  attackLabel,
  auditSubject,
  levelCounts,
  studyHeadline,
  studyTitle,
  worstFinding,
} from './overview.ts';
import type { StudyReport } from './study-schema.ts';
import { STUDY_STYLE } from './study-style.ts';
import { auditLink, tableSection } from './table-section.ts';

/** Renders the page as a whole document. With `run` it tells when and where; without, it depends on the study alone. */
export function renderStudyHtml(study: StudyReport, run?: Run): string {
  const { tool } = study;
  const title = studyTitle(study);
  const families = familiesOf(study.audits.flatMap(({ results }) => results));
  const inversion = families.includes('inversion');
  const body = html`<p class="eyebrow">Privacy study${run !== undefined && ` of ${run.startedAt.slice(0, 10)}`}</p>
<h1>${title}</h1>
<p class="soft">${questionOf(families).replace(/\?$/, ', and what do defences change?')}</p>
${verdictSection(study)}
${missingSection(study)}
${matrixSection(study, run)}
${tableSection(study)}
<h2>How to read this</h2>
${readingSection(families, READING)}
<h2>Handle with care</h2>
<p>The folder of this study, above all the store, may contain training records or models that reveal them. Its files are readable by their owner only. The links work only where <code>audits/</code> lies beside this page.${inversion && ' Reports with inversions show training records beside what was reconstructed: pass them on only to people who may see those.'}</p>
${reproductionSection(study, run)}
<footer>${tool.name} ${tool.version}. The same for programs: study.csv with every number, study.json (${study.schema}).</footer>`;
  return htmlDocument({
    title: `Privacy study: ${title}`,
    tool,
    body,
    style: `${STUDY_STYLE}${MATRIX_STYLE}`,
  });
}

function verdictSection(study: StudyReport): Markup {
  const worst = worstFinding(study);
  if (worst === undefined)
    return html`<section class="verdict l-inconclusive"><h2>No attack finished</h2><p>Nothing is known about these models.</p></section>`;
  const { audit, result } = worst;
  return html`<section class="verdict l-${result.level}">
${findingBadge(result)}
<h2>${studyHeadline(result)}</h2>
<p>${levelCounts(study)}</p>
<p><small>Worst finding, from <code>${attackLabel(study, result)}</code> against ${auditSubject(audit, study)}; ${auditLink(audit, 'its report')} says what it means and what to do.</small></p>
</section>`;
}

const READING = [
  html`<li><strong>Rows.</strong> Each row is one attack on one model, over all seeds: other splits, other first weights, everything else equal. Figures are means; below them stand the smallest and the largest value. That range is what was seen; it is no confidence interval.</li>
`,
  html`<li><strong>Over seeds</strong>, below each table, gives mean, 95 % interval and spread. The spread is the standard deviation between seeds. The interval is for the figure that a new seed on new records is expected to have: it covers the seeds and the sample of records together. It takes seeds to judge the same records, which is the careful assumption, so more seeds do not narrow it below what the sample allows.</li>
`,
  html`<li><strong>Findings</strong> are the most worrying of all seeds, not the average.</li>
`,
  html`<li><strong>“vs none”</strong> is the mean with the defence less the mean without it. No interval is claimed for it here: a difference smaller than the ranges beside it may be chance, and “What each defence buys and costs” has the intervals. A defence is worth having if it lowers the attack by more than it costs in accuracy.</li>
`,
];

function reproductionSection({ tool, command, config }: StudyReport, run: Run | undefined): Markup {
  return html`<h2>Get the same study again</h2>
${configBlock({ command, config, rerun: 'ml-doctor study FILE' })}
<p>${tool.name} ${tool.version}${run !== undefined && describeRun(run)}. ${EQUAL_NUMBERS}</p>`;
}
