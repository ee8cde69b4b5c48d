/** A model made for one batch size gives the same rows for every other, or is refused. */
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { OnnxGradError } from '../../errors.ts';
import { decodeModel } from '../../onnx/decode.ts';
import { stream } from '../../random/stream.ts';
import { createSession } from '../../runtime/session.ts';
import type { Shape } from '../dim.ts';
import { Graph } from '../graph.ts';
import * as ops from '../ops/index.ts';
import { elementCount, float32, floats, int64, type Tensor } from '../tensor.ts';
import type { Value } from '../value.ts';
import { toDynamicBatch } from './dynamic-batch.ts';

const random = (dims: readonly number[], purpose: string): Tensor =>
  float32(dims, stream(7, purpose).normal(new Float32Array(elementCount(dims))));

const rows = (tensor: Tensor, from: number, count: number): Float32Array => {
  const width = tensor.data.length / (tensor.dims[0] as number);
  return floats(tensor).subarray(from * width, (from + count) * width);
};

/** Largest difference between `records` rows of the rewritten model and of runs of the original with its own batch. */
const largestDifference = async (original: Graph, records: number, baked: number): Promise<number> => {
  const rewritten = toDynamicBatch(original);
  const input = original.inputs[0] as Value;
  const record = (input.shape as Shape).slice(1) as number[];
  const all = random([records, ...record], 'records');
  await using fixed = await createSession(original);
  await using open = await createSession(rewritten);
  const got = await open.run({ [input.name]: all });
  let largest = 0;
  for (let from = 0; from < records; from += baked) {
    const present = Math.min(baked, records - from);
    const padded = new Float32Array(baked * elementCount(record));
    padded.set(rows(all, from, present));
    const want = await fixed.run({ [input.name]: float32([baked, ...record], padded) });
    for (const name of fixed.outputNames) {
      expect(got[name]?.dims).toEqual([records, ...(want[name]?.dims.slice(1) ?? [])]);
      const ours = rows(got[name] as Tensor, from, present);
      const theirs = rows(want[name] as Tensor, 0, present);
      expect(ours.length).toBeGreaterThan(0);
      ours.forEach((v, i) => {
        largest = Math.max(largest, Math.abs(v - (theirs[i] as number)));
      });
    }
  }
  return largest;
};

/** A graph over an input `x` of this shape with one output. */
const graphOf = (shape: Shape, build: (x: Value, g: Graph) => Value): Graph => {
  const g = new Graph();
  g.output('y', build(g.input('x', 'float32', shape), g));
  return g;
};

const weight = (g: Graph, name: string, dims: readonly number[]): Value =>
  g.initializer(name, random(dims, name));

describe('real models', () => {
  const folder = fileURLToPath(new URL('../../../../../../shared/data/onnx/', import.meta.url));
  const files = [
    'mnist_0.1.eth',
    'mnist-net_256x2',
    'cifar_base_kw',
    'resnet_2b',
    'fashion_mnist.edwin-19',
    'cifar10_medium',
  ];
  for (const file of files)
    it.skipIf(!existsSync(folder))(
      `${file}: seven records at once as one by one (needs shared/data/onnx)`,
      async () => {
        const original = decodeModel(readFileSync(`${folder}${file}.onnx`));
        expect(await largestDifference(original, 7, 1)).toBeLessThan(1e-5);
        for (const value of toDynamicBatch(original).outputs.values()) expect(value.shape?.[0]).toBe('N');
      },
    );
});

