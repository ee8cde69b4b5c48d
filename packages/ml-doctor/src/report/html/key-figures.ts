/** The headline metrics on the page: a table for each family of attacks, a row for each attack. */

import { bestBaseline } from '../best-baseline.ts';
import { byTable, type Table, tableOf } from '../family.ts';
import { formatMetric, holdsAudited, metricLabel } from '../format.ts';
import { attackAlone, attackItself, type Choice, variantsFor } from '../labels.ts';
import { atLeast } from '../privacy.ts';
import type { Metric, Result } from '../schema.ts';
import { attackName } from './attack-name.ts';
import { ATTRIBUTE_COLUMNS, ATTRIBUTE_LEGEND, attributeFinding } from './attribute-figures.ts';
import { metricTerm } from './glossary.ts';
import { intervalStrip } from './interval-strip.ts';
import { findingBadge } from './level-badge.ts';
import { html, type Markup } from './markup.ts';
import { KEY_METRICS } from './reading-order.ts';
import { STEALING_COLUMNS, STEALING_LEGEND } from './stealing-figures.ts';

const TITLE: Readonly<Record<Table, string>> = {
  membership: 'Membership: who was in the training data',
  audit: 'Audits of the training: how private it is at most',
  inversion: 'Inversion: what the training data looks like',
  attribute: 'Attributes: what can be guessed about a person',
  stealing: 'Stealing: how good a copy of the model queries buy',
};

/** A column between the attack's name and its finding. */
interface Column {
  readonly title: string;
  /** The metric that it shows, whose explanation the title leads to. */
  readonly metric?: string;
  readonly cell: (result: Result) => Markup;
}

/**
 * One row per attack, the headline metrics that any in its table has, with intervals.
 *
 * @param classes that the model tells apart
 */
export function keyFigures(results: readonly Result[], classes: number): Markup {
  const variantOf = variantsFor(results.map(attackItself));
  const groups = byTable(results, tableOf);
  return html`${groups.map(
    ({ table, items }) =>
      html`${groups.length > 1 && html`<h3>${TITLE[table]}</h3>`}${FIGURES[table](
        items,
        variantOf,
        classes,
      )}`,
  )}`;
}

const FIGURES: Readonly<
  Record<
    Table,
    (results: readonly Result[], variantOf: (choice: Choice) => string, classes: number) => Markup
  >
> = {
  membership: membershipFigures,
  audit: auditFigures,
  inversion: inversionFigures,
  attribute: attributeFigures,
  stealing: stealingFigures,
};

function membershipFigures(results: readonly Result[], variantOf: (choice: Choice) => string): Markup {
  const names = KEY_METRICS.filter((name) => results.some(({ metrics }) => metrics[name] !== undefined));
  const shifted = results.some(({ verdict }) => verdict.reason === 'shifted-split');
  const stronger = results.some(({ references }) => holdsAudited(references));
  const columns = names.map((name) => ({
    title: metricLabel(name),
    metric: name,
    cell: ({ metrics }: Result) => metricCell(name, metrics[name]),
  }));
  return html`${shifted && html`<p><strong>The split is shifted: none of these figures is evidence of a leak.</strong></p>`}${table(results, columns, variantOf)}
<p><small>Second lines: 95 % intervals. Dashed marks: guessing.${stronger && ' “Stronger attacker”: its own models were trained on random halves that contain the audited records.'}</small></p>`;
}

/** Of another model than the target, so that of how many canaries were found out nothing stands here but the bound. */
function auditFigures(results: readonly Result[], variantOf: (choice: Choice) => string): Markup {
  const columns: Column[] = [
    {
      title: metricLabel('epsilonLowerBound'),
      metric: 'epsilonLowerBound',
      cell: ({ metrics: { epsilonLowerBound: bound, epsilonReach: reach } }) =>
        bound === undefined
          ? html`not measured`
          : html`at least ${atLeast(bound.value)}${reach !== undefined && html`<span class="interval">could show ${atLeast(reach.value)}</span>`}`,
    },
    { title: 'At delta', cell: ({ params }) => html`${String(params['delta'])}` },
  ];
  return html`${table(results, columns, variantOf)}
<p><small>Of how models are trained, not of the model above: a model of its own was trained alike on records that were in or out by the toss of a coin. With 95 % confidence the epsilon of the training is no smaller.</small></p>`;
}

