/** Per-example gradients of convolutions against one example at a time. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkPerExample, parametersOf } from '../../../test/per-example/one-at-a-time.ts';
import { Graph } from '../../graph/graph.ts';
import { Conv, ConvTranspose, ReduceSum } from '../../graph/ops/index.ts';
import type { Value } from '../../graph/value.ts';
import { normal } from '../../nn/initializers.ts';
import { conv2d, convTranspose2d } from '../../nn/layers.ts';
import { parameter } from '../../nn/parameter.ts';
import { perExampleGradients } from './per-example.ts';

const weight = (x: Value, name: string, dims: readonly number[]) =>
  parameter(x.graph, name, dims, normal(1), 1);
const upTo = (max: number) => fc.integer({ min: 1, max });
const common = { examples: upTo(3), fixed: fc.boolean(), seed: fc.nat() };

const geometry = fc.record({
  ...common,
  group: upTo(3),
  inPerGroup: upTo(3),
  outPerGroup: upTo(3),
  kernel: fc.tuple(upTo(3), upTo(3)),
  stride: fc.tuple(upTo(2), upTo(2)),
  padding: fc.constantFrom(0, 1, 'same' as const),
  dilation: fc.tuple(upTo(2), upTo(2)),
  height: fc.integer({ min: 5, max: 8 }),
  width: fc.integer({ min: 5, max: 8 }),
});

describe('per-example gradients of a convolution', () => {
  test('stride, padding, dilation, groups', async () => {
    await fc.assert(
      fc.asyncProperty(geometry, async ({ group, inPerGroup, outPerGroup, height, width, ...rest }) => {
        await checkPerExample({
          ...rest,
          example: [group * inPerGroup, height, width],
          model: (x) =>
            conv2d(x, { name: 'conv', ...rest, seed: 1, channels: group * outPerGroup, groups: group }),
        });
      }),
      { numRuns: 30 },
    );
  });

  test('transposed, with output padding', async () => {
    await fc.assert(
      fc.asyncProperty(geometry, async ({ group, inPerGroup, outPerGroup, height, width, ...rest }) => {
        const { stride, kernel, dilation } = rest;
        // PyTorch's and ONNX's condition: less than the stride, and padding no larger than the kernel leaves room for.
        const outputPadding = [stride[0] - 1, stride[1] - 1] as const;
        const padding = kernel.every((k, i) => (k - 1) * (dilation[i] as number) >= 1) ? 1 : 0;
        await checkPerExample({
          ...rest,
          example: [group * inPerGroup, height - 2, width - 2],
          model: (x) =>
            convTranspose2d(x, {
              ...rest,
              name: 'conv',
              seed: 1,
              channels: group * outPerGroup,
              groups: group,
              padding,
              outputPadding,
            }),
        });
      }),
      { numRuns: 20 },
    );
  });

  test('depthwise, with one and with several channels out of each', async () => {
    for (const multiplier of [1, 2])
      await checkPerExample({
        example: [4, 6, 5],
        examples: 3,
        seed: 9,
        model: (x) =>
          conv2d(x, { name: 'conv', seed: 1, channels: 4 * multiplier, groups: 4, kernel: 3, padding: 1 }),
      });
  });

  test('one dimension and three', async () => {
    await checkPerExample({
      example: [3, 11],
      examples: 3,
      seed: 2,
      model: (x) =>
        Conv(x, weight(x, 'w', [4, 3, 3]), weight(x, 'b', [4]), {
          strides: [2],
          pads: [1, 0],
          dilations: [2],
        }),
    });
    await checkPerExample({
      example: [2, 7],
      examples: 2,
      seed: 2,
      model: (x) =>
        ConvTranspose(x, weight(x, 'w', [2, 3, 4]), weight(x, 'b', [3]), { strides: [2], pads: [1, 1] }),
    });
    await checkPerExample({
      example: [2, 4, 3, 4],
      examples: 2,
      seed: 2,
      model: (x) => Conv(x, weight(x, 'w', [3, 2, 2, 2, 2]), weight(x, 'b', [3])),
    });
  });

  // The three ways of convolutionUse, told apart by what they multiply.
  const ways = [
    { what: 'few positions: from pairs of positions', channels: [24, 40], size: 3, kernel: 3, pairs: true },
    { what: 'one position and a small patch', channels: [16, 64], size: 1, kernel: 1, pairs: true },
    { what: 'few positions in groups', channels: [24, 48], groups: 2, size: 2, kernel: 3, pairs: true },
    {
      what: 'many positions and a small weight: made once, used twice',
      channels: [3, 4],
      size: 8,
      kernel: 3,
    },
    { what: 'many positions and a weight of more than 65,536', channels: [96, 96], size: 10, kernel: 3 },
  ] as const;
  test.each(ways)('$what', async ({ channels: [input, output], size, kernel, ...way }) => {
    const groups = 'groups' in way ? way.groups : 1;
    const model = (x: Value) =>
      conv2d(x, { name: 'conv', seed: 1, channels: output, groups, kernel, padding: 'same' });
    const graph = new Graph();
    const y = model(graph.input('x', 'float32', ['N', input, size, size]));
    const losses = ReduceSum(y, [1, 2, 3], { keepdims: false });
    const found = perExampleGradients(losses, [...parametersOf(graph).values()]);
    found.weightedSums(found.squaredNorms());
    const products = graph.nodes.filter(({ op }) => op === 'MatMul');
    const shapes = products.map(({ outputs }) => outputs[0]?.shape?.join());
    const perExample = `N,${groups},${output / groups},${(input / groups) * kernel * kernel}`;
    if ('pairs' in way) expect(shapes).not.toContain(perExample);
    else expect(shapes).toContain(perExample);
    expect(shapes.filter((shape) => shape === perExample).length).toBeLessThanOrEqual(1);
    await checkPerExample({ example: [input, size, size], examples: 2, seed: 4, model });
  });

  test('norms and sums hold nothing larger than the unfolded activations', () => {
    const shape = fc.record({
      groups: fc.constantFrom(1, 2),
      input: fc.constantFrom(1, 4, 12),
      output: fc.constantFrom(1, 4, 24),
      size: fc.integer({ min: 1, max: 6 }),
      kernel: fc.constantFrom(1, 2, 3),
    });
    fc.assert(
      fc.property(shape, ({ groups, input, output, size, kernel }) => {
        const graph = new Graph();
        const x = graph.input('x', 'float32', ['N', groups * input, size, size]);
        const named = { name: 'conv', seed: 1, bias: false, padding: 'same' } as const;
        const y = conv2d(x, { ...named, channels: groups * output, groups, kernel });
        const found = perExampleGradients(ReduceSum(y, [1, 2, 3], { keepdims: false }), [
          ...parametersOf(graph).values(),
        ]);
        found.weightedSums(found.squaredNorms());
        const sizes = graph.nodes
          .flatMap(({ outputs }) => outputs)
          .filter(({ shape: [first] = [] }) => first === 'N')
          .map((value) => (value.shape ?? []).slice(1).reduce<number>((a, b) => a * Number(b), 1));
        const unfolded = size * size * groups * (input * kernel * kernel + output);
        // Padding x may double a picture of one pixel and more: it is no gradient.
        const padded = groups * input * (size + kernel - 1) ** 2;
        expect(Math.max(...sizes)).toBeLessThanOrEqual(Math.max(unfolded, padded));
      }),
      { numRuns: 40 },
    );
  });
});
