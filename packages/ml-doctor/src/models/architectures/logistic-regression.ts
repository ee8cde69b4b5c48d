/** Multinomial logistic regression: one dense layer on the flattened record. */
import { elementCount, Graph, nn, ops } from 'onnx-grad';
import type { GradientArchitecture } from '../architecture.ts';

export const logisticRegression: GradientArchitecture<'logistic-regression'> = {
  name: 'logistic-regression',
  title: 'logistic regression: dense classes',
  source:
    'plain baseline, as a linear model overfits least; of ML-Leaks’ combining attack (Salem et al., NDSS 2019)',
  trains: 'gradient',
  build: ({ recordShape, classes, seed }) => {
    const graph = new Graph('logistic-regression');
    const x = graph.input('x', 'float32', ['N', ...recordShape]);
    const rows = recordShape.length === 1 ? x : ops.Reshape(x, [-1, elementCount(recordShape)]);
    graph.output('logits', nn.dense(rows, { name: 'fc', seed, units: classes }));
    return graph;
  },
};
