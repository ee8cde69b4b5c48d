/** The most exposed records: of each membership attack the members it is surest of, so that their owner can look at them. */

import { grouped, percent, plural } from '../format.ts';
import { attackItself, variantsFor } from '../labels.ts';
import type { Exposed, Picture, Result } from '../schema.ts';
import { attackName } from './attack-name.ts';
import { picture, valueText } from './gallery.ts';
import { term } from './glossary.ts';
import { html, type Markup } from './markup.ts';

/** Rows that are open; the others fold away. */
export const OPEN_ROWS = 20;
/** Values shown of a table row. */
const MOST_VALUES = 8;

/**
 * Undefined where no attack names any.
 *
 * @param results the strongest first
 */
export function exposedSection(results: readonly Result[]): Markup | undefined {
  const naming = results.filter(({ exposed = [] }) => exposed.length > 0);
  if (naming.length === 0) return undefined;
  const variantOf = variantsFor(results.map(attackItself));
  const nameOf = (result: Result) => attackName(result, variantOf(attackItself(result)));
  const [strongest, ...others] = naming as [Result, ...Result[]];
  return html`<p>Training records that an attack is surest of, by its ${term('score', 'score')}. A record is in danger where hardly any ${term('member', 'non-member')} scores as high: “0 others” says that the attacker who names it need not accuse anybody wrongly. Records that many others reach are named by chance. Look at what the first have in common: rare classes, errors, duplicates.</p>
<h3>${nameOf(strongest)}</h3>
${summary(strongest)}
${exposedTables(strongest)}
${others.map(
  (result) => html`<details class="exposed"><summary>${nameOf(result)}</summary>
${summary(result)}
${exposedTable(result, (result.exposed ?? []).slice(0, OPEN_ROWS), 0)}</details>
`,
)}`;
}

function summary({ exposed = [], records }: Result): Markup {
  const certain = exposed.filter(({ falsePositives }) => falsePositives === 0).length;
  const all = certain === exposed.length && certain < records.members ? ' or more' : '';
  return html`<p>${plural(certain, 'record')}${all} of ${grouped(records.members)} members ${certain === 1 ? 'scores' : 'score'} higher than every one of ${plural(records.nonMembers, 'non-member')}.</p>`;
}

function exposedTables(result: Result): Markup {
  const { exposed = [] } = result;
  const rest = exposed.slice(OPEN_ROWS);
  return html`${exposedTable(result, exposed.slice(0, OPEN_ROWS), 0)}${
    rest.length > 0 &&
    html`<details class="exposed"><summary>${plural(rest.length, 'record')} more</summary>
${exposedTable(result, rest, OPEN_ROWS)}</details>`
  }`;
}

function exposedTable({ records, exposed = [] }: Result, shown: readonly Exposed[], from: number): Markup {
  const rows = exposed.some(({ row }) => row !== undefined);
  const pictures = exposed.some((entry) => entry.picture !== undefined);
  return html`<table class="plain records"><thead><tr><th scope="col">Rank</th><th scope="col">Record</th>${rows && html`<th scope="col">Where</th>`}<th scope="col">Class</th><th scope="col">Score</th><th scope="col">Others who score as high</th>${pictures && html`<th scope="col">The record</th>`}</tr></thead>
<tbody>${shown.map(
    (
      entry,
      i,
    ) => html`<tr><td>${from + i + 1}</td><th scope="row">${String(entry.record)}</th>${rows && html`<td>${entry.row ?? '–'}</td>`}<td>${entry.class}</td><td>${Number(entry.score.toPrecision(4))}</td><td>${othersText(entry.falsePositives, records.nonMembers)}</td>${pictures && html`<td>${shownRecord(entry)}</td>`}</tr>
`,
  )}</tbody></table>`;
}

function othersText(count: number, of: number): string {
  return count === 0 || of === 0
    ? `${grouped(count)} others`
    : `${plural(count, 'other')} (${percent(count / of)})`;
}

function shownRecord({ record, picture: shown }: Exposed): Markup {
  if (shown === undefined) return html`–`;
  if ('png' in shown) return picture(shown, '', `Training record ${record}`);
  return rowText(shown);
}

function rowText({ values }: Extract<Picture, { readonly values: unknown }>): Markup {
  const rest = values.length - MOST_VALUES;
  return html`<small>${values
    .slice(0, MOST_VALUES)
    .map(
      ({ name, value }, i) => `${i > 0 ? ', ' : ''}${name} ${valueText(value)}`,
    )}${rest > 0 && `, and ${plural(rest, 'value')} more`}</small>`;
}
