/** The convolutional network that ML-Leaks (Salem et al., NDSS 2019) attacks on pictures, as its authors released it. */
import { Graph, nn, ops, type Value } from 'onnx-grad';
import type { GradientArchitecture } from '../architecture.ts';
import { refuseOtherThanPictures } from './pictures.ts';

/** Of n pixels ⌊n/2⌋ − 4 reach the second pooling, which needs two. */
const SMALLEST = 12;

export const mlLeaksCnn: GradientArchitecture<'ml-leaks-cnn'> = {
  name: 'ml-leaks-cnn',
  title:
    'ML-Leaks CNN: conv 32 (5×5 padded, ReLU, max-pool 2), conv 32 (5×5, ReLU, max-pool 2), dense 128 (tanh), dense classes',
  source: 'Salem et al., ML-Leaks, NDSS 2019',
  trains: 'gradient',
  build: ({ recordShape, classes, seed }) => {
    refuseOtherThanPictures('ml-leaks-cnn', recordShape, SMALLEST);
    const graph = new Graph('ml-leaks-cnn');
    const block = (x: Value, name: string, padding: 'same' | 0) => {
      const sums = nn.conv2d(x, { name, seed, channels: 32, kernel: 5, padding });
      return nn.maxPool2d(ops.Relu(sums), { size: 2 });
    };
    const x = graph.input('x', 'float32', ['N', ...recordShape]);
    const features = nn.flatten(block(block(x, 'conv1', 'same'), 'conv2', 0));
    const hidden = ops.Tanh(nn.dense(features, { name: 'fc1', seed, units: 128 }));
    graph.output('logits', nn.dense(hidden, { name: 'fc2', seed, units: classes }));
    return graph;
  },
};
