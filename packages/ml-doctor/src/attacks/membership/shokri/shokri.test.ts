/** Shokri's attack on tables of posteriors made by hand: what its attack models see, and which of them judges whom. */
import { predict, stream } from 'onnx-grad';
import { describe, expect, it } from 'vitest';
import { bare } from '../../../audit/selftest/bench/bare-input.ts';
import { bench, context } from '../../../audit/selftest/bench/membership-bench.ts';
import { evaluateMembership } from '../../../evaluate/membership.ts';
import { crossEntropyLoss } from '../../../stats/log-posterior.ts';
import type { Records } from '../../../targets/access.ts';
import { savedOutputs } from '../../../targets/saved-outputs.ts';
import type { Reference } from '../membership-attack.ts';
import { attackData, posteriors, withoutClass } from './attack-data.ts';
import { attackNetwork, memberScores, trainAttackModel } from './attack-model.ts';
import { LEAST_RECORDS } from './class-models.ts';
import { shokri } from './shokri.ts';

const quick = { shadows: 2, epochs: 20, batchSize: 20, learningRate: 0.02 };

/** Answers of one model to records `first ..`, members first, classes in turns. */
function answered(
  first: number,
  each: number,
  classes: number,
  posteriorOf: (label: number, member: boolean, noise: Float32Array) => readonly number[],
) {
  const ids = Uint32Array.from({ length: 2 * each }, (_, i) => first + i);
  const labels = Int32Array.from(ids, (_, i) => i % classes);
  const logits = new Float32Array(ids.length * classes);
  for (let i = 0; i < ids.length; i++) {
    const noise = stream(first, 'noise', i).normal(new Float32Array(classes));
    logits.set(posteriorOf(labels[i]!, i < each, noise).map(Math.log), i * classes);
  }
  const part = (from: number, to: number): Records => ({
    ids: ids.slice(from, to),
    labels: labels.slice(from, to),
  });
  return {
    table: { ids, logits, classes },
    records: part(0, 2 * each),
    members: part(0, each),
    nonMembers: part(each, 2 * each),
  };
}

const reference = (from: ReturnType<typeof answered>): Reference => ({
  model: savedOutputs(from.table),
  members: from.members,
  nonMembers: from.nonMembers,
});

const attack = async (
  posteriorOf: Parameters<typeof answered>[3],
  params: object = quick,
  {
    each = 60,
    classes = 3,
    shadow,
    models = 2,
    seed = 1,
  }: { each?: number; classes?: number; shadow?: number; models?: number; seed?: number } = {},
) => {
  const target = answered(0, each, classes, posteriorOf);
  const references = Array.from({ length: models }, (_, i) =>
    reference(answered(1000 * (i + 1), shadow ?? each, classes, posteriorOf)),
  );
  const found = await shokri
    .configure(params)
    .run(
      { ...bare, target: savedOutputs(target.table), records: target.records, references },
      { ...context, seed },
    );
  const truth = Uint8Array.from(target.records.ids, (_, i) => (i < each ? 1 : 0));
  const { ids } = target.records;
  const { metrics } = evaluateMembership({ ids, scores: found.scores, threshold: found.threshold! }, truth);
  return { ...found, metrics };
};

/** A posterior with `own` at the label and the rest spread over the others. */
const sure = (own: number, label: number, classes: number) =>
  Array.from({ length: classes }, (_, c) => (c === label ? own : (1 - own) / (classes - 1)));

describe('attack models', () => {
  it('are one for each true class: what means member in one class may mean the opposite in another', async () => {
    const { metrics } = await attack((label, member, [noise]) =>
      sure((member === (label === 0) ? 0.8 : 0.6) + 0.01 * Math.tanh(noise!), label, 3),
    );
    expect(metrics.auc.value).toBeGreaterThan(0.99);
    expect(metrics.balancedAccuracy?.value).toBeGreaterThan(0.95);
  });

  it('see the posteriors in the order of the classes, not sorted', async () => {
    // Members of a class have their second largest posterior at the next class, the others at the one before.
    const { metrics, notes, threshold } = await attack((label, member, [noise]) => {
      const row = sure(0.6, label, 3);
      const second = (label + (member ? 1 : 2)) % 3;
      row[second] = 0.3 + 0.01 * Math.tanh(noise!);
      row[3 - label - second] = 0.4 - row[second]!;
      return row;
    });
    expect(metrics.auc.value).toBeGreaterThan(0.99);
    expect(metrics.balancedAccuracy?.value).toBeGreaterThan(0.95);
    expect([threshold, notes]).toEqual([0, []]);
  });

  it('give way to one for all classes where a class has too few shadow records', async () => {
    const world = (label: number, member: boolean, [noise]: Float32Array) =>
      sure((member ? 0.8 : 0.6) + 0.01 * Math.tanh(noise!), label, 3);
    for (const [least, few] of [
      [LEAST_RECORDS - 1, 3],
      [LEAST_RECORDS, 0],
    ] as const) {
      const params = { ...quick, epochs: 60 };
      const { metrics, notes } = await attack(world, params, { shadow: 3 * least, models: 1 });
      expect(metrics.auc.value).toBeGreaterThan(0.99);
      expect(metrics.recall?.value).toBeGreaterThan(0.9);
      expect(notes).toEqual(few > 0 ? [expect.stringMatching(/^3 of 3 classes have fewer than 10 /)] : []);
    }
  });
});

