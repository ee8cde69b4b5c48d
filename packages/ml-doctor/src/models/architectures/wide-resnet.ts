/** Wide residual networks of 28 layers (Zagoruyko and Komodakis 2016), what LiRA and RMIA were measured on. */
import { Graph, init, nn, ops, replaceBatchNorm, type Value } from 'onnx-grad';
import type { GradientArchitecture } from '../architecture.ts';
import { refuseOtherThanPictures } from './pictures.ts';

/** Blocks of a stage: 28 = 6 · 4 + 4 layers, as the paper counts them. */
const BLOCKS = 4;
/** Channels of the stem, and of each stage at width 1; height and width halve from one stage to the next. */
const STEM = 16;
const STAGES = [16, 32, 64];
/** Two places a side are left in the last stage, so that its 3×3 kernels see more than padding. */
const SMALLEST = 8;

/**
 * Normalisation and ReLU come before each convolution. Where a block changes channels or size, what was normalised
 * goes to its 1×1 shortcut too, as in the authors' code; elsewhere the block's input passes as it is. Dropout is
 * between the two convolutions of a block: none by default, .3 in the paper's runs on CIFAR with it.
 */
const wideResnet = <Width extends number>(width: Width): GradientArchitecture<`wide-resnet-28-${Width}`> => {
  const name = `wide-resnet-28-${width}` as const;
  const channels = STAGES.map((stage) => stage * width);
  return {
    name,
    title: `WRN-28-${width}: conv 16, pre-activation blocks 4 × ${channels.join(', 4 × ')} (3×3, batch norm), mean, dense classes`,
    source: 'Zagoruyko and Komodakis, Wide Residual Networks, BMVC 2016',
    trains: 'gradient',
    norms: ['batch', 'group'],
    dropout: 0,
    build: ({ recordShape, classes, seed, norm = 'batch', dropout = 0 }) => {
      refuseOtherThanPictures(name, recordShape, SMALLEST);
      const graph = new Graph(name);
      const convolve: Convolve = (x, layer, { to, kernel = 3, stride = 1 }) =>
        nn.conv2d(x, {
          ...{ name: layer, seed, channels: to, kernel, stride, padding: kernel >> 1, bias: false },
          // By what a kernel gives to, not by what it receives, as the authors' code does.
          weightInit: init.normal(Math.sqrt(2 / (kernel ** 2 * to))),
        });
      const activate = (x: Value, layer: string) => ops.Relu(nn.batchNorm(x, { name: layer, seed }));
      const block = (x: Value, layer: string, to: number, stride: number) => {
        const active = activate(x, `${layer}.norm1`);
        const first = activate(convolve(active, `${layer}.conv1`, { to, stride }), `${layer}.norm2`);
        const kept = dropout > 0 ? nn.dropout(first, { rate: dropout }) : first;
        const second = convolve(kept, `${layer}.conv2`, { to });
        const same = stride === 1 && x.shape?.[1] === to;
        const shortcut = same ? x : convolve(active, `${layer}.shortcut`, { to, stride, kernel: 1 });
        return ops.Add(second, shortcut);
      };
      const x = graph.input('x', 'float32', ['N', ...recordShape]);
      let features = convolve(x, 'stem', { to: STEM });
      channels.forEach((to, stage) => {
        for (let i = 0; i < BLOCKS; i++)
          features = block(features, `stage${stage + 1}.${i + 1}`, to, stage > 0 && i === 0 ? 2 : 1);
      });
      const means = nn.flatten(ops.GlobalAveragePool(activate(features, 'norm')));
      graph.output('logits', nn.dense(means, { name: 'fc', seed, units: classes }));
      return norm === 'group' ? replaceBatchNorm(graph) : graph;
    },
  };
};

/** A convolution without bias that keeps the size at stride 1. */
type Convolve = (
  x: Value,
  layer: string,
  options: { readonly to: number; readonly kernel?: number; readonly stride?: number },
) => Value;

export const wideResnet1 = wideResnet(1);
export const wideResnet2 = wideResnet(2);
export const wideResnet4 = wideResnet(4);
export const wideResnet10 = wideResnet(10);
