/** Two classifiers and one that reads their posteriors, as one graph. */
import { attachModel, Graph, ops } from 'onnx-grad';

/** The output of {@link posteriorsGraph}. */
export const POSTERIORS = 'posteriors';

/**
 * Posteriors of several classifiers beside one another: input `x` `[N, ...recordShape]`, output {@link POSTERIORS}
 * `[N, models · classes]`.
 */
export const posteriorsGraph = (models: readonly Graph[], recordShape: readonly number[]): Graph => {
  const graph = new Graph('first-level');
  const x = graph.input('x', 'float32', ['N', ...recordShape]);
  const posteriors = models.map((model) =>
    ops.Softmax(attachModel(graph, model, { x }, 'logits'), { axis: 1 }),
  );
  graph.output(POSTERIORS, ops.Concat(posteriors, 1));
  return graph;
};

/** The whole stack: input `x`, output `logits`, those the meta model gives on the first level's posteriors. */
export const stackedGraph = (first: Graph, meta: Graph, recordShape: readonly number[]): Graph => {
  const graph = new Graph('stacking');
  const x = graph.input('x', 'float32', ['N', ...recordShape]);
  const posteriors = attachModel(graph, first, { x }, POSTERIORS);
  graph.output('logits', attachModel(graph, meta, { x: posteriors }, 'logits'));
  return graph;
};
