/** `report.html`: one page that opens offline, runs no script, asks for nothing, and reads from the verdict down. */

import type { Run } from '../run-record.ts';
import type { Report } from '../schema.ts';
import { bySeverity, reportTitle } from '../verdict/overall.ts';
import { html, Markup } from './markup.ts';
import { attackCard, keyFigures } from './results-section.ts';
import { curvesOf, rocFigure } from './roc-figure.ts';
import {
  handlingSection,
  holesSection,
  nextStepsSection,
  readingSection,
  reproductionSection,
  targetSection,
  verdictSection,
} from './sections.ts';
import { STYLE } from './style.ts';

/** Inline styles and data pictures only, so that even markup that slipped through could load and run nothing. */
const POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'";

/** Renders the page as a whole document. With `run` it tells when and where; without, it depends on the report alone. */
export function renderHtml(report: Report, run?: Run): string {
  const title = reportTitle(report);
  const results = bySeverity(report.results);
  const curves = curvesOf(results);
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${new Markup(POLICY)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="generator" content="${report.tool.name} ${report.tool.version}">
<title>Privacy audit: ${title}</title>
<style>${new Markup(STYLE)}</style>
</head>
<body>
<main>
<p class="eyebrow">Privacy audit${run !== undefined && ` of ${run.startedAt.slice(0, 10)}`}</p>
<h1>${title}</h1>
<p class="soft">Can someone find out who was in the training data?</p>
${verdictSection(report)}
${holesSection(report)}
${results.length > 0 && html`<h2>Key figures</h2>${keyFigures(results)}`}
${nextStepsSection(report)}
${targetSection(report)}
${
  curves.length > 0 &&
  html`<h2>How many are named, at what price</h2>
<p>Each curve shows the share of training records an attack names (upwards) for each share of outsiders, people whose records were not used, it falsely accuses (to the right). Above the dotted line is better than guessing. The left side matters most: there the attacker accuses hardly anybody wrongly, so being named means being exposed.</p>
${rocFigure(curves)}`
}
${results.length > 0 && html`<h2>The attacks</h2>${results.map(attackCard)}`}
${readingSection()}
${handlingSection(report)}
${reproductionSection(report, run)}
<footer>${report.tool.name} ${report.tool.version}. The same findings for programs: report.json (${report.schema}).</footer>
</main>
</body>
</html>
`.text;
}
