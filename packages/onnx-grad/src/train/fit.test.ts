/** Training runs against closed forms, and the promises of `fit`. */
import { describe, expect, test } from 'vitest';
import { between, draws } from '../../test/gradients/draws.ts';
import {
  bitsOf,
  cloudModel,
  cloudOptions,
  clouds,
  lineModel,
  rowsSource,
  weightOf,
} from '../../test/train/toy.ts';
import type { OnnxGradError } from '../errors.ts';
import { Graph } from '../graph/graph.ts';
import { batchNorm, dense } from '../nn/layers.ts';
import { crossEntropy, meanSquaredError } from '../nn/losses.ts';
import { decodeModel } from '../onnx/decode.ts';
import { encodeModel } from '../onnx/encode.ts';
import { adam } from '../optim/adam.ts';
import { multiStep } from '../optim/schedules.ts';
import { sgd } from '../optim/sgd.ts';
import { epochBatches } from './batches.ts';
import { type FitEvent, type FitOptions, fit } from './fit.ts';
import { accuracy, predict } from './predict.ts';

/** Training data on the line through `slope`, at x = 1. */
const onLine = (slope: number, records = 4) =>
  rowsSource(
    Array.from({ length: records }, () => [1]),
    Array.from({ length: records }, () => [slope]),
  );

const lineOptions = (): FitOptions => ({
  model: lineModel(),
  loss: meanSquaredError(),
  optimizer: sgd({ learningRate: 0.05 }),
  data: onLine(1),
  epochs: 20,
  batchSize: 4,
  seed: 0,
});

