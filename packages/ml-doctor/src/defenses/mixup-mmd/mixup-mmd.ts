/** MixupMMD (Li, Li & Ribeiro, CODASPY 2021): mixed records, and posteriors on members like those on strangers. */
import { z } from 'zod';
import { AuditError } from '../../errors.ts';
import { trainableNumbers } from '../../models/train-on.ts';
import { defense } from '../defense.ts';
import { freshNetwork, learnNetwork } from '../learn-network.ts';
import { holdOut } from './hold-out.ts';
import { mixedSource } from './mixed-source.ts';
import { mixupMmdLoss } from './mmd-loss.ts';
import { threePasses, trainedIn } from './three-passes.ts';

const params = z.strictObject({
  alpha: z
    .number()
    .min(0)
    .max(100)
    .default(1)
    .describe('records are mixed in proportions λ : 1 − λ, λ drawn from Beta(alpha, alpha); 0 mixes nothing'),
  weight: z
    .number()
    .min(0)
    .default(3)
    .describe('of the squared MMD in the loss; 3 is the authors’ for CIFAR-10'),
  validation: z
    .number()
    .positive()
    .max(0.5)
    .default(0.2)
    .describe(
      'share of the training records, of each class, that the model is compared on and not fitted to',
    ),
});

/**
 * The authors' program takes steps on the MMD by themselves, after epochs in which training and validation accuracy are 3
 * points or more apart, and not after the last; here both terms are in every step's loss.
 */
export const mixupMmd = defense({
  name: 'mixup-mmd',
  title: 'MixupMMD',
  source: 'Li, Li & Ribeiro, CODASPY 2021',
  params,
  changes: ['training'],
  learner: {
    continues: () => true,
    // Of three passes two go back as well, over the records that are left.
    work: 2,
    check: ({ records, classes }) => requireRecords(records, classes),
    notes: (_, { validation }) => [
      `MixupMMD fits the model to ${Math.round(100 * (1 - validation))} % of its members; the others it only compares posteriors with, and they count as members in every attack.`,
    ],
    train: async (options, { alpha, weight, validation }) => {
      const { data, records, seed } = options;
      const classes = data.classes.length;
      requireRecords(records.length, classes);
      const model = freshNetwork(options);
      const trained = await learnNetwork(options, {
        model: threePasses(model),
        loss: mixupMmdLoss(classes, weight),
        source: mixedSource(data, holdOut(data, records, validation, seed), alpha, seed),
      });
      const plain = trainedIn(trained.model, model);
      return { ...trained, model: plain, parameters: trainableNumbers(plain) };
    },
  },
});

const requireRecords = (records: number, classes: number): void => {
  if (records >= 2 * classes) return;
  throw new AuditError(
    'MLD_DEFENSE_UNSUITED',
    `mixup-mmd learns from some records of each class and compares with others: ${classes} classes need ${2 * classes} training records, and there are ${records}`,
    'Train on more records, or choose another defence.',
  );
};
