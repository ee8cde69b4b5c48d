/** The training step against PyTorch: the same network, batches and first weights give the same losses and weights. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { lineModel } from '../../test/train/toy.ts';
import type { OnnxGradError } from '../errors.ts';
import { Graph } from '../graph/graph.ts';
import { Relu } from '../graph/ops/index.ts';
import { elementCount, float32, int64, type Tensor } from '../graph/tensor.ts';
import { batchNorm, conv2d, dense, flatten, maxPool2d } from '../nn/layers.ts';
import { crossEntropy, meanSquaredError } from '../nn/losses.ts';
import { sgd } from '../optim/sgd.ts';
import { createSession } from '../runtime/session.ts';
import { stepFeeds } from './step-feeds.ts';
import { buildTrainingStep } from './training-step.ts';

/** Written by tools/golden/train_trajectory.py. */
interface Trajectory {
  readonly inputShape: readonly number[];
  readonly eighths: readonly (readonly number[])[];
  readonly labels: readonly (readonly number[])[];
  readonly learningRates: readonly number[];
  readonly before: Readonly<Record<string, readonly number[]>>;
  readonly losses: readonly number[];
  readonly after: Readonly<Record<string, readonly number[]>>;
  readonly logitsAfter: readonly number[];
}

const golden = JSON.parse(
  readFileSync(new URL('../../test/fixtures/train-trajectory.json', import.meta.url), 'utf8'),
) as Trajectory;

const network = (): Graph => {
  const graph = new Graph();
  const seed = 0;
  const x = graph.input('x', 'float32', ['N', ...golden.inputShape.slice(1)]);
  const first = Relu(
    batchNorm(conv2d(x, { name: 'conv1', seed, channels: 4, kernel: 3, padding: 1 }), { name: 'bn1', seed }),
  );
  const pooled = maxPool2d(first, { size: 3, stride: 2, padding: 1 });
  const second = Relu(conv2d(pooled, { name: 'conv2', seed, channels: 6, kernel: 3, stride: 2, groups: 2 }));
  const hidden = batchNorm(dense(flatten(second), { name: 'fc1', seed, units: 5 }), { name: 'bn2', seed });
  graph.output('logits', dense(hidden, { name: 'fc2', seed, units: 3 }));
  return graph;
};

/** Largest difference, relative to the largest value. */
const relativeError = (actual: Tensor | undefined, expected: readonly number[]): number => {
  const values = Array.from(actual?.data as Float32Array);
  expect(values.length).toBe(expected.length);
  const largest = Math.max(...expected.map(Math.abs));
  return Math.max(...values.map((value, i) => Math.abs(value - (expected[i] as number)))) / largest;
};

describe('ten steps of PyTorch', () => {
  test('convolutions, pooling, batch normalisation, momentum, weight decay and a schedule: the same to 1e-4', async () => {
    const graph = network();
    for (const [name, values] of Object.entries(golden.before)) {
      const { dims } = graph.initializers.get(name) as Tensor;
      graph.setInitializer(name, float32(dims, values));
    }
    const optimizer = sgd({ learningRate: 0.05, momentum: 0.9, weightDecay: 5e-4 });
    const step = buildTrainingStep(graph, { loss: crossEntropy(), optimizer });
    const session = await createSession(step.graph);
    let state = step.initialState();
    for (const [i, eighths] of golden.eighths.entries()) {
      const records = golden.inputShape[0] as number;
      expect(elementCount(golden.inputShape)).toBe(eighths.length);
      const results = await session.run({
        ...Object.fromEntries(state),
        x: float32(
          golden.inputShape,
          eighths.map((value) => value / 8),
        ),
        [step.target]: int64([records], golden.labels[i] as number[]),
        ...stepFeeds(step, optimizer, {
          records,
          step: i,
          learningRate: golden.learningRates[i] as number,
          seed: 0,
        }),
      });
      expect(relativeError(results[step.lossOutput], [golden.losses[i] as number]), `loss ${i}`).toBeLessThan(
        1e-4,
      );
      state = new Map([...step.state].map(([name, next]) => [name, results[next] as Tensor]));
    }
    await session.dispose();
    expect([...Object.keys(golden.after)].sort()).toEqual(
      [...graph.initializers.keys()].filter((n) => n in golden.after).sort(),
    );
    for (const [name, values] of Object.entries(golden.after)) {
      expect(relativeError(state.get(name), values), name).toBeLessThan(1e-4);
      // It has to have learnt something for this to mean anything. (Biases before a normalisation only decay.)
      const moved = relativeError(state.get(name), golden.before[name] as number[]);
      expect(moved, `${name} moved`).toBeGreaterThan(name.endsWith('.bias') ? 3e-4 : 1e-2);
      graph.setInitializer(name, state.get(name) as Tensor);
    }
    const inference = await createSession(graph);
    const first = float32(
      golden.inputShape,
      (golden.eighths[0] as number[]).map((value) => value / 8),
    );
    const { logits } = await inference.run({ x: first });
    await inference.dispose();
    expect(relativeError(logits, golden.logitsAfter)).toBeLessThan(1e-4);
  });
});

