/**
 * Loss threshold (Yeom et al., CSF 2018): a record is a member when the target's loss on it is small.
 * The score is −loss; a threshold that does not use the truth comes from a model the attacker trained himself.
 */
import { z } from 'zod';
import { crossEntropyLoss } from '../../../stats/log-posterior.ts';
import type { PosteriorAccess, Records } from '../../../targets/access.ts';
import { membershipAttack, type Reference } from '../membership-attack.ts';
import { bestThreshold } from '../thresholds.ts';

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
  needs: ({ auxiliary }) => ({
    ...{ access: 'black-box', auxiliary, output: 'posteriors', record: 'xy' },
    // A shadow model's threshold is one of its whole answers.
    ...(auxiliary === 'none' && { readsLoss: true as const }),
  }),
  references: ({ auxiliary }) => ({ count: auxiliary === 'shadow' ? 1 : 0, pool: { kind: 'disjoint' } }),
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
