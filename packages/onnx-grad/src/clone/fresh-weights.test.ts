/** A clone has the architecture of its source and nothing of its numbers. */
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { OnnxGradError } from '../errors.ts';
import { Graph } from '../graph/graph.ts';
import * as ops from '../graph/ops/index.ts';
import { elementCount, float32, floats, type Tensor } from '../graph/tensor.ts';
import type { Value } from '../graph/value.ts';
import { batchNorm, conv2d, dense, dropout, embedding } from '../nn/layers.ts';
import { decodeModel } from '../onnx/decode.ts';
import { encodeModel } from '../onnx/encode.ts';
import { createSession } from '../runtime/session.ts';
import { cloneWithFreshWeights } from './fresh-weights.ts';

const numbers = (graph: Graph, name: string): Float32Array => floats(graph.initializers.get(name) as Tensor);
const variance = (values: Float32Array): number => {
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  return values.reduce((a, b) => a + (b - mean) ** 2, 0) / values.length;
};
const stored = (g: Graph, name: string, dims: readonly number[]): Value =>
  g.initializer(
    name,
    float32(
      dims,
      Float32Array.from({ length: elementCount(dims) }, (_, i) => 5 + (i % 7)),
    ),
  );

/** Every kind of parameter, all numbers 5 or more. */
const trained = (): Graph => {
  const g = new Graph('trained');
  const x = g.input('x', 'float32', ['N', 4, 8, 8]);
  const c = (name: string) => stored(g, name, [16]);
  const normalised = ops.Div(x, stored(g, 'deviation', [4, 1, 1]));
  const y = ops.Conv(normalised, stored(g, 'conv.w', [16, 4, 3, 3]), c('conv.b'));
  const bn = ops.BatchNormalization(y, { scale: c('s'), bias: c('h'), mean: c('m'), variance: c('v') });
  const flat = ops.Reshape(ops.PRelu(bn, stored(g, 'slope', [16, 1, 1])), [-1, 576]);
  const logits = ops.Add(ops.MatMul(flat, stored(g, 'dense.w', [576, 64])), stored(g, 'dense.b', [64]));
  g.output('p', ops.Softmax(logits));
  return g;
};

