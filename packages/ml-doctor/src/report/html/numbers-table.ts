/** The numbers of a figure as a folding table: for those who do not see it, and for those who want to copy them. */

import { html, type Markup } from './markup.ts';

export function numbersTable({
  of,
  heads,
  rows,
}: {
  readonly of: string;
  readonly heads: readonly string[];
  /** The first cell names the row. */
  readonly rows: readonly (readonly string[])[];
}): Markup {
  return html`<details class="numbers"><summary>Numbers of this figure: ${of}</summary>
${scrolling(
  `Numbers: ${of}`,
  html`<table class="plain"><thead><tr>${heads.map((head) => html`<th scope="col">${head}</th>`)}</tr></thead>
<tbody>${rows.map(
    ([
      name,
      ...cells
    ]) => html`<tr><th scope="row">${name}</th>${cells.map((cell) => html`<td>${cell}</td>`)}</tr>
`,
  )}</tbody></table>`,
)}</details>`;
}

/** What may be wider than the page scrolls in a region of its own, with the keyboard, too. */
export function scrolling(label: string, content: Markup): Markup {
  return html`<div class="scroll" role="region" aria-label="${label}" tabindex="0">${content}</div>`;
}
