/** Defences on the page: what this model was defended by, and what attackers knew of it. */

import { plural } from '../format.ts';
import { defenseOf, defenseText, isOwn, type NamedDefense, settings } from '../identity.ts';
import { defenseLabels } from '../labels.ts';
import type { Report } from '../schema.ts';
import { html, type Markup } from './markup.ts';

const TRAINED_COMPARE = html`To see what a defence changes and what it costs, name it beside “none” in the configuration of a study: <code>ml-doctor study</code> puts both side by side on the same records.`;

const OWN_COMPARE = html`What a defence of the answers would change: name it in the configuration (<code>defense</code>; <code>ml-doctor list defenses</code>) and audit again with the same seed. What one of the training would change: train the model anew with it and audit both on the same records; <code>ml-doctor gate --baseline</code> holds the one against the other.`;

export function defenceSection(report: Report): Markup {
  const each = report.results.map((result) => defenseOf({ ...report, results: [result] }));
  const tried = each.filter((one, i) => each.findIndex((other) => isSame(one, other)) === i);
  const defenses = tried.length > 0 ? tried : [defenseOf(report)];
  const labelOf = defenseLabels(defenses);
  const [only] = defenses;
  const compare = isOwn(report) ? OWN_COMPARE : TRAINED_COMPARE;
  if (defenses.length === 1 && only?.name === 'none')
    return html`<p>None: the model was audited as it is. ${compare}</p>`;
  return html`<table><thead><tr><th scope="col">Defence</th><th scope="col">Settings</th><th scope="col">Do attackers know of it?</th><th scope="col">Attacks against it</th></tr></thead>
<tbody>${defenses.map((defense) => {
    const against = each.filter((one) => isSame(one, defense)).length;
    return html`<tr><th scope="row" class="name" data-label="Defence">${labelOf(defense)}</th><td data-label="Settings">${settings(defense.params)}</td><td data-label="Do attackers know of it?">${defense.name === 'none' ? '–' : defense.adaptive === false ? 'no' : 'yes'}</td><td data-label="Attacks against it">${plural(against, 'attack')}</td></tr>
`;
  })}</tbody></table>
<p>All figures of this page are of the model with its defence (${defenses.map((defense, i) => `${i > 0 ? '; ' : ''}${defenseText(defense)}`)}), so they do not say what it changed. ${compare}</p>`;
}

/** Reports are canonical: the same parameters stand in the same order. */
function isSame(a: NamedDefense, b: NamedDefense): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
