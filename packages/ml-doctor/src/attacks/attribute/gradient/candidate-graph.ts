/** The loss of a target at any record and its slope in the places of an attribute there, as one graph. */
import { copyInto, Graph, gradients, losses, ops, type Value } from 'onnx-grad';
import { AuditError } from '../../../errors.ts';
import { ACTIVATIONS, withActivations } from '../../../targets/last-layer.ts';

export interface CandidateGraph {
  /**
   * Inputs `x` `[N, record length]` and the labels `y` int64 `[N]`; outputs `logits` `[N, classes]`, `slope` `[N, width]`,
   * the gradient of each row's cross-entropy in the places of the attribute, and, where the last layer is dense,
   * `activations` `[N, inputs]`, what it receives. No row depends on another.
   */
  readonly graph: Graph;
  readonly hasActivations: boolean;
}

export const candidateGraph = (
  model: Graph,
  length: number,
  { first, width }: { readonly first: number; readonly width: number },
): CandidateGraph => {
  const graph = new Graph('candidates');
  const x = graph.input('x', 'float32', ['N', length]);
  const y = graph.input('y', 'int64', ['N']);
  const inner = innerModel(model);
  const source = inner ?? model;
  const copies = copyInto(graph, source, { bindings: new Map([[source.inputs[0] as Value, x]]) });
  const copyOf = (name: string) => copies.get(source.outputs.get(name) as Value) as Value;
  const logits = copyOf('logits');
  const loss = losses.crossEntropy().perExample(logits, y);
  const [slope] = gradients(ops.ReduceSum(loss, undefined, { keepdims: false }), [x]);
  graph.output('logits', logits);
  graph.output('slope', ops.Slice(slope as Value, { starts: [first], ends: [first + width], axes: [1] }));
  if (inner) graph.output('activations', copyOf(ACTIVATIONS));
  return { graph, hasActivations: inner !== undefined };
};

/** With what the last layer receives; undefined where the logits do not come from a dense one. */
const innerModel = (model: Graph): Graph | undefined => {
  try {
    return withActivations(model);
  } catch (error) {
    if (error instanceof AuditError && error.code === 'MLD_ATTACK_UNSUITED') return undefined;
    throw error;
  }
};
