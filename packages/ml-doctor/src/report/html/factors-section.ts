/** What the most exposed records have in common: of each membership attack which factors go with exposure, and which do not. */

import { grouped, plural } from '../format.ts';
import { attackItself, variantsFor } from '../labels.ts';
import type { Factor, Factors, Metric, Report, Result } from '../schema.ts';
import { FACTOR_WORDS } from '../verdict/factor-words.ts';
import { attackName } from './attack-name.ts';
import { html, type Markup } from './markup.ts';

/**
 * Undefined where nobody asked.
 *
 * @param results the strongest first
 */
export function factorsSection(
  results: readonly Result[],
  { complexity }: Report['data'],
): Markup | undefined {
  const explained = results.filter(({ factors }) => factors !== undefined);
  if (explained.length === 0 && complexity === undefined) return undefined;
  const variantOf = variantsFor(results.map(attackItself));
  const nameOf = (result: Result) => attackName(result, variantOf(attackItself(result)));
  const [strongest, ...others] = explained;
  return html`${
    strongest &&
    html`<p>A record can score high because it was trained on, or because any record like it would. So members are held against non-members that have as much of a factor: only what sets members apart counts as exposure. Each attack was judged by itself, with a guard for testing many factors (Holm, 5 %).</p>
<h3>${nameOf(strongest)}</h3>
${factorsOf(strongest)}
${others.map(
  (result) => html`<details class="exposed"><summary>${nameOf(result)}</summary>
${factorsOf(result)}</details>
`,
)}<p><small>Distances are Euclidean, between inputs as the model receives them, to members. The correlation is of a factor with the share of non-members like it that a member outscores. AUC: among the tenth of records with least and with most of a factor. Factors go together, and going together is no proof of a cause.</small></p>
`
  }${complexity && complexityText(complexity)}`;
}

function factorsOf({ factors }: Result): Markup {
  const { sentence, factors: all, records, mostExposed } = factors as Factors;
  return html`<p>${sentence}</p>
<div class="scroll" tabindex="0" role="region" aria-label="Factors"><table class="plain" style="min-width: 36rem"><thead><tr><th scope="col">More of</th><th scope="col">Goes with exposure</th><th scope="col">Correlation</th><th scope="col">AUC, least to most</th><th scope="col">Among the most exposed</th></tr></thead>
<tbody>${all.map((factor) => row(factor, mostExposed?.members))}</tbody></table></div>
<p><small>${plural(records.members, 'member')} and ${plural(records.nonMembers, 'non-member')} were looked at${mostExposed !== undefined && `; the most exposed are the ${grouped(mostExposed.members)} members that score highest, and ${plural(mostExposed.nonMembers, 'non-member')} score${mostExposed.nonMembers === 1 ? 's' : ''} as high`}.</small></p>`;
}

function row(factor: Factor, exposed: number | undefined): Markup {
  const { name, explains, exposure, lowest, highest, top } = factor;
  const varies = exposure !== undefined || top !== undefined;
  return html`<tr><th scope="row">${FACTOR_WORDS[name].name}</th><td>${
    explains === undefined
      ? varies
        ? 'not shown'
        : 'does not vary'
      : html`<strong>${explains === 'more' ? 'yes' : 'less of it does'}</strong>`
  }</td><td>${exposure ? withInterval(exposure) : '–'}</td><td>${lowest && highest ? `${lowest.value.toFixed(2)} to ${highest.value.toFixed(2)}` : '–'}</td><td>${
    top && exposed !== undefined
      ? html`${grouped(top.exposed)} of ${grouped(exposed)}<span class="interval">${(exposed * top.share).toFixed(1)} by chance</span>`
      : '–'
  }</td></tr>
`;
}

function withInterval({ value, low, high }: Metric): Markup {
  const shown = (number: number | null) => (number === null ? '?' : number.toFixed(2).replace('-', '−'));
  return html`${shown(value)}<span class="interval">${shown(low)} to ${shown(high)}</span>`;
}

function complexityText({
  nearestNeighbourError,
  bitsPerValue,
  bitsStored,
  records,
}: NonNullable<Report['data']['complexity']>): Markup {
  const percent = (share: number | null) => (share === null ? '?' : (share * 100).toFixed(1));
  const { value, low, high } = nearestNeighbourError;
  return html`<p>How complex the data is: the nearest other member is of another class for ${percent(value)} % of ${plural(records, 'member')} (95 % interval ${percent(low)} to ${percent(high)} %); compressed one by one, records take ${bitsPerValue.toFixed(2)} bits a value, of ${bitsStored} that are kept.</p>
`;
}
