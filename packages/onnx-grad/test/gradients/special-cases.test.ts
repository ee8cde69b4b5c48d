/** Gradients where differences cannot tell: ties, kinks, random operators, zeros; and what is refused. */
import { describe, expect, test } from 'vitest';
import { backward, gradients } from '../../src/autodiff/gradients.ts';
import { OnnxGradError } from '../../src/errors.ts';
import { Graph } from '../../src/graph/graph.ts';
import * as ops from '../../src/graph/ops/index.ts';
import { float32, int64, scalar, type Tensor } from '../../src/graph/tensor.ts';
import type { Value } from '../../src/graph/value.ts';
import { runOnce } from '../support/same-outputs.ts';

const total = (value: Value): Value => ops.ReduceSum(value, undefined, { keepdims: false });
const input = (graph: Graph, name: string, shape: readonly (number | string)[]) =>
  graph.input(name, 'float32', shape);

/** Gradients of Σ y with respect to all inputs, by name. */
const gradientsAt = async (
  feeds: Record<string, Tensor>,
  build: (inputs: Record<string, Value>, graph: Graph) => Value,
): Promise<Record<string, number[]>> => {
  const graph = new Graph();
  const inputs = Object.fromEntries(
    Object.entries(feeds).map(([name, { dims }]) => [name, input(graph, name, dims)]),
  );
  const found = gradients(total(build(inputs, graph)), Object.values(inputs));
  Object.keys(inputs).forEach((name, i) => {
    graph.output(`d_${name}`, found[i] as Value);
  });
  const results = await runOnce(graph, feeds);
  return Object.fromEntries(
    Object.keys(inputs).map((name) => [
      name,
      Array.from(results[`d_${name}`]?.data as Float32Array, (v) => v + 0),
    ]),
  );
};

const refusal = (run: () => unknown): OnnxGradError => {
  try {
    run();
  } catch (error) {
    expect(error).toBeInstanceOf(OnnxGradError);
    return error as OnnxGradError;
  }
  return expect.unreachable('it was not refused');
};

test('a Relu on maps of one position passes what is above zero', async () => {
  const x = float32([2, 3, 1, 1], [1, 0, -1, -2, 3, 0]);
  const found = await gradientsAt({ x }, ({ x }) => ops.Relu(x as Value));
  expect(found['x']).toEqual([1, 0, 0, 0, 1, 0]);
});

