/** Layers against plain loops that follow their definitions. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { distance, evaluate } from '../../test/evaluate.ts';
import { Graph } from '../graph/graph.ts';
import { elementCount, float32, floats, int64, type Tensor } from '../graph/tensor.ts';
import type { Value } from '../graph/value.ts';
import { stream } from '../random/stream.ts';
import {
  adaptiveAveragePool2d,
  averagePool2d,
  batchNorm,
  conv2d,
  convTranspose2d,
  dense,
  dropout,
  embedding,
  flatten,
  groupNorm,
  layerNorm,
  maxPool2d,
} from './layers.ts';

const random = (dims: readonly number[], purpose = 'x'): Tensor =>
  float32(dims, stream(9, purpose).normal(new Float32Array(elementCount(dims))));

/** An array read and written by index tuple. */
const grid = (dims: readonly number[], data = new Float64Array(elementCount(dims))) => {
  const place = (at: readonly number[]) => at.reduce((sum, i, axis) => sum * (dims[axis] as number) + i, 0);
  const inside = (at: readonly number[]) => at.every((i, axis) => i >= 0 && i < (dims[axis] as number));
  return {
    data,
    get: (...at: number[]): number => (inside(at) ? (data[place(at)] as number) : 0),
    add: (value: number, ...at: number[]): void => {
      if (inside(at)) data[place(at)]! += value;
    },
  };
};
const gridOf = (tensor: Tensor) => grid(tensor.dims, Float64Array.from(floats(tensor)));
/** Every index tuple of a shape. */
const each = (dims: readonly number[], visit: (...at: number[]) => void): void => {
  const walk = (at: number[]): void => {
    if (at.length === dims.length) visit(...at);
    else for (let i = 0; i < (dims[at.length] as number); i++) walk([...at, i]);
  };
  walk([]);
};

/** The layer's output, its value in the graph and its parameters. */
const run = async (x: Tensor, layer: (x: Value) => Value, change?: (graph: Graph) => void) => {
  const graph = new Graph();
  const value = layer(graph.input('x', x.dtype, ['N', ...x.dims.slice(1)]));
  change?.(graph);
  const parameter = (name: string) => graph.initializers.get(name) as Tensor;
  return { y: await evaluate(value, { x }), parameter, graph };
};
const named = (name: string) => ({ name, seed: 4 });

describe('dense', () => {
  it.each([[[3, 5]], [[2, 4, 5]]])('x Wᵀ + b over the last axis of %j', async (dims) => {
    const x = random(dims);
    const { y, parameter } = await run(x, (v) => dense(v, { ...named('d'), units: 7 }));
    const [w, b] = [gridOf(parameter('d.weight')), gridOf(parameter('d.bias'))];
    const rows = x.data.length / 5;
    const want = grid([rows, 7]);
    each([rows, 7], (r, o) => {
      want.add(b.get(o), r, o);
      for (let i = 0; i < 5; i++) want.add((floats(x)[r * 5 + i] as number) * w.get(o, i), r, o);
    });
    expect(y.dims).toEqual([...dims.slice(0, -1), 7]);
    expect(distance(y, want.data)).toBeLessThan(1e-5);
  });
  it('without bias, and only over an axis of known size', async () => {
    const { graph } = await run(random([2, 3]), (v) => dense(v, { ...named('d'), units: 2, bias: false }));
    expect([...graph.parameters]).toEqual(['d.weight']);
    const open = new Graph();
    expect(() => dense(open.input('x', 'float32', ['N', 'M']), { ...named('d'), units: 2 })).toThrow(
      /must be a known number/,
    );
  });
  it("starts from PyTorch's bounds", async () => {
    const { parameter } = await run(random([1, 400]), (v) => dense(v, { ...named('d'), units: 50 }));
    for (const name of ['d.weight', 'd.bias']) {
      const largest = floats(parameter(name)).reduce((a, b) => Math.max(a, Math.abs(b)), 0);
      expect(largest).toBeLessThanOrEqual(0.05 * (1 + 1e-6));
      expect(largest).toBeGreaterThan(0.045);
    }
  });
});

