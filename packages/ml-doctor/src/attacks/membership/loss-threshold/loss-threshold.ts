/**
 * Loss threshold (Yeom et al., CSF 2018): a record is a member when the target's loss on it is small.
 * The score is −loss; a threshold that does not use the truth comes from a model the attacker trained himself.
 */
import { z } from 'zod';
import { crossEntropyLoss } from '../../../stats/log-posterior.ts';
import type { PosteriorAccess, Records } from '../../../targets/access.ts';
import { membershipAttack, type Reference } from '../membership-attack.ts';

const params = z.strictObject({
  auxiliary: z
    .enum(['none', 'shadow'])
    .default('shadow')
    .describe('shadow: the threshold is chosen on a shadow model; none: records are only ranked'),
});

export const lossThreshold = membershipAttack({
  name: 'membership/loss-threshold',
  title: 'Loss threshold',
  source: 'Yeom et al., CSF 2018',
  params,
  needs: ({ auxiliary }) => ({ access: 'black-box', auxiliary, output: 'posteriors', record: 'xy' }),
  references: ({ auxiliary }) => ({ count: auxiliary === 'shadow' ? 1 : 0, pool: 'disjoint' }),
  run: async ({ target, records, references }, { auxiliary }) => {
    const scores = await negativeLosses(target, records);
    if (auxiliary === 'none') return { scores };
    return { scores, threshold: await shadowThreshold(references[0] as Reference) };
  },
});

const negativeLosses = async (model: PosteriorAccess, records: Records): Promise<Float64Array> => {
  const { logits, classes } = await model.query(records);
  return Float64Array.from(records.labels, (label, i) => {
    const loss = crossEntropyLoss(logits.subarray(i * classes, (i + 1) * classes), label);
    // A posterior saved as 0 has an infinite loss: the worst of scores, but a score.
    return Math.max(-loss, -Number.MAX_VALUE);
  });
};

const shadowThreshold = async ({ model, members, nonMembers }: Reference): Promise<number> =>
  bestThreshold(await negativeLosses(model, members), await negativeLosses(model, nonMembers));

/**
 * The threshold t that maximises the balanced accuracy of "member when score ≥ t" on scores of known membership;
 * of equally good ones the highest, which accuses fewest. Infinite where nothing beats accusing nobody. No score is NaN.
 */
export const bestThreshold = (members: Float64Array, nonMembers: Float64Array): number => {
  const m = members.slice().sort();
  const n = nonMembers.slice().sort();
  let best = Number.POSITIVE_INFINITY;
  let bestGain = 0;
  // From high to low: accepted members and non-members grow together; a tie is passed in one step.
  let i = m.length;
  let j = n.length;
  while (i > 0 || j > 0) {
    const t = Math.max(i > 0 ? (m[i - 1] as number) : -Infinity, j > 0 ? (n[j - 1] as number) : -Infinity);
    while (i > 0 && (m[i - 1] as number) === t) i--;
    while (j > 0 && (n[j - 1] as number) === t) j--;
    // The difference of the two rates, over the common denominator: whole numbers, so that equal means equal.
    const gain = (m.length - i) * n.length - (n.length - j) * m.length;
    if (gain > bestGain) {
      bestGain = gain;
      best = t;
    }
  }
  return best;
};
