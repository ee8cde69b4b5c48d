/** Wide residual networks against published counts, PyTorch's logits and the paper's table 1. */
import type { Graph } from 'onnx-grad';
import { describe, expect, it } from 'vitest';
import { distanceFrom, goldenCases } from '../../../test/models/numbered-weights.ts';
import { wideResnet1, wideResnet2, wideResnet4, wideResnet10 } from './wide-resnet.ts';

const cifar = { recordShape: [3, 32, 32], classes: 10, seed: 1 };
const count = (graph: Graph): number =>
  [...graph.parameters].reduce((sum, name) => sum + graph.initializers.get(name)!.data.length, 0);

describe('wide-resnet-28', () => {
  // Tables of the paper (.37, 1.5, 5.8 and 36.5 million), to the last parameter as its re-implementations count.
  it.each([
    [wideResnet1, 369_498],
    [wideResnet2, 1_467_610],
    [wideResnet4, 5_849_050],
    [wideResnet10, 36_479_194],
  ])('$name has $1 parameters', (architecture, parameters) => {
    expect(count(architecture.build(cifar))).toBe(parameters);
  });

  it.each([wideResnet1, wideResnet2])('answers as PyTorch: $name', async (architecture) => {
    const [golden] = goldenCases(architecture.name);
    const graph = architecture.build({ ...golden!, seed: 1 });
    expect(await distanceFrom(graph, golden!)).toBeLessThan(1e-4);
  });

  it.each([
    [64, 16],
    [32, 8],
    [28, 7],
    [8, 2],
  ])('of pictures of %d pixels takes the mean over %d places a side', (size, left) => {
    const graph = wideResnet1.build({ ...cifar, recordShape: [1, size, size] });
    const mean = graph.nodes.find(({ op }) => op === 'GlobalAveragePool');
    expect(mean?.inputs[0]?.shape?.slice(1)).toEqual([64, left, left]);
  });

  it('drops between the two convolutions of every block where it is asked to', () => {
    const graph = wideResnet1.build({ ...cifar, dropout: 0.3 });
    const drops = graph.nodes.filter(({ op }) => op === 'Dropout');
    expect(drops).toHaveLength(12);
    for (const { inputs, outputs } of drops) {
      expect(inputs[0]?.node?.op).toBe('Relu');
      const reader = graph.nodes.find((node) => node.inputs[0] === outputs[0]);
      expect(reader?.inputs[1]?.name).toMatch(/\.conv2\.weight$/);
      expect(graph.initializers.get(inputs[1]!.name)?.data[0]).toBeCloseTo(0.3, 6);
    }
    expect(wideResnet1.build(cifar).nodes.some(({ op }) => op === 'Dropout')).toBe(false);
  });

  it('normalises in groups where it is asked to, with the same parameters', () => {
    const graph = wideResnet1.build({ ...cifar, norm: 'group' });
    const ops = graph.nodes.map(({ op }) => op);
    expect(ops).not.toContain('BatchNormalization');
    expect(ops.filter((op) => op === 'InstanceNormalization')).toHaveLength(25);
    expect(count(graph)).toBe(369_498);
  });

  it('begins as wide as what a kernel gives to asks', () => {
    const graph = wideResnet2.build(cifar);
    const data = graph.initializers.get('stage3.1.conv1.weight')!.data as Float32Array;
    const variance = data.reduce((sum, w) => sum + w * w, 0) / data.length;
    // 73,728 draws: the standard error is .5 %.
    expect(variance * (9 * 128)).toBeCloseTo(2, 1);
  });

  it.each([[[600]], [[3, 7, 32]], [[3, 32, 7]]])('refuses records of shape %j', (recordShape) => {
    expect(() => wideResnet2.build({ recordShape, classes: 10, seed: 1 })).toThrow(
      expect.objectContaining({ code: 'MLD_USAGE', message: expect.stringContaining('wide-resnet-28-2') }),
    );
  });
});