const convolution = fc.record({
  groups: fc.constantFrom(1, 2, 4),
  kernel: fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 3 })),
  stride: fc.tuple(fc.integer({ min: 1, max: 2 }), fc.integer({ min: 1, max: 3 })),
  padding: fc.tuple(fc.integer({ min: 0, max: 2 }), fc.integer({ min: 0, max: 1 })),
  dilation: fc.tuple(fc.integer({ min: 1, max: 2 }), fc.integer({ min: 1, max: 2 })),
  bias: fc.boolean(),
});

describe('conv2d', () => {
  it('is the sum over the window, for drawn strides, paddings, dilations and groups', async () => {
    const x = random([2, 4, 7, 6]);
    const input = gridOf(x);
    await fc.assert(
      fc.asyncProperty(convolution, async (o) => {
        const { y, parameter } = await run(x, (v) => conv2d(v, { ...named('c'), channels: 8, ...o }));
        const w = gridOf(parameter('c.weight'));
        const b = o.bias ? gridOf(parameter('c.bias')) : undefined;
        const [perIn, perOut] = [4 / o.groups, 8 / o.groups];
        const want = grid(y.dims);
        each(y.dims, (n, c, i, j) => {
          want.add(b?.get(c as number) ?? 0, n!, c!, i!, j!);
          each([perIn, ...o.kernel], (k, u, v) => {
            const row = i! * o.stride[0] + u! * o.dilation[0] - o.padding[0];
            const column = j! * o.stride[1] + v! * o.dilation[1] - o.padding[1];
            const from = Math.floor(c! / perOut) * perIn + k!;
            want.add(input.get(n!, from, row, column) * w.get(c!, k!, u!, v!), n!, c!, i!, j!);
          });
        });
        expect(distance(y, want.data)).toBeLessThan(1e-5);
      }),
      { numRuns: 20, seed: 6 },
    );
  });
  it.each([
    [1, 1],
    [2, 1],
    [3, 1],
    [4, 1],
    [3, 2],
    [4, 2],
  ])(
    "'same' keeps height and width for a kernel of %i dilated by %i, with the odd zero behind",
    async (kernel, dilation) => {
      const x = random([1, 1, 5, 6]);
      const { y, parameter } = await run(x, (v) =>
        conv2d(v, { ...named('c'), channels: 1, kernel, padding: 'same', dilation, bias: false }),
      );
      const ahead = Math.floor(((kernel - 1) * dilation) / 2);
      const want = grid([1, 1, 5, 6]);
      each([5, 6, kernel, kernel], (i, j, u, v) => {
        const read = gridOf(x).get(0, 0, i! + u! * dilation - ahead, j! + v! * dilation - ahead);
        want.add(read * gridOf(parameter('c.weight')).get(0, 0, u!, v!), 0, 0, i!, j!);
      });
      expect(y.dims).toEqual([1, 1, 5, 6]);
      expect(distance(y, want.data)).toBeLessThan(1e-5);
    },
  );
});

describe('convTranspose2d', () => {
  it('spreads each input over its window', async () => {
    const x = random([2, 4, 3, 4]);
    await fc.assert(
      fc.asyncProperty(convolution, async (o) => {
        const outputPadding: readonly [number, number] = [o.stride[0] - 1, 0];
        const { y, parameter } = await run(x, (v) =>
          convTranspose2d(v, { ...named('t'), channels: 8, ...o, kernel: [3, 3], outputPadding }),
        );
        const w = gridOf(parameter('t.weight'));
        const [perIn, perOut] = [4 / o.groups, 8 / o.groups];
        const size = (axis: 0 | 1, input: number) =>
          (input - 1) * o.stride[axis] - 2 * o.padding[axis] + 2 * o.dilation[axis] + 1 + outputPadding[axis];
        expect(y.dims).toEqual([2, 8, size(0, 3), size(1, 4)]);
        const want = grid(y.dims);
        if (o.bias)
          each(y.dims, (n, c, i, j) => want.add(gridOf(parameter('t.bias')).get(c!), n!, c!, i!, j!));
        each(x.dims, (n, k, i, j) => {
          each([perOut, 3, 3], (c, u, v) => {
            const row = i! * o.stride[0] + u! * o.dilation[0] - o.padding[0];
            const column = j! * o.stride[1] + v! * o.dilation[1] - o.padding[1];
            const to = Math.floor(k! / perIn) * perOut + c!;
            want.add(gridOf(x).get(n!, k!, i!, j!) * w.get(k!, c!, u!, v!), n!, to, row, column);
          });
        });
        expect(distance(y, want.data)).toBeLessThan(1e-5);
      }),
      { numRuns: 12, seed: 7 },
    );
  });
});

