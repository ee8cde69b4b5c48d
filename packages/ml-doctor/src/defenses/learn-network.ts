/** The network of a learner's architecture, trained by its recipe in another way: what most training defences share. */
import type { Graph } from 'onnx-grad';
import { architecture } from '../models/architectures.ts';
import { checkpointPart } from '../models/checkpoint-part.ts';
import type { Learning } from '../models/recipe.ts';
import { trainNetwork } from '../models/train-network.ts';
import type { DefendedModel, LearnerOptions } from './defense.ts';

export interface NetworkLearning extends Learning {
  /** What is trained in place of a fresh model of the architecture, which {@link freshNetwork} gives. */
  readonly model?: Graph;
  /** For one training of several: what its part of the checkpoint is called. */
  readonly checkpointPart?: string;
}

/**
 * As the plain training (`trainModel`) in everything that is left out, to the bit.
 * @throws what `trainModel` throws
 */
export const learnNetwork = (
  options: LearnerOptions,
  { model = freshNetwork(options), checkpointPart: part, ...learning }: NetworkLearning = {},
): Promise<DefendedModel> => {
  const { checkpoint } = options;
  return trainNetwork({
    ...options,
    ...learning,
    model,
    ...(checkpoint && part !== undefined && { checkpoint: checkpointPart(checkpoint, part) }),
  });
};

/** A fresh model of the architecture, as the plain training begins with. */
export const freshNetwork = ({ architecture: name, data, seed }: LearnerOptions): Graph => {
  const found = architecture(name);
  if (found.trains === 'forest') throw new Error(`internal: '${name}' trains without gradients`);
  return found.build({ recordShape: data.recordShape, classes: data.classes.length, seed });
};
