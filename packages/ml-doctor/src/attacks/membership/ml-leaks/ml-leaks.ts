/**
 * ML-Leaks (Salem et al., NDSS 2019): membership from few large posteriors, by adversaries who need ever less. Adversary
 * 1 has one shadow model, 2 one on another data set, 3 none; the combining attack has one of each kind.
 */
import type { Records, TopAccess } from '../../../targets/access.ts';
import type { AttackContext } from '../../attack-context.ts';
import { type AttackScores, membershipAttack, type Reference } from '../membership-attack.ts';
import { type Features, memberScores, trainAttackModel } from './attack-model.ts';
import { type MlLeaksOptions, mlLeaksOptions } from './options.ts';
import { withoutTraining } from './random-inputs.ts';

type Training = Exclude<MlLeaksOptions, { readonly adversary: 3 }>;

export const mlLeaks = membershipAttack({
  name: 'membership/ml-leaks',
  title: 'ML-Leaks',
  source: 'Salem et al., NDSS 2019',
  params: mlLeaksOptions,
  needs: (options) => {
    if (options.adversary === 3)
      return {
        access: 'black-box',
        auxiliary: 'none',
        output: 'posteriors',
        record: 'xy',
        inputs: 'any',
      };
    const auxiliary = options.adversary === 2 ? 'other' : 'shadow';
    const output = options.posteriors === 1 ? 'top1' : 'topK';
    return { access: 'black-box', auxiliary, output, record: 'xy' };
  },
  references: (options) => {
    switch (options.adversary) {
      case 1:
        return { count: 1, pool: { kind: 'disjoint' }, ...kindOf(options) };
      case 2:
        return { count: 1, pool: { kind: 'other', data: options.data }, ...kindOf(options) };
      case 3:
        return { count: 0, pool: { kind: 'disjoint' } };
      case 'combining': {
        const { architectures } = options;
        // All on the same records, so that their answers differ by the kind of model only.
        return { count: architectures.length, pool: { kind: 'disjoint', same: true }, architectures };
      }
    }
  },
  run: async ({ target, ...input }, options, context) => {
    if (options.adversary !== 3) return withShadows(target, input, options, context);
    if (!('answersOf' in target)) throw new Error('internal: live queries were asked for');
    return withoutTraining({ target, ...input }, options, context);
  },
});

const kindOf = ({ architecture }: { readonly architecture: string }) =>
  architecture === 'target' ? {} : { architectures: [architecture] };

/** What all shadow models say of their members and of others, stacked, trains one attack model. */
const withShadows = async (
  target: TopAccess,
  { records, references }: { readonly records: Records; readonly references: readonly Reference[] },
  options: Training,
  context: AttackContext,
): Promise<AttackScores> => {
  // Another data set may have fewer classes than the target.
  const width = Math.min(options.posteriors, target.classes, ...references.map(({ model }) => model.classes));
  const groups: Features[] = [];
  const membership: number[] = [];
  for (const { model, members, nonMembers } of references)
    for (const [group, label] of [
      [members, 1],
      [nonMembers, 0],
    ] as const) {
      groups.push(await features(model, group, width));
      for (let i = 0; i < group.ids.length; i++) membership.push(label);
    }
  const attack = await trainAttackModel(stack(groups, width), Uint8Array.from(membership), options, context);
  return {
    scores: await memberScores(attack, await features(target, records, width), context),
    threshold: 0,
  };
};

const features = async (model: TopAccess, records: Records, width: number): Promise<Features> => {
  const { posteriors } = await model.top(records, width);
  return { size: records.ids.length, width, values: posteriors };
};

const stack = (groups: readonly Features[], width: number): Features => {
  const size = groups.reduce((sum, group) => sum + group.size, 0);
  const values = new Float32Array(size * width);
  let at = 0;
  for (const group of groups) {
    values.set(group.values, at);
    at += group.values.length;
  }
  return { size, width, values };
};