describe('ties', () => {
  const x = float32([1, 1, 2, 4], [1, 3, 3, 0, 3, 3, -1, 3]);

  test('max-pooling sends the gradient to the first maximum, windows apart or overlapping', async () => {
    const apart = await gradientsAt({ x }, ({ x }) =>
      ops.MaxPool(x as Value, { kernel_shape: [2, 2], strides: [2, 2] }),
    );
    expect(apart['x']).toEqual([0, 1, 1, 0, 0, 0, 0, 0]);
    const overlapping = await gradientsAt({ x }, ({ x }) =>
      ops.MaxPool(x as Value, { kernel_shape: [2, 2] }),
    );
    expect(overlapping['x']).toEqual([0, 2, 1, 0, 0, 0, 0, 0]);
  });

  test('so it does after Relu, where nothing is sent to a maximum of zero', async () => {
    const flat = float32([1, 1, 2, 4], [-1, -2, 5, 0, -3, -4, 5, 1]);
    for (const strides of [
      [2, 2],
      [1, 1],
    ]) {
      const pool = { kernel_shape: [2, 2], strides };
      const fused = await gradientsAt({ x: flat }, ({ x }) => ops.MaxPool(ops.Relu(x as Value), pool));
      // A second reader of the Relu keeps the two apart.
      const unfused = await gradientsAt({ x: flat }, ({ x }) => {
        const active = ops.Relu(x as Value);
        return ops.Add(total(ops.MaxPool(active, pool)), ops.Mul(total(active), active.graph.scalar(0)));
      });
      expect(fused).toEqual(unfused);
      expect((fused['x'] as number[]).slice(0, 2)).toEqual([0, 0]);
    }
  });

  test('global max-pooling, ReduceMax and ReduceMin share among equals', async () => {
    const shared = [0, 0.2, 0.2, 0, 0.2, 0.2, 0, 0.2].map(Math.fround);
    expect((await gradientsAt({ x }, ({ x }) => ops.GlobalMaxPool(x as Value)))['x']).toEqual(shared);
    expect((await gradientsAt({ x }, ({ x }) => ops.ReduceMax(x as Value)))['x']).toEqual(shared);
    expect((await gradientsAt({ x }, ({ x }) => ops.ReduceMin(ops.Neg(x as Value))))['x']).toEqual(
      shared.map((v) => (v === 0 ? 0 : -v)),
    );
  });

  test('Max and Min share among equal inputs', async () => {
    const feeds = { a: float32([3], [1, 2, 3]), b: float32([3], [1, 5, 3]), c: float32([1], [3]) };
    const found = await gradientsAt(feeds, ({ a, b, c }) => ops.Max(a as Value, b as Value, c as Value));
    const third = Math.fround(1 / 3);
    expect(found['a']).toEqual([0, 0, third]);
    expect(found['b']).toEqual([0, 1, third]);
    expect(found['c']?.[0]).toBeCloseTo(1 + 1 / 3, 6);
    const least = await gradientsAt(feeds, ({ a, b }) => ops.Min(a as Value, b as Value));
    expect(least).toMatchObject({ a: [0.5, 1, 0.5], b: [0.5, 0, 0.5] });
  });
});

describe('kinks and edges', () => {
  test.each<[string, (x: Value) => Value, number]>([
    ['Relu', ops.Relu, 0],
    ['Abs', ops.Abs, 0],
    ['LeakyRelu', (x) => ops.LeakyRelu(x, { alpha: 0.5 }), 0.5],
    ['Sign', ops.Sign, 0],
  ])('%s at zero', async (_, op, want) => {
    expect((await gradientsAt({ x: float32([1], [0]) }, ({ x }) => op(x as Value)))['x']).toEqual([want]);
  });

  test('Clip passes the gradient on its bounds, as PyTorch does', async () => {
    const found = await gradientsAt({ x: float32([3], [-1, 0, 1]) }, ({ x }, graph) =>
      ops.Clip(x as Value, graph.scalar(-1), graph.scalar(1)),
    );
    expect(found['x']).toEqual([1, 1, 1]);
  });

  test('a power of zero has derivative zero, at zero too', async () => {
    const x = float32([3], [0, -2, 3]);
    const constant = await gradientsAt({ x }, ({ x }, graph) => ops.Pow(x as Value, graph.scalar(0)));
    expect(constant['x']).toEqual([0, 0, 0]);
    const varying = await gradientsAt({ x, p: float32([3], [0, 2, 0]) }, ({ x, p }) =>
      ops.Pow(x as Value, p as Value),
    );
    expect(varying['x']).toEqual([0, -4, 0]);
    expect(varying['p']?.[0]).toBe(0);
  });

  test('reflection of a single row or column', async () => {
    const graph = new Graph();
    const x = input(graph, 'x', [1, 2]);
    const [y] = graph.node('Pad', [x, graph.constant(int64([4], [2, 0, 1, 0]))], { mode: 'reflect' });
    // Whatever the kernel makes of it, the rule must end.
    expect(gradients(total(y as Value), [x])[0]?.shape).toEqual([1, 2]);
  });

  test('no gradient where nothing depends on the input', async () => {
    const found = await gradientsAt(
      { x: float32([2], [1, 2]), other: float32([2, 2], [1, 2, 3, 4]) },
      ({ x }) => ops.Add(ops.Mul(x as Value, x as Value), ops.Floor(x as Value)),
    );
    expect(found).toEqual({ x: [2, 4], other: [0, 0, 0, 0] });
  });

  test('what is not finite elsewhere does not spread: writing, padding, statistics', async () => {
    const infinite = float32([2], [Number.POSITIVE_INFINITY, Number.NaN]);
    const written = await gradientsAt({ x: float32([2], [1, 2]), u: infinite }, ({ x, u }, graph) =>
      ops.ScatterElements(x as Value, graph.constant(int64([2], [0, 1])), u as Value),
    );
    expect(written).toEqual({ x: [0, 0], u: [1, 1] });
  });
});

