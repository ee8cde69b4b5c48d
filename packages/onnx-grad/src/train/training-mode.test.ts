/** A model in training: dropout's masks and batch normalisation's statistics. */
import { describe, expect, test } from 'vitest';
import { lineModel } from '../../test/train/toy.ts';
import { Graph } from '../graph/graph.ts';
import { ReduceSum } from '../graph/ops/index.ts';
import { float32, type Tensor } from '../graph/tensor.ts';
import type { Value } from '../graph/value.ts';
import { batchNorm, dense, dropout } from '../nn/layers.ts';
import type { Loss } from '../nn/losses.ts';
import { sgd } from '../optim/sgd.ts';
import { createSession } from '../runtime/session.ts';
import { stepFeeds } from './step-feeds.ts';
import { trainingModel } from './training-mode.ts';
import { buildTrainingStep } from './training-step.ts';

const optimizer = sgd({ learningRate: 0 });

/** The output itself, so that the expected loss under dropout is the loss without it. */
const identityLoss: Loss = {
  name: 'identity',
  target: (output) => ({ dtype: 'float32', shape: output.shape ?? [] }),
  perExample: (output) => ReduceSum(output, [1], { keepdims: false }),
};

const dropping = (rate: number, build: (x: Value) => Value = (x) => x) => {
  const graph = new Graph();
  const x = build(graph.input('x', 'float32', ['N', 50]));
  const second = dropout(dropout(x, { rate }), { rate: 0.5 });
  graph.output('y', dense(second, { name: 'f', seed: 1, units: 1, bias: false }));
  return buildTrainingStep(graph, { loss: identityLoss, optimizer });
};

describe('dropout', () => {
  const records = 400;
  const masks = (step: number, seed = 7, rate = 0.3) => {
    const training = dropping(rate);
    const feeds = stepFeeds(training, optimizer, { records, step, learningRate: 0, seed });
    return training.masks.map(({ input }) => feeds[input] as Tensor);
  };

  test('keeps each element with its probability, scaled to keep the expectation', () => {
    for (const [layer, keep] of [0.7, 0.5].entries()) {
      const { data, dims } = masks(0)[layer] as Tensor;
      expect(dims).toEqual([records, 50]);
      const values = Array.from(data as Float32Array);
      expect(new Set(values)).toEqual(new Set([0, Math.fround(1 / keep)]));
      const share = values.filter((value) => value > 0).length / values.length;
      // Five standard deviations of a share of 20,000.
      expect(Math.abs(share - keep)).toBeLessThan(5 * Math.sqrt((keep * (1 - keep)) / values.length));
    }
  });

  test('draws by seed, layer and step: the same again, others elsewhere', () => {
    const [first, second] = masks(3);
    expect(masks(3)[0]).toEqual(first);
    expect(masks(4)[0]).not.toEqual(first);
    expect(masks(3, 8)[0]).not.toEqual(first);
    const kept = (mask: Tensor | undefined) => Array.from(mask?.data as Float32Array, (value) => value > 0);
    expect(kept(second)).not.toEqual(kept(first));
  });

  test('leaves the mean of a linear model where it is', async () => {
    const training = dropping(0.3);
    const state = training.initialState();
    const x = float32([records, 50], new Float32Array(records * 50).fill(1));
    const weight = Array.from((state.get('f.weight') as Tensor).data as Float32Array);
    const expected = weight.reduce((a, b) => a + b, 0);
    const squares = weight.reduce((a, b) => a + b * b, 0);
    const session = await createSession(training.graph);
    let sum = 0;
    const steps = 20;
    for (let step = 0; step < steps; step++) {
      const place = { records, step, learningRate: 0, seed: 1 };
      const feeds = {
        ...Object.fromEntries(state),
        x,
        [training.target]: float32([records, 1], new Float32Array(records)),
      };
      const results = await session.run({ ...feeds, ...stepFeeds(training, optimizer, place) });
      sum += Number(results[training.lossOutput]?.data[0]);
    }
    await session.dispose();
    // Each unit is kept with .35 and then weighs 1/.35: variance (1/.35 − 1) w².
    const deviation = Math.sqrt(((1 / 0.35 - 1) * squares) / (records * steps));
    expect(Math.abs(sum / steps - expected)).toBeLessThan(5 * deviation);
    expect(deviation).toBeLessThan(0.05);
  });

  test('rate 0 has no mask, rate 1 drops everything', () => {
    expect(dropping(0).masks.length).toBe(1);
    expect(new Set(masks(0, 7, 1)[0]?.data as Float32Array)).toEqual(new Set([0]));
  });

  test('of what has no known size, or at a rate nobody knows, is refused', () => {
    const graph = new Graph();
    const open = graph.input('x', 'float32', ['N', 'T']);
    graph.output('y', dropout(open));
    graph.initializer('w', float32([1], [0]), { trainable: true });
    const options = { loss: identityLoss, optimizer };
    expect(() => buildTrainingStep(graph, options)).toThrow(
      expect.objectContaining({ code: 'OG_NOT_TRAINABLE' }),
    );
    const asked = lineModel();
    const rate = asked.input('rate', 'float32', []);
    asked.output('y', asked.node('Dropout', [asked.value('x'), rate])[0] as Value);
    expect(() => buildTrainingStep(asked, options)).toThrow(/'rate'/);
  });
});

test('two passes share what was given, and each keeps the statistics of its own batch', async () => {
  const model = new Graph();
  const x = model.input('x', 'float32', ['N', 2]);
  model.output('y', batchNorm(x, { name: 'norm', seed: 0 }));
  const graph = new Graph();
  const [a, b] = ['a', 'b'].map((name) => graph.input(name, 'float32', ['N', 2])) as [Value, Value];
  const first = trainingModel(graph, model, new Map([['x', a]]));
  const moved = [...first.buffers].map(([name, [, next]]) => [name, next] as const);
  const second = trainingModel(graph, model, new Map([['x', b], ...first.parameters, ...moved]));
  expect(graph.inputs.map(({ name }) => name)).toEqual([
    ...['a', 'b', 'norm.weight', 'norm.bias', 'norm.running_mean', 'norm.running_var'],
  ]);
  for (const [i, pass] of [first, second].entries()) {
    graph.output(`y${i}`, pass.outputs.get('y') as Value);
    for (const [name, [, next]] of pass.buffers) graph.output(`${name}${i}`, next);
  }
  const two = (p: number, q: number) => float32([2], [p, q]);
  const session = await createSession(graph);
  const results = await session.run({
    a: float32([2, 2], [1, 10, 3, 30]),
    b: float32([2, 2], [-5, 0, -7, 8]),
    ...{ 'norm.weight': two(2, 2), 'norm.bias': two(1, 1) },
    ...{ 'norm.running_mean': two(0, 0), 'norm.running_var': two(1, 1) },
  });
  await session.dispose();
  const numbers = (name: string) =>
    Array.from(results[name]?.data as Float32Array, (v) => Math.round(v * 1e3) / 1e3);
  // Means (2, 20) and (−6, 4); variances of the samples (2, 200) and (2, 32); a tenth of each comes in.
  expect(numbers('norm.running_mean0')).toEqual([0.2, 2]);
  expect(numbers('norm.running_mean1')).toEqual([-0.42, 2.2]);
  expect(numbers('norm.running_var0')).toEqual([1.1, 20.9]);
  expect(numbers('norm.running_var1')).toEqual([1.19, 22.01]);
  expect(numbers('y0')).toEqual([-1, -1, 3, 3]);
  expect(numbers('y1')).toEqual([3, -1, -1, 3]);
});
