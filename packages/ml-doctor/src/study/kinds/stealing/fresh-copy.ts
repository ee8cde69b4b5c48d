/** The network that is to become a copy, before it has learnt anything. */
import type { Graph } from 'onnx-grad';
import type { Dataset } from '../../../data/dataset.ts';
import type { Architecture } from '../../../models/architecture.ts';

export const freshCopy = (architecture: Architecture, data: Dataset, seed: number): Graph => {
  if (architecture.trains !== 'gradient')
    throw new Error(`internal: a copy learns by gradients, and ${architecture.name} has none`);
  const { recordShape, classes } = data;
  return architecture.build({ recordShape, classes: classes.length, seed });
};
