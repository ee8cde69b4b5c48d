/** Gradients of gradients: a Hessian-vector product against differences of the gradient, and against closed forms. */
import { describe, expect, test } from 'vitest';
import { gradients } from '../../src/autodiff/gradients.ts';
import { Graph } from '../../src/graph/graph.ts';
import * as ops from '../../src/graph/ops/index.ts';
import { float32, int64 } from '../../src/graph/tensor.ts';
import type { Value } from '../../src/graph/value.ts';
import { createSession } from '../../src/runtime/session.ts';
import { numbers, runOnce } from '../support/same-outputs.ts';

const total = (value: Value): Value => ops.ReduceSum(value, undefined, { keepdims: false });

/** d/dx of (∇L(x) · v), by the graph and by a five-point difference of ∇L along v. */
const expectHessian = async (
  dims: readonly number[],
  loss: (x: Value, graph: Graph) => Value,
  tolerance = 2e-3,
): Promise<void> => {
  const graph = new Graph();
  const x = graph.input('x', 'float32', dims);
  const count = dims.reduce((a, b) => a * b, 1);
  const direction = Float32Array.from(numbers(count, 5), (v) => v / 4);
  const [first] = gradients(loss(x, graph), [x]) as [Value];
  const along = total(ops.Mul(first, graph.initializer('v', float32(dims, direction))));
  const [second] = gradients(along, [x]) as [Value];
  graph.output('first', first);
  graph.output('second', second);
  await using session = await createSession(graph);
  const at = numbers(count, 9);
  const run = async (step: number, name: 'first' | 'second') => {
    const data = Float32Array.from(at, (value, i) => value + step * (direction[i] as number));
    return (await session.run({ x: float32(dims, data) }))[name]?.data as Float32Array;
  };
  const h = 2 ** -4;
  const found = await run(0, 'second');
  const [a, b, c, d] = [
    await run(h, 'first'),
    await run(-h, 'first'),
    await run(2 * h, 'first'),
    await run(-2 * h, 'first'),
  ];
  const size = Math.max(...found.map(Math.abs));
  expect(size).toBeGreaterThan(0.01);
  found.forEach((value, i) => {
    const want =
      (8 * ((a[i] as number) - (b[i] as number)) - ((c[i] as number) - (d[i] as number))) / (12 * h);
    expect(Math.abs(value - want), `element ${i}: ${value}, differences say ${want}`).toBeLessThan(
      tolerance * (1 + size),
    );
  });
};

const weights = (graph: Graph, name: string, dims: readonly number[], scale = 0.5): Value =>
  graph.initializer(
    name,
    float32(
      dims,
      Float32Array.from(
        numbers(
          dims.reduce((a, b) => a * b, 1),
          name.length + dims.length,
        ),
        (v) => v * scale,
      ),
    ),
  );

describe('Hessian-vector products', () => {
  test('a small dense network with cross-entropy', async () => {
    await expectHessian([3, 4], (x, graph) => {
      const hidden = ops.Tanh(ops.Gemm(x, weights(graph, 'w', [4, 5]), weights(graph, 'b', [5])));
      const logits = ops.MatMul(hidden, weights(graph, 'out', [5, 3]));
      const picked = ops.GatherElements(ops.LogSoftmax(logits), graph.constant(int64([3, 1], [0, 2, 1])), {
        axis: 1,
      });
      return ops.Neg(ops.ReduceMean(picked, undefined, { keepdims: false }));
    });
  });

  test('a convolutional network with pooling', async () => {
    await expectHessian([2, 2, 6, 6], (x, graph) => {
      const first = ops.Softplus(
        ops.Conv(x, weights(graph, 'k', [3, 2, 3, 3], 0.25), weights(graph, 'kb', [3]), {
          pads: [1, 1, 1, 1],
        }),
      );
      const pooled = ops.AveragePool(first, { kernel_shape: [2, 2], strides: [2, 2] });
      const second = ops.Sigmoid(
        ops.Conv(pooled, weights(graph, 'deep', [2, 3, 2, 2], 0.5), undefined, { strides: [2, 2] }),
      );
      return total(ops.Mul(second, second));
    });
  });

  test('batch and layer normalisation', async () => {
    await expectHessian([4, 3], (x, graph) => {
      const of = (name: string) => weights(graph, name, [3]);
      const { y } = ops.BatchNormalizationTraining(
        x,
        { scale: of('s'), bias: of('bb'), mean: of('mmm'), variance: of('vvvv') },
        { epsilon: 0.1 },
      );
      return total(ops.Exp(y));
    });
    await expectHessian([3, 4], (x, graph) => {
      const y = ops.LayerNormalization(x, weights(graph, 's', [4]), weights(graph, 'b', [4]), {
        epsilon: 0.1,
      });
      return total(ops.Exp(y));
    });
  });

  test('smooth activations, powers and quotients', async () => {
    await expectHessian([6], (x) => total(ops.Mul(ops.Gelu(x), ops.Sigmoid(x))));
    await expectHessian([6], (x) => total(ops.Gelu(x, { approximate: 'tanh' })));
    await expectHessian([6], (x, graph) =>
      total(ops.Div(ops.Pow(x, graph.scalar(3)), ops.Add(ops.Exp(x), graph.scalar(2)))),
    );
    await expectHessian([6], (x, graph) =>
      total(ops.Mul(ops.Softmax(x), ops.Log(ops.Add(ops.Mul(x, x), graph.scalar(1))))),
    );
    await expectHessian([2, 3], (x) => total(ops.Sqrt(ops.ReduceSumSquare(x, [1]))), 5e-3);
  });

  test('through max-pooling, gathering and padding: the places do not move, the values do', async () => {
    await expectHessian(
      [1, 1, 4, 4],
      (x) => {
        const y = ops.MaxPool(ops.Exp(x), { kernel_shape: [2, 2], strides: [2, 2] });
        return total(ops.Mul(y, y));
      },
      1e-2,
    );
    await expectHessian([4], (x, graph) =>
      total(ops.Exp(ops.Gather(x, graph.constant(int64([3], [1, 1, 0]))))),
    );
    await expectHessian([1, 4], (x) =>
      total(
        ops.Exp(
          ops.Pad(ops.Slice(x, { starts: [1], ends: [4], axes: [1] }), [0, 2, 0, 1], { mode: 'reflect' }),
        ),
      ),
    );
  });
});

test('the third derivative of x⁵', async () => {
  const graph = new Graph();
  const x = graph.input('x', 'float32', [2]);
  let y = ops.Pow(x, graph.scalar(5));
  for (let order = 0; order < 3; order++) y = gradients(total(y), [x])[0] as Value;
  graph.output('y', y);
  expect(Array.from((await runOnce(graph, { x: float32([2], [1, -2]) }))['y']?.data as Float32Array)).toEqual(
    [60, 240],
  );
});

test('piecewise linear operators have second derivative zero, not an error', async () => {
  const graph = new Graph();
  const x = graph.input('x', 'float32', [1, 1, 4, 4]);
  const loss = total(ops.MaxPool(ops.Relu(x), { kernel_shape: [2, 2], strides: [2, 2] }));
  const [first] = gradients(loss, [x]) as [Value];
  graph.output('second', gradients(total(ops.Mul(first, first)), [x])[0] as Value);
  const found = await runOnce(graph, { x: float32([1, 1, 4, 4], numbers(16)) });
  expect(Array.from(found['second']?.data as Float32Array, Math.abs)).toEqual(Array(16).fill(0));
});