describe('buildTrainingStep', () => {
  const options = { loss: meanSquaredError(), optimizer: sgd({ learningRate: 0.1, momentum: 0.5 }) };

  test('names what goes in and out, and starts from the model with the optimiser at zero', () => {
    const step = buildTrainingStep(lineModel(), options);
    expect(step.dataInputs).toEqual(['x']);
    const state = step.initialState();
    expect([...state.keys()].sort()).toEqual([...step.state.keys()].sort());
    expect([...state.values()].map(({ data }) => [...data])).toEqual([[0], [0]]);
    const inputs = [
      ...step.dataInputs,
      ...step.state.keys(),
      step.target,
      step.weights,
      'train::scalar.learningRate',
    ];
    expect(step.graph.inputs.map(({ name }) => name).sort()).toEqual(inputs.sort());
    expect([...step.graph.outputs.keys()].sort()).toEqual([...step.state.values(), step.lossOutput].sort());
  });

  test('weights of the records weigh their losses and gradients', async () => {
    const step = buildTrainingStep(lineModel(), { ...options, optimizer: sgd({ learningRate: 1 }) });
    const session = await createSession(step.graph);
    const results = await session.run({
      w: float32([1, 1], [3]),
      x: float32([3, 1], [1, 2, -1]),
      [step.target]: float32([3, 1], [1, 1, 1]),
      [step.weights]: float32([3], [0.5, 0, 2]),
      'train::scalar.learningRate': float32([], [1]),
    });
    await session.dispose();
    // Residuals 2, 5, −4: loss .5·4 + 2·16, slope 2(.5·2·1 + 2·(−4)·(−1)).
    expect(results[step.lossOutput]?.data[0]).toBe(34);
    expect(results[step.state.get('w') as string]?.data[0]).toBe(3 - 18);
  });

  test.each([
    [
      [2, 3],
      [2, 3, 1, 1],
    ],
    [
      [1, 3],
      [1, 3, 1, 1],
    ],
    [
      [1, 1],
      [1, 1, 1, 1],
    ],
  ])('a dense layer %j and kernels of one tap %j take the same steps', async (matrix, kernels) => {
    const optimizer = sgd({ learningRate: 0.1, momentum: 0.5, weightDecay: 0.1 });
    const stepsOf = async (dims: readonly number[]) => {
      const [units, width, ...one] = dims as [number, number, ...number[]];
      const model = new Graph();
      const x = model.input('x', 'float32', ['N', width, ...one]);
      const options = { name: 'layer', seed: 3, bias: false };
      const y = one.length
        ? flatten(conv2d(x, { ...options, channels: units, kernel: 1 }))
        : dense(x, { ...options, units });
      model.output('y', y);
      const weights = Array.from({ length: units * width }, (_, i) => i / 4 - 0.5);
      model.setInitializer('layer.weight', float32(dims, weights));
      const step = buildTrainingStep(model, { loss: meanSquaredError(), optimizer });
      await using session = await createSession(step.graph);
      const feeds = {
        x: float32([2, width, ...one], [1, -2, 0.5, 3, 1, -1].slice(0, 2 * width)),
        [step.target]: float32([2, units], [1, 0, -1, 2].slice(0, 2 * units)),
      };
      let state = step.initialState();
      for (const i of [0, 1]) {
        const own = stepFeeds(step, optimizer, { records: 2, step: i, learningRate: 0.1, seed: 0 });
        const results = await session.run({ ...Object.fromEntries(state), ...feeds, ...own });
        state = new Map([...step.state].map(([name, next]) => [name, results[next] as Tensor]));
      }
      for (const { dims: kept } of state.values()) expect(kept).toEqual(dims);
      return [...state.values()].flatMap(({ data }) => Array.from(data as Float32Array));
    };
    const [expected, found] = [await stepsOf(matrix), await stepsOf(kernels)];
    expect(found.length).toBe(expected.length);
    found.forEach((value, i) => {
      expect(value).toBeCloseTo(expected[i] as number, 5);
    });
  });

  test('a model without parameters or without the output asked for', () => {
    const empty = new Graph();
    empty.output('y', empty.input('x', 'float32', ['N', 1]));
    const failure = (run: () => unknown): Partial<OnnxGradError> => {
      try {
        run();
      } catch (error) {
        return error as OnnxGradError;
      }
      return {};
    };
    expect(failure(() => buildTrainingStep(empty, options)).code).toBe('OG_NOT_TRAINABLE');
    const wrong = failure(() => buildTrainingStep(lineModel(), { ...options, output: 'logits' }));
    expect(wrong).toMatchObject({ code: 'OG_BAD_ARGUMENT', hint: 'Its outputs are y.' });
  });
});
