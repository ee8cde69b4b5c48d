import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { elementCount, type Graph, predict, type Tensor } from 'onnx-grad';
import { describe, expect, it } from 'vitest';
import { isHeavy } from '../../test/models/architecture-contract.ts';
import { type ArchitectureName, architecture, architectures } from './architectures.ts';

const shapesFor = (name: NetworkName) =>
  suits[name] ?? [
    [1, 28, 28],
    [3, 32, 32],
  ];
const parameters = (graph: Graph): Tensor[] =>
  [...graph.parameters].map((name) => graph.initializers.get(name)!);
const count = (graph: Graph) => parameters(graph).reduce((sum, { data }) => sum + data.length, 0);
const build = (name: NetworkName, recordShape: number[], classes: number, seed = 0) =>
  architectures[name].build({ recordShape, classes, seed });

const names = Object.keys(architectures) as ArchitectureName[];
type NetworkName = {
  [Name in ArchitectureName]: (typeof architectures)[Name]['trains'] extends 'gradient' ? Name : never;
}[ArchitectureName];
const isNetwork = (name: ArchitectureName): name is NetworkName => architectures[name].trains === 'gradient';
const networks = names.filter(isNetwork);
const light = networks.filter((name) => !isHeavy(architectures[name]));
/** Shapes for architectures that take more or less than images of usual sizes. */
const suits: { readonly [Name in NetworkName]?: readonly number[][] } = {
  'logistic-regression': [[1, 28, 28], [3, 4, 5], [14]],
  mlp: [[1, 28, 28], [3, 4, 5], [14]],
  resnet: [
    [1, 28, 28],
    [3, 32, 32],
    [1, 8, 13],
  ],
  'simple-cnn': [
    [1, 28, 28],
    [3, 32, 32],
    [1, 10, 13],
  ],
  'wide-mlp': [[1, 28, 28], [3, 4, 5], [14]],
};

describe('the architectures', () => {
  it('refuse a name nobody knows', () => {
    for (const name of ['simplecnn', '', 'constructor'])
      expect(() => architecture(name)).toThrow(
        expect.objectContaining({ code: 'MLD_USAGE', hint: expect.stringContaining('simple-cnn') }),
      );
  });

  describe.each(names)('%s', (name) => {
    it('is registered under its own name, with title and source', () => {
      const { name: own, title, source } = architecture(name);
      expect(own).toBe(name);
      expect(title.trim()).not.toBe('');
      expect(source.trim()).not.toBe('');
    });
  });

  it('are networks and a forest', () => {
    expect(networks).toEqual(names.filter((name) => name !== 'random-forest'));
  });

  describe.each(light)('%s', (name) => {
    it.each(shapesFor(name).map((shape) => [shape]))(
      'turns [N, %s] into one row of logits each',
      async (shape) => {
        const graph = build(name, shape, 7);
        expect(graph.inputs.map(({ name, shape }) => [name, shape])).toEqual([['x', ['N', ...shape]]]);
        expect([...graph.outputs.keys()]).toEqual(['logits']);
        for (const rows of [1, 3]) {
          const data = Float32Array.from({ length: rows * elementCount(shape) }, (_, i) => Math.sin(i));
          const batch = () => ({
            inputs: { x: { dtype: 'float32' as const, dims: [rows, ...shape], data } },
            target: { dtype: 'int64' as const, dims: [rows], data: new BigInt64Array(rows) },
          });
          const logits = await predict(graph, { size: rows, batch });
          expect(logits.dims).toEqual([rows, 7]);
          expect((logits.data as Float32Array).every(Number.isFinite)).toBe(true);
          // Logits, not posteriors.
          expect((logits.data as Float32Array).some((z) => z < 0)).toBe(true);
        }
      },
    );

    it('draws the same weights for the same seed and others for another', () => {
      const [shape] = shapesFor(name) as [number[]];
      // Normalisation begins with ones and zeros, whatever the seed.
      const drawn = (seed: number) =>
        parameters(build(name, shape, 4, seed)).filter(({ data }) =>
          (data as Float32Array).some((value) => value !== data[0]),
        );
      const digests = (seed: number) =>
        drawn(seed).map(({ data }) =>
          createHash('sha256')
            .update(data as Float32Array)
            .digest('hex'),
        );
      const first = digests(11);
      expect(digests(11)).toEqual(first);
      expect(first.length).toBeGreaterThanOrEqual(2);
      expect(new Set([...first, ...digests(12)]).size).toBe(2 * first.length);
    });
  });
});

