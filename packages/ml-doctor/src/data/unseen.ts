/** Refuses to guess categories that the attacker has never met: nothing could have taught him to say them. */
import { AuditError } from '../errors.ts';
import type { Sensitive } from './sensitive.ts';

/**
 * Numbers are not refused: between those he knows the attacker can guess others.
 *
 * @param dataId of the data set, for the error message
 * @param known records whose attribute the attacker knows
 * @param asked records whose attribute he is to guess
 * @throws {AuditError} MLD_ATTRIBUTE_UNSEEN for categories that occur among `asked` and never among `known`
 */
export const refuseUnseen = (
  { name, categories, values }: Pick<Sensitive, 'name' | 'categories' | 'values'>,
  dataId: string,
  known: Uint32Array,
  asked: Uint32Array,
): void => {
  if (!categories) return;
  const [there, wanted] = [known, asked].map((records) => counts(values, records, categories.length)) as [
    Uint32Array,
    Uint32Array,
  ];
  const unseen = categories.flatMap((category, c) =>
    (wanted[c] as number) > 0 && there[c] === 0 ? [`${wanted[c]} are '${category}'`] : [],
  );
  if (unseen.length === 0) return;
  throw new AuditError(
    'MLD_ATTRIBUTE_UNSEEN',
    `attribute '${name}' of ${dataId}: of ${asked.length} records to guess it of ${unseen.join(', ')}, but none of the ${known.length} records whose value the attacker knows`,
    'Use more records per role, or merge rare categories.',
  );
};

const counts = (values: Sensitive['values'], records: Uint32Array, categories: number): Uint32Array => {
  const found = new Uint32Array(categories);
  for (const record of records) (found[values[record] as number] as number)++;
  return found;
};
