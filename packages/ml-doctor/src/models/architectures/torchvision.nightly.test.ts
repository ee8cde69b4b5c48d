/** The networks of 60 and 140 million parameters against torchvision's. */
import { describe, expect, it } from 'vitest';
import { expectAnswers, expectStep } from '../../../test/models/as-torchvision.ts';
import { alexnet } from './alexnet.ts';
import { vgg19 } from './vgg19.ts';

describe('vgg19', () => {
  it.each([
    ['batch', 143_678_248],
    ['group', 143_678_248],
    ['none', 143_667_240],
  ] as const)('with norm %s has as many parameters as torchvision’s', (norm, parameters) => {
    const graph = vgg19.build({ recordShape: [3, 64, 64], classes: 1000, seed: 0, norm });
    const sizes = [...graph.parameters].map((name) => graph.initializers.get(name)!.data.length);
    expect(sizes.reduce((a, b) => a + b)).toBe(parameters);
  });

  it('answers as torchvision’s', async () => {
    await expectAnswers(vgg19, 'vgg19_bn');
    await expectAnswers(vgg19, 'vgg19', { norm: 'none' });
  });

  it('has the loss and the gradients of torchvision’s', async () => {
    await expectStep(vgg19, 'vgg19_bn');
  });
});

describe('alexnet', () => {
  it('answers as torchvision’s', async () => {
    await expectAnswers(alexnet, 'alexnet');
  });
});
