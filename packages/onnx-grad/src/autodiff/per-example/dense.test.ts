/** Per-example gradients of matrix products against one example at a time. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkPerExample, parametersOf } from '../../../test/per-example/one-at-a-time.ts';
import { Graph } from '../../graph/graph.ts';
import { Gemm, MatMul, ReduceSum, Transpose } from '../../graph/ops/index.ts';
import type { Value } from '../../graph/value.ts';
import { normal } from '../../nn/initializers.ts';
import { dense } from '../../nn/layers.ts';
import { parameter } from '../../nn/parameter.ts';
import { perExampleGradients } from './per-example.ts';

const weight = (x: Value, name: string, dims: readonly number[]) =>
  parameter(x.graph, name, dims, normal(1), 1);
const small = fc.integer({ min: 1, max: 5 });
const common = { examples: fc.integer({ min: 1, max: 4 }), fixed: fc.boolean(), seed: fc.nat() };

describe('per-example gradients of a matrix product', () => {
  test('Gemm: either storage of the weight, alpha, beta, every shape of the bias', async () => {
    const shape = fc.record({
      ...common,
      input: small,
      out: small,
      transB: fc.constantFrom(0 as const, 1 as const),
      alpha: fc.constantFrom(1, 0.5, -2),
      beta: fc.constantFrom(1, 3, -0.5),
      bias: fc.constantFrom('none', 'vector', 'row', 'one', 'scalar'),
    });
    await fc.assert(
      fc.asyncProperty(shape, async ({ input, out, transB, alpha, beta, bias, ...rest }) => {
        const biasDims = { none: [], vector: [out], row: [1, out], one: [1], scalar: [] }[bias];
        await checkPerExample({
          ...rest,
          example: [input],
          model: (x) =>
            Gemm(
              x,
              weight(x, 'w', transB ? [out, input] : [input, out]),
              bias === 'none' ? undefined : weight(x, 'b', biasDims),
              { transB, alpha, beta },
            ),
        });
      }),
      { numRuns: 25 },
    );
  });

  test('MatMul on rows, on sequences and on more axes; the pairs form and the outright form', async () => {
    const shape = fc.record({
      ...common,
      // Few rows against wide sides take the pairs form, many rows against narrow sides the outright one.
      axes: fc.constantFrom([], [1], [2], [9], [2, 2], [3, 1, 2]),
      input: fc.constantFrom(1, 3, 8),
      out: fc.constantFrom(1, 2, 8),
    });
    await fc.assert(
      fc.asyncProperty(shape, async ({ axes, input, out, ...rest }) => {
        await checkPerExample({
          ...rest,
          example: [...axes, input],
          model: (x) => MatMul(x, weight(x, 'w', [input, out])),
        });
      }),
      { numRuns: 20 },
    );
  });

  test('a dense layer on sequences, whose weight is turned before it is used', async () => {
    const shape = fc.record({ ...common, rows: fc.constantFrom(1, 2, 12), units: fc.constantFrom(2, 9) });
    await fc.assert(
      fc.asyncProperty(shape, async ({ rows, units, ...rest }) => {
        await checkPerExample({
          ...rest,
          example: [rows, 6],
          model: (x) => dense(x, { name: 'layer', seed: 3, units }),
        });
      }),
      { numRuns: 15 },
    );
  });

  test('a square weight that is turned, turned twice, or passed through a permutation that turns nothing', async () => {
    for (const turns of [
      [[1, 0]],
      [
        [1, 0],
        [1, 0],
      ],
      [[0, 1]],
      [undefined],
    ])
      await checkPerExample({
        example: [4],
        examples: 3,
        seed: 5,
        model: (x) =>
          MatMul(
            x,
            turns.reduce((w, perm) => Transpose(w, perm), weight(x, 'w', [4, 4])),
          ),
      });
  });

  test('norms never store a weight gradient of each example', () => {
    for (const rows of [undefined, 3]) {
      const graph = new Graph();
      const x = graph.input('x', 'float32', rows ? ['N', rows, 13] : ['N', 13]);
      const y = dense(dense(x, { name: 'a', seed: 1, units: 17 }), { name: 'b', seed: 1, units: 19 });
      const losses = ReduceSum(y, rows ? [1, 2] : [1], { keepdims: false });
      const found = perExampleGradients(losses, [...parametersOf(graph).values()]);
      const norms = found.squaredNorms();
      found.weightedSums(norms);
      const shapes = graph.nodes.flatMap((node) => node.outputs.map((value) => value.shape?.join()));
      for (const [out, input] of [
        [17, 13],
        [19, 17],
      ]) {
        expect(shapes).not.toContain(`N,${out},${input}`);
        expect(shapes).not.toContain(`N,${input},${out}`);
      }
    }
  });

  test('with many rows the gradients may be made, when they are smaller than what the layer holds anyway', () => {
    const graph = new Graph();
    const x = graph.input('x', 'float32', ['N', 50, 4]);
    const losses = ReduceSum(MatMul(x, weight(x, 'w', [4, 6])), [1, 2], { keepdims: false });
    perExampleGradients(losses, [graph.value('w')]).squaredNorms();
    const largest = Math.max(
      ...graph.nodes.flatMap((node) =>
        node.outputs.map(({ shape }) => (shape ?? []).slice(1).reduce<number>((a, b) => a * Number(b), 1)),
      ),
    );
    expect(largest).toBeLessThanOrEqual(50 * 6);
  });
});