const normalised = (values: readonly number[], epsilon: number): number[] => {
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  const variance = values.reduce((a, b) => a + (b - mean) ** 2, 0) / values.length;
  return values.map((v) => (v - mean) / Math.sqrt(variance + epsilon));
};
/** Give scale and shift values that show. */
const spread = (graph: Graph, ...names: readonly string[]): void => {
  for (const name of names) {
    const { dims } = graph.initializers.get(name) as Tensor;
    graph.setInitializer(
      name,
      float32(
        dims,
        floats(random(dims, name)).map((v) => 1 + v * v),
      ),
    );
  }
};

describe('normalisations', () => {
  it('batchNorm at inference uses the running statistics', async () => {
    const x = random([3, 4, 2, 5]);
    const all = ['b.weight', 'b.bias', 'b.running_mean', 'b.running_var'];
    const { y, parameter, graph } = await run(
      x,
      (v) => batchNorm(v, { ...named('b'), epsilon: 0.01 }),
      (g) => spread(g, ...all),
    );
    const [s, h, m, v] = all.map((name) => gridOf(parameter(name)));
    const want = grid(x.dims);
    each(x.dims, (n, c, i, j) => {
      const centred = gridOf(x).get(n!, c!, i!, j!) - m!.get(c!);
      want.add((centred / Math.sqrt(v!.get(c!) + 0.01)) * s!.get(c!) + h!.get(c!), n!, c!, i!, j!);
    });
    expect(distance(y, want.data)).toBeLessThan(1e-5);
    expect([...graph.parameters]).toEqual(['b.weight', 'b.bias']);
  });
  it('batchNorm starts as nearly the identity', async () => {
    const x = random([3, 4]);
    const { y } = await run(x, (v) => batchNorm(v, named('b')));
    expect(distance(y, floats(x))).toBeLessThan(1e-4);
  });
  it('layerNorm over the last axis', async () => {
    const x = random([3, 2, 6]);
    const { y, parameter } = await run(
      x,
      (v) => layerNorm(v, named('l')),
      (g) => spread(g, 'l.weight', 'l.bias'),
    );
    const [s, h] = [gridOf(parameter('l.weight')), gridOf(parameter('l.bias'))];
    const want = Array.from({ length: 6 }, (_, row) =>
      normalised([...floats(x).subarray(row * 6, row * 6 + 6)], 1e-5).map((v, i) => v * s.get(i) + h.get(i)),
    );
    expect(distance(y, want.flat())).toBeLessThan(1e-5);
  });
  it.each([1, 2, 3, 6])('groupNorm in %i groups', async (groups) => {
    const x = random([2, 6, 3, 4]);
    const { y, parameter } = await run(
      x,
      (v) => groupNorm(v, { ...named('g'), groups }),
      (g) => spread(g, 'g.weight', 'g.bias'),
    );
    const [s, h] = [gridOf(parameter('g.weight')), gridOf(parameter('g.bias'))];
    const width = (6 / groups) * 12;
    const want = Array.from({ length: 2 * groups }, (_, g) =>
      normalised([...floats(x).subarray(g * width, (g + 1) * width)], 1e-5).map((v, i) => {
        const channel = (g % groups) * (6 / groups) + Math.floor(i / 12);
        return v * s.get(channel) + h.get(channel);
      }),
    );
    expect(y.dims).toEqual(x.dims);
    expect(distance(y, want.flat())).toBeLessThan(2e-5);
  });
  it('groupNorm refuses groups that do not divide the channels', () => {
    const g = new Graph();
    expect(() => groupNorm(g.input('x', 'float32', ['N', 6, 2, 2]), { ...named('g'), groups: 4 })).toThrow(
      /6 channels do not divide into 4/,
    );
  });
});