describe('what training converges to', () => {
  test('linear regression: the least-squares solution', async () => {
    const draw = draws(3);
    const rows = Array.from({ length: 40 }, () => between(-2, 2)(3, draw));
    const truth = (row: readonly number[]) => 1 + 2 * (row[0] as number) - 3 * (row[1] as number);
    const noisy = rows.map((row) => [truth(row) + between(-1, 1)(1, draw)[0]!]);
    const graph = new Graph();
    graph.output('y', dense(graph.input('x', 'float32', ['N', 3]), { name: 'f', seed: 1, units: 1 }));
    const { model } = await fit({
      model: graph,
      loss: meanSquaredError(),
      optimizer: sgd({ learningRate: 0.1, momentum: 0.5 }),
      data: rowsSource(rows, noisy),
      epochs: 200,
      batchSize: 40,
      seed: 1,
    });
    const expected = leastSquares(
      rows.map((row) => [...row, 1]),
      noisy.map(([y]) => y as number),
    );
    const found = [
      ...(model.initializers.get('f.weight')?.data ?? []),
      ...(model.initializers.get('f.bias')?.data ?? []),
    ];
    expected.forEach((value, i) => {
      expect(found[i]).toBeCloseTo(value, 4);
    });
  });

  test('separable clouds: accuracy 1, which the untrained model has not', async () => {
    const data = clouds(60, 9, 0.2);
    const start = cloudModel();
    const { model } = await fit({
      model: start,
      loss: crossEntropy(),
      optimizer: sgd({ learningRate: 0.1, momentum: 0.9 }),
      data,
      epochs: 15,
      batchSize: 10,
      seed: 3,
    });
    expect(accuracy(await predict(start, data), data.labels)).toBeLessThan(0.8);
    expect(accuracy(await predict(model, data), data.labels)).toBe(1);
  });

  test('each epoch goes once through all records, at the rate of the schedule', async () => {
    // One record a step: w ← w + 2 lr x (y − w x), in the order of the epoch's permutation.
    const [xs, ys] = [
      [1, -0.5, 2, 0.25, 1.5],
      [0.5, 1, -1, 2, 0],
    ];
    const options: FitOptions = {
      ...lineOptions(),
      data: rowsSource(
        xs.map((x) => [x]),
        ys.map((y) => [y]),
      ),
      schedule: multiStep([2], 0.5),
      epochs: 4,
      batchSize: 1,
    };
    const { model, history } = await fit(options);
    let w = 0;
    for (let epoch = 0; epoch < 4; epoch++) {
      const rate = epoch < 2 ? 0.05 : 0.025;
      let sum = 0;
      const visited = epochBatches(5, 1, 0, epoch).map(([i]) => i as number);
      expect([...visited].sort()).toEqual([0, 1, 2, 3, 4]);
      for (const i of visited) {
        const residual = (ys[i] as number) - w * (xs[i] as number);
        sum += residual ** 2;
        w += 2 * rate * (xs[i] as number) * residual;
      }
      expect(history[epoch]).toMatchObject({ epoch, learningRate: rate });
      expect(history[epoch]?.loss).toBeCloseTo(sum / 5, 5);
    }
    expect(weightOf(model)).toBeCloseTo(w, 6);
  });

  test('a shorter last batch counts by its own records; with dropLast it is left out', async () => {
    const [xs, ys] = [
      [1, 2, 3],
      [1, 0, 2],
    ];
    const options = {
      ...lineOptions(),
      data: rowsSource(
        xs.map((x) => [x]),
        ys.map((y) => [y]),
      ),
      epochs: 1,
      batchSize: 2,
    };
    for (const dropLast of [false, true]) {
      const { model, history, steps } = await fit({ ...options, dropLast });
      const batches = epochBatches(3, 2, 0, 0).slice(0, dropLast ? 1 : 2);
      let w = 0;
      let sum = 0;
      for (const batch of batches) {
        const residuals = Array.from(batch, (i) => (ys[i] as number) - w * (xs[i] as number));
        sum += residuals.reduce((a, r) => a + r * r, 0);
        w +=
          (0.1 / batch.length) * residuals.reduce((a, r, k) => a + r * (xs[batch[k] as number] as number), 0);
      }
      expect(steps).toBe(batches.length);
      expect(weightOf(model)).toBeCloseTo(w, 6);
      expect(history[0]?.loss).toBeCloseTo(sum / (dropLast ? 2 : 3), 5);
    }
  });

  test('running statistics of batch normalisation follow the batches', async () => {
    const draw = draws(8);
    const rows = Array.from({ length: 11 }, () => between(-3, 5)(2, draw));
    const graph = new Graph();
    const x = graph.input('x', 'float32', ['N', 2]);
    graph.output('y', dense(batchNorm(x, { name: 'bn', seed: 1 }), { name: 'f', seed: 1, units: 1 }));
    const data = rowsSource(
      rows,
      rows.map((row) => [row[0] as number]),
    );
    const { model } = await fit({ ...lineOptions(), model: graph, data, epochs: 3, batchSize: 4 });
    for (const channel of [0, 1]) {
      let [mean, variance] = [0, 1];
      for (const epoch of [0, 1, 2])
        for (const batch of epochBatches(11, 4, 0, epoch)) {
          const values = Array.from(batch, (i) => rows[i]?.[channel] as number);
          const average = values.reduce((a, b) => a + b) / values.length;
          const squares = values.reduce((a, b) => a + (b - average) ** 2, 0);
          mean = 0.9 * mean + 0.1 * average;
          // As in PyTorch: the sample variance.
          variance = 0.9 * variance + (0.1 * squares) / (values.length - 1);
        }
      expect(model.initializers.get('bn.running_mean')?.data[channel]).toBeCloseTo(mean, 5);
      expect(model.initializers.get('bn.running_var')?.data[channel]).toBeCloseTo(variance, 4);
    }
  });

  test('a last batch of one record leaves batch normalisation with numbers', async () => {
    const { model } = await fit({ ...cloudOptions(), data: clouds(11, 5) });
    for (const { data } of model.initializers.values())
      expect(Array.from(data as Float32Array).every(Number.isFinite)).toBe(true);
  });
});

