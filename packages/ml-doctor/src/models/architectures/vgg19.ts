/** VGG-19 with batch normalisation as torchvision has it, and its form for small pictures. */
import { Graph, init, nn, ops, replaceBatchNorm, type Value } from 'onnx-grad';
import type { ArchitectureOptions, GradientArchitecture, Norm } from '../architecture.ts';
import { refuseOtherThanPictures } from './pictures.ts';

/** Configuration E of the paper: convolutions of so many channels, and a pooling after each stage. */
const STAGES = [
  [64, 64],
  [128, 128],
  [256, 256, 256, 256],
  [512, 512, 512, 512],
  [512, 512, 512, 512],
];
const NORMS = ['batch', 'group', 'none'] as const satisfies readonly Norm[];
const DROPOUT = 0.5;
/** One place is left of it after five poolings. */
const SMALLEST = 32;
/** Half of a place is rounded up, so that two are left for the last stage's pooling. */
const SMALLEST_SMALL = 17;

/** The layers are numbered as torchvision numbers them: normalisation, where there is one, counts. */
const convolutions = (
  x: Value,
  { seed, norm = NORMS[0] }: ArchitectureOptions,
  options: { readonly ceil: boolean },
): Value => {
  let [features, at] = [x, 0];
  for (const stage of STAGES) {
    for (const channels of stage) {
      const sums = nn.conv2d(features, {
        ...{ name: `features.${at}`, seed, channels, kernel: 3, padding: 1 },
        weightInit: init.kaimingNormal({ fan: 'out' }),
        biasInit: init.zerosInit,
      });
      const name = `features.${at + 1}`;
      features = ops.Relu(norm === 'none' ? sums : nn.batchNorm(sums, { name, seed }));
      at += norm === 'none' ? 2 : 3;
    }
    features = nn.maxPool2d(features, { size: 2, ...options });
    at += 1;
  }
  return features;
};

const dense = (x: Value, name: string, units: number, seed: number): Value =>
  nn.dense(x, { name, seed, units, weightInit: init.normal(0.01), biasInit: init.zerosInit });

/** Parameters are named, shaped and drawn as torchvision's: 143,678,248 of them for colour and 1,000 classes. */
export const vgg19: GradientArchitecture<'vgg19'> = {
  name: 'vgg19',
  title:
    'VGG-19: conv 2× 64, 2× 128, 4× 256, 8× 512 (3×3, batch norm, ReLU, five times max-pool 2), mean to 7×7, dense 4096, 4096 (dropout .5), classes; from 32×32 pixels',
  source: 'Simonyan and Zisserman, Very Deep Convolutional Networks, ICLR 2015; batch norm as in torchvision',
  trains: 'gradient',
  norms: NORMS,
  dropout: DROPOUT,
  build: (options) => {
    const { recordShape, classes, seed, dropout: rate = DROPOUT } = options;
    refuseOtherThanPictures('vgg19', recordShape, SMALLEST, 'vgg19-small');
    const graph = new Graph('vgg19');
    const x = graph.input('x', 'float32', ['N', ...recordShape]);
    const features = nn.adaptiveAveragePool2d(convolutions(x, options, { ceil: false }), [7, 7]);
    const hidden = (rows: Value, name: string) =>
      nn.dropout(ops.Relu(dense(rows, name, 4096, seed)), { rate });
    const rows = hidden(hidden(nn.flatten(features), 'classifier.0'), 'classifier.3');
    graph.output('logits', dense(rows, 'classifier.6', classes, seed));
    return options.norm === 'group' ? replaceBatchNorm(graph) : graph;
  },
};

/**
 * The usual form for CIFAR: the same convolutions and one dense layer. Poolings round up, which changes nothing at 32 pixels
 * and leaves a place for the last one at 28 (28, 14, 7, 4, 2, 1); of larger pictures the places' mean is taken.
 */
export const vgg19Small: GradientArchitecture<'vgg19-small'> = {
  name: 'vgg19-small',
  title:
    'VGG-19 for 28 and 32 pixels: conv 2× 64, 2× 128, 4× 256, 8× 512 (3×3, batch norm, ReLU, five times max-pool 2), mean, dense classes',
  source: 'Simonyan and Zisserman, ICLR 2015, without its hidden dense layers, as usual for CIFAR-10',
  trains: 'gradient',
  norms: NORMS,
  dropout: 0,
  build: (options) => {
    const { recordShape, classes, seed, dropout: rate = 0 } = options;
    refuseOtherThanPictures('vgg19-small', recordShape, SMALLEST_SMALL);
    const graph = new Graph('vgg19-small');
    const x = graph.input('x', 'float32', ['N', ...recordShape]);
    const features = ops.GlobalAveragePool(convolutions(x, options, { ceil: true }));
    const rows = nn.dropout(nn.flatten(features), { rate });
    graph.output('logits', dense(rows, 'classifier', classes, seed));
    return options.norm === 'group' ? replaceBatchNorm(graph) : graph;
  },
};