describe('the attack data', () => {
  it('are the posteriors of all shadow models, by true class, members as 1', async () => {
    const table = {
      ids: Uint32Array.of(4, 5, 6, 7),
      logits: Float32Array.from([0.5, 0.3, 0.2, 0.1, 0.8, 0.1, 0.25, 0.25, 0.5, 0, 1, 0], Math.log),
      classes: 3,
    };
    const one = (members: number[], mine: number[], nonMembers: number[], theirs: number[]): Reference => ({
      model: savedOutputs(table),
      members: { ids: Uint32Array.from(members), labels: Int32Array.from(mine) },
      nonMembers: { ids: Uint32Array.from(nonMembers), labels: Int32Array.from(theirs) },
    });
    const data = await attackData([one([7, 4], [0, 1], [5], [1]), one([6], [1], [4, 7], [1, 0])], 3);
    expect(data.map(({ label, size, members }) => [label, size, members])).toEqual([
      [0, 2, 1],
      [1, 4, 2],
      [2, 0, 0],
    ]);
    expect(data.map(({ membership }) => [...membership])).toEqual([[1, 0], [0, 1, 0, 1], []]);
    const expected = [[0, 1, 0, 0, 1, 0], [0.1, 0.8, 0.1, 0.5, 0.3, 0.2, 0.5, 0.3, 0.2, 0.25, 0.25, 0.5], []];
    for (const [label, rows] of expected.entries()) {
      expect(data[label]?.posteriors).toHaveLength(rows.length);
      for (const [i, p] of rows.entries()) expect(data[label]?.posteriors[i]).toBeCloseTo(p, 6);
    }
  });

  it('without class have the true one first and the others from the largest down', () => {
    const row = Float32Array.of(0.125, 0.25, 0.0625, 0.5, 0.0625);
    expect([...withoutClass(row, 1)]).toEqual([0.25, 0.5, 0.125, 0.0625, 0.0625]);
    expect([...withoutClass(row, 0)]).toEqual([0.125, 0.5, 0.25, 0.0625, 0.0625]);
    expect([...withoutClass(row, 4)]).toEqual([0.0625, 0.5, 0.25, 0.125, 0.0625]);
    expect(row[0]).toBe(0.125);
  });
});

