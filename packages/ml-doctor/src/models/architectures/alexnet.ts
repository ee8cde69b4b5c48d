/** AlexNet as torchvision has it, and its form for small pictures. */
import { Graph, nn, ops, type Value } from 'onnx-grad';
import type { ArchitectureOptions, GradientArchitecture } from '../architecture.ts';
import { refuseOtherThanPictures } from './pictures.ts';

const DROPOUT = 0.5;
/** What one place is left of after the three overlapping poolings. */
const SMALLEST = 63;
/** What one place is left of when the stem and three poolings have each halved it. */
const SMALLEST_SMALL = 15;

/** Channels and kernel of the five convolutions; pooling follows the first, the second and the last. */
const CONVOLUTIONS = [
  { at: 0, channels: 64 },
  { at: 3, channels: 192 },
  { at: 6, channels: 384 },
  { at: 8, channels: 256 },
  { at: 10, channels: 256 },
];
const POOLED = [0, 3, 10];

interface Form {
  /** Kernel of the first convolution, its stride and padding; kernel of the second. */
  readonly stem: { readonly kernel: number; readonly stride: number; readonly padding: number };
  readonly second: number;
  readonly pool: { readonly size: number; readonly stride: number };
  /** Height and width that what is left is averaged to; as they are when left out. */
  readonly places?: number;
}

const build = (name: string, form: Form, options: ArchitectureOptions): Graph => {
  const { recordShape, classes, seed, dropout: rate = DROPOUT } = options;
  const graph = new Graph(name);
  let features: Value = graph.input('x', 'float32', ['N', ...recordShape]);
  for (const { at, channels } of CONVOLUTIONS) {
    const kernel = at === 3 ? form.second : 3;
    const shape = at === 0 ? form.stem : { kernel, padding: kernel >> 1 };
    features = ops.Relu(nn.conv2d(features, { name: `features.${at}`, seed, channels, ...shape }));
    if (POOLED.includes(at)) features = nn.maxPool2d(features, form.pool);
  }
  if (form.places) features = nn.adaptiveAveragePool2d(features, [form.places, form.places]);
  const hidden = (x: Value, layer: string) =>
    ops.Relu(nn.dense(nn.dropout(x, { rate }), { name: layer, seed, units: 4096 }));
  const rows = hidden(hidden(nn.flatten(features), 'classifier.1'), 'classifier.4');
  graph.output('logits', nn.dense(rows, { name: 'classifier.6', seed, units: classes }));
  return graph;
};

/** Parameters are named, shaped and drawn as torchvision's: 61,100,840 of them for colour and 1,000 classes. */
export const alexnet: GradientArchitecture<'alexnet'> = {
  name: 'alexnet',
  title:
    'AlexNet: conv 64 (11×11, stride 4), 192 (5×5), 384, 256, 256 (ReLU, max-pool 3), mean to 6×6, dropout .5, dense 4096, 4096, classes; from 63×63 pixels',
  source:
    'Krizhevsky, One weird trick for parallelizing convolutional neural networks, arXiv:1404.5997, 2014',
  trains: 'gradient',
  dropout: DROPOUT,
  build: (options) => {
    refuseOtherThanPictures('alexnet', options.recordShape, SMALLEST, 'alexnet-small');
    const stem = { kernel: 11, stride: 4, padding: 2 };
    return build('alexnet', { stem, second: 5, pool: { size: 3, stride: 2 }, places: 6 }, options);
  },
};

/**
 * The usual form for CIFAR: a 3×3 stem of stride 2, 3×3 kernels and poolings that do not overlap, no averaging. Pictures
 * of 32 pixels leave 2×2 places for the dense layers, pictures of 28 one.
 */
export const alexnetSmall: GradientArchitecture<'alexnet-small'> = {
  name: 'alexnet-small',
  title:
    'AlexNet for 28 and 32 pixels: conv 64 (3×3, stride 2), 192, 384, 256, 256 (3×3, ReLU, max-pool 2), dropout .5, dense 4096, 4096, classes',
  source: 'Krizhevsky et al., NIPS 2012, with the kernels and strides usual for CIFAR-10',
  trains: 'gradient',
  dropout: DROPOUT,
  build: (options) => {
    refuseOtherThanPictures('alexnet-small', options.recordShape, SMALLEST_SMALL);
    const stem = { kernel: 3, stride: 2, padding: 1 };
    return build('alexnet-small', { stem, second: 3, pool: { size: 2, stride: 2 } }, options);
  },
};
