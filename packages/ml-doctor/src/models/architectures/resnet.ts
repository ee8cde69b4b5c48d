/** A small residual network with batch normalisation (He et al. 2016): the strongest classifier of pictures here. */
import { Graph, init, nn, ops, type Value } from 'onnx-grad';
import type { GradientArchitecture } from '../architecture.ts';
import { refuseOtherThanPictures } from './pictures.ts';

/** Channels of each stage; height and width halve from one to the next. */
const STAGES = [32, 64, 128];
/** Smallest height and width it takes: 4×4 places are left of them after the stem, one in the last stage. */
export const RESNET_SMALLEST = 8;

/**
 * As the paper's networks for photographs (its table 1) at the scale of small pictures: the stem is normalised and
 * pooled, so that most work is done at half the resolution, where twice the channels cost the same; then one
 * two-layer block per stage, with a projection where a block changes shape (its section 3.3, option B).
 */
export const resnet: GradientArchitecture<'resnet'> = {
  name: 'resnet',
  title:
    'ResNet-8: conv 32 and max-pool 2, residual blocks 32, 64, 128 (3×3, batch norm), mean, dropout .4, dense classes',
  source: 'He et al., Deep Residual Learning for Image Recognition, CVPR 2016',
  trains: 'gradient',
  build: ({ recordShape, classes, seed }) => {
    refuseOtherThanPictures('resnet', recordShape, RESNET_SMALLEST);
    const graph = new Graph('resnet');
    const convolve: Convolve = (x, name, { channels, kernel = 3, stride = 1 }) => {
      const sums = nn.conv2d(x, {
        ...{ name: `${name}.conv`, seed, channels, kernel, stride },
        padding: kernel >> 1,
        // The normalisation that follows has one of its own.
        bias: false,
        weightInit: init.kaimingNormal(),
      });
      return nn.batchNorm(sums, { name: `${name}.norm`, seed });
    };
    const x = graph.input('x', 'float32', ['N', ...recordShape]);
    const stem = ops.Relu(convolve(x, 'stem', { channels: STAGES[0] as number }));
    let features = nn.maxPool2d(stem, { size: 2 });
    STAGES.forEach((channels, i) => {
      features = residual(features, `stage${i + 1}`, channels, i === 0 ? 1 : 2, convolve);
    });
    const means = nn.dropout(nn.flatten(ops.GlobalAveragePool(features)), { rate: 0.4 });
    graph.output('logits', nn.dense(means, { name: 'fc', seed, units: classes }));
    return graph;
  },
};

/** A convolution that keeps the size at stride 1, and batch normalisation. */
type Convolve = (
  x: Value,
  name: string,
  options: { readonly channels: number; readonly kernel?: number; readonly stride?: number },
) => Value;

const residual = (x: Value, name: string, channels: number, stride: number, convolve: Convolve): Value => {
  const first = ops.Relu(convolve(x, `${name}.first`, { channels, stride }));
  const second = convolve(first, `${name}.second`, { channels });
  const same = stride === 1 && x.shape?.[1] === channels;
  const shortcut = same ? x : convolve(x, `${name}.shortcut`, { channels, kernel: 1, stride });
  return ops.Relu(ops.Add(second, shortcut));
};
