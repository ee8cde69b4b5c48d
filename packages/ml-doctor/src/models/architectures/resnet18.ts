/** ResNet-18 as torchvision has it, and with the stem for small pictures. */
import { Graph, init, nn, ops, replaceBatchNorm, type Value } from 'onnx-grad';
import type { ArchitectureOptions, GradientArchitecture, Norm } from '../architecture.ts';
import { refuseOtherThanPictures } from './pictures.ts';

/** Channels of each stage, of two blocks; height and width halve from one to the next. */
const STAGES = [64, 128, 256, 512];
/** One place is left of 32 pixels, and of any less; fewer than 28 would be none after the second stage already. */
const SMALLEST = 28;
/** Of 8 pixels the last stage has one place. */
const SMALLEST_CIFAR = 8;

/** Without normalisation the sums of eight blocks grow 256-fold at the first step, so there is always one. */
const NORMS = ['batch', 'group'] as const satisfies readonly Norm[];

const build = (name: string, stem: 'large' | 'small', options: ArchitectureOptions): Graph => {
  const { recordShape, classes, seed, norm = NORMS[0], dropout: rate = 0 } = options;
  const graph = new Graph(name);
  const convolve: Convolve = (x, { conv, bn, channels, kernel = 3, stride = 1 }) => {
    const sums = nn.conv2d(x, {
      ...{ name: conv, seed, channels, kernel, stride, padding: kernel >> 1 },
      // The normalisation that follows has one of its own.
      bias: false,
      weightInit: init.kaimingNormal({ fan: 'out' }),
    });
    return nn.batchNorm(sums, { name: bn, seed });
  };
  const x = graph.input('x', 'float32', ['N', ...recordShape]);
  const shape = stem === 'large' ? { kernel: 7, stride: 2 } : { kernel: 3 };
  let features = ops.Relu(convolve(x, { conv: 'conv1', bn: 'bn1', channels: STAGES[0] as number, ...shape }));
  if (stem === 'large') features = nn.maxPool2d(features, { size: 3, stride: 2, padding: 1 });
  STAGES.forEach((channels, i) => {
    features = block(features, `layer${i + 1}.0`, channels, i === 0 ? 1 : 2, convolve);
    features = block(features, `layer${i + 1}.1`, channels, 1, convolve);
  });
  const means = nn.dropout(nn.flatten(ops.GlobalAveragePool(features)), { rate });
  graph.output('logits', nn.dense(means, { name: 'fc', seed, units: classes }));
  return norm === 'group' ? replaceBatchNorm(graph) : graph;
};

/** A convolution that keeps the size at stride 1, and its normalisation. */
type Convolve = (
  x: Value,
  options: {
    readonly conv: string;
    readonly bn: string;
    readonly channels: number;
    readonly kernel?: number;
    readonly stride?: number;
  },
) => Value;

/** Two layers beside a shortcut, which projects where the block changes shape (the paper's option B). */
const block = (x: Value, at: string, channels: number, stride: number, convolve: Convolve): Value => {
  const first = ops.Relu(convolve(x, { conv: `${at}.conv1`, bn: `${at}.bn1`, channels, stride }));
  const second = convolve(first, { conv: `${at}.conv2`, bn: `${at}.bn2`, channels });
  const [conv, bn] = [`${at}.downsample.0`, `${at}.downsample.1`];
  const shortcut = stride === 1 ? x : convolve(x, { conv, bn, channels, kernel: 1, stride });
  return ops.Relu(ops.Add(second, shortcut));
};

/** Parameters are named, shaped and drawn as torchvision's: 11,689,512 of them for colour and 1,000 classes. */
export const resnet18: GradientArchitecture<'resnet18'> = {
  name: 'resnet18',
  title:
    'ResNet-18: conv 64 (7×7, stride 2), max-pool 3, two residual blocks each of 64, 128, 256, 512 (3×3, batch norm), mean, dense classes; from 28×28 pixels',
  source: 'He et al., Deep Residual Learning for Image Recognition, CVPR 2016',
  trains: 'gradient',
  norms: NORMS,
  dropout: 0,
  build: (options) => {
    refuseOtherThanPictures('resnet18', options.recordShape, SMALLEST, 'resnet18-cifar');
    return build('resnet18', 'large', options);
  },
};

/** The first stage sees the picture at its full size: four times the work, and what small pictures are classified by. */
export const resnet18Cifar: GradientArchitecture<'resnet18-cifar'> = {
  name: 'resnet18-cifar',
  title:
    'ResNet-18 for small images: conv 64 (3×3), no pooling, two residual blocks each of 64, 128, 256, 512 (3×3, batch norm), mean, dense classes',
  source: 'He et al., CVPR 2016, with the stem of its networks for CIFAR-10 (section 4.2)',
  trains: 'gradient',
  norms: NORMS,
  dropout: 0,
  build: (options) => {
    refuseOtherThanPictures('resnet18-cifar', options.recordShape, SMALLEST_CIFAR);
    return build('resnet18-cifar', 'small', options);
  },
};
