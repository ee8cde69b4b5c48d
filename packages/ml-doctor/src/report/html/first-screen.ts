/** What is read first: the verdict with its rule, one sentence for each family of attacks, and what to do next. */

import { familyOf } from '../family.ts';
import { plural } from '../format.ts';
import { attackLabels } from '../labels.ts';
import { ONE_RUN } from '../privacy.ts';
import type { Report, Result } from '../schema.ts';
import { headlinesOf } from '../verdict/headlines.ts';
import { EPSILON } from '../verdict/one-run.ts';
import { findingName, headlineOf, LEVEL_NAME, nextSteps, worstResult } from '../verdict/overall.ts';
import { attackName } from './attack-name.ts';
import { findingBadge } from './level-badge.ts';
import { html, type Markup } from './markup.ts';
import { RULES } from './reading-section.ts';

export function verdictSection(report: Report): Markup {
  const worst = worstResult(report);
  if (worst === undefined) {
    return html`<section class="verdict l-inconclusive"><h2>No attack finished</h2><p>Nothing is known about this model.</p></section>`;
  }
  const { level, sentence } = worst.verdict;
  const others = report.results.length - 1;
  const label = attackLabels(report.results)(worst);
  return html`<section class="verdict l-${level}">
${findingBadge(worst.verdict)}
<h2>${headlineOf(worst)}</h2>
<p>${sentence}</p>
<p><small>Worst finding, from <code>${label}</code>${others > 0 && `; ${plural(others, 'other attack')} below`}.</small></p>
<p class="rule"><small><strong>The rule:</strong> the verdict is the most worrying finding of all attacks, and findings go by the ends of 95 % intervals. ${ruleOf(worst)} All rules stand under <a href="#reading">how to read this</a>.</small></p>
</section>`;
}

/** When a finding of this kind is called what this one is called. */
function ruleOf({ attack, verdict }: Pick<Result, 'attack' | 'verdict'>): string {
  const { level, reason } = verdict;
  const named = `“${findingName(verdict)}”`;
  if (reason !== undefined)
    return `${named}: members and non-members can be told apart without the model, so no figure decides.`;
  if (attack === ONE_RUN)
    return `Of an audit of the training, “${LEVEL_NAME.high}”: the bound contradicts the claim; “${LEVEL_NAME.moderate}”: an epsilon of ${EPSILON.moderate} or more; “${LEVEL_NAME.low}”: above 0.`;
  const family = familyOf({ attack });
  return `Of ${family} attacks, ${named}: ${lead(family, level)}${lowerFirst(RULES[family][level])}.`;
}

function lead(family: ReturnType<typeof familyOf>, level: Result['verdict']['level']): string {
  const byLowerEnd = family === 'membership' && level !== 'inconclusive' && level !== 'none-found';
  return byLowerEnd ? 'at the lower end of the interval, one of these holds: ' : '';
}

/** Names of measures, as TPR, keep their letters. */
function lowerFirst(text: string): string {
  return /^[A-Z][a-z]/.test(text) ? text.charAt(0).toLowerCase() + text.slice(1) : text;
}

/** One sentence for each family that was tried. */
export function headlineSection(report: Report): Markup | undefined {
  const headlines = headlinesOf(report);
  if (headlines.length === 0) return undefined;
  return html`<ul class="headlines">${headlines.map(
    ({
      table,
      result,
      sentence,
      choice,
    }) => html`<li class="l-${result.verdict.level}"><strong>${TITLE[table]}</strong> ${findingBadge(result.verdict)}
<p>${sentence}</p>
<p><small>${attackName(result, '')}. ${choice}</small></p></li>
`,
  )}</ul>
<p><small>In brackets: 95 % intervals. “Finds”: rightly names as trained on. Words with a dotted line are explained in the <a href="#glossary">glossary</a>.</small></p>`;
}

const TITLE = {
  membership: 'Membership',
  audit: 'Audit of the training',
  inversion: 'Inversion',
  attribute: 'Attributes',
  stealing: 'Stealing',
} as const;

export function nextStepsSection(report: Report): Markup | undefined {
  const steps = nextSteps(report);
  return steps.length === 0 ? undefined : html`<ol>${steps.map((step) => html`<li>${step}</li>`)}</ol>`;
}