describe('Dropout while training', () => {
  test.each([
    ['float32', 0.25],
    ['float64', 0.5],
  ] as const)('the gradient drops what was dropped and scales the rest alike (%s)', async (dtype, ratio) => {
    for (const named of [true, false]) {
      const graph = new Graph();
      const x = graph.input('x', dtype, [200]);
      // The ratio's type may differ from x's.
      const inputs = [x, graph.scalar(ratio), graph.constant(scalar(1, 'bool'))];
      const [y, mask] = graph.node('Dropout', inputs, { seed: 3 }, { outputs: named ? 2 : 1 });
      const [dx] = gradients(total(ops.Mul(y as Value, y as Value)), [x]);
      graph.output('y', y as Value);
      graph.output('dx', dx as Value);
      if (mask) graph.output('mask', mask);
      const ones = dtype === 'float64' ? new Float64Array(200).fill(1) : new Float32Array(200).fill(1);
      const found = await runOnce(graph, { x: { dtype, dims: [200], data: ones } });
      const kept = Array.from(found['y']?.data as Float32Array, (v) => v !== 0);
      expect(kept.filter(Boolean).length).toBeGreaterThan(200 * (1 - ratio) * 0.7);
      expect(kept.filter(Boolean).length).toBeLessThan(200 * (1 - ratio) * 1.3);
      const scale = 1 / (1 - ratio);
      kept.forEach((k, i) => {
        expect(found['y']?.data[i]).toBeCloseTo(k ? scale : 0, 5);
        expect(found['dx']?.data[i]).toBeCloseTo(k ? 2 * scale * scale : 0, 4);
      });
      if (mask) expect(Array.from(found['mask']?.data as Uint8Array, Boolean)).toEqual(kept);
    }
  });
});

