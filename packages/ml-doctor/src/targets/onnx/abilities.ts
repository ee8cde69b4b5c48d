/** What can be done with a classifier besides asking it: gradients, and its trainable numbers counted. */
import { backward, copyGraph, findParameters, type Graph, OnnxGradError } from 'onnx-grad';
import { elements } from '../../data/dataset.ts';

/** Whether gradients of the logits with respect to the records and to the weights can be had. */
export function isDifferentiable(graph: Graph): boolean {
  const copy = copyGraph(graph);
  const [x] = copy.inputs;
  const logits = copy.outputs.get('logits');
  if (!x || !logits?.shape) return false;
  const weights = findParameters(copy).filter(({ kind }) => !kind.startsWith('running-'));
  const wrt = [x, ...weights.map(({ name }) => copy.value(name))];
  try {
    // Where no smooth path leads from the records to the answer (a forest of comparisons) there is no cotangent either.
    const seed = copy.input(copy.freshName('seed'), 'float32', logits.shape);
    return backward(new Map([[logits, seed]]), wrt).has(x);
  } catch (cause) {
    if (cause instanceof OnnxGradError) return false;
    throw cause;
  }
}

/** Weights, biases and the like; null where learned numbers are inside operators that are not looked into. */
export function countParameters(graph: Graph): number | null {
  if (graph.nodes.some(({ opaque }) => opaque)) return null;
  const counted = findParameters(graph).filter(({ kind }) => !kind.startsWith('running-'));
  return counted.length === 0 ? null : counted.reduce((sum, { dims }) => sum + elements(dims), 0);
}
