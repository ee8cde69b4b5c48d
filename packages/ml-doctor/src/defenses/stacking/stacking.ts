/** Model stacking (Salem et al., ML-Leaks, NDSS 2019, §VI-B): no model of the stack sees more than a third of the records. */
import { predict } from 'onnx-grad';
import { z } from 'zod';
import { randomForest } from '../../models/architectures/random-forest.ts';
import { batchSource } from '../../models/batch-source.ts';
import { type ModelProgress, trainModel } from '../../models/train-model.ts';
import { trainableNumbers } from '../../models/train-on.ts';
import { defense, type LearnerOptions } from '../defense.ts';
import { learnNetwork } from '../learn-network.ts';
import { trainMetaModel } from './meta-model.ts';
import { POSTERIORS, posteriorsGraph, stackedGraph } from './stacked-graph.ts';
import { requireThreeParts, threeParts } from './three-parts.ts';

/** Where in the whole work each model's begins and ends. */
const SPANS = { network: [0, 0.7], forest: [0.7, 0.9], meta: [0.9, 1] } as const;

/**
 * The network of the cell's architecture and a random forest of 100 trees, and a logistic regression that reads the
 * posteriors of both, each trained on a random third of the records that the others do not see.
 */
export const stacking = defense({
  name: 'stacking',
  title: 'Model stacking',
  source: 'Salem et al., ML-Leaks, NDSS 2019, §VI-B',
  params: z.strictObject({}),
  changes: ['training', 'architecture'],
  learner: {
    gradients: false,
    check: ({ records, classes }) => requireThreeParts(records, classes),
    notes: () => [
      'Stacking: every training record is in one part only, so that each of the three models knows a third of the members.',
    ],
    train: async (options) => {
      const { data, records, seed, threads, device, signal } = options;
      const classes = data.classes.length;
      requireThreeParts(records.length, classes);
      const parts = threeParts(records, seed);
      const network = await learnNetwork(
        { ...options, records: parts.network, progress: within(options, SPANS.network) },
        { checkpointPart: 'network' },
      );
      const forest = await trainModel({
        ...{ data, seed, threads, device, signal },
        architecture: randomForest.name,
        records: parts.forest,
        progress: within(options, SPANS.forest),
      });
      const first = posteriorsGraph([network.model, forest.model], data.recordShape);
      const posteriors = await predict(first, batchSource(data, parts.meta), {
        ...{ threads, device, signal },
        output: POSTERIORS,
      });
      const labels = Int32Array.from(parts.meta, (record) => data.y[record] as number);
      const told = within(options, SPANS.meta);
      const meta = await trainMetaModel(posteriors, labels, classes, options, (fraction) =>
        told({ fraction }),
      );
      return {
        model: stackedGraph(first, meta, data.recordShape),
        parameters: network.parameters + forest.parameters + trainableNumbers(meta),
        losses: network.losses,
        steps: network.steps,
      };
    },
  },
});

/** Progress of a phase as progress of the whole. */
const within =
  ({ progress }: LearnerOptions, [start, end]: readonly [number, number]) =>
  ({ fraction, ...rest }: ModelProgress): void =>
    progress({ ...rest, fraction: start + (end - start) * fraction });
