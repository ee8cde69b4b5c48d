/** Xception against Keras' published counts, PyTorch's logits, and the sizes of figure 5 carried to small pictures. */
import type { Graph } from 'onnx-grad';
import { describe, expect, it } from 'vitest';
import { distanceFrom, goldenCases } from '../../../test/models/numbered-weights.ts';
import { xception } from './xception.ts';

const small = new Map(
  [64, 32, 28].map((size) => [size, xception.build({ recordShape: [1, size, size], classes: 3, seed: 1 })]),
);
const numbers = (graph: Graph, names: Iterable<string>): number =>
  [...names].reduce((sum, name) => sum + graph.initializers.get(name)!.data.length, 0);
/** Height of the map that a module's convolution gives. */
const heightOf = (graph: Graph, module: string): unknown =>
  graph.nodes.find(({ inputs }) => inputs[1]?.name === `${module}.weight`)?.outputs[0]?.shape?.[2];

describe('xception', () => {
  it('has as many parameters as Keras’, and as many running statistics', () => {
    const graph = xception.build({ recordShape: [3, 64, 64], classes: 1000, seed: 1 });
    expect(numbers(graph, graph.parameters)).toBe(22_855_952);
    const running = [...graph.initializers.keys()].filter((name) => name.includes('.running_'));
    expect(numbers(graph, running)).toBe(54_528);
  });

  it.each(goldenCases('xception').map((golden) => [golden.recordShape.join('×'), golden] as const))(
    'answers as PyTorch on %s',
    async (_, golden) => {
      const graph = xception.build({ ...golden, seed: 1 });
      expect(await distanceFrom(graph, golden)).toBeLessThan(1e-4);
    },
  );

  it.each([
    // ⌊(n − 3) / 2⌋ + 1, less 2, then half rounded up four times.
    [64, [31, 29, 15, 8, 4, 2]],
    [32, [15, 13, 7, 4, 2, 1]],
    [28, [13, 11, 6, 3, 2, 1]],
  ])('leaves maps of known sizes of pictures of %d pixels', (size, heights) => {
    const graph = small.get(size)!;
    const modules = ['stem1.conv', 'stem2.conv', 'entry2.1.depthwise', 'entry3.1.depthwise'];
    modules.push('middle8.3.pointwise', 'exit.4.pointwise');
    expect(modules.map((module) => heightOf(graph, module))).toEqual(heights);
  });

  it('normalises in groups and drops before its last layer where it is asked to', () => {
    const options = { recordShape: [1, 28, 28], classes: 3, seed: 1 };
    const graph = xception.build({ ...options, norm: 'group', dropout: 0.25 });
    const ops = graph.nodes.map(({ op }) => op);
    expect(ops).not.toContain('BatchNormalization');
    expect(ops.filter((op) => op === 'InstanceNormalization')).toHaveLength(40);
    const last = graph.outputs.get('logits')?.node?.inputs[0]?.node;
    expect(last?.op).toBe('Dropout');
    expect(graph.initializers.get(last!.inputs[1]!.name)?.data[0]).toBe(0.25);
    const own = small.get(28)!;
    expect(own.nodes.some(({ op }) => op === 'Dropout')).toBe(false);
    expect(numbers(graph, graph.parameters)).toBe(numbers(own, own.parameters));
  });

  it.each([[[600]], [[3, 6, 64]], [[3, 64, 6]]])('refuses records of shape %j', (recordShape) => {
    expect(() => xception.build({ recordShape, classes: 10, seed: 1 })).toThrow(
      expect.objectContaining({ code: 'MLD_USAGE', hint: expect.stringContaining('mlp') }),
    );
  });
});
