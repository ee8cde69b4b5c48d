import { adam, fit, Graph, losses, nn, ops, stream, type Value } from 'onnx-grad';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  accuracy,
  coins,
  context,
  halfWidth,
  noise,
  opened,
  span,
  table,
  type World,
} from '../../../audit/selftest/bench/attribute-world.ts';
import type { AttributeFacts } from '../../../data/sensitive.ts';
import { batchSource } from '../../../models/batch-source.ts';
import { gradient } from './gradient.ts';

const attacked = async (
  params: Readonly<Record<string, unknown>>,
  world: World,
  change: Partial<typeof context> = {},
) => {
  const { input, truth, close } = opened({ whole: 'refused', ...world });
  try {
    const guesses = await gradient.configure(params).run(input, { ...context, ...change });
    return { ...guesses, truth, right: accuracy(guesses.predicted, truth), asked: input.target.queries };
  } finally {
    await close();
  }
};

const BLOODS = ['A', 'B', 'AB', '0'];
const BITS = 8;
const COLUMNS = [
  ...span(0, 3).map((j) => ({ name: `bit ${j}` })),
  { name: 'blood', categories: BLOODS },
  ...span(3, BITS - 3).map((j) => ({ name: `bit ${j}` })),
];

/** Every row of bits with every blood group, in an order that tells nothing; a row is three bits, group, five bits. */
const combinations = stream(5, 'order').permutation(2 ** BITS * 4);
const groups = [...combinations].map((n) => n % 4);
const combined = [...combinations].map((n) => {
  const bits = span(0, BITS).map((j) => (n >> (2 + j)) & 1);
  return [...bits.slice(0, 3), ...span(0, 4).map((k) => (k === n % 4 ? 1 : 0)), ...bits.slice(3)];
});
const bloodTable = (labels: readonly number[], classes: number) =>
  table(combined, labels, {
    columns: COLUMNS,
    oneHot: [{ first: 3, width: 4 }],
    classes: span(0, classes).map((c) => `class ${c}`),
    normalisation: { scale: 1, mean: new Array(12).fill(0.5), std: new Array(12).fill(0.5) },
  });

describe('a target that has learnt noise by heart', () => {
  const CLASSES = 8;
  const data = bloodTable(
    [...stream(6, 'labels').integers(new Uint32Array(combined.length), CLASSES)],
    CLASSES,
  );
  const members = span(0, 400);
  const others = span(400, 400);
  let model: Graph;

  beforeAll(async () => {
    const graph = new Graph('by heart');
    const x = graph.input('x', 'float32', ['N', 12]);
    const inner = ops.Relu(nn.dense(x, { name: 'fc1', seed: 1, units: 128 }));
    graph.output('logits', nn.dense(inner, { name: 'fc2', seed: 1, units: CLASSES }));
    const fitted = await fit({
      model: graph,
      loss: losses.crossEntropy(),
      optimizer: adam({ learningRate: 3e-3 }),
      data: batchSource(data, Uint32Array.from(members)),
      epochs: 120,
      batchSize: 40,
      seed: 1,
    });
    model = fitted.model;
  });

  const world = (asked: readonly number[], known: readonly number[]): World => ({
    ...{ data, attribute: 'blood', model, known, asked },
  });

  it.each([
    { decision: 'stationary', least: 0.6 },
    { decision: 'learned', auxiliary: 'partial', least: 0.5 },
  ])('tells more of its own records than of others, $decision', async ({ least, ...params }) => {
    const known = params.decision === 'learned' ? members.slice(0, 200) : [];
    const found = await attacked(params, world([...members.slice(200), ...others], known));
    const right = (from: number, to: number) =>
      accuracy(found.predicted.slice(from, to), found.truth.slice(from, to));
    expect(right(0, 200)).toBeGreaterThan(least);
    expect(right(200, 600)).toBeLessThan(0.35);
    expect(found.beliefs).toHaveLength(4 * 600);
    // It has the weights.
    expect(found.asked).toBe(0);
  });

  it('says the same for the same seed, and stops when told to', async () => {
    const params = { decision: 'stationary' };
    const one = await attacked(params, world(others, []));
    const again = await attacked(params, world(others, []));
    expect(again).toEqual(one);
    const signal = AbortSignal.abort(new Error('enough'));
    await expect(attacked(params, world(others, []), { signal })).rejects.toThrow('enough');
  });

  it('says how far it is, forwards, to the end', async () => {
    const seen: number[] = [];
    await attacked({}, world(members.slice(200, 230), members.slice(0, 40)), {
      progress: (fraction) => seen.push(fraction),
    });
    expect(seen).toEqual([...seen].sort((a, b) => a - b));
    expect(seen[0]).toBeLessThan(0.5);
    expect(seen.at(-1)).toBe(1);
  });
});

