/** Gives records their roles: who is a member, who is not, and what the attacker has of his own. */
import { stream } from 'onnx-grad';
import { AuditError } from '../errors.ts';
import type { PaperRoles } from './named-splits.ts';

/** The target is trained on `target-train` (its members) and never sees the other three. */
export const ROLES = ['target-train', 'target-test', 'shadow-train', 'shadow-test'] as const;
export type Role = (typeof ROLES)[number];

/**
 * Record indices by role. They stay in the order of the random permutation: data files are often sorted by
 * class, and the first n indices of a role must be a fair sample of it.
 */
export type Split = { readonly [R in Role]: Uint32Array };

/** How many records of a data set are on each side; where they lie says {@link sidePlaces}. */
export type RoleSizes = {
  readonly members: number;
  readonly nonMembers: number;
  /** The attacker's own: shadow-train and shadow-test are its halves. */
  readonly auxiliary: number;
};

export interface SplitOptions {
  readonly seed: number;
  /** Keep only the first so many records of each role, a fair sample of it; all of them by default. */
  readonly perRole?: number;
  /** Of data that says itself who is a member: no quarters are drawn then. */
  readonly sizes?: RoleSizes;
  /** Roles of another paper's sizes, drawn in another order. */
  readonly paper?: PaperRoles;
}

/**
 * Four disjoint random quarters of ⌊size/4⌋ records each, the remainder dropped, as ML-Doctor (USENIX
 * Security 2022) splits. By another `paper` the roles are disjoint parts of a random order of their own. Of data that says itself who is a member (`sizes`) every record has the
 * role that it says; the attacker's records are halved at random, an odd one dropped. Depends on its arguments only.
 *
 * @throws {AuditError} MLD_SPLIT for fewer than 4 records, more per role than a quarter holds, or a side without records
 */
export function splitQuarters(size: number, options: SplitOptions): Split {
  if (options.sizes) return splitGiven(size, options.sizes, options);
  if (options.paper) return splitLike(size, options.paper, options);
  const count = roleSize(size, options);
  const quarter = Math.floor(size / ROLES.length);
  const order = stream(options.seed, 'split', 'quarters').permutation(size);
  const part = (index: number) => order.slice(index * quarter, index * quarter + count);
  return { 'target-train': part(0), 'target-test': part(1), 'shadow-train': part(2), 'shadow-test': part(3) };
}

function splitLike(size: number, paper: PaperRoles, { seed, perRole }: SplitOptions): Split {
  const counts = roleSizes(size, { paper, ...(perRole !== undefined && { perRole }) });
  const { members, nonMembers, auxiliary } = paperSizes(size, paper);
  const order = stream(seed, 'split', paper.name).permutation(size);
  const from = (start: number, role: Role) => order.slice(start, start + counts[role]);
  const shadows = members + nonMembers;
  return {
    'target-train': from(0, 'target-train'),
    'target-test': from(members, 'target-test'),
    'shadow-train': from(shadows, 'shadow-train'),
    'shadow-test': from(shadows + Math.floor(auxiliary / 2), 'shadow-test'),
  };
}

const paperSizes = (size: number, { sizes }: PaperRoles): RoleSizes => {
  const quarter = Math.floor(size / ROLES.length);
  return sizes ?? { members: quarter, nonMembers: quarter, auxiliary: 2 * quarter };
};

function splitGiven(size: number, sizes: RoleSizes, { seed, perRole }: SplitOptions): Split {
  const { members, nonMembers, auxiliary } = sizes;
  if (members + nonMembers + auxiliary !== size)
    throw new Error(`internal: ${members} + ${nonMembers} + ${auxiliary} of ${size} records`);
  const counts = roleSizes(size, { sizes, ...(perRole !== undefined && { perRole }) });
  const places = sidePlaces(size, seed);
  const side = (name: string, first: number, length: number) =>
    stream(seed, 'split', name)
      .permutation(length)
      .map((i) => places[first + i] as number);
  const own = side('auxiliary', members + nonMembers, auxiliary);
  const half = Math.floor(auxiliary / 2);
  return {
    'target-train': side('members', 0, members).slice(0, counts['target-train']),
    'target-test': side('non-members', members, nonMembers).slice(0, counts['target-test']),
    'shadow-train': own.slice(0, counts['shadow-train']),
    'shadow-test': own.slice(half, half + counts['shadow-test']),
  };
}