describe('the attack network', () => {
  it('has one hidden layer of ReLU, and its softmax in the loss only', () => {
    const graph = attackNetwork(30, 64, 'seed');
    const shapes = [...graph.initializers]
      .filter(([name]) => graph.parameters.has(name))
      .map(([name, { dims }]) => [name, [...dims]]);
    expect(Object.fromEntries(shapes)).toEqual({
      'hidden.weight': [64, 30],
      'hidden.bias': [64],
      'out.weight': [2, 64],
      'out.bias': [2],
    });
    const operators = graph.nodes.map(({ op }) => op);
    expect(operators.filter((op) => op === 'Relu')).toHaveLength(1);
    expect(operators.filter((op) => /softmax|sigmoid|tanh/i.test(op))).toEqual([]);
  });

  const { table, records } = answered(0, 30, 3, (label, member, noise) =>
    sure(0.5 + 0.2 * Math.tanh(noise[0]! + (member ? 1 : 0)), label, 3),
  );
  const rows = async () => {
    const all = await posteriors(savedOutputs(table), records);
    const row = (i: number) => all.subarray(3 * i, 3 * i + 3);
    return { size: 60, width: 3, row, membership: (i: number) => (i < 30 ? 1 : 0) };
  };
  const training = { hidden: 8, epochs: 1, batchSize: 60, learningRate: 1e-30, l2: 0 };

  it('learns by cross-entropy with members as class 1', async () => {
    // So small a step changes no weight: the loss of the epoch is that of the first weights.
    const losses: number[] = [];
    const data = await rows();
    await trainAttackModel(data, training, 'x', context, (loss) => losses.push(loss));
    const all = Float32Array.from({ length: 180 }, (_, i) => data.row(Math.floor(i / 3))[i % 3]!);
    const logits = (
      await predict(attackNetwork(3, 8, 'x'), {
        size: 60,
        batch: () => ({
          inputs: { posteriors: { dtype: 'float32', dims: [60, 3], data: all } },
          target: { dtype: 'int64', dims: [60], data: new BigInt64Array(60) },
        }),
      })
    ).data as Float32Array;
    let expected = 0;
    for (let i = 0; i < 60; i++)
      expected += crossEntropyLoss(logits.subarray(2 * i, 2 * i + 2), i < 30 ? 1 : 0) / 60;
    expect(losses).toHaveLength(1);
    expect(losses[0]).toBeCloseTo(expected, 5);
    const scores = await memberScores(attackNetwork(3, 8, 'x'), data, context);
    scores.forEach((score, i) => {
      expect(score).toBeCloseTo(logits[2 * i + 1]! - logits[2 * i]!, 6);
    });
  });

  it('is pulled towards 0 by the gradient of λ Σθ²', async () => {
    // Weights w, no data: Adam's first step has the size of the learning rate and the sign of 2λw, if ε is small beside.
    const blank = { ...(await rows()), row: () => new Float32Array(3) };
    const first = attackNetwork(3, 8, 'x').initializers.get('hidden.weight')!.data as Float32Array;
    const after = async (l2: number) => {
      const model = await trainAttackModel(
        blank,
        { ...training, learningRate: 0.01, l2 },
        'x',
        context,
        () => {},
      );
      return model.initializers.get('hidden.weight')!.data as Float32Array;
    };
    expect(await after(0)).toEqual(first);
    // lr · g / (|g| + ε) with ε = 1e-8 and g = 2λw: half of a step at |w| = ε / 2λ.
    const lambda = 1e-8;
    (await after(lambda)).forEach((weight, i) => {
      const g = 2 * lambda * first[i]!;
      expect(weight).toBeCloseTo(first[i]! - (0.01 * g) / (Math.abs(g) + 1e-8), 5);
    });
  });
});

describe('a run', () => {
  it('follows its seed and its parameters', async () => {
    const world = (label: number, member: boolean, [noise]: Float32Array) =>
      sure(0.6 + 0.1 * Math.tanh(noise! + (member ? 1 : 0)), label, 3);
    const base = (await attack(world)).scores;
    expect((await attack(world)).scores).toEqual(base);
    expect((await attack(world, quick, { seed: 2 })).scores).not.toEqual(base);
    for (const other of [
      { epochs: 21 },
      { batchSize: 40 },
      { learningRate: 0.01 },
      { l2: 0.1 },
      { hidden: 32 },
    ])
      expect((await attack(world, { ...quick, ...other })).scores).not.toEqual(base);
  });

  it('computes on the device it is given, and stops when told to', async () => {
    const target = answered(0, 60, 3, (label) => sure(0.7, label, 3));
    const given = {
      ...bare,
      target: savedOutputs(target.table),
      records: target.records,
      references: [reference(target)],
    };
    const elsewhere = { ...context, device: 'no such device' as 'cpu' };
    await expect(shokri.configure(quick).run(given, elsewhere)).rejects.toMatchObject({
      code: 'OG_DEVICE_MISSING',
    });
    const abort = new AbortController();
    const running = shokri
      .configure({ ...quick, epochs: 1000 })
      .run(given, { ...context, signal: abort.signal, progress: () => abort.abort() });
    await expect(running).rejects.toMatchObject({ code: 'OG_ABORTED' });
  });

  it('on records of Algorithm 1 finds members without any data, and says what they cost', async () => {
    const configured = shokri.configure({ ...quick, shadowData: 'model', minConfidence: 0.5 });
    const { input, truth, close } = await bench(configured, { seed: 3, leak: 'leaky', classes: 3, size: 60 });
    try {
      const { records, queries } = input.synthesis!;
      expect(input.population.ids).toHaveLength(0);
      expect(records).toBe(120);
      expect(queries).toBeGreaterThan(records);
      const { scores, notes, threshold } = await configured.run(input, context);
      const { metrics } = evaluateMembership(
        { ids: input.records.ids, scores, threshold: threshold! },
        truth,
      );
      expect(metrics.auc.value).toBeGreaterThan(0.6);
      expect(notes?.[0]).toContain(
        `${records} synthetic records, which cost ${queries} queries of the target, ${(queries / records).toFixed(1)} a record`,
      );
    } finally {
      await close();
    }
  });
});
