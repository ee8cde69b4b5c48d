/** The attribute that an attack of a cell is about: the one it names, or the data set's own sensitive one. */

import type { ConfiguredAttribute } from '../attacks/attribute/attribute-attack.ts';
import type { Dataset } from '../data/dataset.ts';
import { catalogEntry } from '../data/load-dataset.ts';
import { attributeNames, type Sensitive, sensitiveOf } from '../data/sensitive.ts';
import { AuditError } from '../errors.ts';
import { OWN_DATA, OWN_OUTPUTS } from '../study/kinds/data-ref.ts';

/** Named in a hint; all of a wide table would fill the screen. */
const NAMED = 12;

/** Data that a user brings says of no attribute that it is sensitive. */
const OWN: ReadonlySet<string> = new Set([OWN_DATA, OWN_OUTPUTS]);

/** @throws {AuditError} MLD_ATTRIBUTE_UNKNOWN where neither names one, and those of `sensitiveOf` */
export const chosenAttribute = (
  { attribute }: Pick<ConfiguredAttribute, 'attribute'>,
  data: Dataset,
): Sensitive => {
  const [own] = OWN.has(data.id) ? [] : (catalogEntry(data.id).sensitive ?? []);
  const name = attribute ?? own;
  if (name !== undefined) return sensitiveOf(data, name);
  const names = attributeNames(data);
  throw new AuditError(
    'MLD_ATTRIBUTE_UNKNOWN',
    `${data.id} has no sensitive attribute of its own, and the attack names none`,
    names.length === 0
      ? 'Its records have no attributes: leave out attribute inference for this data set.'
      : `Name one with \`attribute\`: ${names.slice(0, NAMED).join(', ')}${names.length > NAMED ? `, … (${names.length} in all)` : ''}.`,
  );
};