describe('a target that does not look at the attribute', () => {
  // 7 of 10 have the first blood group.
  const chosen = span(0, combined.length).filter((i) => groups[i] === 0 || i % 7 === 0);
  const data = bloodTable(coins(8, combined.length), 2);
  const known = chosen.slice(0, 120);
  const asked = chosen.slice(120);
  const graph = new Graph('blind');
  const x = graph.input('x', 'float32', ['N', 12]);
  const kept: Value = ops.Concat(
    [
      ops.Slice(x, { starts: [0], ends: [3], axes: [1] }),
      ops.Slice(x, { starts: [7], ends: [12], axes: [1] }),
    ],
    1,
  );
  graph.output(
    'logits',
    nn.dense(ops.Relu(nn.dense(kept, { name: 'a', seed: 2, units: 16 })), { name: 'b', seed: 2, units: 2 }),
  );
  const world: World = { data, attribute: 'blood', model: graph, known, asked };

  it('is told what is commonest, when the attacker learns', async () => {
    const majority = asked.filter((i) => groups[i] === 0).length / asked.length;
    expect(majority).toBeGreaterThan(0.6);
    const { right } = await attacked({}, world);
    expect(Math.abs(right - majority)).toBeLessThanOrEqual(halfWidth(majority, asked.length));
  });

  it('lets the attacker draw, who says so, when he has nothing to learn from', async () => {
    const { right, notes } = await attacked({ decision: 'stationary' }, { ...world, known: [] });
    expect(Math.abs(right - 1 / 4)).toBeLessThanOrEqual(2 * halfWidth(1 / 4, asked.length));
    expect(notes).toEqual([
      expect.stringMatching(new RegExp(`alike in ${asked.length} of ${asked.length} records`)),
    ]);
  });
});

describe('a number', () => {
  const SIZE = 300;
  const rows = noise(4, SIZE, 2).map(([a, b]) => [a!, 40 + 6 * a! + 3 * b!]);
  const labels = coins(3, SIZE, 0.3);
  const data = table(rows, labels, {
    columns: [{ name: 'other' }, { name: 'age' }],
    normalisation: { scale: 1, mean: [0, 40], std: [1, 7] },
  });
  /** Whoever is 40 + 6 · other is of class 0, whoever is far from it of class 1. */
  const graph = new Graph('valley');
  const x = graph.input('x', 'float32', ['N', 2]);
  const column = (j: number) => ops.Slice(x, { starts: [j], ends: [j + 1], axes: [1] });
  const away = ops.Sub(ops.Mul(column(1), graph.scalar(7)), ops.Mul(column(0), graph.scalar(6)));
  const square = ops.Mul(ops.Mul(away, away), graph.scalar(0.005));
  graph.output('logits', ops.Concat([ops.Sub(graph.scalar(1), square), square], 1));
  const zero = span(0, SIZE).filter((i) => labels[i] === 0);
  const world: World = {
    data,
    attribute: 'age',
    model: graph,
    known: zero.slice(0, 120),
    asked: zero.slice(120),
  };
  const missed = (
    { predicted, truth }: { predicted: ArrayLike<number>; truth: readonly number[] },
    by: (i: number) => number,
  ) => truth.reduce((sum, _, k) => sum + Math.abs(predicted[k]! - by(k)), 0) / truth.length;

  it('is put where the loss is least, closer than candidates lie', async () => {
    const { beliefs, ...found } = await attacked({ decision: 'stationary', candidates: 12 }, world);
    const valley = (k: number) => 40 + 6 * rows[world.asked[k]!]![0]!;
    const apart = (Math.max(...rows.map((row) => row[1]!)) - Math.min(...rows.map((row) => row[1]!))) / 11;
    expect(apart).toBeGreaterThan(2);
    expect(missed(found, valley)).toBeLessThan(0.15);
    expect(beliefs).toBeUndefined();
  });

  it('is learnt from the losses of candidates', async () => {
    const { beliefs, ...found } = await attacked({}, world);
    // The rest of the record says it up to 3 √(2/π) = 2.4; a normal number of deviation 6.7 by itself up to 5.4.
    expect(missed(found, (k) => found.truth[k]!)).toBeLessThan(3.2);
    expect(beliefs).toBeUndefined();
  });
});

