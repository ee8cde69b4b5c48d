/** Xception (Chollet, CVPR 2017): residual blocks of depthwise separable convolutions, with the details of Keras. */
import { Graph, init, nn, ops, replaceBatchNorm, type Value } from 'onnx-grad';
import type { GradientArchitecture } from '../architecture.ts';
import { refuseOtherThanPictures } from './pictures.ts';

/** The stem does not pad: of 7 pixels it leaves one. */
const SMALLEST = 7;
/** Three halving blocks of the entry flow: channels of both their convolutions. */
const ENTRY = [128, 256, 728];
const MIDDLE = { blocks: 8, channels: 728 };
/** Keras'; PyTorch's would be 1e-5. */
const EPSILON = 1e-3;
const weightInit = init.xavierUniform();

/**
 * Figure 5 of the paper: no biases, normalisation after every convolution (after both halves of a separable one
 * together), Glorot's uniform weights. Stem and strides are those for photographs of 299×299 at every size: of 64
 * pixels the middle flow has 4×4 places and the mean is over 2×2, of 32 and of 28 they are 2×2 and one. Running
 * statistics move by a tenth a batch, as everywhere here, not by Keras' hundredth. The dropout is before the last layer
 * (section 4.4): none by default, .5 in the paper's runs on ImageNet.
 */
export const xception: GradientArchitecture<'xception'> = {
  name: 'xception',
  title:
    'Xception: conv 32 (stride 2) and 64; separable blocks 128, 256, 728 (max-pool 3, stride 2), 8 × 728, 1024; separable 1536, 2048 (3×3, batch norm), mean, dense classes',
  source: 'Chollet, Xception: Deep Learning with Depthwise Separable Convolutions, CVPR 2017',
  trains: 'gradient',
  norms: ['batch', 'group'],
  dropout: 0,
  build: ({ recordShape, classes, seed, norm = 'batch', dropout = 0 }) => {
    refuseOtherThanPictures('xception', recordShape, SMALLEST);
    const graph = new Graph('xception');
    const normalise = (x: Value, name: string) =>
      nn.batchNorm(x, { name: `${name}.norm`, seed, epsilon: EPSILON });
    const convolve = (x: Value, name: string, channels: number, kernel: number, stride: number) =>
      normalise(
        nn.conv2d(x, {
          ...{ name: `${name}.conv`, seed, channels, kernel, stride },
          ...{ bias: false, weightInit },
        }),
        name,
      );
    const separable = (x: Value, name: string, channels: number) => {
      const own = x.shape?.[1] as number;
      const depthwise = nn.conv2d(x, {
        ...{ name: `${name}.depthwise`, seed, channels: own, groups: own, kernel: 3, padding: 1 },
        ...{ bias: false, weightInit },
      });
      const pointwise = nn.conv2d(depthwise, {
        ...{ name: `${name}.pointwise`, seed, channels, kernel: 1, bias: false, weightInit },
      });
      return normalise(pointwise, name);
    };
    /** A block that halves; the first follows a ReLU and has none of its own. */
    const halving = (x: Value, name: string, [first, second]: readonly [number, number], active: boolean) => {
      const once = separable(active ? x : ops.Relu(x), `${name}.1`, first);
      const twice = separable(ops.Relu(once), `${name}.2`, second);
      return ops.Add(halved(twice), convolve(x, `${name}.shortcut`, second, 1, 2));
    };
    const x = graph.input('x', 'float32', ['N', ...recordShape]);
    let features = ops.Relu(convolve(x, 'stem1', 32, 3, 2));
    features = ops.Relu(convolve(features, 'stem2', 64, 3, 1));
    ENTRY.forEach((channels, i) => {
      features = halving(features, `entry${i + 1}`, [channels, channels], i === 0);
    });
    for (let i = 1; i <= MIDDLE.blocks; i++) {
      let inner = features;
      for (let j = 1; j <= 3; j++) inner = separable(ops.Relu(inner), `middle${i}.${j}`, MIDDLE.channels);
      features = ops.Add(features, inner);
    }
    features = halving(features, 'exit', [728, 1024], false);
    features = ops.Relu(separable(features, 'exit.3', 1536));
    features = ops.Relu(separable(features, 'exit.4', 2048));
    const means = nn.flatten(ops.GlobalAveragePool(features));
    const kept = dropout > 0 ? nn.dropout(means, { rate: dropout }) : means;
    graph.output('logits', nn.dense(kept, { name: 'fc', seed, units: classes }));
    return norm === 'group' ? replaceBatchNorm(graph) : graph;
  },
};

/** Largest of 3×3 at stride 2, as many places as the 1×1 shortcut: an even side is padded behind only, as Keras does. */
const halved = (x: Value): Value => {
  const [, , height, width] = x.shape as readonly [unknown, unknown, number, number];
  const ahead = [height, width].map((size) => size % 2);
  return ops.MaxPool(x, { kernel_shape: [3, 3], strides: [2, 2], pads: [...ahead, 1, 1] });
};
