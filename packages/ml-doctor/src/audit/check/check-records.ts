/** Records that no membership attack can be judged on: overlapping, of one class, without the attributes asked for. */

import type { DataChoice } from '../../config/config.ts';
import { type Dataset, elements } from '../../data/dataset.ts';
import { overlap } from '../../data/overlap.ts';
import { ROLES, type Split, splitQuarters } from '../../data/split.ts';
import { AuditError } from '../../errors.ts';
import type { SplitRef } from '../../study/kinds/data-ref.ts';

/** @throws {AuditError} MLD_OVERLAP, MLD_SPLIT, MLD_CONFIG */
export const refuseUnusableRecords = (data: Dataset, split: SplitRef, choice: DataChoice): void => {
  const roles = splitQuarters(data.size, split);
  refuseOneClass(data, roles);
  for (const name of choice.slices ?? []) refuseUnknownSlice(data, name);
  // Records of which the answers alone are known cannot be compared.
  if (choice.overlap === 'allow' || elements(data.recordShape) === 0) return;
  refuseOverlap(data, roles);
  if (split.sizes) refuseOwnOverlap(data, roles);
};

const refuseOneClass = (data: Dataset, roles: Split): void => {
  for (const role of ROLES) {
    // Nobody has to bring records of the attacker's.
    if (roles[role].length === 0) continue;
    const classes = new Set(Array.from(roles[role], (id) => data.y[id]));
    if (classes.size < 2)
      throw new AuditError(
        'MLD_SPLIT',
        `all ${roles[role].length} records of ${role} are of one class ('${data.classes[data.y[roles[role][0] as number] as number]}')`,
        'Use more records per role; a classifier of one class has nothing to leak.',
      );
  }
};

const refuseUnknownSlice = (data: Dataset, name: string): void => {
  const sliceable = Object.entries(data.attributes ?? {}).filter(([, { categories }]) => categories);
  if (sliceable.some(([known]) => known === name)) return;
  const known = sliceable.map(([one]) => one).join(', ');
  throw new AuditError(
    'MLD_CONFIG',
    data.attributes?.[name]
      ? `slices: '${name}' of ${data.id} is a number, not a category`
      : `slices: ${data.id} has no attribute '${name}'`,
    known === ''
      ? 'Leave out slices: this data set has no attributes.'
      : `Known attributes with categories: ${known}.`,
  );
};

/** Of a user's own data: who gives the members as the attacker's own records makes another attacker than the report says. */
const refuseOwnOverlap = (data: Dataset, roles: Split): void => {
  const auxiliary = Uint32Array.from([...roles['shadow-train'], ...roles['shadow-test']]);
  if (auxiliary.length === 0) return;
  for (const [role, name] of [
    ['target-train', 'members'],
    ['target-test', 'non-members'],
  ] as const) {
    const { inFirst } = overlap(data, roles[role], auxiliary);
    if (inFirst.length === 0) continue;
    throw new AuditError(
      'MLD_OVERLAP',
      `${inFirst.length} ${name} have the same input as an auxiliary record: the attacker's own records are others than the target's`,
      'Take them out of the auxiliary records, or accept them with `overlap: allow` under `data` (--overlap allow).',
    );
  }
};

const refuseOverlap = (data: Dataset, roles: Split): void => {
  const { inFirst, inSecond, inputs, otherLabel } = overlap(
    data,
    roles['target-train'],
    roles['target-test'],
  );
  if (inFirst.length === 0) return;
  const labels = otherLabel === 0 ? '' : `, ${otherLabel} of them with another label only`;
  throw new AuditError(
    'MLD_OVERLAP',
    `${data.id}: ${inFirst.length} members have the same input as a non-member (${inputs} different inputs, ${inSecond.length} non-members${labels})`,
    'Remove duplicates from the data, or accept them with `overlap: allow` under `data` (--overlap allow): such records count as both and draw every attack towards guessing.',
  );
};
