/** Early stopping: training ends when records held out of it are no longer learnt, before the others are known by heart. */
import { stream } from 'onnx-grad';
import { z } from 'zod';
import { AuditError } from '../../errors.ts';
import { batchSource } from '../../models/batch-source.ts';
import { defense } from '../defense.ts';
import { learnNetwork } from '../learn-network.ts';

const params = z.strictObject({
  validation: z
    .number()
    .positive()
    .lt(1)
    .default(0.1)
    .describe('share of the training records that is held out to tell when to stop, above 0 and below 1'),
  patience: z
    .int()
    .min(1)
    .default(5)
    .describe('epochs without a lower loss on the held-out records after which training stops, from 1'),
});

/**
 * The model of the epoch with the lowest cross-entropy on the held-out records (Goodfellow et al., Algorithm 7.1, the
 * patience in epochs), also where training runs to its last one. What other defences should be measured against (Song
 * and Mittal, USENIX Security 2021).
 */
export const earlyStopping = defense({
  name: 'early-stopping',
  title: 'Early stopping',
  source: 'Goodfellow et al., Deep Learning, 2016, §7.8',
  params,
  changes: ['training'],
  learner: {
    continues: () => true,
    check: (facts) => requireTwo(facts.records),
    notes: ({ records }, { validation }) => [notesOf(records, validation)],
    train: (options, { validation, patience }) => {
      requireTwo(options.records.length);
      const { kept, heldOut } = holdOut(options.records, validation, options.seed);
      return learnNetwork(
        { ...options, records: kept },
        { validation: batchSource(options.data, heldOut), earlyStopping: { patience } },
      );
    },
  },
});

const heldOutCount = (records: number, share: number): number =>
  Math.min(records - 1, Math.max(1, Math.round(share * records)));

const notesOf = (records: number, share: number): string =>
  `Of the ${records} training records ${heldOutCount(records, share)} were held out to tell when to stop. They count as ` +
  'members, as they decided which model was kept, though no gradient was taken on them: attacks have less to find in them.';

/** Which of the records are held out is decided by the seed; both parts keep their order. */
export const holdOut = (records: Uint32Array, share: number, seed: number) => {
  const count = heldOutCount(records.length, share);
  const chosen = new Set(stream(seed, 'early-stopping', 'held-out').sample(records.length, count));
  return {
    kept: records.filter((_, i) => !chosen.has(i)),
    heldOut: records.filter((_, i) => chosen.has(i)),
  };
};

const requireTwo = (records: number): void => {
  if (records < 2)
    throw new AuditError(
      'MLD_DEFENSE_UNSUITED',
      `early stopping needs a record to learn from and one to hold out, and there is ${records} to train on`,
      'Train on more records, or choose another defence.',
    );
};
