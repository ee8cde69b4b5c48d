/** An attack by its name on the page, with what tells it from others. */

import { holdsAudited } from '../format.ts';
import type { Result } from '../schema.ts';
import { html, type Markup } from './markup.ts';

/**
 * Name, variant, the copy it was made on, defence, and whether its own models learnt from the audited records.
 *
 * @param variant what tells it from others of its name; empty where nothing needs to
 */
export function attackName({ attack, defense, references, through }: Result, variant: string): Markup {
  return html`${wrappable(attack)}${variant !== '' && html` <span class="variant">(${variant})</span>`}${
    through !== undefined && html` <small>through a copy by ${wrappable(through.attack)}</small>`
  }${
    defense.name !== 'none' && html` <small>against ${defense.name}</small>`
  }${holdsAudited(references) && html` <small class="variant">stronger attacker</small>`}`;
}

/** A name too long for its column breaks after the family. */
function wrappable(attack: string): Markup {
  const [family, ...rest] = attack.split('/');
  return html`${family}${rest.map((part) => html`/<wbr>${part}`)}`;
}