describe('the number of parameters', () => {
  const dense = (input: number, output: number) => (input + 1) * output;

  it('is that of ML-Doctor’s figures on 28×28 images of ten classes', () => {
    expect(count(build('simple-cnn', [1, 28, 28], 10))).toBe(225_034);
    expect(count(build('mlp', [1, 28, 28], 10))).toBe(235_146);
  });

  it('has a closed form', () => {
    const size = fc.integer({ min: 10, max: 40 });
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 4 }),
        size,
        size,
        fc.integer({ min: 2, max: 20 }),
        (c, h, w, k) => {
          const after = (pixels: number) => Math.floor((Math.floor((pixels - 2) / 2) - 2) / 2);
          expect(count(build('simple-cnn', [c, h, w], k))).toBe(
            dense(9 * c, 32) + dense(9 * 32, 64) + dense(64 * after(h) * after(w), 128) + dense(128, k),
          );
          expect(count(build('mlp', [c, h, w], k))).toBe(
            dense(c * h * w, 256) + dense(256, 128) + dense(128, k),
          );
          expect(count(build('logistic-regression', [c, h, w], k))).toBe(dense(c * h * w, k));
          // Normalisation has a scale and a shift for each channel.
          const conv = (from: number, to: number, kernel: number) => kernel ** 2 * from * to + 2 * to;
          const block = (from: number, to: number) =>
            conv(from, to, 3) + conv(to, to, 3) + (from === to ? 0 : conv(from, to, 1));
          expect(count(build('resnet', [c, h, w], k))).toBe(
            conv(c, 32, 3) + block(32, 32) + block(32, 64) + block(64, 128) + dense(128, k),
          );
          expect(count(build('wide-mlp', [c, h, w], k))).toBe(
            dense(c * h * w, 512) + dense(512, 256) + dense(256, k),
          );
        },
      ),
      { numRuns: 15 },
    );
  });
});

describe('logistic-regression', () => {
  it('is linear in the record', async () => {
    const graph = build('logistic-regression', [2, 3], 4);
    const [a, b] = [Float32Array.of(1, -2, 3, 0.5, 0, 7), Float32Array.of(0, 4, -1, 1, 2, -3)];
    const rows = [new Float32Array(6), a, b, a.map((value, i) => value + b[i]!)];
    const logits = await predict(graph, {
      size: 4,
      batch: () => ({
        inputs: {
          x: { dtype: 'float32', dims: [4, 2, 3], data: Float32Array.from(rows.flatMap((r) => [...r])) },
        },
        target: { dtype: 'int64', dims: [4], data: new BigInt64Array(4) },
      }),
    });
    const z = (row: number, label: number) => (logits.data as Float32Array)[4 * row + label]!;
    for (let label = 0; label < 4; label++)
      expect(z(1, label) + z(2, label)).toBeCloseTo(z(0, label) + z(3, label), 5);
  });
});

describe('resnet', () => {
  const last = (graph: Graph, op: string) => {
    let value = graph.outputs.get('logits');
    while (value?.node && value.node.op !== op) value = value.node.inputs[0] ?? undefined;
    return value?.node;
  };

  it.each([
    [28, 4],
    [32, 4],
    [8, 1],
  ])('halves pictures of %d pixels three times, to %d', (size, left) => {
    const pooled = last(build('resnet', [1, size, size], 10), 'GlobalAveragePool');
    expect(pooled?.inputs[0]?.shape?.slice(1)).toEqual([128, left, left]);
  });

  it('carries its input past every block', async () => {
    const graph = build('resnet', [1, 8, 8], 3);
    const seconds = [...graph.parameters].filter((name) => name.endsWith('.second.norm.weight'));
    expect(seconds).toHaveLength(3);
    // Nothing of the blocks' own is left.
    for (const name of seconds) (graph.initializers.get(name)!.data as Float32Array).fill(0);
    const data = Float32Array.from({ length: 2 * 64 }, (_, i) => Math.sin(i * i));
    const { data: logits } = await predict(graph, {
      size: 2,
      batch: () => ({
        inputs: { x: { dtype: 'float32', dims: [2, 1, 8, 8], data } },
        target: { dtype: 'int64', dims: [2], data: new BigInt64Array(2) },
      }),
    });
    expect(Math.abs((logits as Float32Array)[0]! - (logits as Float32Array)[3]!)).toBeGreaterThan(1e-3);
  });
});

describe.each([
  ['simple-cnn', 9],
  ['resnet', 7],
] as const)('%s', (name, tooSmall) => {
  it.each([[[14]], [[28, 28]], [[1, tooSmall, 28]], [[1, 28, tooSmall]], [[1, 28, 28, 28]], [[]]])(
    'refuses records of shape %j',
    (shape) => {
      expect(() => build(name, shape, 10)).toThrow(
        expect.objectContaining({
          code: 'MLD_USAGE',
          message: expect.stringContaining(`[${shape.join(', ')}]`),
        }),
      );
    },
  );
});
