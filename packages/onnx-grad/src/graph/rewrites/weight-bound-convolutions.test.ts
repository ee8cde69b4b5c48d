/** Against onnxruntime's own convolution, on numbers whose sums float32 holds exactly. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createSession } from '../../runtime/session.ts';
import { Graph } from '../graph.ts';
import { Add, Conv } from '../ops/index.ts';
import { float32, type Tensor } from '../tensor.ts';
import { hastenWeightBoundConvolutions } from './weight-bound-convolutions.ts';

/** Whole numbers from −3 to 3. */
const whole = (dims: readonly number[], step: number): Tensor => {
  const count = dims.reduce((a, b) => a * b, 1);
  return float32(
    dims,
    Float32Array.from({ length: count }, (_, i) => ((i * step + (i >> 3)) % 7) - 3),
  );
};

interface Case {
  readonly weights: readonly number[];
  readonly size: readonly number[];
  readonly attributes: Parameters<typeof Conv>[3];
  readonly bias: boolean;
}

const build = ({ weights, size, attributes, bias }: Case): Graph => {
  const graph = new Graph();
  const group = (attributes?.group as number | undefined) ?? 1;
  const x = graph.input('x', 'float32', ['N', (weights[1] as number) * group, ...size]);
  const w = graph.input('w', 'float32', weights);
  const b = bias ? graph.input('b', 'float32', [weights[0] as number]) : undefined;
  graph.output('y', Conv(x, w, b, attributes));
  return graph;
};

const run = async (graph: Graph, made: Case): Promise<Tensor | undefined> => {
  const [outputs, inputs] = made.weights as [number, number];
  const group = (made.attributes?.group as number | undefined) ?? 1;
  await using session = await createSession(graph);
  const feeds = {
    x: whole([3, inputs * group, ...made.size], 3),
    w: whole(made.weights, 5),
    ...(made.bias && { b: whole([outputs], 2) }),
  };
  return (await session.run(feeds))['y'];
};

const kinds = (graph: Graph): string[] => graph.nodes.map(({ op }) => op);

const axis = fc.record({
  size: fc.integer({ min: 1, max: 4 }),
  kernel: fc.integer({ min: 1, max: 4 }),
  stride: fc.integer({ min: 1, max: 3 }),
  dilation: fc.integer({ min: 1, max: 3 }),
  begin: fc.nat({ max: 3 }),
  end: fc.nat({ max: 3 }),
});

test('the same numbers, whatever the window', async () => {
  let trimmed = 0;
  await fc.assert(
    fc.asyncProperty(axis, axis, fc.boolean(), async (rows, columns, bias) => {
      const both = [rows, columns];
      fc.pre(both.every((a) => a.size + a.begin + a.end > (a.kernel - 1) * a.dilation));
      const of = (key: keyof typeof rows) => both.map((a) => a[key]);
      const made: Case = {
        weights: [128, 65, ...of('kernel')],
        size: of('size'),
        attributes: {
          strides: of('stride'),
          dilations: of('dilation'),
          pads: [...of('begin'), ...of('end')],
        },
        bias,
      };
      const graph = build(made);
      const positions = (graph.outputs.get('y')?.shape ?? []).slice(2) as number[];
      const hastened = hastenWeightBoundConvolutions(graph);
      const few = (positions[0] as number) * (positions[1] as number) <= 16;
      expect(kinds(hastened).includes('Transpose')).toBe(few);
      if (kinds(hastened).includes('Slice')) trimmed++;
      const [before, after] = [await run(graph, made), await run(hastened, made)];
      expect(after?.dims).toEqual(before?.dims);
      expect(Array.from(after?.data as Float32Array, (v) => v + 0)).toEqual(
        Array.from(before?.data as Float32Array, (v) => v + 0),
      );
    }),
    { numRuns: 40, seed: 3 },
  );
  expect(trimmed).toBeGreaterThan(5);
});

test('few weights, many positions, groups and other ranks stay as they are', () => {
  const stays = (weights: readonly number[], size: readonly number[], group = 1) => {
    const graph = hastenWeightBoundConvolutions(build({ weights, size, bias: false, attributes: { group } }));
    expect(kinds(graph)).toEqual(['Conv']);
  };
  stays([64, 127, 1, 1], [4, 4]);
  stays([64, 128, 1, 1], [4, 5]);
  stays([256, 64, 1, 1], [2, 2], 2);
  stays([64, 128, 1], [4]);
});

test('the edges of what is changed, and padding by name', async () => {
  for (const size of [
    [4, 4],
    [3, 3],
  ]) {
    const made: Case = {
      weights: [64, 128, 3, 3],
      size,
      bias: true,
      attributes: { auto_pad: 'SAME_LOWER', strides: [2, 1] },
    };
    const graph = build(made);
    const hastened = hastenWeightBoundConvolutions(graph);
    expect(kinds(hastened)).toContain('Transpose');
    const [before, after] = [await run(graph, made), await run(hastened, made)];
    expect(after?.data).toEqual(before?.data);
  }
});

test('the batch keeps its name along a chain of shortcuts', () => {
  const graph = new Graph();
  let x = graph.input('x', 'float32', ['N', 128, 2, 2]);
  const w = graph.input('w', 'float32', [128, 128, 1, 1]);
  for (let depth = 0; depth < 20; depth++) x = Add(x, Conv(x, w));
  graph.output('y', x);
  expect(hastenWeightBoundConvolutions(graph).outputs.get('y')?.shape).toEqual(['N', 128, 2, 2]);
});