describe('targets, seeds and boundaries', () => {
  test('a seed makes a vector-Jacobian product; one that does not fit is refused', async () => {
    const graph = new Graph();
    const x = input(graph, 'x', [2]);
    const y = ops.Mul(x, x);
    graph.output('dx', gradients(y, [x], { seed: graph.constant(float32([2], [10, 1])) })[0] as Value);
    expect(
      Array.from((await runOnce(graph, { x: float32([2], [1, 2]) }))['dx']?.data as Float32Array),
    ).toEqual([20, 4]);
    expect(refusal(() => gradients(y, [x], { seed: graph.scalar(1) })).code).toBe('OG_BAD_ARGUMENT');
    expect(refusal(() => gradients(y, [x])).code).toBe('OG_BAD_ARGUMENT');
    expect(refusal(() => gradients(ops.ArgMax(y, { keepdims: 0 }), [x])).code).toBe('OG_BAD_ARGUMENT');
  });

  test('a target of one element in any rank; the target itself; nothing at all', async () => {
    const graph = new Graph();
    const x = input(graph, 'x', [1, 1]);
    const y = ops.Mul(x, x);
    const [dx, dy] = gradients(y, [x, y]);
    graph.output('dx', dx as Value);
    graph.output('dy', dy as Value);
    const found = await runOnce(graph, { x: float32([1, 1], [3]) });
    expect([found['dx'], found['dy']]).toMatchObject([
      { dims: [1, 1], data: Float32Array.of(6) },
      { dims: [1, 1], data: Float32Array.of(1) },
    ]);
    expect(gradients(y, [])).toEqual([]);
    expect(backward(new Map(), [])).toEqual(new Map());
  });

  test('values that depend on each other all get their full gradients', async () => {
    const graph = new Graph();
    const x = input(graph, 'x', []);
    const a = ops.Mul(x, x);
    const b = ops.Mul(a, x);
    const target = ops.Add(ops.Mul(b, a), b);
    const names = ['x', 'a', 'b'];
    gradients(target, [x, a, b]).forEach((value, i) => {
      graph.output(`d_${names[i]}`, value);
    });
    // x⁵ + x³ at 2; in a with b = a x: 2 a x + x at a = 4; in b: a + 1.
    const found = await runOnce(graph, { x: float32([], [2]) });
    expect(names.map((name) => found[`d_${name}`]?.data[0])).toEqual([5 * 16 + 3 * 4, 2 * 4 * 2 + 2, 5]);
  });

  test('an intermediate Relu that is asked for is not fused away', async () => {
    const graph = new Graph();
    const x = input(graph, 'x', [1, 1, 2, 2]);
    const active = ops.Relu(x);
    const loss = total(ops.MaxPool(active, { kernel_shape: [2, 2], strides: [2, 2] }));
    gradients(loss, [active, x]).forEach((value, i) => {
      graph.output(`g${i}`, value);
    });
    const found = await runOnce(graph, { x: float32([1, 1, 2, 2], [-1, -2, -3, -4]) });
    expect(Array.from(found['g0']?.data as Float32Array)).toEqual([1, 0, 0, 0]);
    expect(Array.from(found['g1']?.data as Float32Array, Math.abs)).toEqual([0, 0, 0, 0]);
  });

  test('several seeds at once add up', async () => {
    const graph = new Graph();
    const x = input(graph, 'x', [2]);
    const [y, z] = [ops.Exp(x), ops.Mul(x, x)];
    const seeds = new Map([
      [y, graph.constant(float32([2], [1, 0]))],
      [z, graph.constant(float32([2], [1, 1]))],
    ]);
    graph.output('dx', backward(seeds, [x]).get(x) as Value);
    expect(
      Array.from((await runOnce(graph, { x: float32([2], [0, 3]) }))['dx']?.data as Float32Array),
    ).toEqual([1, 6]);
  });
});

