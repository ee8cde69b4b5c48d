/** What is wrong with attacks on stolen copies: a copy that nobody steals, that is not one, or that tells nothing. */

import { attackOf } from '../attacks/registry.ts';
import type { AttackChoice } from './config.ts';
import type { PlacedSource, Problem } from './config-source.ts';
import { shownPath } from './show.ts';
import { listed } from './suggest.ts';

/** @param attacks of one list, each looked for in it */
export function throughProblems(attacks: readonly AttackChoice[], source: PlacedSource): Problem[] {
  return attacks.flatMap(({ name, through }, index): Problem[] => {
    if (through === undefined) return [];
    const path = ['attacks', index, 'through'];
    const thieves = attacks.flatMap((attack, at) => (attack.name === through ? [{ attack, at }] : []));
    const [thief, second] = thieves;
    if (thief === undefined)
      return [
        {
          path,
          words: () => [
            `${name} goes through ${through}, which is not in the list attacks`,
            `Add ${through} to attacks: its last budget gives the copy.`,
          ],
        },
      ];
    if (second !== undefined)
      return [
        {
          path,
          words: () => [
            `${name} goes through ${through}, of which there are ${thieves.length}: ${listed(
              thieves.map(({ at }) => `${shownPath(['attacks', at])} at ${source.at(['attacks', at])}`),
            )}`,
            `Keep one of them here, and give each of the others a configuration of its own.`,
          ],
        },
      ];
    return learntFromMembers(thief.attack)
      ? [
          {
            path,
            code: 'MLD_ATTACK_UNSUITED',
            words: () => [
              `${name} goes through a copy that learnt from members: ${through} has auxiliary: partial, so the attacker knew them already`,
              'Set auxiliary: shadow there, or attack the target itself.',
            ],
          },
        ]
      : [];
  });
}

const learntFromMembers = ({ name, params }: AttackChoice): boolean =>
  attackOf(name).configure(params).needs.auxiliary === 'partial';
