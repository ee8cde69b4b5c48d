/**
 * ML-Doctor's membership inference (Liu et al., USENIX Security 2022, §4.1), <B,S>, <B,P>, <W,S> and <W,P>: a network
 * learns to tell members from non-members by what a model answers about them, black-box, or by its gradients as well,
 * white-box. It learns on a shadow model, or on records of the target whose membership is known, and is then used on
 * the others.
 */
import { z } from 'zod';
import type { PosteriorAccess, Records, WhiteBoxAccess } from '../../../targets/access.ts';
import { type AttackInput, type KnownRecords, membershipAttack } from '../membership-attack.ts';
import { memberScores, trainAttackModel } from './attack-model.ts';
import { blackBoxNetwork, whiteBoxNetwork } from './attack-networks.ts';
import { blackBoxFeatures, type Features, whiteBoxFeatures } from './features.ts';

const params = z.strictObject({
  access: z
    .enum(['black-box', 'white-box'])
    .default('black-box')
    .describe('white-box: the loss and its gradient in the last layer are used too'),
  auxiliary: z
    .enum(['shadow', 'partial'])
    .default('shadow')
    .describe(
      'shadow: learns on a shadow model; partial: on a third of the target’s own records, scored on another',
    ),
  epochs: z.number().int().min(1).default(50),
  batchSize: z.number().int().min(1).default(64),
  learningRate: z.number().positive().default(1e-5),
});

export const shadowClassifier = membershipAttack({
  name: 'membership/shadow-classifier',
  title: 'Shadow classifier',
  source: 'Liu et al., ML-Doctor, USENIX Security 2022',
  params,
  needs: ({ access, auxiliary }) =>
    access === 'white-box'
      ? { access, auxiliary, output: 'posteriors', record: 'xy' }
      : { access, auxiliary, output: 'posteriors', record: 'xy' },
  references: ({ access, auxiliary }) => ({
    count: auxiliary === 'shadow' ? 1 : 0,
    pool: { kind: 'disjoint' },
    live: auxiliary === 'shadow' && access === 'white-box',
  }),
  run: async (input, { access: _, auxiliary: __, ...training }, context) => {
    const { target, records } = input;
    const { model, members, nonMembers } = teacher(input);
    const known = joined(members, nonMembers);
    const white = 'lastLayer' in target;
    const seen = white
      ? await whiteBoxFeatures(model as WhiteBoxAccess, known)
      : await blackBoxFeatures(model, known);
    const membership = new Uint8Array(seen.size).fill(1, 0, members.ids.length);
    const network = networkFor(seen, context.seed);
    const attack = await trainAttackModel(network, seen, membership, training, context);
    const asked = white ? await whiteBoxFeatures(target, records) : await blackBoxFeatures(target, records);
    return { scores: await memberScores(attack, asked, context), threshold: priorOdds(members, nonMembers) };
  },
});

/**
 * A classifier trained on uneven sides has learnt that one is commoner: at these odds of its own it is as likely a member
 * as not where both are as common; 0 for even sides.
 */
const priorOdds = (members: Records, nonMembers: Records): number =>
  Math.log(members.ids.length / nonMembers.ids.length);

/** The model whose records are known to be members or not: the shadow model, or the target itself. */
const teacher = <T extends PosteriorAccess>({
  target,
  references,
  known,
}: AttackInput<T>): KnownRecords & { readonly model: PosteriorAccess } => {
  const [shadow] = references;
  if (shadow) return shadow;
  if (!known) throw new Error('internal: neither a shadow model nor known records');
  return { model: target, ...known };
};

const networkFor = ({ parts }: Features, seed: number) => {
  const classes = parts.posteriors?.shape[0] as number;
  const inputs = parts.gradient?.shape[2];
  return inputs === undefined ? blackBoxNetwork(classes, seed) : whiteBoxNetwork(classes, inputs, seed);
};

const joined = (a: Records, b: Records): Records => ({
  ids: Uint32Array.from([...a.ids, ...b.ids]),
  labels: Int32Array.from([...a.labels, ...b.labels]),
});