describe('refusals name the node and the reason', () => {
  const through = (
    build: (x: Value, graph: Graph) => Value,
    shape: readonly (number | string)[] = [2, 1, 4, 4],
  ) =>
    refusal(() => {
      const graph = new Graph();
      const x = input(graph, 'x', shape);
      gradients(total(build(x, graph)), [x]);
    });
  const resize =
    (attributes: Record<string, string>, scales = [1, 1, 2, 2]) =>
    (x: Value, graph: Graph) =>
      graph.node('Resize', [x, null, graph.constant(float32([4], scales))], attributes)[0] as Value;

  test.each<[string, (x: Value, graph: Graph) => Value, RegExp]>([
    ['Resize, linear', resize({ mode: 'linear' }), /Resize .*nearest/],
    ['Resize, shrinking', resize({ mode: 'nearest' }, [1, 1, 0.5, 0.5]), /Resize .*whole factors/],
    // The size rounds to a whole multiple, the pixels read do not follow it.
    [
      'Resize by a broken scale that rounds to a whole size',
      resize(
        { mode: 'nearest', coordinate_transformation_mode: 'asymmetric', nearest_mode: 'floor' },
        [1, 1, 2.1, 2.1],
      ),
      /Resize .*whole factors/,
    ],
    [
      'Resize of an axis whose size stays',
      resize(
        { mode: 'nearest', coordinate_transformation_mode: 'asymmetric', nearest_mode: 'floor' },
        [1.4, 1, 2, 2],
      ),
      /Resize .*whole factors/,
    ],
    ['Resize of channels', resize({ mode: 'nearest' }, [1, 2, 1, 1]), /Resize .*spatial/],
    [
      'Resize, corners aligned',
      resize({ mode: 'nearest', coordinate_transformation_mode: 'align_corners' }),
      /Resize/,
    ],
    [
      'ScatterElements, multiplying',
      (x, graph) =>
        ops.ScatterElements(
          x,
          graph.constant(int64([1, 1, 1, 1], [0])),
          graph.constant(float32([1, 1, 1, 1], [2])),
          { reduction: 'mul' },
        ),
      /ScatterElements .*'mul'/,
    ],
    [
      'ScatterND, maximum',
      (x, graph) =>
        ops.ScatterND(x, graph.constant(int64([1, 4], [0, 0, 0, 0])), graph.constant(float32([1], [2])), {
          reduction: 'max',
        }),
      /ScatterND .*'max'/,
    ],
    [
      'GatherND in batches',
      (x, graph) =>
        graph.node('GatherND', [x, graph.constant(int64([2, 1], [0, 0]))], { batch_dims: 1 })[0] as Value,
      /GatherND .*batch_dims/,
    ],
    [
      'MaxPool, column-major',
      (x, graph) => graph.node('MaxPool', [x], { kernel_shape: [2, 2], storage_order: 1 })[0] as Value,
      /MaxPool .*storage_order/,
    ],
    [
      'OneHot of values that vary',
      (x, graph) =>
        ops.OneHot(
          graph.constant(int64([2], [0, 1])),
          graph.constant(int64([], [3])),
          ops.Reshape(ops.Slice(x, { starts: [0, 0, 0], ends: [1, 1, 2], axes: [0, 2, 3] }), [-1]),
        ),
      /OneHot .*on and off/,
    ],
    [
      'Pad with a value that varies',
      (x, graph) =>
        ops.Pad(graph.constant(float32([2], [1, 2])), [1, 1], {
          value: ops.ReduceSum(x, undefined, { keepdims: false }),
        }),
      /Pad .*padding value/,
    ],
    [
      'Dropout with a ratio that varies',
      (x, graph) =>
        ops.Dropout(
          graph.constant(float32([2], [1, 2])),
          ops.Sigmoid(total(x)),
          graph.constant(scalar(1, 'bool')),
        ).y,
      /Dropout .*input 1/,
    ],
    [
      'running statistics',
      (x, graph) => {
        const of = (v: number) => graph.constant(float32([1], [v]));
        const { y, mean } = ops.BatchNormalizationTraining(x, {
          scale: of(1),
          bias: of(2),
          mean: of(3),
          variance: of(4),
        });
        return ops.Add(y, mean);
      },
      /BatchNormalization .*running statistics/,
    ],
  ])('%s', (_, build, pattern) => {
    const { code, message, hint } = through(build);
    expect(code).toBe('OG_NO_GRADIENT');
    expect(message).toMatch(pattern);
    expect(message).toMatch(/'\w+'/);
    expect(hint).not.toBe('');
  });

  test('sizes that must be known: convolution, pooling, slices', () => {
    const open = ['N', 1, 'H', 'W'];
    const w = (graph: Graph) => graph.constant(float32([1, 1, 2, 2], [1, 2, 3, 4]));
    expect(through((x, graph) => ops.Conv(x, w(graph)), open).message).toMatch(/Conv .*height and width/);
    expect(through((x) => ops.MaxPool(x, { kernel_shape: [2, 2] }), open).message).toMatch(
      /MaxPool .*height and width/,
    );
    expect(through((x) => ops.Slice(x, { starts: [1], ends: [2], axes: [2] }), open).message).toMatch(
      /Slice .*axis 2/,
    );
  });

  test('whether something was broadcast', () => {
    const graph = new Graph();
    const [a, b] = [input(graph, 'a', ['N']), input(graph, 'b', ['M'])];
    expect(refusal(() => gradients(total(ops.Add(a, b)), [a]))).toMatchObject({
      code: 'OG_NO_GRADIENT',
      message: expect.stringMatching(/Add .*broadcast/),
    });
  });
});
