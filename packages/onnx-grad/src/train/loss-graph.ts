/** A model with its per-record loss as an output, for measuring rather than training. */
import { OnnxGradError } from '../errors.ts';
import type { Graph } from '../graph/graph.ts';
import { copyGraph } from '../graph/rewrites/copy.ts';
import type { Loss } from '../nn/losses.ts';

export interface LossGraph {
  readonly graph: Graph;
  /** Input that takes the target. */
  readonly target: string;
  /** Output `[N]`. */
  readonly losses: string;
}

export const lossGraph = (model: Graph, loss: Loss, output?: string): LossGraph => {
  const graph = copyGraph(model);
  const name = output ?? (graph.outputs.has('logits') ? 'logits' : [...graph.outputs.keys()][0]);
  const value = graph.outputs.get(name ?? '');
  if (!value)
    throw new OnnxGradError(
      'OG_BAD_ARGUMENT',
      `the model has no output '${name}'`,
      `Its outputs are ${[...graph.outputs.keys()].join(', ')}.`,
    );
  const { dtype, shape } = loss.target(value);
  const target = graph.input('loss::target', dtype, shape);
  graph.output('loss::losses', loss.perExample(value, target));
  return { graph, target: target.name, losses: 'loss::losses' };
};