/**
 * Which record each one is of the members, then the non-members, then the attacker's own, as their files give them: a
 * random order, so that the number of a record says nothing of its side.
 */
export const sidePlaces = (size: number, seed: number): Uint32Array =>
  stream(seed, 'split', 'places').permutation(size);

/** Records of each role, without splitting. @throws {AuditError} MLD_SPLIT as {@link splitQuarters} */
export function roleSizes(
  size: number,
  { perRole, sizes, paper }: Omit<SplitOptions, 'seed'>,
): Readonly<Record<Role, number>> {
  if (!sizes && paper) return paperRoleSizes(size, paper, perRole);
  if (!sizes) {
    const count = roleSize(size, perRole === undefined ? {} : { perRole });
    return { 'target-train': count, 'target-test': count, 'shadow-train': count, 'shadow-test': count };
  }
  const { members, nonMembers, auxiliary } = sizes;
  const [side] = [['members', members] as const, ['non-members', nonMembers] as const].filter(
    ([, count]) => count < 1,
  );
  if (side)
    throw new AuditError(
      'MLD_SPLIT',
      `there are no ${side[0]}`,
      'Give records that the model was trained on and records that it was not; a meaningful audit needs hundreds of each.',
    );
  const of = (count: number) => Math.min(count, perRole ?? count);
  const half = of(Math.floor(auxiliary / 2));
  return {
    'target-train': of(members),
    'target-test': of(nonMembers),
    'shadow-train': half,
    'shadow-test': half,
  };
}

function paperRoleSizes(
  size: number,
  paper: PaperRoles,
  perRole: number | undefined,
): Readonly<Record<Role, number>> {
  const { members, nonMembers, auxiliary } = paperSizes(size, paper);
  if (members < 1 || members + nonMembers + auxiliary > size)
    throw new AuditError(
      'MLD_SPLIT',
      `the split ${paper.name} takes ${members} members, ${nonMembers} non-members and ${auxiliary} records of the attacker's; there are ${size}`,
      'Use a larger data set, or the split ml-doctor-2022, which takes quarters of what there is.',
    );
  const half = Math.floor(auxiliary / 2);
  const most = Math.max(members, nonMembers, half);
  if (perRole !== undefined && !(Number.isInteger(perRole) && perRole >= 1 && perRole <= most))
    throw new AuditError(
      'MLD_SPLIT',
      `a role cannot have ${perRole} of ${size} records; the largest of ${paper.name} holds ${most}`,
      `Use between 1 and ${most} records per role.`,
    );
  const of = (count: number) => Math.min(count, perRole ?? count);
  return {
    'target-train': of(members),
    'target-test': of(nonMembers),
    'shadow-train': of(half),
    'shadow-test': of(half),
  };
}

/**
 * Records of the target's training, without splitting; of every role where quarters are drawn.
 *
 * @throws {AuditError} MLD_SPLIT as {@link splitQuarters}
 */
export function roleSize(size: number, { perRole, sizes, paper }: Omit<SplitOptions, 'seed'>): number {
  if (sizes || paper)
    return roleSizes(size, {
      ...(sizes && { sizes }),
      ...(paper && { paper }),
      ...(perRole !== undefined && { perRole }),
    })['target-train'];
  const quarter = Math.floor(size / ROLES.length);
  if (!(quarter >= 1)) {
    throw new AuditError(
      'MLD_SPLIT',
      `${size} records cannot be split into four quarters`,
      'Use a data set of at least 4 records; a meaningful audit needs hundreds.',
    );
  }
  const count = perRole ?? quarter;
  if (!(Number.isInteger(count) && count >= 1 && count <= quarter)) {
    throw new AuditError(
      'MLD_SPLIT',
      `a role cannot have ${perRole} of ${size} records; a quarter holds ${quarter}`,
      `Use between 1 and ${quarter} records per role.`,
    );
  }
  return count;
}