function inversionFigures(
  results: readonly Result[],
  variantOf: (choice: Choice) => string,
  classes: number,
): Markup {
  const shifted = results.some(({ verdict }) => verdict.reason === 'shifted-split');
  const columns: Column[] = [
    {
      title: metricLabel('judgeAccuracy'),
      cell: ({ metrics, reconstructions }) =>
        metricCell('judgeAccuracy', metrics.judgeAccuracy, reconstructions?.classes ?? classes),
    },
    { title: 'Best baseline', cell: ({ baselines }) => baselineCell(baselines) },
    {
      title: metricLabel('memberCloser'),
      cell: ({ metrics }) => closenessCell('memberCloser', metrics),
    },
    {
      title: metricLabel('memberCloserFeatures'),
      cell: ({ metrics }) => closenessCell('memberCloserFeatures', metrics),
    },
  ];
  return html`${shifted && html`<p><strong>The split is shifted: whether members lie closer is no evidence of a leak.</strong></p>`}${table(results, columns, variantOf)}
<p><small>Judge accuracy: how many reconstructions an independent classifier recognises as their class. Best baseline: the same of what needs no attack. Member closer: how many have a training record nearest, and not another record of the class. Second lines: 95 % intervals. Dashed marks: guessing.</small></p>`;
}

function attributeFigures(results: readonly Result[]): Markup {
  const shifted = results.some(({ verdict }) => verdict.reason === 'shifted-split');
  // The attribute has a column, so that of the parameters only others tell attacks apart.
  const variantOf = variantsFor(results.map(attackAlone));
  return html`${shifted && html`<p><strong>The split is shifted: what members lose beyond others is no evidence of a leak.</strong></p>`}${table(
    results,
    ATTRIBUTE_COLUMNS,
    variantOf,
    { choiceOf: attackAlone, finding: attributeFinding, style: 'attributes' },
  )}
<p><small>${ATTRIBUTE_LEGEND}</small></p>`;
}

function stealingFigures(results: readonly Result[], variantOf: (choice: Choice) => string): Markup {
  return html`${table(results, STEALING_COLUMNS, variantOf, { style: 'stealing' })}
<p><small>${STEALING_LEGEND}</small></p>`;
}

function table(
  results: readonly Result[],
  columns: readonly Column[],
  variantOf: (choice: Choice) => string,
  {
    choiceOf = attackItself,
    finding = ({ verdict }: Result) => findingBadge(verdict),
    style,
  }: {
    readonly choiceOf?: (result: Result) => Choice;
    readonly finding?: (result: Result) => Markup;
    readonly style?: 'attributes' | 'stealing';
  } = {},
): Markup {
  return html`<table${style !== undefined && html` class="${style}"`}>
<thead><tr><th scope="col">Attack</th>${columns.map(({ title, metric }) => html`<th scope="col">${metric === undefined ? title : metricTerm(metric, title)}</th>`)}<th scope="col">Finding</th></tr></thead>
<tbody>${results.map(
    (
      result,
    ) => html`<tr><th scope="row" class="name" data-label="Attack">${attackName(result, variantOf(choiceOf(result)))}</th>${columns.map(
      ({ title, cell }) => html`<td data-label="${title}">${cell(result)}</td>`,
    )}<td data-label="Finding">${finding(result)}</td></tr>
`,
  )}</tbody></table>`;
}

function metricCell(name: string, metric: Metric | undefined, classes?: number): Markup {
  if (metric === undefined) return html`not measured`;
  const { value, interval } = formatMetric(name, metric);
  return html`${value}<span class="interval">${interval}</span>${intervalStrip(name, metric, classes)}`;
}

function closenessCell(name: 'memberCloser' | 'memberCloserFeatures', metrics: Result['metrics']): Markup {
  const p = metrics[`${name}P`];
  return html`${metricCell(name, metrics[name])}${p !== undefined && html`<span class="interval">p ${formatMetric(`${name}P`, p).value}</span>`}`;
}

/** What does best without an attack, by the judge. */
function baselineCell(baselines: Result['baselines']): Markup {
  const best = bestBaseline(baselines);
  if (best === undefined) return html`not measured`;
  return html`${formatMetric('judgeAccuracy', best.metric).value}<span class="interval baseline">${best.name}</span>`;
}
