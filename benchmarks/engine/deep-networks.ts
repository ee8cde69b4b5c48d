/** Deep networks for small pictures, with the layers and the parameter names of torchvision's. */
import { Graph, nn, ops, type Value } from 'onnx-grad';

const seed = 1;

/** Height and width of the pictures, which have three channels; ten classes. */
export const pictureSize = 32;

type Norm = (x: Value, name: string) => Value;

const norm: Norm = (x, name) => nn.batchNorm(x, { name, seed });

const convolve = (x: Value, name: string, channels: number, kernel: number, stride = 1): Value =>
  nn.conv2d(x, { name, seed, channels, kernel, stride, padding: kernel >> 1, bias: false });

const basicBlock = (x: Value, name: string, channels: number, stride: number): Value => {
  const first = convolve(x, `${name}.conv1`, channels, 3, stride);
  const inner = ops.Relu(norm(first, `${name}.bn1`));
  const second = norm(convolve(inner, `${name}.conv2`, channels, 3), `${name}.bn2`);
  const shortcut =
    stride === 1 ? x : norm(convolve(x, `${name}.downsample.0`, channels, 1, stride), `${name}.downsample.1`);
  return ops.Relu(ops.Add(second, shortcut));
};

/** He et al. 2016: 7 × 7 stem of stride 2, overlapping 3 × 3 max-pool, four stages of two blocks; 11.2 million weights. */
export const resnet18 = (): Graph => {
  const graph = new Graph('resnet18');
  const x = graph.input('x', 'float32', ['N', 3, pictureSize, pictureSize]);
  const stem = ops.Relu(norm(convolve(x, 'conv1', 64, 7, 2), 'bn1'));
  let features = nn.maxPool2d(stem, { size: 3, stride: 2, padding: 1 });
  [64, 128, 256, 512].forEach((channels, i) => {
    features = basicBlock(features, `layer${i + 1}.0`, channels, i === 0 ? 1 : 2);
    features = basicBlock(features, `layer${i + 1}.1`, channels, 1);
  });
  const means = nn.flatten(ops.GlobalAveragePool(features));
  graph.output('logits', nn.dense(means, { name: 'fc', seed, units: 10 }));
  return graph;
};

/** Convolutions of the five stages of VGG19, each stage followed by a 2 × 2 max-pool. */
const vggStages = [
  [64, 64],
  [128, 128],
  [256, 256, 256, 256],
  [512, 512, 512, 512],
  [512, 512, 512, 512],
];

/**
 * Simonyan & Zisserman 2015 with batch normalisation: the sixteen convolutions, without biases, which the
 * normalisation would take away again, and one dense layer, as is usual at 32 × 32.
 */
export const vgg19 = (): Graph => {
  const graph = new Graph('vgg19');
  let x = graph.input('x', 'float32', ['N', 3, pictureSize, pictureSize]);
  let at = 0;
  for (const stage of vggStages) {
    for (const channels of stage) {
      x = convolve(x, `features.${at}`, channels, 3);
      x = ops.Relu(norm(x, `features.${at + 1}`));
      at += 3;
    }
    x = nn.maxPool2d(x, { size: 2 });
    at++;
  }
  graph.output('logits', nn.dense(nn.flatten(x), { name: 'classifier', seed, units: 10 }));
  return graph;
};
