/** A finding as a mark: its name with squares, so that neither colour nor word is needed alone. */

import type { Level, Verdict } from '../schema.ts';
import { LEVELS } from '../schema.ts';
import { findingName, LEVEL_NAME } from '../verdict/overall.ts';
import { levelRank } from '../verdict/verdict.ts';
import { html, type Markup } from './markup.ts';

/** Name of a level with as many filled squares as its rank. */
export function levelBadge(level: Level, name = LEVEL_NAME[level]): Markup {
  const squares = LEVELS.length - 1;
  return html`<span class="level l-${level}"><svg viewBox="0 0 ${squares * 14} 12" aria-hidden="true">${Array.from(
    { length: squares },
    (_, i) =>
      html`<rect class="${i < levelRank(level) ? 'on' : 'off'}" x="${i * 14 + 1}" y="1" width="10" height="10"/>`,
  )}</svg>${name}</span>`;
}

/** The badge of a verdict; names a shifted split. */
export function findingBadge(verdict: Pick<Verdict, 'level' | 'reason'>): Markup {
  return levelBadge(verdict.level, findingName(verdict));
}
