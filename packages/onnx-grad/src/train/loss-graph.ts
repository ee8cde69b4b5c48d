/** A model with its per-record loss as an output, for measuring rather than training. */
import type { Graph } from '../graph/graph.ts';
import { copyGraph } from '../graph/rewrites/copy.ts';
import { floats, type Tensor } from '../graph/tensor.ts';
import type { Loss } from '../nn/losses.ts';
import { createSession, type SessionOptions } from '../runtime/session.ts';
import { type BatchSource, readBatch, sequentialBatches, type TargetCheck, targetCheck } from './batches.ts';
import { modelOutput } from './model-output.ts';

export interface LossGraph {
  readonly graph: Graph;
  /** Input that takes the target. */
  readonly target: string;
  /** Output `[N]`. */
  readonly losses: string;
  /** Call it on targets before they are fed: a graph cannot refuse a label that is none of the classes. */
  readonly checkTarget: TargetCheck;
}

export const lossGraph = (model: Graph, loss: Loss, output?: string): LossGraph => {
  const graph = copyGraph(model);
  const value = modelOutput(graph.outputs, output);
  const { dtype, shape } = loss.target(value);
  const target = graph.input('loss::target', dtype, shape);
  graph.output('loss::losses', loss.perExample(value, target));
  return {
    graph,
    target: target.name,
    losses: 'loss::losses',
    checkTarget: targetCheck(loss, value),
  };
};

/**
 * Mean loss over all records of a source, as the model runs at inference.
 * @throws OG_BAD_ARGUMENT when the source gives too few rows, or a target the loss cannot mean
 */
export const meanLoss = async (
  model: Graph,
  loss: Loss,
  data: BatchSource,
  options: SessionOptions & { readonly output?: string | undefined } = {},
): Promise<number> => {
  const { graph, target, losses, checkTarget } = lossGraph(model, loss, options.output);
  const session = await createSession(graph, options);
  try {
    let sum = 0;
    for (const indices of sequentialBatches(data.size, 256)) {
      const batch = readBatch(data, indices, checkTarget);
      const result = await session.run({ ...batch.inputs, [target]: batch.target }, [losses]);
      for (const value of floats(result[losses] as Tensor)) sum += value;
    }
    return sum / data.size;
  } finally {
    await session.dispose();
  }
};
