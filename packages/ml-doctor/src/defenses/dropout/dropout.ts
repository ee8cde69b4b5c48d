/** Dropout on the input and before dense layers, whatever the architecture has of it by itself. */
import type { Graph } from 'onnx-grad';
import { z } from 'zod';
import { AuditError } from '../../errors.ts';
import { defense, type TrainingFacts } from '../defense.ts';
import { freshNetwork, learnNetwork } from '../learn-network.ts';
import { type DropoutPlan, type DropoutRates, planDropout, withDropout } from './with-dropout.ts';

const rate = (of: string) =>
  z
    .number()
    .min(0)
    .lt(1)
    .default(0.5)
    .describe(`share of ${of} that is dropped in training, from 0 and below 1`);

const params = z
  .strictObject({ input: rate('a record’s values'), hidden: rate('what reaches each later dense layer') })
  .refine(
    ({ input, hidden }) => input > 0 || hidden > 0,
    'input and hidden are both 0: nothing would be dropped',
  );

/** ML-Leaks' first defence, at its ratio of .5; where exactly it drops says {@link planDropout}. */
export const dropout = defense({
  name: 'dropout',
  title: 'Dropout',
  source: 'Salem et al., ML-Leaks, NDSS 2019; Srivastava et al. 2014',
  params,
  changes: ['training', 'architecture'],
  learner: {
    continues: () => true,
    check: ({ architecture, build }, rates) => {
      planned(architecture, build(), rates);
    },
    notes: ({ build }, rates) => notesOf(build(), rates),
    train: (options, rates) => {
      const plain = freshNetwork(options);
      return learnNetwork(options, {
        model: withDropout(plain, planned(options.architecture, plain, rates)),
      });
    },
  },
});

const planned = (
  architecture: TrainingFacts['architecture'],
  plain: Graph,
  rates: DropoutRates,
): DropoutPlan => {
  const plan = planDropout(plain, rates);
  if (plan.before.size + plan.raised.size === 0)
    throw new AuditError(
      'MLD_DEFENSE_UNSUITED',
      `dropout with input ${rates.input} and hidden ${rates.hidden} changes nothing of ${architecture}: it has no such layer, or as much dropout already`,
      'Raise input or hidden, or choose another defence.',
    );
  return plan;
};

const notesOf = ({ nodes }: Graph, { input, hidden }: DropoutRates): readonly string[] => {
  const has = (op: string, from: number) => nodes.filter((node) => node.op === op).length >= from;
  return [
    ...(hidden > 0 && has('Conv', 2)
      ? ['Dropout stands before the first layer and before dense layers, not between convolutions.']
      : []),
    ...(input > 0 && has('BatchNormalization', 1)
      ? [
          'Batch normalisation keeps the statistics of records with values dropped, and meets whole ones at inference, which costs accuracy (Li et al., CVPR 2019).',
        ]
      : []),
  ];
};
