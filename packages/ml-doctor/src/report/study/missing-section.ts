/** What a study lacks: failures grouped by their cause, so that the page stays readable when everything fails alike. */

import { asSentence, grouped, plural } from '../format.ts';
import { html, type Markup } from '../html/markup.ts';
import { groupedHoles } from './overview.ts';
import type { StudyReport } from './study-schema.ts';

/** Tasks named in the open; more are folded away. */
const NAMED = 5;

export function missingSection({ holes, audits }: StudyReport): Markup {
  if (holes.length === 0) return html``;
  const touched = audits.filter((audit) => audit.holes > 0).length;
  return html`<section class="warning"><h2>What is missing</h2>
<p>${plural(holes.length, 'task')} failed, which leaves gaps in ${grouped(touched)} of ${plural(audits.length, 'audit')}.</p>
<ul>${groupedHoles(holes).map(
    ({ code, message, hint, tasks, blocked }) =>
      html`<li>${taskList(tasks)} failed (<code>${code}</code>): ${asSentence(message)} ${hint}${
        blocked > 0 && html` ${plural(blocked, 'task')} did not run because of this.`
      }</li>`,
  )}</ul></section>`;
}

function taskList(tasks: readonly string[]): Markup {
  const list = html`${tasks.map((task, i) => html`${i > 0 && ', '}<code>${task}</code>`)}`;
  if (tasks.length <= NAMED) return list;
  return html`<details><summary>${plural(tasks.length, 'task')}</summary>${list}</details>`;
}
