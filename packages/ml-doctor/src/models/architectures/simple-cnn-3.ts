/** SimpleCNN as ML-Doctor's released code has it: three convolutions where the paper says two. */
import { Graph, nn, ops, type Value } from 'onnx-grad';
import type { GradientArchitecture } from '../architecture.ts';
import { refuseOtherThanPictures } from './pictures.ts';

const CHANNELS = [32, 64, 128];
/** What one place is left of after three unpadded convolutions and poolings. */
const SMALLEST = 22;

/** For the release's 64×64 pixels the first dense layer sees 128·6·6 values; for another size as many as are left. */
export const simpleCnn3: GradientArchitecture<'simple-cnn-3'> = {
  name: 'simple-cnn-3',
  title:
    'SimpleCNN of the release: conv 32, 64, 128 (3×3, ReLU, max-pool 2), dense 512 (ReLU), dense classes',
  source: 'Liu et al., ML-Doctor, USENIX Security 2022, released code',
  trains: 'gradient',
  build: ({ recordShape, classes, seed }) => {
    refuseOtherThanPictures('simple-cnn-3', recordShape, SMALLEST);
    const graph = new Graph('simple-cnn-3');
    let features: Value = graph.input('x', 'float32', ['N', ...recordShape]);
    CHANNELS.forEach((channels, i) => {
      const sums = nn.conv2d(features, { name: `conv${i + 1}`, seed, channels, kernel: 3 });
      features = nn.maxPool2d(ops.Relu(sums), { size: 2 });
    });
    const hidden = ops.Relu(nn.dense(nn.flatten(features), { name: 'fc1', seed, units: 512 }));
    graph.output('logits', nn.dense(hidden, { name: 'fc2', seed, units: classes }));
    return graph;
  },
};
