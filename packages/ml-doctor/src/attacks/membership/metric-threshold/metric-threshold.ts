/**
 * Metric attacks (Song & Mittal, USENIX Security 2021): a record is a member when one number made of the target's
 * answer and the label is high enough. The thresholds, by default one a class, are chosen on one shadow model.
 */
import { z } from 'zod';
import { crossEntropyLoss } from '../../../stats/log-posterior.ts';
import type { LabelAccess, PosteriorAccess, Records } from '../../../targets/access.ts';
import { type AttackScores, membershipAttack, type Reference } from '../membership-attack.ts';
import { bestThreshold, classThresholds, type LabelledScores } from '../thresholds.ts';
import { entropy, modifiedEntropy } from './metrics.ts';

type PosteriorMetric = 'confidence' | 'entropy' | 'modified-entropy';

const params = z
  .strictObject({
    metric: z
      .enum(['correctness', 'confidence', 'entropy', 'modified-entropy'])
      .default('modified-entropy')
      .describe('what speaks for a member'),
    perClass: z
      .boolean()
      .optional()
      .meta({ description: 'Every class has its own threshold (not with correctness)', default: true }),
  })
  .superRefine(({ metric, perClass }, context) => {
    if (metric === 'correctness' && perClass !== undefined)
      context.addIssue({
        code: 'custom',
        path: ['perClass'],
        message: 'correctness has no thresholds; leave perClass out',
      });
  })
  .overwrite(({ metric, perClass }) =>
    metric === 'correctness' ? { metric } : { metric, perClass: perClass ?? true },
  );

export const metricThreshold = membershipAttack({
  name: 'membership/metric-threshold',
  title: 'Metric threshold',
  source: 'Song & Mittal, USENIX Security 2021',
  params,
  needs: ({ metric }) =>
    metric === 'correctness'
      ? { access: 'black-box', auxiliary: 'none', output: 'label', record: 'xy' }
      : { access: 'black-box', auxiliary: 'shadow', output: 'posteriors', record: 'xy' },
  references: ({ metric }) => ({ count: metric === 'correctness' ? 0 : 1, pool: { kind: 'disjoint' } }),
  run: async ({ target, records, references }, { metric, perClass }) => {
    if (metric === 'correctness') return correctness(target, records);
    if (!('query' in target)) throw new Error('internal: posteriors were asked for');
    const own = await statistics(target, records, metric);
    const { model, members, nonMembers } = references[0] as Reference;
    const known = [
      await statistics(model, members, metric),
      await statistics(model, nonMembers, metric),
    ] as const;
    return perClass
      ? relativeToClass(own, known, target.classes)
      : { scores: own.scores, threshold: bestThreshold(known[0].scores, known[1].scores) };
  },
});

/** Without a shadow model: 1 for a record that is predicted right, 0 for any other. */
const correctness = async (target: LabelAccess, records: Records): Promise<AttackScores> => {
  const predicted = await target.labels(records);
  return {
    scores: Float64Array.from(predicted, (label, i) => (label === records.labels[i] ? 1 : 0)),
    threshold: 1,
  };
};

/** Higher for members. Confidence as its logarithm, which tells posteriors apart that round to 1. */
const STATISTIC: { readonly [M in PosteriorMetric]: (row: Float32Array, label: number) => number } = {
  confidence: (row, label) => -crossEntropyLoss(row, label),
  entropy: (row) => -entropy(row),
  'modified-entropy': (row, label) => -modifiedEntropy(row, label),
};

const statistics = async (
  model: PosteriorAccess,
  records: Records,
  metric: PosteriorMetric,
): Promise<LabelledScores> => {
  const { logits, classes } = await model.query(records);
  const statistic = STATISTIC[metric];
  const scores = Float64Array.from(records.labels, (label, i) =>
    // A posterior saved as 0 gives −∞: the worst of scores, but a score.
    Math.max(statistic(logits.subarray(i * classes, (i + 1) * classes), label), -Number.MAX_VALUE),
  );
  return { scores, labels: records.labels };
};

/**
 * The statistic minus the threshold of the record's class, so that 0 decides. Records of different classes are ranked
 * by that too, which is neither the order of the statistic nor part of the paper: it only decides.
 */
const relativeToClass = (
  { scores, labels }: LabelledScores,
  [members, nonMembers]: readonly [LabelledScores, LabelledScores],
  classes: number,
): AttackScores => {
  const { thresholds, borrowed } = classThresholds(members, nonMembers, classes);
  return {
    scores: scores.map((score, i) => score - (thresholds[labels[i] as number] as number)),
    threshold: 0,
    ...(borrowed.length > 0 && {
      notes: [
        `${borrowed.length} of ${classes} classes had no members or no non-members among the shadow records; they got the threshold of all classes together.`,
      ],
    }),
  };
};
