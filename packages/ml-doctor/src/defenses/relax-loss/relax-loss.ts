/** RelaxLoss (Chen, Yu & Fritz, ICLR 2022): members keep a loss that strangers can have, too. */
import type { BatchSource } from 'onnx-grad';
import { z } from 'zod';
import { batchSource } from '../../models/batch-source.ts';
import { defense } from '../defense.ts';
import { learnNetwork } from '../learn-network.ts';
import { relaxedLoss } from './relaxed-loss.ts';

const params = z.strictObject({
  alpha: z
    .number()
    .positive()
    // ln 10, at which the level is that of chance, whatever the number of classes.
    .lt(2.3)
    .default(1)
    .describe(
      'target loss level α for ten classes; α · log10(classes) for others, the same share of the loss of chance. ' +
        'The paper’s: .4 and 1 on CIFAR-10, 3 of 4.6 on CIFAR-100, 2.5 of 4.6 on Texas-100, .8 of 4.6 on Purchase-100',
    ),
  upper: z
    .number()
    .positive()
    .max(1)
    .default(1)
    .describe('what the soft labels of posterior flattening give the true class at most'),
});

export const relaxLoss = defense({
  name: 'relax-loss',
  title: 'RelaxLoss',
  source: 'Chen, Yu & Fritz, RelaxLoss, ICLR 2022, Algorithm 1',
  params,
  changes: ['training'],
  learner: {
    continues: () => true,
    notes: ({ classes }, { alpha }) => [
      `RelaxLoss holds the training loss at ${levelFor(alpha, classes).toPrecision(3)}, where guessing among ${classes} classes has ${Math.log(classes).toPrecision(3)}.`,
    ],
    train: (options, { alpha, upper }) => {
      const { data, records } = options;
      return learnNetwork(options, {
        loss: relaxedLoss({ level: levelFor(alpha, data.classes.length), upper }),
        source: withParity(batchSource(data, records)),
      });
    },
  },
});

/** α for so many classes. */
const levelFor = (alpha: number, classes: number): number => alpha * Math.log10(classes);

/** Each label together with the epoch's parity. */
const withParity = (source: BatchSource): BatchSource => ({
  size: source.size,
  batch: (indices, at) => {
    const { inputs, target } = source.batch(indices, at);
    const parity = BigInt((at?.epoch ?? 0) % 2);
    const data = BigInt64Array.from(
      { length: 2 * indices.length },
      (_, i) => (i % 2 === 0 ? (target.data as BigInt64Array)[i / 2] : parity) as bigint,
    );
    return { inputs, target: { dtype: 'int64', dims: [indices.length, 2], data } };
  },
});
