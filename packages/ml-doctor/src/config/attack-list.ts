/** The value of `--attacks`: names with commas between them. */

import { allAttacks } from '../attacks/registry.ts';
import { AuditError } from '../errors.ts';
import { attackChoice } from './complete.ts';
import type { Choice } from './config.ts';
import { shownValue } from './show.ts';
import { suggestion } from './suggest.ts';

/**
 * Attacks by name, with the defaults of all their parameters, in the order given.
 * @throws {AuditError} MLD_USAGE for a name that is unknown, missing or said twice
 */
export function parseAttackList(text: string): Choice[] {
  const names = text.split(',').map((part) => part.trim());
  const known = Object.keys(allAttacks());
  names.forEach((name, index) => {
    if (name === '')
      throw new AuditError(
        'MLD_USAGE',
        text.trim() === ''
          ? 'the list of attacks is empty'
          : `the list of attacks ${shownValue(text)} has a gap`,
        `Name attacks with commas between them, as ${known[0]}; see \`ml-doctor list attacks\`.`,
      );
    if (!known.includes(name))
      throw new AuditError(
        'MLD_USAGE',
        `there is no attack ${shownValue(name)}`,
        suggestion(name, known, 'attacks'),
      );
    if (names.indexOf(name) < index)
      throw new AuditError('MLD_USAGE', `the attack ${name} is listed twice`, 'Name it once.');
  });
  return names.map(attackChoice);
}
