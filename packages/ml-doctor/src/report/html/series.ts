/** How curves of a figure are told apart in words and legends: by colour, dashes and a letter. */

import { html, type Markup } from './markup.ts';

const COLOURS = 4;

/** Two dash patterns of four colours; more curves would not be told apart. */
export const MAX_CURVES = 2 * COLOURS;

export function letter(index: number): string {
  return String.fromCharCode(65 + index);
}

/** The line of a curve, beside its name in a legend. */
export function legendLine(index: number): Markup {
  return html`<svg viewBox="0 0 54 16" aria-hidden="true"><line class="curve c${index % COLOURS}${index >= COLOURS && ' second'}" x1="0" y1="8" x2="54" y2="8"/></svg>`;
}