describe('batch sizes baked into constants', () => {
  const image = (batch: number | string, target: readonly number[], width = 48) =>
    graphOf([batch, 3, 4, 4], (x, g) => {
      const flat = ops.Reshape(ops.Relu(x), target);
      return ops.Gemm(flat, weight(g, 'w', [width, 5]));
    });

  it.each([
    [1, [1, 48]],
    [1, [1, -1]],
    [1, [-1, 48]],
    [4, [4, 48]],
    [4, [4, -1]],
    [4, [-1, 48]],
    [4, [0, -1]],
    [48, [48, -1]],
  ])('Reshape of a batch of %i to %j', async (batch, target) => {
    expect(await largestDifference(image(batch, target), 6, batch)).toBeLessThan(1e-5);
  });

  it('keeps another open dimension open beside the batch', async () => {
    const g = graphOf([4, 6, 2], (x) => ops.Reshape(x, [4, -1, 3]));
    const rewritten = toDynamicBatch(g);
    expect(rewritten.outputs.get('y')?.shape).toEqual(['N', 4, 3]);
    expect(await largestDifference(g, 5, 4)).toBe(0);
  });

  it('reads the baked size of an input declared open from a complete target', () => {
    const g = graphOf(['batch', 3, 4, 4], (x) => ops.Reshape(x, [128, 48]));
    expect(toDynamicBatch(g).outputs.get('y')?.shape).toEqual(['N', 48]);
  });

  it('takes the baked size of an input declared open as an option', () => {
    const g = graphOf(['batch', 3, 4, 4], (x) => ops.Reshape(x, [128, -1]));
    expect(() => toDynamicBatch(g)).toThrow(/does not tell which dimension is the batch/);
    expect(toDynamicBatch(g, { bakedBatch: 128 }).outputs.get('y')?.shape).toEqual(['N', 48]);
  });

  it('a patch embedding with a class token and positions, batch 1', async () => {
    const g = graphOf([1, 3, 8, 8], (x, graph) => {
      const patches = ops.Conv(x, weight(graph, 'patch', [16, 3, 4, 4]), undefined, { strides: [4, 4] });
      const tokens = ops.Transpose(ops.Reshape(patches, [1, 16, 4]), [0, 2, 1]);
      const cls = ops.Expand(weight(graph, 'cls', [1, 1, 16]), [1, 1, 16]);
      const all = ops.Add(ops.Concat([cls, tokens], 1), weight(graph, 'positions', [1, 5, 16]));
      const heads = (name: string) =>
        ops.Transpose(
          ops.Reshape(ops.MatMul(all, weight(graph, name, [16, 16])), [1, 5, 2, 8]),
          [0, 2, 1, 3],
        );
      const scores = ops.MatMul(heads('q'), ops.Transpose(heads('k'), [0, 1, 3, 2]));
      const mixed = ops.MatMul(ops.Softmax(scores, { axis: -1 }), heads('v'));
      const joined = ops.Reshape(ops.Transpose(mixed, [0, 2, 1, 3]), [1, 5, 16]);
      const first = ops.Gather(joined, graph.constant(int64([], [0])), { axis: 1 });
      return ops.Gemm(first, weight(graph, 'head', [16, 3]));
    });
    expect(await largestDifference(g, 5, 1)).toBeLessThan(1e-5);
  });

  it('positions folded into the batch and back, batch 4', async () => {
    const g = graphOf([4, 5, 6], (x, graph) => {
      const folded = ops.Gemm(ops.Reshape(x, [20, 6]), weight(graph, 'w', [6, 3]));
      return ops.Reshape(ops.Tanh(folded), [4, 15]);
    });
    expect(await largestDifference(g, 9, 4)).toBeLessThan(1e-5);
  });

  it('constants with one equal row per record, and fills of the baked size', async () => {
    const g = graphOf([4, 6], (x, graph) => {
      const equal = graph.constant(
        float32(
          [4, 6],
          Array.from({ length: 24 }, (_, i) => i % 6),
        ),
      );
      const fill = ops.ConstantOfShape(graph.constant(int64([2], [4, 6])), float32([1], [2]));
      const spread = ops.Expand(weight(graph, 'b', [1, 6]), [4, 6]);
      return ops.Mul(ops.Add(ops.Add(x, equal), fill), spread);
    });
    expect(await largestDifference(g, 7, 4)).toBeLessThan(1e-5);
  });

  it('Expand, Slice, Squeeze, Flatten and Resize that name the batch', async () => {
    const g = graphOf([2, 1, 4, 4], (x, graph) => {
      const wide = ops.Expand(x, [2, 3, 4, 4]);
      const cut = ops.Slice(wide, { starts: [0, 1], ends: [2, 3], axes: [0, 2] });
      const sizes = graph.constant(int64([4], [2, 3, 4, 8]));
      const large = graph.node('Resize', [cut, null, null, sizes], {
        mode: 'nearest',
        nearest_mode: 'floor',
        coordinate_transformation_mode: 'asymmetric',
      })[0] as Value;
      return ops.Flatten(ops.Squeeze(ops.GlobalAveragePool(large)));
    });
    expect(await largestDifference(g, 5, 2)).toBeLessThan(1e-5);
  });

  it('a batch in the second place between transposes', async () => {
    const g = graphOf([3, 4, 6], (x, graph) => {
      const turned = ops.Transpose(x, [1, 0, 2]);
      const product = ops.MatMul(ops.Reshape(turned, [4, 3, 2, 3]), weight(graph, 'w', [3, 2]));
      return ops.Transpose(ops.ReduceSum(product, [2], { keepdims: false }), [1, 0, 2]);
    });
    expect(await largestDifference(g, 7, 3)).toBeLessThan(1e-5);
  });
});

