/** BatchNormalization as it stands in a training step. */
import { countAlong } from '../autodiff/rule.ts';
import type { Graph } from '../graph/graph.ts';
import { Add, Div, Max, Mul, Sub } from '../graph/ops/index.ts';
import type { Node, Value } from '../graph/value.ts';

export interface BatchNormalized {
  readonly y: Value;
  /** The running statistics moved towards the batch's. */
  readonly mean: Value;
  readonly variance: Value;
}

/**
 * Normalise by the batch's own statistics, and move the running ones: momentum · running + (1 − momentum) · batch,
 * ONNX's momentum .9 being PyTorch's .1. As in PyTorch the batch is normalised with the population variance and the
 * running variance follows the sample variance.
 *
 * The operator is not given the running statistics, because onnxruntime (1.30, its issue 29790) may write its
 * statistics outputs over those inputs, which here are tensors that we still need. It gets two intermediate tensors
 * nobody else reads, and with momentum 0 its outputs are the batch's statistics. The factor in them is this node's own:
 * of two passes with the same scale and bias onnxruntime would merge equal ones, and the second pass would write its
 * statistics over the first's.
 */
export const batchNormalizationTraining = (
  target: Graph,
  node: Node,
  inputs: readonly (Value | null)[],
): BatchNormalized => {
  const [x, scale, bias, runningMean, runningVariance] = inputs as readonly [
    Value,
    Value,
    Value,
    Value,
    Value,
  ];
  const k = (value: number) => target.scalar(value, x.dtype === 'float64' ? 'float64' : 'float32');
  const own = k(target.nodes.length);
  const scratch = [Mul(scale, own), Mul(bias, own)];
  const [y, mean, variance] = target.node(
    'BatchNormalization',
    [x, scale, bias, ...scratch],
    { ...node.attributes, momentum: 0, training_mode: 1 },
    { outputs: 3, name: node.name },
  ) as readonly [Value, Value, Value];
  const momentum = typeof node.attributes['momentum'] === 'number' ? node.attributes['momentum'] : 0.9;
  const moved = (running: Value, batch: Value) => Add(Mul(running, k(momentum)), Mul(batch, k(1 - momentum)));
  const axes = (x.shape ?? []).flatMap((_, i) => (i === 1 ? [] : [i]));
  const count = countAlong(x, axes);
  // A single value per channel (a last batch of one record) has variance 0, not 0/0.
  const sample = Mul(variance, Div(count, Max(Sub(count, k(1)), k(1))));
  return { y, mean: moved(runningMean, mean), variance: moved(runningVariance, sample) };
};
