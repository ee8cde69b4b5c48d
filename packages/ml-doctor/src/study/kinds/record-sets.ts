/** Which records a task is about: the candidates, the attacker's shadow data, or all of a data set made for him. */
import type { Pool, RecordSet } from '../../attacks/membership/membership-attack.ts';
import { type CanaryLabels, drawCanaries } from '../../data/canaries.ts';
import { halves } from '../../data/halves.ts';
import { ROLES, type Role, roleSizes, splitQuarters } from '../../data/split.ts';
import type { SplitRef } from './data-ref.ts';

/**
 * `candidates`: the target's members and non-members; `population`: the shadow data; `roles`: both; `all`: a synthetic
 * data set.
 */
export type NamedSet = 'candidates' | 'population' | 'roles' | 'all';

/** The roles that make up a set. */
export const ROLES_OF = {
  candidates: ['target-train', 'target-test'],
  population: ['shadow-train', 'shadow-test'],
  roles: ROLES,
} as const satisfies { readonly [S in Exclude<NamedSet, 'all'>]: readonly Role[] };

/**
 * What a model is trained on: the records of a role, one of the random halves of a set, or the target's own records with
 * so many canaries among them.
 */
export type TrainingSet =
  | { readonly role: Role }
  | { readonly half: number; readonly of: NamedSet }
  | { readonly canaries: number; readonly labels: CanaryLabels };

/**
 * What the judge of reconstructions learns from: half of all records whatever their role, so that it knows members no
 * better than non-members. The other half says how good it is.
 */
export const JUDGE_TRAINING = { half: 0, of: 'roles' } as const satisfies TrainingSet;

/** In ascending order, so that the order says nothing about roles. */
export const recordsIn = (set: NamedSet, size: number, split: SplitRef): Uint32Array => {
  if (set === 'all') return Uint32Array.from({ length: size }, (_, i) => i);
  const roles = splitQuarters(size, split);
  return Uint32Array.from(ROLES_OF[set].flatMap((role) => [...roles[role]])).sort();
};

/** How many they are, without drawing them. */
export const countIn = (set: NamedSet, size: number, split: SplitRef): number => {
  if (set === 'all') return size;
  const { seed: _, ...rest } = split;
  const sizes = roleSizes(size, rest);
  return ROLES_OF[set].reduce((sum, role) => sum + sizes[role], 0);
};

export const trainingRecords = (training: TrainingSet, size: number, split: SplitRef): Uint32Array => {
  if ('role' in training) return splitQuarters(size, split)[training.role];
  if ('half' in training)
    return halves(recordsIn(training.of, size, split), split.seed, training.of, training.half).members;
  const { ids, included, fixed } = drawCanaries(size, split, training.canaries);
  return Uint32Array.from([...fixed, ...ids.filter((_, i) => included[i] === 1)]).sort();
};

/** How many they are, without drawing them; of halves the smaller one, of canaries all that may be in. */
export const trainingCount = (training: TrainingSet, size: number, split: SplitRef): number => {
  const { seed: _, ...rest } = split;
  if ('role' in training) return roleSizes(size, rest)[training.role];
  if ('half' in training) return Math.floor(countIn(training.of, size, split) / 2);
  return roleSizes(size, rest)['target-train'];
};

/** The set that a pool's models are trained on, in the data set that the pool lives in. */
export const poolSet = (pool: Pool): NamedSet => {
  switch (pool.kind) {
    case 'with-candidates':
    case 'canaries':
      return 'candidates';
    case 'synthetic':
      return 'all';
    case 'disjoint':
    case 'other':
      return 'population';
  }
};

/**
 * What model `index` of a pool is trained on. The first two of a pool of shadow data get its two roles, which are a
 * complementary pair like any other, so that attacks with one shadow model and attacks with many share it.
 */
export const referenceTraining = (pool: Pool, index: number): TrainingSet => {
  if (pool.kind === 'canaries') return { canaries: pool.count, labels: pool.labels };
  const of = poolSet(pool);
  if (pool.kind === 'disjoint' && pool.same) return { role: 'shadow-train' };
  if (of === 'population' && index < 2) return { role: ROLES_OF.population[index] as Role };
  return { half: index, of };
};

/** The records of its pool that a reference was trained on, and the others; of canaries only what is no secret. */
export const referenceRecords = (
  pool: Pool,
  index: number,
  size: number,
  split: SplitRef,
): { readonly members: Uint32Array; readonly nonMembers: Uint32Array } => {
  const training = referenceTraining(pool, index);
  if ('canaries' in training)
    return { members: drawCanaries(size, split, training.canaries).fixed, nonMembers: new Uint32Array(0) };
  if ('half' in training)
    return halves(recordsIn(training.of, size, split), split.seed, training.of, training.half);
  const roles = splitQuarters(size, split);
  const other: Role = training.role === 'shadow-train' ? 'shadow-test' : 'shadow-train';
  return { members: roles[training.role], nonMembers: roles[other] };
};

/** The set of records meant by what an attack asks its models, and whether it lies in the pool's own data set. */
export const askedSet = (pool: Pool, asked: RecordSet): { set: NamedSet; own: boolean } =>
  asked === 'pool'
    ? { set: poolSet(pool), own: pool.kind === 'other' || pool.kind === 'synthetic' }
    : { set: asked, own: false };
