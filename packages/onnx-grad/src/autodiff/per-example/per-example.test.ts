/** Per-example gradients of whole models, of every other layer, and what is refused. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkPerExample, parametersOf } from '../../../test/per-example/one-at-a-time.ts';
import type { OnnxGradError } from '../../errors.ts';
import { Graph } from '../../graph/graph.ts';
import {
  Add,
  BatchNormalizationTraining,
  Gather,
  InstanceNormalization,
  MatMul,
  Mul,
  PRelu,
  ReduceMean,
  ReduceSum,
  Relu,
  Reshape,
  Slice,
  Softmax,
  Squeeze,
  Sub,
  Transpose,
  Unsqueeze,
} from '../../graph/ops/index.ts';
import { float32 } from '../../graph/tensor.ts';
import type { Value } from '../../graph/value.ts';
import { normal } from '../../nn/initializers.ts';
import {
  batchNorm,
  conv2d,
  dense,
  embedding,
  flatten,
  groupNorm,
  layerNorm,
  maxPool2d,
} from '../../nn/layers.ts';
import { parameter } from '../../nn/parameter.ts';
import { perExampleGradients } from './per-example.ts';

const weight = (x: Value, name: string, dims: readonly number[]) =>
  parameter(x.graph, name, dims, normal(1), 1);
const seed = 1;
const common = { examples: fc.integer({ min: 1, max: 4 }), fixed: fc.boolean(), seed: fc.nat() };

describe('per-example gradients agree with one example at a time', () => {
  test('layer normalisation over one axis and over several', async () => {
    const shape = fc.record({
      ...common,
      axes: fc.constantFrom([], [1], [3], [2, 3]),
      width: fc.integer({ min: 2, max: 5 }),
    });
    await fc.assert(
      fc.asyncProperty(shape, async ({ axes, width, ...rest }) => {
        await checkPerExample({
          ...rest,
          example: [...axes, width],
          model: (x) => layerNorm(Mul(x, x.graph.scalar(3)), { name: 'norm', seed }),
          slack: 5,
        });
      }),
      { numRuns: 10 },
    );
  });

  test('group normalisation, whose scale is reshaped before it is used', async () => {
    for (const groups of [1, 2, 6])
      await checkPerExample({
        example: [6, 3, 4],
        examples: 3,
        seed: groups,
        model: (x) =>
          groupNorm(conv2d(x, { name: 'c', seed, channels: 6, kernel: 1 }), { name: 'n', seed, groups }),
        slack: 5,
      });
  });

  test('scales of instance normalisation, and of batch normalisation at inference', async () => {
    await checkPerExample({
      example: [3, 4, 4],
      examples: 3,
      seed: 3,
      model: (x) => InstanceNormalization(x, weight(x, 'scale', [3]), weight(x, 'bias', [3])),
      slack: 5,
    });
    for (const example of [[3], [3, 2, 2]])
      await checkPerExample({
        example,
        examples: 3,
        seed: 3,
        model: (x) => {
          const y = batchNorm(x, { name: 'bn', seed });
          x.graph.setInitializer('bn.running_mean', float32([3], [0.5, -1, 2]));
          x.graph.setInitializer('bn.running_var', float32([3], [0.25, 1, 4]));
          return y;
        },
      });
  });

  test('an embedding read at any number of axes, the same row several times and from the end', async () => {
    const shape = fc.record({ ...common, axes: fc.constantFrom([], [1], [5], [2, 3]) });
    await fc.assert(
      fc.asyncProperty(shape, async ({ axes, ...rest }) => {
        await checkPerExample({
          ...rest,
          example: axes,
          below: 7,
          model: (x) =>
            embedding(Sub(x, x.graph.scalar(3, 'int64')), { name: 'table', seed, count: 4, width: 3 }),
        });
      }),
      { numRuns: 12 },
    );
  });

  test('scales and offsets broadcast over examples, positions and both', async () => {
    for (const dims of [[], [1], [3], [1, 3], [4, 1], [4, 3], [1, 4, 3], [1, 1, 1]])
      await checkPerExample({
        example: [4, 3],
        examples: 4,
        fixed: true,
        seed: 11,
        model: (x) => {
          const scaled = Sub(Mul(weight(x, 'scale', dims), x), weight(x, 'minus', dims));
          return PRelu(
            Sub(weight(x, 'plus', dims), scaled),
            weight(x, 'slope', dims.length > 2 ? dims.slice(1) : dims),
          );
        },
      });
  });

  test('a parameter of three axes, turned and reshaped before it is added', async () => {
    await checkPerExample({
      example: [3, 8],
      examples: 2,
      seed: 6,
      model: (x) => Add(x, Reshape(Transpose(weight(x, 'w', [2, 3, 4]), [1, 2, 0]), [3, 8])),
    });
  });

  test('a parameter used twice: the norm is that of the sum', async () => {
    await checkPerExample({
      example: [4],
      examples: 3,
      seed: 8,
      model: (x) => {
        const w = weight(x, 'w', [4, 4]);
        return Add(MatMul(Relu(MatMul(x, w)), Transpose(w, [1, 0])), weight(x, 'b', [4]));
      },
    });
    await checkPerExample({
      example: [5],
      below: 6,
      examples: 3,
      seed: 8,
      model: (x) => {
        const rows = embedding(x, { name: 'table', seed, count: 6, width: 3 });
        return MatMul(rows, Transpose(x.graph.value('table.weight'), [1, 0]));
      },
    });
  });

  test('a convolutional network with skip connections, normalisation, pooling and two dense layers', async () => {
    await checkPerExample({
      example: [2, 8, 8],
      examples: 4,
      seed: 21,
      slack: 10,
      model: (x) => {
        const first = Relu(
          groupNorm(conv2d(x, { name: 'c1', seed, channels: 4, kernel: 3, padding: 1 }), {
            name: 'n1',
            seed,
            groups: 2,
          }),
        );
        const second = Add(
          first,
          conv2d(first, { name: 'c2', seed, channels: 4, kernel: 3, padding: 1, bias: false }),
        );
        const pooled = maxPool2d(Relu(second), { size: 2 });
        const hidden = Relu(dense(flatten(pooled), { name: 'f1', seed, units: 9 }));
        return dense(layerNorm(hidden, { name: 'n2', seed }), { name: 'f2', seed, units: 3 });
      },
    });
  });

  test('attention: products of batches with batches do not mix examples', async () => {
    await checkPerExample({
      example: [3, 4],
      examples: 3,
      seed: 5,
      slack: 5,
      model: (x) => {
        const [q, k, v] = ['q', 'k', 'v'].map((name) => dense(x, { name, seed, units: 4 })) as [
          Value,
          Value,
          Value,
        ];
        return MatMul(Softmax(MatMul(q, Transpose(k, [0, 2, 1]))), v);
      },
    });
  });
});

describe('what may mix examples is refused', () => {
  const refused = (
    model: (x: Value) => Value,
    batch: number | string = 'N',
    example: readonly number[] = [4],
  ) => {
    const graph = new Graph();
    const y = model(graph.input('x', 'float32', [batch, ...example]));
    const axes = (y.shape ?? []).flatMap((_, i) => (i > 0 ? [i] : []));
    const losses = axes.length > 0 ? ReduceSum(y, axes, { keepdims: false }) : y;
    try {
      perExampleGradients(losses, [...parametersOf(graph).values()]).squaredNorms();
    } catch (error) {
      return error as OnnxGradError;
    }
    return undefined;
  };
  const layer = (x: Value, name = 'w') => dense(x, { name, seed, units: 4 });

  test('batch normalisation in training mode, with the layer to use instead', () => {
    const error = refused((x) => {
      const h = layer(x);
      const vector = (name: string) => weight(x, name, [4]);
      const rest = {
        scale: vector('s'),
        bias: vector('b'),
        mean: x.graph.constant(float32([4], [0, 0, 0, 0])),
        variance: x.graph.constant(float32([4], [1, 1, 1, 1])),
      };
      return BatchNormalizationTraining(h, rest).y;
    });
    expect(error?.code).toBe('OG_NO_PER_EXAMPLE');
    expect(error?.message).toMatch(/BatchNormalization '.+': it uses the statistics of the whole batch/);
    expect(error?.hint).toContain('group normalisation');
  });

  test('also before the first parameter, where gradients would still be found', () => {
    const error = refused((x) => layer(Sub(x, ReduceMean(x, [0]))));
    expect(error?.code).toBe('OG_NO_PER_EXAMPLE');
    expect(error?.message).toContain('ReduceMean');
  });

  const mixers: Record<string, (x: Value) => Value> = {
    'a mean over the batch': (x) => Sub(layer(x), ReduceMean(layer(x, 'v'), [0])),
    'softmax over the batch': (x) => Softmax(layer(x), { axis: 0 }),
    'softmax over the batch, counted from the end': (x) => Softmax(layer(x), { axis: -2 }),
    'a transposed batch': (x) => Transpose(layer(x), [1, 0]),
    'products of all pairs': (x) => MatMul(layer(x), Transpose(layer(x, 'v'), [1, 0])),
    'a product with the batch on the right': (x) =>
      MatMul(x.graph.input('adjacency', 'float32', [x.shape?.[0] as number, 4]), layer(x)),
    'a batch reshaped into other rows': (x) => Reshape(layer(x), [-1, 2]),
    'a batch broadcast against itself': (x) => Add(layer(x), Unsqueeze(layer(x, 'v'), [1])),
    'a batch laid along another axis': (x) =>
      Add(x, Squeeze(Slice(layer(x), { starts: [0], ends: [1], axes: [1] }), [1])),
    'a batch turned round': (x) => Slice(layer(x), { starts: [-1], ends: [-1000], axes: [0], steps: [-1] }),
    'a batch in another order': (x) =>
      Gather(layer(x), x.graph.input('order', 'int64', [x.shape?.[0] as number])),
  };
  // With four examples of four features every shape looks as if nothing were mixed.
  test.each(Object.entries(mixers))('%s', (_, model) => {
    for (const batch of ['N', 4])
      expect(refused(model, batch)?.code, `batch ${batch}`).toBe('OG_NO_PER_EXAMPLE');
  });

  test('a parameter changed before it is used, though it has as many rows as the batch', () => {
    const error = refused((x) => {
      const w = weight(x, 'w', [4, 4]);
      return MatMul(x, Sub(w, ReduceMean(w, [0])));
    }, 4);
    expect(error?.code).toBe('OG_NO_PER_EXAMPLE');
    expect(error?.message).toContain('parameter');
  });

  test('a parameter with a row for each place in the batch', () => {
    expect(refused((x) => Add(x, weight(x, 'offset', [4, 4])), 4)?.code).toBe('OG_NO_PER_EXAMPLE');
  });

  test('a use without a per-example form, naming node and parameter', () => {
    const error = refused((x) => MatMul(weight(x, 'left', [3, 4]), Unsqueeze(x, [2])));
    expect(error?.code).toBe('OG_NO_PER_EXAMPLE');
    expect(error?.message).toMatch(/MatMul.*'left'/);
  });

  test('losses that are already averaged, and a parameter that is not used', () => {
    const graph = new Graph();
    const y = layer(graph.input('x', 'float32', ['N', 4]));
    const w = graph.value('w.weight');
    expect(() => perExampleGradients(ReduceMean(y, undefined, { keepdims: false }), [w])).toThrow(
      /shape \[N\]/,
    );
    const losses = ReduceSum(y, [1], { keepdims: false });
    const idle = weight(y, 'idle', [2]);
    expect(() => perExampleGradients(losses, [idle]).squaredNorms()).toThrow(/'idle'/);
  });
});
