/** The target as part of a graph of the attacker's: its logits as a function of inputs that he optimises. */
import { copyInto, type Graph, type Value } from 'onnx-grad';

/**
 * Appends a copy of the model to the graph, reading `x` `[N, ...recordShape]` in place of its input.
 * @returns its logits, `[N, classes]`
 */
export const attachTarget = (graph: Graph, model: Graph, x: Value): Value => {
  const [input] = model.inputs;
  const logits = model.outputs.get('logits');
  if (!input || !logits) throw new Error('internal: a target has one input and the output logits');
  const copied = copyInto(graph, model, { bindings: new Map([[input, x]]) });
  return copied.get(logits) as Value;
};
