/**
 * Gradients of a convolution are made in several forms, chosen by shapes; each against the sums they stand for, on
 * numbers whose sums float32 holds exactly.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { backward } from '../../src/autodiff/gradients.ts';
import { Graph } from '../../src/graph/graph.ts';
import { Conv } from '../../src/graph/ops/index.ts';
import { float32 } from '../../src/graph/tensor.ts';
import type { Value } from '../../src/graph/value.ts';
import { createSession } from '../../src/runtime/session.ts';
import { draws, grid } from './draws.ts';

interface Axis {
  readonly size: number;
  readonly kernel: number;
  readonly stride: number;
  readonly dilation: number;
  readonly begin: number;
  readonly end: number;
}

interface Problem {
  readonly batch: number;
  readonly inputs: number;
  readonly outputs: number;
  readonly axes: readonly [Axis, Axis];
}

const outputSize = ({ size, kernel, stride, dilation, begin, end }: Axis): number =>
  Math.floor((size + begin + end - (kernel - 1) * dilation - 1) / stride) + 1;

const product = (sizes: readonly number[]): number => sizes.reduce((a, b) => a * b, 1);

/** dw and dx as their definitions have them, one product at a time. */
const bySums = ({ batch, inputs, outputs, axes }: Problem, x: number[], w: number[], dy: number[]) => {
  const [rows, columns] = axes;
  const [high, wide] = axes.map(outputSize) as [number, number];
  const dw = new Array<number>(w.length).fill(0);
  const dx = new Array<number>(x.length).fill(0);
  for (let q = 0; q < high; q++)
    for (let r = 0; r < wide; r++)
      for (let i = 0; i < rows.kernel; i++)
        for (let j = 0; j < columns.kernel; j++) {
          const top = q * rows.stride + i * rows.dilation - rows.begin;
          const left = r * columns.stride + j * columns.dilation - columns.begin;
          if (top < 0 || left < 0 || top >= rows.size || left >= columns.size) continue;
          for (let n = 0; n < batch; n++)
            for (let k = 0; k < outputs; k++)
              for (let c = 0; c < inputs; c++) {
                const at = {
                  x: ((n * inputs + c) * rows.size + top) * columns.size + left,
                  w: ((k * inputs + c) * rows.kernel + i) * columns.kernel + j,
                  dy: ((n * outputs + k) * high + q) * wide + r,
                };
                dw[at.w] = (dw[at.w] as number) + (dy[at.dy] as number) * (x[at.x] as number);
                dx[at.x] = (dx[at.x] as number) + (dy[at.dy] as number) * (w[at.w] as number);
              }
        }
  return { dw, dx };
};

/** How the graph makes a gradient, by the operators it uses for that form alone. */
const formOf = (graph: Graph): string => {
  const ops = graph.nodes.map((node) => node.op);
  if (ops.includes('ConvTranspose')) return 'transposed convolution';
  if (graph.nodes.some((node) => node.op === 'Gemm' && node.attributes['transA'] === 1)) return 'phases';
  if (ops.filter((op) => op === 'Conv').length > 1) return 'turned convolution';
  // Nothing is summed over images afterwards where a product only spreads one tap among zeros.
  if (ops.includes('MatMul')) return ops.includes('ReduceSum') ? 'product per image' : 'one tap';
  if (ops.includes('Unsqueeze')) return 'joined patches';
  const turns = graph.nodes
    .filter((node) => node.op === 'Transpose')
    .map((n) => String(n.attributes['perm']));
  if (turns.includes('1,0,2,3')) return 'flat frame';
  return ops.includes('Pad') || !cutsBoth(graph) ? 'product per tap' : 'product per live tap';
};

/** Whether pieces are cut out of the cotangent too. */
const cutsBoth = (graph: Graph): boolean => {
  const cut = graph.nodes.filter(({ op }) => op === 'Slice').map(({ inputs }) => inputs[0]);
  return cut.some((value) => {
    let source = value;
    while (source?.node?.op === 'Transpose' || source?.node?.op === 'Reshape') source = source.node.inputs[0];
    return source?.name === 'dy';
  });
};

const check = async (problem: Problem, seed: number): Promise<readonly [string, string]> => {
  const { batch, inputs, outputs, axes } = problem;
  const dims = {
    x: [batch, inputs, ...axes.map(({ size }) => size)],
    w: [outputs, inputs, ...axes.map(({ kernel }) => kernel)],
    dy: [batch, outputs, ...axes.map(outputSize)],
  };
  const draw = draws(seed);
  const values = {
    x: grid(product(dims.x), draw),
    w: grid(product(dims.w), draw),
    dy: grid(product(dims.dy), draw),
  };
  const expected = bySums(problem, values.x, values.w, values.dy);
  const forms: string[] = [];
  for (const name of ['x', 'w'] as const) {
    const graph = new Graph();
    // An open batch size, as in training.
    const [x, dy] = [dims.x, dims.dy].map((d, i) =>
      graph.input(['x', 'dy'][i] as string, 'float32', ['N', ...d.slice(1)]),
    ) as [Value, Value];
    const w = graph.input('w', 'float32', dims.w);
    const y = Conv(x, w, undefined, {
      strides: axes.map((a) => a.stride),
      dilations: axes.map((a) => a.dilation),
      pads: [...axes.map((a) => a.begin), ...axes.map((a) => a.end)],
    });
    const wrt = name === 'x' ? x : w;
    const gradient = backward(new Map([[y, dy]]), [wrt]).get(wrt) as Value;
    expect(gradient.shape).toEqual(wrt.shape);
    graph.output('y', y);
    graph.output('gradient', gradient);
    forms.push(formOf(graph));
    const session = await createSession(graph);
    try {
      const feeds = Object.fromEntries(
        (['x', 'w', 'dy'] as const).map((input) => [
          input,
          float32(dims[input], Float32Array.from(values[input])),
        ]),
      );
      const found = (await session.run(feeds))['gradient'];
      expect(found?.dims).toEqual(dims[name]);
      // + 0 makes −0 and 0 one.
      const numbers = Array.from(found?.data as Float32Array, (value) => value + 0);
      expect(numbers, `d${name} as ${forms.at(-1)}`).toEqual(
        (name === 'x' ? expected.dx : expected.dw).map((value) => value + 0),
      );
    } finally {
      await session.dispose();
    }
  }
  return forms as [string, string];
};

