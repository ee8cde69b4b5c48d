/** SimpleCNN of ML-Doctor (Liu et al., USENIX Security 2022): two convolutions and two dense layers. */
import { Graph, nn, ops } from 'onnx-grad';
import type { GradientArchitecture } from '../architecture.ts';
import { refuseOtherThanPictures } from './pictures.ts';

/** Smallest height and width that leave a pixel after two convolutions and two poolings. */
const smallest = 10;

export const simpleCnn: GradientArchitecture<'simple-cnn'> = {
  name: 'simple-cnn',
  title: 'SimpleCNN: conv 32 and 64 (3×3, ReLU, max-pool 2), dense 128 (ReLU), dense classes',
  source: 'Liu et al., ML-Doctor, USENIX Security 2022',
  trains: 'gradient',
  build: ({ recordShape, classes, seed }) => {
    refuseOtherThanPictures('simple-cnn', recordShape, smallest);
    const graph = new Graph('simple-cnn');
    const x = graph.input('x', 'float32', ['N', ...recordShape]);
    const block = (input: typeof x, name: string, channels: number) =>
      nn.maxPool2d(ops.Relu(nn.conv2d(input, { name, seed, channels, kernel: 3 })), { size: 2 });
    const features = nn.flatten(block(block(x, 'conv1', 32), 'conv2', 64));
    const hidden = ops.Relu(nn.dense(features, { name: 'fc1', seed, units: 128 }));
    graph.output('logits', nn.dense(hidden, { name: 'fc2', seed, units: classes }));
    return graph;
  },
};