describe('what it refuses', () => {
  const blood: AttributeFacts = { name: 'blood', kind: 'categorical', categories: BLOODS, inRecord: true };
  const unsuited = (message: RegExp, hint: RegExp) =>
    expect.objectContaining({
      code: 'MLD_ATTACK_UNSUITED',
      message: expect.stringMatching(message),
      hint: expect.stringMatching(hint),
    });

  it('an attribute that the model is not given', () => {
    const attribute = { ...blood, inRecord: false };
    expect(() => gradient.configure().check({ attribute, recordShape: [1, 8, 8] })).toThrow(
      unsuited(/not given 'blood'/, /attribute\/embedding.*attribute\/tabular with method: learned/),
    );
    expect(() => gradient.configure().check({ attribute: blood, recordShape: [12] })).not.toThrow();
  });

  it('a number of candidates for what is no number', () => {
    const configured = gradient.configure({ candidates: 5 });
    expect(() => configured.check({ attribute: blood, recordShape: [12] })).toThrow(
      unsuited(/candidates: 5.*all 4 values of 'blood'/, /Leave candidates out/),
    );
    const { categories: _, ...number } = blood;
    const attribute = { ...number, kind: 'continuous' } as const;
    expect(() => configured.check({ attribute, recordShape: [12] })).not.toThrow();
  });

  it('a model that its input has no slope to', async () => {
    const graph = new Graph('steps');
    const rounded = ops.Round(graph.input('x', 'float32', ['N', 12]));
    graph.output('logits', nn.dense(rounded, { name: 'fc', seed: 1, units: 2 }));
    const data = bloodTable(coins(8, combined.length), 2);
    await expect(
      attacked({}, { data, attribute: 'blood', model: graph, known: [0, 1], asked: [2] }),
    ).rejects.toMatchObject({
      code: 'MLD_ATTACK_UNSUITED',
      hint: expect.stringMatching(/attribute\/tabular/),
    });
  });

  it.each([1, 2.5, 1001, 5_000_000])('%d values to try', (candidates) => {
    expect(() => gradient.configure({ candidates })).toThrow(
      expect.objectContaining({ code: 'MLD_USAGE', message: expect.stringMatching(/candidates/) }),
    );
    for (const fine of [2, 1000]) expect(() => gradient.configure({ candidates: fine })).not.toThrow();
  });

  it('auxiliary data for a decision that learns nothing', () => {
    expect(() => gradient.configure({ decision: 'stationary', auxiliary: 'shadow' })).toThrow(
      expect.objectContaining({
        code: 'MLD_USAGE',
        message: expect.stringMatching(/auxiliary is of no use/),
      }),
    );
  });
});

it('needs auxiliary data only to learn', () => {
  const common = { access: 'white-box', output: 'posteriors', record: 'rest' };
  expect(gradient.configure().needs).toEqual({ ...common, auxiliary: 'shadow' });
  expect(gradient.configure({ auxiliary: 'partial' }).needs).toEqual({ ...common, auxiliary: 'partial' });
  expect(gradient.configure({ decision: 'stationary' }).needs).toEqual({ ...common, auxiliary: 'none' });
  expect(gradient.configure({ decision: 'stationary' }).params).toEqual({ decision: 'stationary' });
});
