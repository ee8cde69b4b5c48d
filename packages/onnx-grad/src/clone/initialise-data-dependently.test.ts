/** After the initialisation each layer's output has mean 0 and variance 1 over the batch it was given. */
import { describe, expect, it } from 'vitest';
import { Graph } from '../graph/graph.ts';
import * as ops from '../graph/ops/index.ts';
import { copyGraph } from '../graph/rewrites/copy.ts';
import { elementCount, float32, floats, type Tensor } from '../graph/tensor.ts';
import type { Value } from '../graph/value.ts';
import { conv2d, convTranspose2d, dense } from '../nn/layers.ts';
import { stream } from '../random/stream.ts';
import { createSession } from '../runtime/session.ts';
import { initialiseDataDependently } from './initialise-data-dependently.ts';

const batchOf = (dims: readonly number[]): Tensor =>
  float32(
    dims,
    stream(5, 'batch')
      .normal(new Float32Array(elementCount(dims)))
      .map((v) => 3 + 2 * v),
  );

/** Outputs of the nodes of these operators, over a batch. */
const outputsOf = async (graph: Graph, ops: readonly string[], x: Tensor): Promise<Tensor[]> => {
  const probe = copyGraph(graph);
  for (const node of probe.nodes)
    if (ops.includes(node.op)) probe.output(`probe ${node.name}`, node.outputs[0] as Value);
  await using session = await createSession(probe);
  const wanted = [...probe.outputs.keys()].filter((name) => name.startsWith('probe '));
  const results = await session.run({ x }, wanted);
  return wanted.map((name) => results[name] as Tensor);
};

const meanAndVariance = (values: Float32Array): readonly [number, number] => {
  let sum = 0;
  for (const v of values) sum += v;
  const mean = sum / values.length;
  let squares = 0;
  for (const v of values) squares += (v - mean) ** 2;
  return [mean, squares / values.length];
};

/** Variance over the records alone: what tells two inputs apart. */
const varianceOverRecords = (t: Tensor): number => {
  const records = t.dims[0] as number;
  const width = t.data.length / records;
  let total = 0;
  for (let i = 0; i < width; i++)
    total += meanAndVariance(
      Float32Array.from({ length: records }, (_, r) => floats(t)[r * width + i] as number),
    )[1];
  return total / width;
};

const deep = (): Graph => {
  const g = new Graph();
  let x = g.input('x', 'float32', ['N', 3, 8, 8]);
  for (let i = 0; i < 20; i++)
    x = ops.Relu(conv2d(x, { name: `conv${i}`, seed: 1, channels: 16, kernel: 3, padding: 'same' }));
  g.output('y', dense(ops.Flatten(x), { name: 'head', seed: 1, units: 10 }));
  return g;
};

describe('initialiseDataDependently', () => {
  it('keeps a 20-layer plain network alive, where the fan-in rule lets it die', async () => {
    const x = batchOf([32, 3, 8, 8]);
    const before = await outputsOf(deep(), ['Conv'], x);
    expect(varianceOverRecords(before.at(-1) as Tensor)).toBeLessThan(1e-10);
    const { graph, layers } = await initialiseDataDependently(deep(), x);
    expect(layers).toHaveLength(21);
    const after = await outputsOf(graph, ['Conv', 'Gemm'], x);
    expect(after).toHaveLength(21);
    for (const output of after) {
      const [mean, variance] = meanAndVariance(floats(output));
      expect(Math.abs(mean)).toBeLessThan(1e-4);
      expect(Math.abs(variance - 1)).toBeLessThan(1e-4);
      expect(varianceOverRecords(output)).toBeGreaterThan(0.3);
    }
  });

  it('centres every channel, for every way a layer and its bias are written', async () => {
    const g = new Graph();
    const named = (name: string) => ({ name, seed: 2 });
    let x = conv2d(g.input('x', 'float32', ['N', 3, 6, 6]), { ...named('a'), channels: 4, kernel: 3 });
    x = ops.Relu(convTranspose2d(ops.Relu(x), { ...named('b'), channels: 5, kernel: 2 }));
    const hidden = (name: string, dims: readonly number[]) =>
      g.initializer(name, float32(dims, stream(1, name).normal(new Float32Array(elementCount(dims)))), {
        trainable: true,
      });
    const subtracted = ops.Sub(ops.MatMul(ops.Flatten(x), hidden('c', [125, 7])), hidden('c.b', [7]));
    const gemm = ops.Gemm(ops.Tanh(subtracted), hidden('d', [7, 6]), hidden('d.b', [6]), {
      beta: 0.5,
      alpha: 3,
    });
    g.output('y', gemm);
    const batch = batchOf([40, 3, 6, 6]);
    const { graph } = await initialiseDataDependently(g, batch);
    const outputs = await outputsOf(graph, ['Conv', 'ConvTranspose', 'Sub', 'Gemm'], batch);
    expect(outputs).toHaveLength(4);
    for (const output of outputs) {
      expect(meanAndVariance(floats(output))[1]).toBeCloseTo(1, 4);
      const [records, channels] = output.dims as [number, number];
      const inner = output.data.length / records / channels;
      for (let c = 0; c < channels; c++) {
        const own = floats(output).filter((_, i) => Math.floor(i / inner) % channels === c);
        expect(Math.abs(meanAndVariance(own)[0])).toBeLessThan(1e-4);
      }
    }
  });

  it('scales a layer without bias, and leaves one without variation alone', async () => {
    const g = new Graph();
    const x = g.input('x', 'float32', ['N', 4]);
    const y = dense(x, { name: 'd', seed: 1, units: 5, bias: false });
    g.output('y', dense(ops.Mul(y, g.scalar(0)), { name: 'dead', seed: 1, units: 2 }));
    const { graph, layers } = await initialiseDataDependently(g, batchOf([64, 4]));
    expect(layers.map(({ weight, factor }) => [weight, factor === 1])).toEqual([
      ['d.weight', false],
      ['dead.weight', true],
    ]);
    expect(graph.initializers.get('dead.weight')).toEqual(g.initializers.get('dead.weight'));
    const [output] = await outputsOf(graph, ['Gemm'], batchOf([64, 4]));
    expect(meanAndVariance(floats(output as Tensor))[1]).toBeCloseTo(1, 4);
  });

  it('refuses several inputs and a model without parameters', async () => {
    const g = new Graph();
    const x = g.input('x', 'float32', ['N', 4]);
    g.output('y', ops.Relu(x));
    await expect(initialiseDataDependently(g, batchOf([2, 4]))).rejects.toThrow(
      /no tensors marked trainable/,
    );
    g.input('z', 'float32', ['N', 4]);
    await expect(initialiseDataDependently(g, batchOf([2, 4]))).rejects.toThrow(/one input/);
  });
});
