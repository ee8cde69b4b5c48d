/** A forest as a classifier like any other: records in, logits out. */
import { type DecisionTree, elementCount, Graph, ops, treeEnsemble } from 'onnx-grad';

/**
 * One input `x` `[N, ...recordShape]` and one output `logits` `[N, classes]`: the logarithm of the mean over trees of
 * the classes' frequencies at the leaf. Its softmax is that mean; the logit of a class no tree votes for is -∞.
 */
export const forestGraph = (
  trees: readonly DecisionTree[],
  recordShape: readonly number[],
  classes: number,
): Graph => {
  const graph = new Graph('random-forest');
  const x = graph.input('x', 'float32', ['N', ...recordShape]);
  const rows = recordShape.length === 1 ? x : ops.Reshape(x, [-1, elementCount(recordShape)]);
  // Divided after summing: sums of pure leaves are exact.
  const votes = treeEnsemble(rows, trees, classes);
  graph.output('logits', ops.Log(ops.Div(votes, graph.scalar(trees.length))));
  return graph;
};
