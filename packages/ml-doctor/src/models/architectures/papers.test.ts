/** The networks of Shokri et al. and ML-Leaks against counts written out from what the papers and their code say. */
import type { Graph } from 'onnx-grad';
import { describe, expect, it } from 'vitest';
import { mlLeaksCnn } from './ml-leaks-cnn.ts';
import { mlLeaksMlp, shokriNn } from './one-hidden-layer.ts';
import { shokriCnn } from './shokri-cnn.ts';

const cifar = { recordShape: [3, 32, 32], classes: 10, seed: 1 };
const sizes = (graph: Graph) => [...graph.parameters].map((name) => graph.initializers.get(name)!.dims);
const operators = (graph: Graph) => graph.nodes.map(({ op }) => op);

describe('shokri-cnn', () => {
  it('is two convolutions with pooling and a layer of 128, all with tanh', () => {
    const graph = shokriCnn.build(cifar);
    expect(sizes(graph)).toEqual([
      ...[[32, 3, 3, 3], [32], [64, 32, 3, 3], [64]],
      ...[[128, 64 * 8 * 8], [128], [10, 128], [10]],
    ]);
    const convolution = ['Conv', 'Tanh', 'MaxPool'];
    expect(operators(graph)).toEqual([...convolution, ...convolution, 'Flatten', 'Gemm', 'Tanh', 'Gemm']);
  });
});

describe('ml-leaks-cnn', () => {
  it.each([
    // Halved, less the 4 pixels that a kernel of 5 takes, halved.
    [32, 6],
    [28, 5],
    [64, 14],
    [12, 1],
  ])('leaves of %d pixels %d a side for its layer of 128', (size, left) => {
    const graph = mlLeaksCnn.build({ ...cifar, recordShape: [3, size, size] });
    expect(sizes(graph)).toEqual([
      ...[[32, 3, 5, 5], [32], [32, 32, 5, 5], [32]],
      ...[[128, 32 * left * left], [128], [10, 128], [10]],
    ]);
    const convolution = ['Conv', 'Relu', 'MaxPool'];
    expect(operators(graph)).toEqual([...convolution, ...convolution, 'Flatten', 'Gemm', 'Tanh', 'Gemm']);
  });
});

describe.each([shokriNn, mlLeaksMlp])('$name', ({ build }) => {
  it('is one layer of 128 with tanh', () => {
    const graph = build({ recordShape: [600], classes: 100, seed: 1 });
    expect(sizes(graph)).toEqual([[128, 600], [128], [100, 128], [100]]);
    expect(operators(graph)).toEqual(['Gemm', 'Tanh', 'Gemm']);
  });

  it('reads pictures as rows', () => {
    expect(sizes(build({ ...cifar, recordShape: [1, 28, 28] }))[0]).toEqual([128, 784]);
  });
});

it.each([
  [shokriCnn, 3],
  [mlLeaksCnn, 11],
] as const)('$0.name refuses tables and pictures of $1 pixels', ({ name, build }, tooSmall) => {
  for (const recordShape of [[600], [3, tooSmall, 32], [3, 32, tooSmall]])
    expect(() => build({ ...cifar, recordShape })).toThrow(
      expect.objectContaining({ code: 'MLD_USAGE', message: expect.stringContaining(name) }),
    );
});
