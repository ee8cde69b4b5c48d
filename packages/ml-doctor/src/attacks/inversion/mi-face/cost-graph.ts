/** The cost that MI-Face descends and its gradient in the input, as one graph for any number of rows. */
import { Graph, gradients, losses, ops, type Value } from 'onnx-grad';
import { attachTarget } from '../../target-graph.ts';
import type { RecordSpace } from '../inversion-attack.ts';
import { roughnessOf } from './roughness.ts';

export const OBJECTIVES = ['probability', 'log'] as const;
export type Objective = (typeof OBJECTIVES)[number];

export interface CostOptions {
  readonly objective: Objective;
  /** Weight of the roughness of a picture; 0 for none. */
  readonly smoothness: number;
}

/**
 * Inputs `x` `[N, ...recordShape]` and the classes `y` int64 `[N]`; outputs `logits` `[N, classes]`, `gradient` of each
 * row's cost in that row, and, with a weight on it, `roughness` `[N]`. No row depends on another.
 *
 * The cost is c(x) = 1 − p_y(x) + AuxTerm(x) (Fredrikson et al. 2015, Algorithm 1), or with −ln p_y(x) in place of
 * 1 − p_y(x); AuxTerm is the weighted roughness.
 */
export const costGraph = (
  model: Graph,
  space: RecordSpace,
  { objective, smoothness }: CostOptions,
): Graph => {
  const graph = new Graph('mi-face');
  const x = graph.input('x', 'float32', ['N', ...space.recordShape]);
  const y = graph.input('y', 'int64', ['N']);
  const logits = attachTarget(graph, model, x);
  const loss = losses.crossEntropy().perExample(logits, y);
  const own = objective === 'log' ? loss : ops.Sub(graph.scalar(1), ops.Exp(ops.Neg(loss)));
  const roughness = smoothness > 0 ? roughnessOf(x, space) : undefined;
  const cost = roughness ? ops.Add(own, ops.Mul(graph.scalar(smoothness), roughness)) : own;
  const [gradient] = gradients(ops.ReduceSum(cost, undefined, { keepdims: false }), [x]);
  graph.output('logits', logits);
  graph.output('gradient', gradient as Value);
  if (roughness) graph.output('roughness', roughness);
  return graph;
};