const axis = (limits: { readonly kernel?: number; readonly size?: number; readonly unit?: boolean } = {}) =>
  fc
    .record({
      kernel: fc.integer({ min: 1, max: limits.kernel ?? 5 }),
      stride: fc.integer({ min: 1, max: limits.unit ? 1 : 3 }),
      dilation: fc.integer({ min: 1, max: limits.unit ? 1 : 2 }),
      begin: fc.nat({ max: 2 }),
      end: fc.nat({ max: 2 }),
      size: fc.integer({ min: 1, max: limits.size ?? 9 }),
    })
    .filter((a) => outputSize(a) >= 1 && a.size + a.begin + a.end >= (a.kernel - 1) * a.dilation + 1);

const problems = (
  channels: readonly [readonly [number, number], readonly [number, number]],
  of: Parameters<typeof axis>[0] = {},
): fc.Arbitrary<Problem> =>
  fc.record({
    batch: fc.integer({ min: 1, max: 3 }),
    inputs: fc.integer({ min: channels[0][0], max: channels[0][1] }),
    outputs: fc.integer({ min: channels[1][0], max: channels[1][1] }),
    axes: fc.tuple(axis(of), axis(of)),
  });

/** Forms of dx and dw that came up over a property. */
const property = async (arbitrary: fc.Arbitrary<Problem>, runs: number) => {
  const seen = { x: new Set<string>(), w: new Set<string>() };
  await fc.assert(
    fc.asyncProperty(arbitrary, fc.nat(), async (problem, seed) => {
      const [x, w] = await check(problem, seed);
      seen.x.add(x);
      seen.w.add(w);
    }),
    { numRuns: runs, seed: 5 },
  );
  return { x: [...seen.x].sort(), w: [...seen.w].sort() };
};

describe('gradients of a convolution in every form', () => {
  test('few channels', async () => {
    const seen = await property(
      problems([
        [1, 8],
        [1, 4],
      ]),
      60,
    );
    expect(seen.w).toEqual(['joined patches', 'product per image']);
    expect(seen.x).toContain('transposed convolution');
  });

  test('more channels', async () => {
    const seen = await property(
      problems([
        [9, 12],
        [1, 4],
      ]),
      60,
    );
    expect(seen.w).toEqual(expect.arrayContaining(['product per tap']));
  });

  test('stride 1, where the frame is about as large as the output', async () => {
    const seen = await property(
      problems(
        [
          [9, 12],
          [1, 3],
        ],
        { unit: true, size: 20, kernel: 3 },
      ),
      30,
    );
    expect(seen.w).toEqual(expect.arrayContaining(['flat frame', 'product per tap']));
    expect(seen.x).toEqual(['transposed convolution', 'turned convolution']);
  });

  test('many weights on small maps', async () => {
    const seen = await property(
      problems(
        [
          [64, 70],
          [128, 132],
        ],
        { kernel: 4, size: 6 },
      ),
      25,
    );
    expect(seen.x).toEqual(expect.arrayContaining(['phases', 'transposed convolution']));
  });

  test('maps so small that most taps meet padding', async () => {
    const seen = await property(
      problems(
        [
          [33, 35],
          [1, 4],
        ],
        { size: 2, kernel: 5 },
      ),
      40,
    );
    expect(seen.w).toEqual(expect.arrayContaining(['joined patches', 'one tap', 'product per live tap']));
  });

  test('layers of a deep network at its end: 3 × 3, padding 1', async () => {
    const of = (size: number, stride: number) => {
      const layer = { kernel: 3, stride, dilation: 1, begin: 1, end: 1, size };
      return check({ batch: 3, inputs: 96, outputs: 90, axes: [layer, layer] }, 1);
    };
    expect(await of(4, 1)).toEqual(['phases', 'product per live tap']);
    expect(await of(3, 2)).toEqual(['phases', 'product per live tap']);
    expect(await of(2, 1)).toEqual(['phases', 'product per live tap']);
    expect(await of(2, 2)).toEqual(['phases', 'joined patches']);
    expect(await of(1, 1)).toEqual(['phases', 'one tap']);
    expect(await of(5, 1)).toEqual(['turned convolution', 'product per tap']);
  });

  test('a layer of a DCGAN: 4 × 4, stride 2, padding 1', async () => {
    const layer = { kernel: 4, stride: 2, dilation: 1, begin: 1, end: 1 };
    const of = (inputs: number, outputs: number, size: number) =>
      check(
        {
          batch: 3,
          inputs,
          outputs,
          axes: [
            { ...layer, size },
            { ...layer, size },
          ],
        },
        1,
      );
    expect(await of(3, 64, 32)).toEqual(['transposed convolution', 'joined patches']);
    expect(await of(16, 32, 16)).toEqual(['transposed convolution', 'product per tap']);
    expect(await of(64, 128, 8)).toEqual(['phases', 'product per tap']);
  });
});