describe('early stopping', () => {
  // Full batches at x = 1: w after e epochs is 1 − .9^e, and the validation loss (.5 − w)² is least after 7.
  const options = (): FitOptions => ({ ...lineOptions(), validation: onLine(0.5) });
  const after = (epochs: number) => 1 - 0.9 ** epochs;

  test('is off unless asked for: the last model comes back', async () => {
    const { model, history, stoppedEarly } = await fit(options());
    expect(stoppedEarly).toBe(false);
    expect(history.length).toBe(20);
    expect(weightOf(model)).toBeCloseTo(after(20), 5);
    history.forEach(({ validationLoss }, epoch) => {
      expect(validationLoss).toBeCloseTo((0.5 - after(epoch + 1)) ** 2, 5);
    });
  });

  test('stops when patience is over and gives the best epoch', async () => {
    const events: FitEvent[] = [];
    const result = await fit({
      ...options(),
      earlyStopping: { patience: 3 },
      onEvent: (e) => events.push(e),
    });
    expect(result).toMatchObject({ stoppedEarly: true, steps: 10 });
    expect(weightOf(result.model)).toBeCloseTo(after(7), 5);
    expect(events.at(-1)).toEqual({ type: 'early-stop', epoch: 10, bestEpoch: 6 });
  });

  test('gives the best epoch also when the epochs are over first', async () => {
    const result = await fit({ ...options(), epochs: 9, earlyStopping: { patience: 3 } });
    expect(result).toMatchObject({ stoppedEarly: false, steps: 9 });
    expect(weightOf(result.model)).toBeCloseTo(after(7), 5);
  });

  test('an improvement smaller than asked for does not count', async () => {
    const result = await fit({ ...options(), earlyStopping: { patience: 2, minimumImprovement: 0.05 } });
    const losses = Array.from({ length: 20 }, (_, e) => (0.5 - after(e + 1)) ** 2);
    let [best, bestEpoch, epoch] = [losses[0] as number, 0, 1];
    for (; epoch - 1 - bestEpoch < 2; epoch++)
      if ((losses[epoch] as number) < best - 0.05) [best, bestEpoch] = [losses[epoch] as number, epoch];
    expect(result.steps).toBe(epoch);
    expect(weightOf(result.model)).toBeCloseTo(after(bestEpoch + 1), 5);
  });

  test('a validation loss that is no number is never the best', async () => {
    let measured = 0;
    const good = onLine(0.5);
    const validation = {
      size: 4,
      batch: (indices: Uint32Array) =>
        measured++ === 0
          ? { ...good.batch(indices), target: onLine(Number.NaN).batch(indices).target }
          : good.batch(indices),
    };
    const result = await fit({ ...options(), validation, earlyStopping: { patience: 3 } });
    expect(result.history[0]?.validationLoss).toBeNaN();
    expect(weightOf(result.model)).toBeCloseTo(after(7), 5);
  });

  test('survives resuming, at every epoch', async () => {
    const saved: Uint8Array[] = [];
    const stopping = () => ({ ...options(), earlyStopping: { patience: 3 } });
    const whole = bitsOf(
      await fit({ ...stopping(), checkpoint: { save: (bytes) => void saved.push(bytes) } }),
    );
    expect(saved.length).toBe(10);
    for (const resume of saved) expect(bitsOf(await fit({ ...stopping(), resume }))).toBe(whole);
  });
});

describe('a run can be followed and stopped', () => {
  test('events are complete and in order', async () => {
    const events: FitEvent[] = [];
    const { history } = await fit({
      ...cloudOptions(),
      epochs: 2,
      checkpoint: { everySteps: 2, save: () => undefined },
      onEvent: (event) => events.push(event),
    });
    const stepsOf = (epoch: number, steps: number[]) =>
      steps.flatMap((step) => [
        { type: 'step', epoch, step, loss: expect.any(Number) },
        ...(step % 2 === 0 && step !== 10 ? [{ type: 'checkpoint', epoch, step }] : []),
      ]);
    expect(events).toEqual([
      { type: 'start', epochs: 2, stepsPerEpoch: 5, resumedAt: 0 },
      ...stepsOf(0, [1, 2, 3, 4, 5]),
      { type: 'epoch', ...history[0] },
      ...stepsOf(1, [6, 7, 8, 9, 10]),
      { type: 'epoch', ...history[1] },
      { type: 'checkpoint', epoch: 2, step: 10 },
    ]);
  });

  test('an abort stops before the next step, and the last checkpoint continues to the same bits', async () => {
    const whole = bitsOf(await fit(cloudOptions()));
    const controller = new AbortController();
    const steps: number[] = [];
    const saved: Uint8Array[] = [];
    const run = fit({
      ...cloudOptions(),
      signal: controller.signal,
      checkpoint: { everySteps: 3, save: async (bytes) => void saved.push(bytes) },
      onEvent: (event) => {
        if (event.type !== 'step') return;
        steps.push(event.step);
        if (event.step === 8) controller.abort(new Error('enough'));
      },
    });
    await expect(run).rejects.toMatchObject({ code: 'OG_ABORTED', cause: new Error('enough') });
    expect(steps).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect(bitsOf(await fit({ ...cloudOptions(), resume: saved.at(-1) as Uint8Array }))).toBe(whole);
  });

  test('what saving a checkpoint throws comes out', async () => {
    const save = () => Promise.reject(new Error('disk full'));
    await expect(fit({ ...cloudOptions(), checkpoint: { save } })).rejects.toThrow('disk full');
  });

  test('the same seed gives the same bits, another one others', async () => {
    const bits = async (seed: number | string) => bitsOf(await fit({ ...cloudOptions(), seed }));
    expect(await bits(42)).toBe(await bits(42));
    expect(await bits(43)).not.toBe(await bits(42));
    expect(await bits('42')).not.toBe(await bits(42));
  });

  test('the model given is left as it was', async () => {
    const options = cloudOptions();
    const before = Buffer.from(encodeModel(options.model));
    await fit(options);
    expect(before.equals(encodeModel(options.model))).toBe(true);
  });
});

