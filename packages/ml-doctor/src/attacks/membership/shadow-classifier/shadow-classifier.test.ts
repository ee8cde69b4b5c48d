import { predict } from 'onnx-grad';
import { describe, expect, it } from 'vitest';
import { world } from '../../../../test/attacks/membership-bench.ts';
import { crossEntropyLoss } from '../../../stats/log-posterior.ts';
import { savedOutputs } from '../../../targets/saved-outputs.ts';
import { attackNetwork, memberScores } from './attack-model.ts';
import { features, shadowClassifier } from './shadow-classifier.ts';

const context = {
  seed: 3,
  threads: 1,
  device: 'cpu',
  signal: new AbortController().signal,
  progress: () => {},
} as const;

describe('features', () => {
  it('are the posteriors from the largest down and whether the prediction is right', async () => {
    const table = {
      ids: Uint32Array.of(10, 11, 12, 13),
      logits: Float32Array.of(0, Math.log(6), Math.log(3), 7, 7, -9, 7, 7, -9, 1e-30, 0, 0),
      classes: 3,
    };
    const found = await features(savedOutputs(table), {
      ids: Uint32Array.of(11, 10, 12, 13),
      labels: Int32Array.of(0, 1, 1, 0),
    });
    expect(found).toMatchObject({ size: 4, classes: 3 });
    const expected = [0.5, 0.5, 0, 0.6, 0.3, 0.1, 0.5, 0.5, 0, 1 / 3, 1 / 3, 1 / 3];
    expect(found.posteriors).toHaveLength(expected.length);
    for (const [i, p] of expected.entries()) expect(found.posteriors[i]).toBeCloseTo(p, 6);
    // Of equal logits the first is the prediction; a logit ahead by less than a posterior can show is ahead.
    expect([...found.correct]).toEqual([1, 1, 0, 1]);
  });
});

describe('the attack network', () => {
  const classes = 10;
  const graph = attackNetwork(classes, 5);
  const weights = [...graph.initializers].filter(([name]) => graph.parameters.has(name));

  it('has the layers of ML-Doctor', () => {
    const shapes = weights.map(([name, { dims }]) => [name, [...dims]]);
    expect(Object.fromEntries(shapes.filter(([name]) => String(name).endsWith('weight')))).toEqual({
      'posteriors1.weight': [128, classes],
      'posteriors2.weight': [64, 128],
      'correct1.weight': [128, 1],
      'correct2.weight': [64, 128],
      'joint1.weight': [256, 128],
      'joint2.weight': [128, 256],
      'joint3.weight': [64, 128],
      'out.weight': [2, 64],
    });
    const dense = (input: number, output: number) => input * output + output;
    const total =
      dense(classes, 128) + dense(1, 128) + 2 * dense(128, 64) + dense(128, 256) + dense(256, 128);
    expect(weights.reduce((sum, [, { data }]) => sum + data.length, 0)).toBe(
      total + dense(128, 64) + dense(64, 2),
    );
    // ReLU after the first layer of each branch and after each joint one, and no softmax: the loss has it.
    const operators = graph.nodes.map(({ op }) => op);
    expect(operators.filter((op) => op === 'Relu')).toHaveLength(5);
    expect(operators.filter((op) => /softmax|sigmoid/i.test(op))).toEqual([]);
    expect(graph.outputs.get('logits')?.shape).toEqual(['N', 2]);
  });

  it('starts with Xavier normal weights, zero biases, and others for another seed', () => {
    for (const [name, { dims, data }] of weights) {
      const values = Array.from(data as Float32Array);
      if (name.endsWith('bias')) {
        expect(new Set(values)).toEqual(new Set([0]));
        continue;
      }
      const [output, input] = dims as [number, number];
      const deviation = Math.sqrt(2 / (input + output));
      const mean = values.reduce((a, b) => a + b, 0) / values.length;
      const found = Math.sqrt(values.reduce((a, b) => a + b * b, 0) / values.length);
      // Five standard errors each; eight weight matrices fail with probability 1e-5 over a redraw of the seed.
      expect(Math.abs(mean), name).toBeLessThan((5 * deviation) / Math.sqrt(values.length));
      expect(Math.abs(found / deviation - 1), name).toBeLessThan(5 / Math.sqrt(2 * values.length));
      // A uniform distribution of the same deviation would end at 1.73.
      if (values.length > 1000) expect(Math.max(...values) / deviation, name).toBeGreaterThan(2.5);
    }
    const other = attackNetwork(classes, 6).initializers;
    for (const [name, { data }] of weights.filter(([name]) => name.endsWith('weight')))
      expect(other.get(name)?.data).not.toEqual(data);
  });
});

