/** The convolutional network that Shokri et al. attack on CIFAR. */
import { Graph, nn, ops, type Value } from 'onnx-grad';
import type { GradientArchitecture } from '../architecture.ts';
import { refuseOtherThanPictures } from './pictures.ts';

/** A place is left after two poolings. */
const SMALLEST = 4;

/**
 * The paper gives two convolutions with max-pooling, a layer of 128 units, and tanh throughout; not the kernels, nor how
 * many there are. Here they are what re-implementations take most: 32 and 64 of 3×3, padded so that only poolings halve.
 */
export const shokriCnn: GradientArchitecture<'shokri-cnn'> = {
  name: 'shokri-cnn',
  title: 'Shokri CNN: conv 32 and 64 (3×3 padded, tanh, max-pool 2), dense 128 (tanh), dense classes',
  source: 'Shokri et al., Membership Inference Attacks, S&P 2017; kernels of its re-implementations',
  trains: 'gradient',
  build: ({ recordShape, classes, seed }) => {
    refuseOtherThanPictures('shokri-cnn', recordShape, SMALLEST);
    const graph = new Graph('shokri-cnn');
    const block = (x: Value, name: string, channels: number) => {
      const sums = nn.conv2d(x, { name, seed, channels, kernel: 3, padding: 'same' });
      return nn.maxPool2d(ops.Tanh(sums), { size: 2 });
    };
    const x = graph.input('x', 'float32', ['N', ...recordShape]);
    const features = nn.flatten(block(block(x, 'conv1', 32), 'conv2', 64));
    const hidden = ops.Tanh(nn.dense(features, { name: 'fc1', seed, units: 128 }));
    graph.output('logits', nn.dense(hidden, { name: 'fc2', seed, units: classes }));
    return graph;
  },
};
