/** What the members that an attack finds have in common, as a report tells it. */

import type { Factor, Result } from '../../report/schema.ts';
import { factorsSentence } from '../../report/verdict/factor-words.ts';
import type { ExplainResult } from '../../study/kinds/factors/explain.ts';

/**
 * Nothing where it was not asked or the task failed; a note where the attack scored too few of the records.
 *
 * @param result that the part belongs to
 */
export const factorsPart = (
  found: ExplainResult | undefined,
  { notes }: Pick<Result, 'notes'>,
): Pick<Result, 'factors'> | Pick<Result, 'notes'> => {
  if (!found) return {} as Pick<Result, 'factors'>;
  const { explained } = found;
  if (explained === null) return { notes: [...notes, TOO_FEW] };
  const told = { ...explained, factors: explained.factors as readonly Factor[] };
  return { factors: { ...told, sentence: factorsSentence(told) } };
};

const TOO_FEW =
  'What exposed records have in common is not told of this attack: of the records that are looked at it scores fewer than 100 members or 100 non-members.';