describe('shadowClassifier', () => {
  it('has the published training as its defaults', () => {
    expect(shadowClassifier.configure()).toMatchObject({
      params: { epochs: 50, batchSize: 64, learningRate: 1e-5 },
      needs: { access: 'black-box', auxiliary: 'shadow', output: 'posteriors', record: 'xy' },
      references: { count: 1, pool: 'disjoint' },
    });
  });

  it('learns by cross-entropy on the logits, through one softmax, with members as class 1', async () => {
    const { table, records, references } = world({ seed: 8, lead: 3, size: 48 });
    const [{ model, members, nonMembers }] = references as [(typeof references)[0]];
    const losses: number[] = [];
    // So small a step changes no weight: the loss of the epoch is that of the first weights.
    await shadowClassifier
      .configure({ epochs: 1, learningRate: 1e-30, batchSize: 96 })
      .run(
        { target: savedOutputs(table), records, references },
        { ...context, progress: (_, figures) => losses.push(figures?.loss ?? Number.NaN) },
      );
    let expected = 0;
    for (const [label, group] of [nonMembers, members].entries()) {
      const { posteriors, correct, size, classes } = await features(model, group);
      const inputs = {
        posteriors: { dtype: 'float32', dims: [size, classes], data: posteriors },
        correct: { dtype: 'float32', dims: [size, 1], data: correct },
      } as const;
      const target = { dtype: 'int64', dims: [size], data: new BigInt64Array(size) } as const;
      const source = { size, batch: () => ({ inputs, target }) };
      const logits = (await predict(attackNetwork(classes, context.seed), source)).data as Float32Array;
      for (let i = 0; i < size; i++) expected += crossEntropyLoss(logits.subarray(2 * i, 2 * i + 2), label);
    }
    expect(losses).toHaveLength(1);
    expect(losses[0]).toBeCloseTo(expected / 96, 5);
  });

  it('follows its seed, its epochs and its learning rate', async () => {
    const { table, records, references } = world({ seed: 9, lead: 2, size: 40 });
    const run = async (params: object, seed = 0) =>
      (
        await shadowClassifier
          .configure({ epochs: 2, learningRate: 1e-3, ...params })
          .run({ target: savedOutputs(table), records, references }, { ...context, seed })
      ).scores;
    const base = await run({});
    expect(await run({})).toEqual(base);
    for (const other of [run({}, 1), run({ epochs: 3 }), run({ learningRate: 2e-3 }), run({ batchSize: 32 })])
      expect(await other).not.toEqual(base);
  });

  it('computes, in training and on the target, on the device it is given', async () => {
    const { table, records, references } = world({ seed: 10, lead: 2, size: 40 });
    const elsewhere = { ...context, device: 'no such device' as 'cpu' };
    const missing = { code: 'OG_DEVICE_MISSING' };
    await expect(
      shadowClassifier.configure().run({ target: savedOutputs(table), records, references }, elsewhere),
    ).rejects.toMatchObject(missing);
    const inputs = await features(savedOutputs(table), records);
    const network = attackNetwork(table.classes, 0);
    expect(await memberScores(network, inputs, context)).toHaveLength(inputs.size);
    await expect(memberScores(network, inputs, elsewhere)).rejects.toMatchObject(missing);
  });

  it('stops when told to', async () => {
    const { table, records, references } = world({ seed: 10, lead: 2, size: 40 });
    const abort = new AbortController();
    const running = shadowClassifier
      .configure({ epochs: 1000 })
      .run(
        { target: savedOutputs(table), records, references },
        { ...context, signal: abort.signal, progress: () => abort.abort() },
      );
    await expect(running).rejects.toMatchObject({ code: 'OG_ABORTED' });
  });
});
