/** ResNet-18, AlexNet and VGG-19 against torchvision: the same parameters, and the same answers with the same weights. */
import type { Graph } from 'onnx-grad';
import { describe, expect, it } from 'vitest';
import { expectAnswers, expectStep } from '../../../test/models/as-torchvision.ts';
import { alexnet, alexnetSmall } from './alexnet.ts';
import { resnet18, resnet18Cifar } from './resnet18.ts';
import { simpleCnn3 } from './simple-cnn-3.ts';
import { vgg19, vgg19Small } from './vgg19.ts';

const count = (graph: Graph): number =>
  [...graph.parameters].reduce((sum, name) => sum + graph.initializers.get(name)!.data.length, 0);
const operators = (graph: Graph) => new Set(graph.nodes.map(({ op }) => op));
const heights = (graph: Graph) =>
  graph.nodes.filter(({ op }) => op === 'Conv').map(({ outputs }) => outputs[0]?.shape?.[2]);
const rates = (graph: Graph) =>
  graph.nodes
    .filter(({ op }) => op === 'Dropout')
    .map(({ inputs }) => graph.initializers.get(inputs[1]!.name)!.data[0]);
const of = (channels: number, size: number, classes: number) => ({
  recordShape: [channels, size, size],
  classes,
  seed: 0,
});

describe('the number of parameters', () => {
  it('is torchvision’s for photographs and 1,000 classes', () => {
    expect(count(resnet18.build(of(3, 64, 1000)))).toBe(11_689_512);
    const grouped = resnet18.build({ ...of(3, 64, 1000), norm: 'group' });
    expect(count(grouped)).toBe(11_689_512);
    expect(operators(grouped)).not.toContain('BatchNormalization');
    const large = alexnet.build({ ...of(3, 224, 1000), dropout: 0.25 });
    expect(count(large)).toBe(61_100_840);
    // 224 pixels become 55, 27 and 13, as the paper says.
    expect([heights(large), rates(large)]).toEqual([
      [55, 27, 13, 13, 13],
      [0.25, 0.25],
    ]);
  });

  it('is that of the usual forms for CIFAR-10', () => {
    expect(count(resnet18Cifar.build(of(3, 32, 10)))).toBe(11_173_962);
    expect(count(vgg19Small.build(of(3, 32, 10)))).toBe(20_040_522);
    // Five convolutions and three dense layers, with 2×2 places between them.
    const convolutions = 28 * 64 + 577 * 192 + 1729 * 384 + 3457 * 256 + 2305 * 256;
    expect(count(alexnetSmall.build(of(3, 32, 10)))).toBe(
      convolutions + 1025 * 4096 + 4097 * 4096 + 4097 * 10,
    );
  });

  it('is that of the release’s SimpleCNN at 64×64 pixels', () => {
    const convolutions = 28 * 32 + 289 * 64 + 577 * 128;
    expect(count(simpleCnn3.build(of(3, 64, 10)))).toBe(convolutions + (128 * 6 * 6 + 1) * 512 + 513 * 10);
    expect(count(simpleCnn3.build(of(1, 28, 10)))).toBe(convolutions - 18 * 32 + 129 * 512 + 513 * 10);
  });
});

describe('resnet18', () => {
  it('answers as torchvision’s', async () => {
    await expectAnswers(resnet18, 'resnet18');
    // At inference nothing is dropped.
    const graph = await expectAnswers(resnet18, 'resnet18 of one channel', { dropout: 0.25 });
    expect(rates(graph)).toEqual([0.25]);
  });

  it('begins as wide as what a kernel gives to asks', () => {
    const graph = resnet18Cifar.build(of(3, 32, 10));
    const weights = graph.initializers.get('layer2.0.conv1.weight')!.data as Float32Array;
    const variance = weights.reduce((sum, w) => sum + w * w, 0) / weights.length;
    // 73,728 draws: the standard error is .5 %.
    expect(variance * (9 * 128)).toBeCloseTo(2, 1);
  });

  it('has the loss and the gradients of torchvision’s', async () => {
    await expectStep(resnet18, 'resnet18');
  });
});

describe('vgg19', () => {
  it('answers as torchvision’s', async () => {
    const graph = await expectAnswers(vgg19, 'vgg19_bn', { largestSize: 32, dropout: 0.25 });
    expect(rates(graph)).toEqual([0.25, 0.25]);
  });
});

/** Smaller pictures go to the form that is for them; records that are no pictures to no form. */
describe.each([
  [alexnet, 63, 'alexnet-small'],
  [alexnetSmall, 15, 'mlp'],
  [resnet18, 28, 'resnet18-cifar'],
  [resnet18Cifar, 8, 'mlp'],
  [vgg19, 32, 'vgg19-small'],
  [vgg19Small, 17, 'mlp'],
  [simpleCnn3, 22, 'mlp'],
] as const)('$name', (architecture, smallest, instead) => {
  const build = (...recordShape: number[]) => architecture.build({ recordShape, classes: 2, seed: 0 });

  it(`refuses pictures below ${smallest} pixels, and what are no pictures`, () => {
    const refusal = (hint: string) =>
      expect.objectContaining({ code: 'MLD_USAGE', hint: expect.stringContaining(hint) });
    expect(() => build(1, smallest - 1, 64)).toThrow(refusal(`Choose ${instead}`));
    expect(() => build(1, 64, smallest - 1)).toThrow(refusal(`Choose ${instead}`));
    expect(() => build(600)).toThrow(refusal('take any records'));
  });
});