describe('refused', () => {
  const refused = (g: Graph, reason: RegExp): void => {
    let thrown: unknown;
    try {
      toDynamicBatch(g);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(OnnxGradError);
    expect((thrown as OnnxGradError).code).toBe('OG_BATCH_FIXED');
    expect((thrown as OnnxGradError).message).toMatch(reason);
  };

  it('several inputs', () => {
    const g = graphOf([1, 4], (x, graph) => ops.Add(x, graph.input('z', 'float32', [1, 4])));
    refused(g, /2 inputs \(x, z\)/);
  });
  it.each<[string, readonly number[], RegExp, (x: Value, g: Graph) => Value]>([
    ['a softmax across the batch', [1, 4], /Softmax.*across the batch/, (x) => ops.Softmax(x, { axis: 0 })],
    ['a mean over the batch', [3, 4], /ReduceMean.*combines/, (x) => ops.ReduceMean(x, [0])],
    ['a sum over everything', [3, 4], /ReduceSum.*combines/, (x) => ops.ReduceSum(x)],
    ['a batch squeezed away', [1, 4], /Squeeze.*removes/, (x) => ops.Squeeze(x)],
    ['the first record picked', [1, 4], /Gather.*picks/, (x, g) => ops.Gather(x, g.constant(int64([], [0])))],
    ['half a batch', [4, 4], /Slice.*part/, (x) => ops.Slice(x, { starts: [0], ends: [2], axes: [0] })],
    ['another constant per record', [2, 3], /another value/, (x, g) => ops.Add(x, weight(g, 'c', [2, 3]))],
    ['records mixed by Reshape', [4, 6], /mixes|no dimension of its own/, (x) => ops.Reshape(x, [3, 8])],
    ['a product of records', [3, 3], /both factors/, (x) => ops.MatMul(x, ops.Transpose(x))],
    ['a record added to another', [3, 3], /Add.*different dimensions/, (x) => ops.Add(x, ops.Transpose(x))],
    [
      'records summed by a weight',
      [4, 4],
      /MatMul.*sums over the batch/,
      (x, g) => ops.MatMul(weight(g, 'w', [4, 4]), x),
    ],
    [
      'a batch on the wrong side',
      [4, 6],
      /sums over the batch/,
      (x, g) => ops.Gemm(x, weight(g, 'w', [4, 2]), undefined, { transA: 1 }),
    ],
    ['an output that is turned', [2, 3], /does not have the batch first/, (x) => ops.Transpose(x)],
    ['an output without a batch', [2, 3], /does not have the batch first/, (x) => ops.Shape(x)],
    [
      'the batch size used as a number',
      [2, 3],
      /computes with the batch size/,
      (x) => ops.Mul(x, ops.Cast(ops.Gather(ops.Shape(x), x.graph.constant(int64([], [0]))), 'float32')),
    ],
    [
      'training-mode statistics',
      [4, 2],
      /statistics of the batch/,
      (x, g) =>
        ops.BatchNormalizationTraining(x, {
          scale: weight(g, 's', [2]),
          bias: weight(g, 'b', [2]),
          mean: weight(g, 'm', [2]),
          variance: weight(g, 'v', [2]),
        }).y,
    ],
    [
      'an unknown operator',
      [1, 4],
      /Mystery 'm'.*not known/,
      (x, g) =>
        g.opaqueNode({
          op: 'Mystery',
          domain: 'custom',
          name: 'm',
          inputs: [x],
          outputs: [{ name: 'o', dtype: 'float32', shape: [1, 4] }],
          attributes: [],
        })[0] as Value,
    ],
  ])('%s', (_, shape, reason, build) => {
    refused(graphOf(shape, build), reason);
  });
});
