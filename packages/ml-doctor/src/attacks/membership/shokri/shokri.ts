/**
 * The first membership inference attack on classifiers (Shokri et al., S&P 2017): many shadow models, and for each true
 * class a network that learnt on them to tell members from non-members by the full posterior.
 */
import { type AttackInput, membershipAttack } from '../membership-attack.ts';
import { attackData, posteriors } from './attack-data.ts';
import { judge } from './class-models.ts';
import { params, poolOf } from './params.ts';

/**
 * 20 shadow models are the paper's number for Purchase; each costs a training. Of the attack models the paper gives the
 * hidden layer; epochs, batch, learning rate and L2 (Adam, λ Σθ²) are those of a co-author's code, csong27.
 */
export const shokri = membershipAttack({
  name: 'membership/shokri',
  title: 'Shadow models, an attack model for each class',
  source: 'Shokri et al., S&P 2017',
  params,
  needs: ({ shadowData }) => ({
    access: 'black-box',
    // Algorithm 1 makes its records without any data.
    auxiliary: shadowData === 'model' ? 'none' : 'shadow',
    output: 'posteriors',
    record: 'xy',
    inputs: shadowData === 'marginals' || shadowData === 'model' ? 'any' : 'records',
  }),
  references: (given) => ({ count: given.shadows, pool: poolOf(given) }),
  run: async ({ target, records, references, synthesis }, training, context) => {
    const answers = await posteriors(target, records);
    const shadows = await attackData(references, target.classes);
    const { scores, notes } = await judge(shadows, answers, records, training, context);
    return { scores, threshold: 0, notes: [...(synthesis ? [cost(synthesis)] : []), ...notes] };
  },
});

const cost = ({ records, queries }: NonNullable<AttackInput<unknown>['synthesis']>): string => {
  const learnt = `The shadow models learnt from ${records} synthetic records`;
  if (queries === 0) return `${learnt}, which cost no query of the target.`;
  const each = (queries / records).toFixed(1);
  return `${learnt}, which cost ${queries} queries of the target, ${each} a record (Shokri et al., by Algorithm 1: 156).`;
};
