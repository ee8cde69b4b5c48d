/** The headline figures of stealing attacks on the page: how good a copy was bought, beyond what needs no such queries, and for how much. */

import { bestBaseline } from '../best-baseline.ts';
import { duration, formatMetric, grouped, quantity } from '../format.ts';
import type { Metric, Result } from '../schema.ts';
import { COMMONEST, OWN_LABELS, RANDOM_INPUTS } from '../verdict/stealing-grade.ts';
import { intervalStrip } from './interval-strip.ts';
import { html, type Markup } from './markup.ts';

interface Column {
  readonly title: string;
  readonly cell: (result: Result) => Markup;
}

export const STEALING_COLUMNS: readonly Column[] = [
  {
    title: 'Agreement',
    cell: ({ metrics, baselines }) =>
      figure('agreement', metrics.agreement, bestBaseline(baselines, 'agreement')?.metric.value),
  },
  { title: 'Best baseline', cell: ({ baselines }) => baselineCell(baselines) },
  { title: 'Gain', cell: ({ metrics }) => figure('agreementGain', metrics.agreementGain) },
  {
    title: 'Accuracy',
    cell: ({ metrics }) => figure('accuracy', metrics.accuracy, metrics.targetAccuracy?.value),
  },
  { title: 'Queries', cell: queriesCell },
];

/** Narrow, as seven columns have to fit. */
export const STEALING_STYLE = `
.stealing { font-size: .94rem; } .stealing td .strip { width: 6.2rem; } .stealing td, .stealing th { padding-right: .55rem; }
.stealing td .interval.baseline { white-space: normal; }
.points { font-size: .9rem; } .points td, .points th { padding: .25rem .7rem .25rem 0; }
.legend .reference { stroke: var(--ink); stroke-width: 1.3; stroke-dasharray: 3 4; }
`;

export const STEALING_LEGEND =
  'Agreement: of how many new records the copy gives the model’s answer. Best baseline: the same of what needs no such queries: a copy learnt from as many records’ own labels or from random inputs, or always the commonest answer. Gain: the difference, on the same records. Accuracy: of how many the copy is right. Second lines: 95 % intervals. Dashed marks: the best baseline, no gain, the accuracy of the model.';

function figure(name: string, metric: Metric | undefined, mark?: number): Markup {
  if (metric === undefined) return html`not measured`;
  const { value, interval } = formatMetric(name, metric);
  return html`${value}<span class="interval">${interval}</span>${intervalStrip(name, metric, undefined, mark)}`;
}

function baselineCell(baselines: Result['baselines']): Markup {
  const best = bestBaseline(baselines, 'agreement');
  if (best === undefined) return html`not measured`;
  return html`${formatMetric('agreement', best.metric).value}<span class="interval baseline">${SHORT[best.name] ?? best.name}</span>`;
}

/** The full names stand beside the attack’s figures further down. */
const SHORT: Readonly<Record<string, string>> = {
  [OWN_LABELS]: 'own labels',
  [RANDOM_INPUTS]: 'random inputs',
  [COMMONEST]: 'commonest answer',
};

/** Below the number, what they cost. */
function queriesCell({ queries, curves: { budget = [] } }: Result): Markup {
  const last = budget.at(-1);
  return html`${grouped(last?.queries ?? queries)}${
    last !== undefined &&
    last.cost !== null &&
    html`<span class="interval">cost ${quantity(last.cost)}</span>`
  }${last !== undefined && last.seconds !== null && html`<span class="interval">take ${duration(last.seconds)}</span>`}`;
}
