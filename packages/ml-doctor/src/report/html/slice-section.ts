/** Risk by group of records: a chart of the strongest membership attack for each grouping, and tables of all attacks. */

import { familyOf } from '../family.ts';
import { grouped, plural } from '../format.ts';
import { attackItself, variantsFor } from '../labels.ts';
import type { Result } from '../schema.ts';
import { bracketed } from '../verdict/headlines.ts';
import { attackName } from './attack-name.ts';
import { renderChart } from './charts/render-chart.ts';
import { type Group, groupsOf, MOST_GROUPS, sliceSpec } from './charts/slice-chart.ts';
import { html, type Markup } from './markup.ts';
import { sliceTables } from './slice-tables.ts';

/**
 * Undefined where nothing was grouped.
 *
 * @param results the strongest first
 */
export async function sliceSection(results: readonly Result[]): Promise<Markup | undefined> {
  const sliced = results.filter(({ slices }) => slices.length > 0);
  if (sliced.length === 0) return undefined;
  const variantOf = variantsFor(results.map(attackItself));
  const strongest = sliced.find((result) => familyOf(result) === 'membership');
  const charts: Markup[] = [];
  if (strongest !== undefined) {
    const groupings = [...new Set(strongest.slices.map(({ by }) => by))];
    for (const [index, by] of groupings.entries()) {
      const groups = groupsOf(strongest.slices, by, 'auc');
      if (groups.length > 1) charts.push(await groupFigure(strongest, by, groups, index));
    }
  }
  return html`${charts}${sliced.map(
    (result) => html`<h3>${attackName(result, variantOf(attackItself(result)))}</h3>
${sliceTables(result.slices, familyOf(result))}`,
  )}`;
}

async function groupFigure(
  { attack }: Result,
  by: string,
  groups: readonly Group[],
  index: number,
): Promise<Markup> {
  const [first] = groups as readonly [Group];
  const hidden = groups.length - MOST_GROUPS;
  return html`<figure>
${await renderChart({
  id: `slices-${index}`,
  spec: sliceSpec(groups, 'AUC, 95 % interval', 0.5),
  title: `AUC of ${attack} by ${by}, ${plural(groups.length, 'group')}`,
  description: `The most exposed by the lower end of the interval: ${first.value}, ranked rightly in ${bracketed('auc', first.metric)} of the cases. The values are in the tables below.`,
})}
<figcaption><small>How well <code>${attack}</code>, the strongest membership attack, tells members of each group (by ${by}) from its non-members; the dotted line is guessing. Each interval holds for its group alone: of ${grouped(groups.length)}, about one in 20 misses, and the highest is too high by chance more often than the others.${hidden > 0 && ` ${plural(hidden, 'group')} more in the table.`}</small></figcaption>
</figure>
`;
}
