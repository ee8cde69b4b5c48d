/** A paper's split of a data set of the catalogue. */
import { AuditError } from '../errors.ts';
import { catalog } from './catalog/catalog.ts';
import { catalogEntry } from './catalog-entry.ts';
import type { NamedSplit, PaperRoles } from './named-splits.ts';
import { ROLES, type RoleSizes } from './split.ts';

/**
 * What a split needs besides its seed; `undefined` for the quarters of `ml-doctor-2022`.
 *
 * @param data its name in the catalogue
 * @throws {AuditError} MLD_SPLIT where the paper has no sizes for this data set, and the split none of its own
 */
export const paperRoles = (data: string, split: NamedSplit): PaperRoles | undefined => {
  if (split === 'ml-doctor-2022') return undefined;
  const entry = catalogEntry(data);
  const sizes = entry.splits?.[split];
  if (sizes) {
    const { members, nonMembers, auxiliary } = sizes;
    return { name: split, sizes: { members, nonMembers, auxiliary } };
  }
  if (split === 'ml-leaks-2019') return { name: split };
  throw new AuditError(
    'MLD_SPLIT',
    `the split ${split} has no sizes for ${entry.id}; it has for ${withSplit(split).join(', ')}`,
    'Use one of these data sets, or the split ml-doctor-2022, which takes quarters of any.',
  );
};

const withSplit = (split: NamedSplit): readonly string[] =>
  Object.values(catalog).flatMap(({ id, splits }) => (splits?.[split] ? [id] : []));

/** The most that a role has of a data set: what `recordsPerRole` can be. @throws {AuditError} as {@link paperRoles} */
export const largestRole = (data: string, split: NamedSplit): number => {
  const sizes: RoleSizes | undefined = paperRoles(data, split)?.sizes;
  return sizes
    ? Math.max(sizes.members, sizes.nonMembers, Math.floor(sizes.auxiliary / 2))
    : Math.floor(catalogEntry(data).size / ROLES.length);
};
