/** 3 x 3 convolutions with padding 1: output, and gradients of input, weight and bias. */
import { backward, Graph, ops, type Value } from 'onnx-grad';
import { type GradientWork, gradientCase } from './gradient-case.ts';
import { uniformTensor } from './models.ts';

const work = (batch: number, channels: number, size: number, group = 1): GradientWork => {
  const image = [batch, channels, size, size];
  const tensors = {
    x: uniformTensor(image, 'x', -1, 1),
    weight: uniformTensor([channels, channels / group, 3, 3], 'weight', -0.05, 0.05),
    bias: uniformTensor([channels], 'bias', -0.05, 0.05),
    dy: uniformTensor(image, 'dy', -1, 1),
  };
  const graph = new Graph('convolution');
  const values = Object.entries(tensors).map(([name, t]) => graph.input(name, 'float32', t.dims));
  const [x, weight, bias, dy] = values as [Value, Value, Value, Value];
  const y = ops.Conv(x, weight, bias, { pads: [1, 1, 1, 1], group });
  graph.output('y', y);
  const found = backward(new Map([[y, dy]]), [x, weight, bias]);
  for (const leaf of [x, weight, bias]) graph.output(`d.${leaf.name}`, found.get(leaf) as Value);
  const names = ['y', 'd.x', 'd.weight', 'd.bias'];
  return {
    graph,
    feeds: tensors,
    torch: { kind: 'convolution', tensors, group },
    compared: new Map(names.map((name) => [name, name])),
  };
};

/** Sums over tens of thousands of positions, in another order. */
const tolerance = 3e-5;

export const conv64 = gradientCase({
  name: 'conv-64x32',
  about: '3x3 convolution forward + backward, 64 to 64 channels, 32x32, batch 32',
  bar: 1.7,
  tolerance,
  work: () => work(32, 64, 32),
});

export const conv128 = gradientCase({
  name: 'conv-128x16',
  about: '3x3 convolution forward + backward, 128 to 128 channels, 16x16, batch 64',
  bar: 1.7,
  tolerance,
  work: () => work(64, 128, 16),
});

/** The convolutions of Xception and its like: one channel by itself. */
export const depthwise128 = gradientCase({
  name: 'depthwise-128x16',
  about: '3x3 depthwise convolution forward + backward, 128 channels, 16x16, batch 64',
  bar: null,
  tolerance,
  work: () => work(64, 128, 16, 128),
});
