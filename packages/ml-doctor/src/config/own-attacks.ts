/** Attacks by name on somebody's own model: in the form that needs no records of the attacker's, where there are none. */

import { attackOf } from '../attacks/registry.ts';
import { AuditError } from '../errors.ts';
import { attackChoice, type NamedInput } from './complete.ts';
import type { AttackChoice } from './config.ts';

/** What an attacker does without them, in the order of preference. */
const WITHOUT = ['none', 'partial'] as const;

/**
 * As {@link attackChoice}; only `auxiliary` has another default where the attacker has no records. What is written stays.
 * @param hasRecords whether the audit gives the attacker records of his own
 */
export const ownAttackChoice = (input: NamedInput, hasRecords: boolean): AttackChoice => {
  const choice = attackChoice(input);
  const given = typeof input === 'string' ? undefined : input[choice.name];
  if (hasRecords || choice.params['auxiliary'] !== 'shadow' || isWritten(given)) return choice;
  return withoutRecords(choice);
};

const isWritten = (given: unknown): boolean =>
  typeof given === 'object' && given !== null && 'auxiliary' in given;

const withoutRecords = (choice: AttackChoice): AttackChoice => {
  for (const auxiliary of WITHOUT) {
    try {
      return {
        ...choice,
        params: attackOf(choice.name).configure({ ...choice.params, auxiliary }).params,
      };
    } catch (error) {
      // An attack that has no such form stays what it is, and is refused with what it needs.
      if (!(error instanceof AuditError)) throw error;
    }
  }
  return choice;
};