describe('cloneWithFreshWeights', () => {
  it("draws weights and biases from U(±1/√fan-in), whatever their layout, and sets the rest to PyTorch's defaults", () => {
    const { graph } = cloneWithFreshWeights(trained(), { seed: 3 });
    const within = (name: string, fanIn: number) => {
      const values = numbers(graph, name);
      const bound = 1 / Math.sqrt(fanIn);
      expect(Math.max(...values.map(Math.abs))).toBeLessThanOrEqual(bound * (1 + 1e-6));
      expect(Math.max(...values.map(Math.abs))).toBeGreaterThan(bound * 0.8);
      return variance(values) / (bound ** 2 / 3);
    };
    expect(Math.abs(within('conv.w', 36) - 1)).toBeLessThan(0.15);
    expect(Math.abs(within('dense.w', 576) - 1)).toBeLessThan(0.03);
    within('conv.b', 36);
    within('dense.b', 576);
    const all = (name: string, value: number) =>
      expect(new Set(numbers(graph, name))).toEqual(new Set([Math.fround(value)]));
    all('s', 1);
    all('h', 0);
    all('m', 0);
    all('v', 1);
    all('slope', 0.25);
    expect(numbers(graph, 'deviation')[0]).toBe(5);
    expect([...graph.parameters].sort()).toEqual([
      'conv.b',
      'conv.w',
      'dense.b',
      'dense.w',
      'h',
      's',
      'slope',
    ]);
  });

  it('depends on the seed and the names, not on the order', () => {
    const one = cloneWithFreshWeights(trained(), { seed: 3 }).graph;
    const again = cloneWithFreshWeights(trained(), { seed: 3 }).graph;
    const other = cloneWithFreshWeights(trained(), { seed: 4 }).graph;
    expect(numbers(again, 'conv.w')).toEqual(numbers(one, 'conv.w'));
    expect(numbers(other, 'conv.w')).not.toEqual(numbers(one, 'conv.w'));
    const alone = new Graph();
    alone.output(
      'y',
      ops.MatMul(alone.input('x', 'float32', ['N', 576]), stored(alone, 'dense.w', [576, 64])),
    );
    expect(numbers(cloneWithFreshWeights(alone, { seed: 3 }).graph, 'dense.w')).toEqual(
      numbers(one, 'dense.w'),
    );
  });

  it('gives a model of our own layers the very weights it would be made with', () => {
    const make = (seed: number): Graph => {
      const g = new Graph();
      const x = conv2d(g.input('x', 'float32', ['N', 3, 6, 6]), { name: 'c', seed, channels: 5, kernel: 3 });
      const flat = ops.Flatten(dropout(batchNorm(x, { name: 'bn', seed })));
      const words = embedding(g.input('i', 'int64', ['N']), { name: 'e', seed, count: 9, width: 4 });
      g.output('y', ops.Add(dense(flat, { name: 'd', seed, units: 4 }), words));
      return g;
    };
    const want = make(11);
    const { graph, report } = cloneWithFreshWeights(decodeModel(encodeModel(make(2))), { seed: 11 });
    for (const [name, tensor] of want.initializers)
      if (want.parameters.has(name)) expect(numbers(graph, name)).toEqual(tensor.data);
    expect(new Set(graph.parameters)).toEqual(new Set(want.parameters));
    expect(report).toMatchObject({ batchNormalizations: 1, dropouts: 1, mayBeFolded: false });
    expect(report.logits).toEqual({ output: 'y', behind: undefined });
  });

  it('exposes the logits and keeps the output', async () => {
    const { graph, report } = cloneWithFreshWeights(trained(), { seed: 1 });
    expect(report.logits).toEqual({ output: 'logits', behind: 'Softmax' });
    expect(report.constants).toEqual(['deviation']);
    expect(report.parameters).toEqual({ tensors: 7, elements: 576 + 16 + 16 + 16 + 16 + 576 * 64 + 64 });
    await using session = await createSession(graph);
    const { p, logits } = await session.run({ x: float32([1, 4, 8, 8], new Float32Array(256).fill(0.7)) });
    const z = [...floats(logits as Tensor)];
    const total = z.reduce((sum, v) => sum + Math.exp(v), 0);
    floats(p as Tensor).forEach((value, i) => {
      expect(value).toBeCloseTo(Math.exp(z[i] as number) / total, 6);
    });
  });

  it('takes Constant nodes for weights and makes them trainable', () => {
    const g = new Graph();
    const w = g.node(
      'Constant',
      [],
      { value: float32([2, 2], [1, 2, 3, 4]) },
      { outputNames: ['w'] },
    )[0] as Value;
    g.output('y', ops.MatMul(g.input('x', 'float32', ['N', 2]), w));
    const { graph } = cloneWithFreshWeights(g, { seed: 0 });
    expect([...graph.parameters]).toEqual(['w']);
    expect(graph.nodes.map(({ op }) => op)).toEqual(['MatMul']);
  });

  it('gives every normalisation its own tensors where the exporter stored equal ones once', () => {
    const g = new Graph();
    const one = g.initializer('one', float32([3], [1, 1, 1]));
    const zero = g.initializer('zero', float32([3], [0, 0, 0]));
    let x = g.input('x', 'float32', ['N', 3, 4, 4]);
    for (let i = 0; i < 2; i++)
      x = ops.BatchNormalization(x, {
        scale: ops.Identity(one),
        bias: zero,
        mean: ops.Identity(zero),
        variance: one,
      });
    g.output('y', x);
    const { graph, report } = cloneWithFreshWeights(g, { seed: 0 });
    expect(report.parameters).toEqual({ tensors: 4, elements: 12 });
    const tensors = graph.nodes.flatMap(({ inputs }) => inputs.slice(1).map((input) => input?.name));
    expect(new Set(tensors).size).toBe(8);
    const values = graph.nodes.map(({ inputs }) =>
      inputs.slice(1).map((v) => numbers(graph, v?.name as string)[0]),
    );
    expect(values).toEqual([
      [1, 0, 0, 1],
      [1, 0, 0, 1],
    ]);
  });

  it('says which single numbers were kept that may have been learned', () => {
    for (const dims of [[], [1]]) {
      const g = new Graph();
      const y = ops.MatMul(g.input('x', 'float32', ['N', 4]), stored(g, 'w', [4, 3]));
      const half = ops.Mul(y, g.initializer('half', float32([], [0.5])));
      g.output('y', ops.Mul(half, g.initializer('gamma', float32(dims, [7.3]))));
      const { graph, report } = cloneWithFreshWeights(g, { seed: 0 });
      expect(numbers(graph, 'gamma')[0]).toBe(Math.fround(7.3));
      expect(report.constants).toEqual(['gamma']);
      expect(report.sentences.at(-1)).toMatch(/may have been learned.*: gamma = 7\.3\.$/);
      expect(report.sentences.join(' ')).not.toMatch(/half|Kept as they were/);
    }
  });
  it('takes another initialiser', () => {
    const { graph } = cloneWithFreshWeights(trained(), {
      seed: 1,
      init: ({ kind }) => (kind === 'bias' ? (dims) => new Float32Array(elementCount(dims)) : undefined),
    });
    expect(new Set(numbers(graph, 'dense.b'))).toEqual(new Set([0]));
    expect(variance(numbers(graph, 'dense.w'))).toBeGreaterThan(0);
  });

  it('refuses what would keep trained numbers, and what has none', () => {
    const refusal = (build: (g: Graph, x: Value) => Value): string => {
      const g = new Graph();
      g.output('y', build(g, g.input('x', 'float32', ['N', 4])));
      try {
        cloneWithFreshWeights(g, { seed: 0 });
      } catch (error) {
        expect((error as OnnxGradError).code).toBe('OG_NOT_TRAINABLE');
        return (error as OnnxGradError).message;
      }
      return 'cloned';
    };
    const computed = refusal((g, x) => ops.MatMul(x, ops.Mul(stored(g, 'v', [4, 2]), stored(g, 'g', [2]))));
    expect(computed).toMatch(/MatMul.*computed from other stored numbers/);
    expect(refusal((_, x) => ops.Relu(x))).toMatch(/no weights/);
    expect(
      refusal((g, x) => {
        const w = stored(g, 'w', [4, 2]);
        const t = stored(g, 't', [1]);
        g.setTrainable('w', true);
        g.setTrainable('t', true);
        return ops.Mul(ops.MatMul(x, w), t);
      }),
    ).toMatch(/'t' is marked trainable/);
    const forest = decodeModel(
      readFileSync(new URL('../../test/fixtures/iris-forest.onnx', import.meta.url)),
    );
    expect(() => cloneWithFreshWeights(forest, { seed: 0 })).toThrow(/TreeEnsembleClassifier.*attributes/);
  });
});

describe('the report on real files', () => {
  const folder = fileURLToPath(new URL('../../../../../shared/data/onnx/', import.meta.url));
  const report = (file: string) =>
    cloneWithFreshWeights(decodeModel(readFileSync(`${folder}${file}.onnx`)), { seed: 0 }).report;
  it.skipIf(!existsSync(folder))('says what may have been folded (needs shared/data/onnx)', () => {
    expect(report('resnet_2b').mayBeFolded).toBe(true);
    expect(report('cifar_base_kw').mayBeFolded).toBe(false);
    const fashion = report('fashion_mnist.edwin-19');
    expect(fashion.logits).toEqual({ output: 'logits', behind: 'LogSoftmax' });
    expect(fashion.sentences.join(' ')).toMatch(/may have been folded.*no dropout/);
  });
});
