/**
 * ML-Doctor's black-box membership inference with shadow data <B,S> (Liu et al., USENIX Security 2022, §4.1): a
 * network learns on a shadow model to tell members from non-members by the sorted posteriors and whether the
 * prediction is right, and is then used on the target.
 */
import { z } from 'zod';
import { argmax } from '../../../stats/argmax.ts';
import { posterior } from '../../../stats/log-posterior.ts';
import type { PosteriorAccess, Records } from '../../../targets/access.ts';
import { membershipAttack, type Reference } from '../membership-attack.ts';
import { type Features, memberScores, trainAttackModel } from './attack-model.ts';

const params = z.strictObject({
  access: z.literal('black-box').default('black-box'),
  auxiliary: z.literal('shadow').default('shadow'),
  epochs: z.number().int().min(1).default(50),
  batchSize: z.number().int().min(1).default(64),
  learningRate: z.number().positive().default(1e-5),
});

export const shadowClassifier = membershipAttack({
  name: 'membership/shadow-classifier',
  title: 'Shadow classifier',
  source: 'Liu et al., ML-Doctor, USENIX Security 2022',
  params,
  needs: ({ access, auxiliary }) => ({ access, auxiliary, output: 'posteriors', record: 'xy' }),
  references: () => ({ count: 1, pool: 'disjoint' }),
  run: async ({ target, records, references }, training, context) => {
    const { model, members, nonMembers } = references[0] as Reference;
    const known = join(await features(model, members), await features(model, nonMembers));
    const membership = new Uint8Array(known.size).fill(1, 0, members.ids.length);
    const attack = await trainAttackModel(known, membership, training, context);
    return { scores: await memberScores(attack, await features(target, records), context), threshold: 0 };
  },
});

/** Posteriors sorted from the largest down, and 1 where the largest is at the label (the first among equals). */
export const features = async (model: PosteriorAccess, records: Records): Promise<Features> => {
  const { logits, classes } = await model.query(records);
  const size = records.ids.length;
  const posteriors = new Float32Array(size * classes);
  const correct = new Float32Array(size);
  for (let i = 0; i < size; i++) {
    const row = logits.subarray(i * classes, (i + 1) * classes);
    // By the logits, as the target's accuracy is counted: posteriors may round to a tie.
    correct[i] = argmax(row) === records.labels[i] ? 1 : 0;
    posteriors.set(posterior(row).sort().reverse(), i * classes);
  }
  return { size, classes, posteriors, correct };
};

const join = (a: Features, b: Features): Features => ({
  size: a.size + b.size,
  classes: a.classes,
  posteriors: concat(a.posteriors, b.posteriors),
  correct: concat(a.correct, b.correct),
});

const concat = (a: Float32Array, b: Float32Array): Float32Array => {
  const out = new Float32Array(a.length + b.length);
  out.set(a);
  out.set(b, a.length);
  return out;
};
