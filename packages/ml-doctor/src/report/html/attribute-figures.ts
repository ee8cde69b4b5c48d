/** The headline figures of attribute attacks on the page: what was guessed, how well without the model, and what that leaves. */

import { formatMetric } from '../format.ts';
import type { Metric, Result } from '../schema.ts';
import { IMPUTATION, MEASURE_NAME, measureOf, tellingMeasure } from '../verdict/attribute-grade.ts';
import { FINDING_NAME } from '../verdict/overall.ts';
import { intervalStrip } from './interval-strip.ts';
import { findingBadge } from './level-badge.ts';
import { html, type Markup } from './markup.ts';

interface Column {
  readonly title: string;
  readonly cell: (result: Result) => Markup;
}

export const ATTRIBUTE_COLUMNS: readonly Column[] = [
  { title: 'Attribute', cell: ({ attribute }) => html`${attribute?.name ?? 'unknown'}` },
  { title: 'Guessed right', cell: (result) => guessed(result, result.metrics[measureOf(result).figure]) },
  {
    title: 'Without the model',
    cell: (result) => {
      const imputation = result.baselines.find(({ name }) => name === IMPUTATION);
      const metric = imputation?.metrics[measureOf(result).figure];
      return guessed(result, metric && { ...metric, low: null, high: null });
    },
  },
  { title: 'Gain', cell: (result) => gain(result, 'gain') },
  { title: 'Members beyond others', cell: (result) => gain(result, 'beyond') },
];

/** Says in the last column whose attribute is learnt. */
export function attributeFinding({ verdict }: Result): Markup {
  const { finding } = verdict;
  return html`${findingBadge(verdict)}${finding !== undefined && html`<span class="interval">${FINDING_NAME[finding]}</span>`}`;
}

/** Narrow, as seven columns have to fit. */
export const ATTRIBUTE_STYLE = `
.attributes { font-size: .94rem; } .attributes td .strip { width: 6.8rem; } .attributes td, .attributes th { padding-right: .7rem; }
.attributes td:nth-child(2) { overflow-wrap: anywhere; min-width: 4rem; }
`;

export const ATTRIBUTE_LEGEND =
  'Guessed right: of how many members the attack guesses the attribute; of a number, how far it is off on average. Without the model: the same for somebody who has no model but knows as much otherwise. Gain: the difference, or the part of the error that goes. Members beyond others: what the model adds for them beyond what it adds for others; failing on others adds nothing. Where AUC alone tells, its gain stands there. Second lines: 95 % intervals. Dashed marks: no gain.';

function guessed(result: Result, metric: Metric | undefined): Markup {
  if (metric === undefined) return html`not measured`;
  const { figure } = measureOf(result);
  const { value, interval } = formatMetric(figure, metric);
  const known = metric.low !== null || metric.high !== null;
  return html`${figure === 'meanAbsoluteError' && 'off by '}${value}${known && html`<span class="interval">${interval}</span>`}`;
}

function gain(result: Result, part: 'gain' | 'beyond'): Markup {
  const measure = tellingMeasure(result, part);
  const metric = result.metrics[measure[part]];
  if (metric === undefined) return html`not measured`;
  const { value, interval } = formatMetric(measure[part], metric);
  const by = measure === measureOf(result) ? '' : ` ${MEASURE_NAME[measure.figure]}`;
  return html`${value}${by}<span class="interval">${interval}</span>${intervalStrip(measure[part], metric)}`;
}
