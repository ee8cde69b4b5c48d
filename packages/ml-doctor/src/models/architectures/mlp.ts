/** A multilayer perceptron with two hidden layers, for table rows and as the plainest model of images. */
import { elementCount, Graph, nn, ops } from 'onnx-grad';
import type { GradientArchitecture } from '../architecture.ts';

export const mlp: GradientArchitecture<'mlp'> = {
  name: 'mlp',
  title: 'MLP: dense 256 (ReLU), dense 128 (ReLU), dense classes',
  source: 'plain baseline; the size of the engine benchmark',
  trains: 'gradient',
  build: ({ recordShape, classes, seed }) => {
    const graph = new Graph('mlp');
    const x = graph.input('x', 'float32', ['N', ...recordShape]);
    const rows = recordShape.length > 1 ? ops.Reshape(x, [-1, elementCount(recordShape)]) : x;
    const first = ops.Relu(nn.dense(rows, { name: 'fc1', seed, units: 256 }));
    const second = ops.Relu(nn.dense(first, { name: 'fc2', seed, units: 128 }));
    graph.output('logits', nn.dense(second, { name: 'fc3', seed, units: classes }));
    return graph;
  },
};