describe('pooling', () => {
  const x = random([2, 3, 7, 6]);
  const windows = (
    size: number,
    stride: number,
    padding: number,
    combine: (values: number[], count: number) => number,
    dims: readonly number[],
  ) => {
    const want = grid(dims);
    each(dims, (n, c, i, j) => {
      const values: number[] = [];
      each([size, size], (u, v) => {
        const [row, column] = [i! * stride + u! - padding, j! * stride + v! - padding];
        if (row >= 0 && row < 7 && column >= 0 && column < 6) values.push(gridOf(x).get(n!, c!, row, column));
      });
      want.add(combine(values, size * size), n!, c!, i!, j!);
    });
    return want.data;
  };
  it.each([
    [2, 2, 0],
    [3, 2, 1],
    [3, 1, 1],
    [3, 3, 0],
  ])('size %i, stride %i, padding %i', async (size, stride, padding) => {
    const options = { size, stride, padding };
    const max = (await run(x, (v) => maxPool2d(v, options))).y;
    expect(
      distance(
        max,
        windows(size, stride, padding, (values) => Math.max(...values), max.dims),
      ),
    ).toBe(0);
    // Padding counts as zeros, as in PyTorch.
    const mean = (await run(x, (v) => averagePool2d(v, options))).y;
    const sum = (values: number[], count: number) => values.reduce((a, b) => a + b, 0) / count;
    expect(distance(mean, windows(size, stride, padding, sum, mean.dims))).toBeLessThan(1e-6);
  });
  it.each([
    [7, 6],
    [1, 1],
    [3, 4],
    [5, 5],
    [2, 3],
    [7, 3],
    [16, 8],
  ])('adaptive average to %i × %i, divisible or not', async (height, width) => {
    const { y } = await run(x, (v) => adaptiveAveragePool2d(v, [height, width]));
    const want = grid([2, 3, height, width]);
    each([2, 3, height, width], (n, c, i, j) => {
      const [top, bottom] = [Math.floor((i! * 7) / height), Math.ceil(((i! + 1) * 7) / height)];
      const [left, right] = [Math.floor((j! * 6) / width), Math.ceil(((j! + 1) * 6) / width)];
      let sum = 0;
      for (let row = top; row < bottom; row++)
        for (let column = left; column < right; column++) sum += gridOf(x).get(n!, c!, row, column);
      want.add(sum / ((bottom - top) * (right - left)), n!, c!, i!, j!);
    });
    expect(y.dims).toEqual([2, 3, height, width]);
    expect(distance(y, want.data)).toBeLessThan(1e-5);
  });
  /** Of torch.nn.functional.adaptive_avg_pool2d (PyTorch 1.13). */
  it.each([
    [
      [2, 7],
      [6, 3.25, -0.25, -1, 1, 1, -1, 7, 6, -1.25, -7.5, -0.75, 6, 6],
    ],
    [
      [4, 2],
      [2, 0, 11 / 6, 1 / 3, 1.5, 1.5, 4 / 3, 7 / 3],
    ],
  ] as const)('adaptive average to %j as PyTorch', async (size, want) => {
    const places = float32([1, 1, 3, 5], [3, -1, 4, 1, -5, 9, 2, -6, 5, 3, 5, 8, -9, 7, 9]);
    const { y } = await run(places, (v) => adaptiveAveragePool2d(v, size));
    expect(distance(y, want)).toBeLessThan(1e-6);
  });
  it('with ceil pools what a last window still begins in', async () => {
    const rows = float32([1, 1, 3, 3], [1, 2, 3, 4, 5, 6, 7, 8, 9]);
    const { y } = await run(rows, (v) => maxPool2d(v, { size: 2, ceil: true }));
    expect([...floats(y)]).toEqual([5, 6, 8, 9]);
  });
});

describe('the rest', () => {
  it('dropout passes everything at inference', async () => {
    const x = random([3, 5]);
    const { y } = await run(x, (v) => dropout(v, { rate: 0.9 }));
    expect([...floats(y)]).toEqual([...floats(x)]);
  });
  it('flatten keeps the records apart', async () => {
    const x = random([2, 3, 2, 2]);
    const { y } = await run(x, flatten);
    expect(y.dims).toEqual([2, 12]);
    expect([...floats(y)]).toEqual([...floats(x)]);
  });
  it('embedding looks rows up', async () => {
    const ids = int64([2, 3], [0, 4, 4, 2, 1, 0]);
    const { y, parameter } = await run(ids, (v) => embedding(v, { ...named('e'), count: 5, width: 3 }));
    const table = floats(parameter('e.weight'));
    expect(y.dims).toEqual([2, 3, 3]);
    expect([...floats(y)]).toEqual(
      [0, 4, 4, 2, 1, 0].flatMap((row) => [...table.subarray(row * 3, row * 3 + 3)]),
    );
  });
});