describe('what goes wrong is said', () => {
  const fails = async (change: Partial<FitOptions>): Promise<OnnxGradError> => {
    const error = await fit({ ...cloudOptions(), ...change }).then(
      () => undefined,
      (reason: OnnxGradError) => reason,
    );
    expect(error, 'it ran').toBeDefined();
    return error as OnnxGradError;
  };

  test('a loss that is no number any more', async () => {
    const rows = [[1], [Number.NaN], [2]];
    const data = rowsSource(rows, [[1], [1], [1]]);
    const error = await fails({ ...lineOptions(), data, batchSize: 1 });
    expect(error.code).toBe('OG_DIVERGED');
    expect(error.message).toMatch(/the loss became NaN in epoch 1, step [123]/);
    expect((await fails({ optimizer: sgd({ learningRate: 1e30 }) })).code).toBe('OG_DIVERGED');
  });

  test('weights that the last step made infinite, which no loss has shown', async () => {
    const error = await fails({
      ...lineOptions(),
      optimizer: sgd({ learningRate: 3e38 }),
      data: onLine(2),
      validation: onLine(2),
      epochs: 1,
    });
    expect(error.code).toBe('OG_DIVERGED');
    expect(error.message).toContain("'w'");
  });

  test('options that cannot be meant', async () => {
    const empty = { ...clouds(3, 1), size: 0 };
    for (const change of [
      { epochs: 0 },
      { epochs: 1.5 },
      { batchSize: 0 },
      { batchSize: Number.NaN },
      { data: empty },
      { validation: empty },
      { dropLast: true, batchSize: 24 },
      { checkpoint: { everySteps: 0, save: () => undefined } },
      { earlyStopping: { patience: 0 } },
      { output: 'nothing' },
    ])
      expect((await fails(change)).code, JSON.stringify(change)).toBe('OG_BAD_ARGUMENT');
    const { validation: _, ...unvalidated } = cloudOptions();
    await expect(fit(unvalidated)).rejects.toMatchObject({ code: 'OG_BAD_ARGUMENT' });
  });

  test('a model without parameters', async () => {
    const model = new Graph();
    model.output('y', model.input('x', 'float32', ['N', 6]));
    expect((await fails({ model })).code).toBe('OG_NOT_TRAINABLE');
  });

  test('a data source that gives too few rows, which would be broadcast', async () => {
    const whole = clouds(23, 5);
    const one = whole.batch(Uint32Array.of(0));
    const short = { size: 23, batch: (i: Uint32Array) => ({ ...whole.batch(i), target: one.target }) };
    const error = await fails({ data: short });
    expect(error).toMatchObject({ code: 'OG_BAD_ARGUMENT', message: expect.stringContaining("'target'") });
    expect(await fails({ validation: short })).toMatchObject({ code: 'OG_BAD_ARGUMENT' });
  });
});

describe('a trained model', () => {
  test('is saved and read again with the same outputs, and can be trained further', async () => {
    const options = { ...cloudOptions(), optimizer: adam({ learningRate: 0.05 }) };
    const { model } = await fit(options);
    const copy = decodeModel(encodeModel(model));
    expect([...copy.parameters].sort()).toEqual([...options.model.parameters].sort());
    const { data } = await predict(model, options.data);
    expect((await predict(copy, options.data)).data).toEqual(data);
    const [again, further] = [await fit({ ...options, model }), await fit({ ...options, model: copy })];
    expect(bitsOf(further)).toBe(bitsOf(again));
    expect(further.history.at(-1)?.loss).toBeLessThan(1);
    expect((await predict(further.model, options.data)).data).not.toEqual(data);
  });
});

/** Normal equations by Gaussian elimination. */
const leastSquares = (rows: readonly (readonly number[])[], targets: readonly number[]): number[] => {
  const n = rows[0]?.length ?? 0;
  const system = Array.from({ length: n }, (_, i) => [
    ...Array.from({ length: n }, (_, j) =>
      rows.reduce((sum, row) => sum + (row[i] as number) * (row[j] as number), 0),
    ),
    rows.reduce((sum, row, k) => sum + (row[i] as number) * (targets[k] as number), 0),
  ]);
  for (let pivot = 0; pivot < n; pivot++)
    for (let i = 0; i < n; i++) {
      if (i === pivot) continue;
      const [row, base] = [system[i] as number[], system[pivot] as number[]];
      const factor = (row[pivot] as number) / (base[pivot] as number);
      base.forEach((value, j) => {
        row[j] = (row[j] as number) - factor * value;
      });
    }
  return system.map((row, i) => (row[n] as number) / (row[i] as number));
};
