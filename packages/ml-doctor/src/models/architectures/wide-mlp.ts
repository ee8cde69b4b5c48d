/** A wide multilayer perceptron with dropout: at least as good on table rows as the plain one, and held back more. */
import { elementCount, Graph, nn, ops, type Value } from 'onnx-grad';
import type { GradientArchitecture } from '../architecture.ts';

const WIDTHS = [512, 256];

export const wideMlp: GradientArchitecture<'wide-mlp'> = {
  name: 'wide-mlp',
  title: 'wide MLP: dense 512 and 256 (each ReLU, dropout .5), dense classes',
  source: 'Srivastava et al., Dropout, JMLR 15, 2014',
  trains: 'gradient',
  build: ({ recordShape, classes, seed }) => {
    const graph = new Graph('wide-mlp');
    const x = graph.input('x', 'float32', ['N', ...recordShape]);
    let rows: Value = recordShape.length > 1 ? ops.Reshape(x, [-1, elementCount(recordShape)]) : x;
    WIDTHS.forEach((units, i) => {
      const sums = nn.dense(rows, { name: `fc${i + 1}`, seed, units });
      rows = nn.dropout(ops.Relu(sums), { rate: 0.5 });
    });
    graph.output('logits', nn.dense(rows, { name: `fc${WIDTHS.length + 1}`, seed, units: classes }));
    return graph;
  },
};
