import { Graph, ops } from 'onnx-grad';
import { describe, expect, it } from 'vitest';
import {
  accuracy,
  bothSides,
  coins,
  context,
  halfWidth,
  noise,
  opened,
  span,
  table,
  times,
  type World,
} from '../../../audit/selftest/bench/attribute-world.ts';
import { embedding } from './embedding.ts';

const WIDTH = 8;
const SIZE = 1200;
const known = span(0, 500);
const asked = span(500, 700);

/** x ↦ ReLU on both sides of some directions ↦ two logits; `inner`: another such layer before it. */
const network = (
  directions: readonly (readonly number[])[],
  recordShape: readonly number[] = [WIDTH],
  inner?: readonly (readonly number[])[],
): Graph => {
  const graph = new Graph('net');
  let x = graph.input('x', 'float32', ['N', ...recordShape]);
  if (recordShape.length > 1) x = ops.Flatten(x);
  if (inner) x = ops.Relu(times(x, 'deep', bothSides(inner)));
  const units = ops.Relu(times(x, 'units', bothSides(directions)));
  graph.output('logits', times(units, 'out', bothSides([new Array(2 * directions.length).fill(1)])));
  return graph;
};

const axis = (j: number, width = WIDTH) => Array.from({ length: width }, (_, i) => (i === j ? 1 : 0));
/** All that there is in a record, each number of it spread over all units: a reflection. */
const everything = span(0, WIDTH).map((i) => axis(i).map((one, j) => one - (2 * (i + 1) * (j + 1)) / 204));

/** The first two numbers of a record say a coin each: on its side of 0, at least 1 away. */
const side = (value: number, coin: number) => (coin === 1 ? 1 : -1) * (1 + 0.3 * Math.abs(value));

const attribute = coins(1, SIZE);
/** The label: that of the attribute for 8 of 10. */
const labels = coins(2, SIZE, 0.2).map((other, i) => (other === 1 ? 1 - attribute[i]! : attribute[i]!));
const rows = noise(3, SIZE, WIDTH).map((row, i) => [
  side(row[0]!, attribute[i]!),
  side(row[1]!, labels[i]!),
  ...row.slice(2),
]);
const people = table(rows, labels, {
  attributes: { hidden: { values: Int32Array.from(attribute), categories: ['no', 'yes'] } },
});
const world = (model: Graph, parts: Partial<World> = {}): World => ({
  ...{ data: people, attribute: 'hidden', model, known, asked },
  ...parts,
});

const attacked = async (
  params: Readonly<Record<string, unknown>>,
  given: World,
  change: Partial<typeof context> = {},
) => {
  const { input, truth, close } = opened(given);
  try {
    const refuse = () => {
      throw new Error('this attacker knows nothing of a record');
    };
    const blind = {
      ...input,
      known: { ...input.known, rest: refuse },
      asked: { ...input.asked, rest: refuse },
    };
    const guesses = await embedding.configure(params).run(blind, { ...context, ...change });
    return { ...guesses, truth, right: accuracy(guesses.predicted, truth) };
  } finally {
    await close();
  }
};

/** What somebody guesses right who knows the label only. */
const fromLabel = asked.filter((i) => labels[i] === attribute[i]).length / asked.length;

describe.each(['mlp', 'linear'] as const)('the head %s', (head) => {
  it('reads an attribute that the embedding has linearly, of records that it never saw', async () => {
    const { right, beliefs, notes, truth } = await attacked({ head }, world(network(everything)));
    expect(right).toBeGreaterThanOrEqual(0.99);
    expect(beliefs).toHaveLength(2 * truth.length);
    expect(notes).toEqual([expect.stringMatching(/layer Relu\S* gives: 16 numbers/)]);
  });

  it('guesses what the label says where the embedding holds no more than that', async () => {
    const { right } = await attacked({ head }, world(network([axis(1)])));
    expect(fromLabel).toBeGreaterThan(0.75);
    expect(fromLabel).toBeLessThan(0.85);
    expect(Math.abs(right - fromLabel)).toBeLessThanOrEqual(halfWidth(right, asked.length));
  });

  it('reads a number to within less than its median misses it', async () => {
    const age = Float32Array.from(rows, (row) => 40 + 10 * row[3]!);
    const data = table(rows, labels, { attributes: { age: { values: age } } });
    const { predicted, truth, beliefs } = await attacked(
      { head },
      world(network(everything), { data, attribute: 'age' }),
    );
    const error = truth.reduce((sum, value, i) => sum + Math.abs(value - predicted[i]!), 0) / truth.length;
    // A normal number's mean distance from its median is 10 √(2/π) = 8.0.
    expect(error).toBeLessThan(2.5);
    expect(beliefs).toBeUndefined();
  });
});

it('tells one of several categories, of pictures as well', async () => {
  const values = Int32Array.from(rows, (row) => (row[2]! > 0.4 ? 2 : row[2]! < -0.4 ? 0 : 1));
  const data = table(rows, labels, {
    recordShape: [1, 2, 4],
    attributes: { shade: { values, categories: ['low', 'middle', 'high'] } },
    normalisation: { scale: 1, mean: [0], std: [1] },
  });
  const { right, beliefs } = await attacked(
    { head: 'mlp' },
    world(network(everything, [1, 2, 4]), { data, attribute: 'shade' }),
  );
  expect(right).toBeGreaterThan(0.9);
  expect(beliefs).toHaveLength(3 * asked.length);
});

it('needs the hidden layer for an attribute that no line divides', async () => {
  const signs = [coins(4, SIZE), coins(5, SIZE)] as const;
  const pairs = noise(6, SIZE, 2).map(([a, b], i) => [side(a!, signs[0][i]!), side(b!, signs[1][i]!)]);
  const values = Int32Array.from(signs[0], (sign, i) => (sign === signs[1][i] ? 1 : 0));
  const data = table(pairs, labels, { attributes: { odd: { values, categories: ['no', 'yes'] } } });
  const graph = new Graph('linear');
  const turned = times(graph.input('x', 'float32', ['N', 2]), 'turn', [
    [0.8, -0.6],
    [0.6, 0.8],
  ]);
  graph.output('logits', times(turned, 'out', [axis(0, 2), axis(1, 2)]));
  const given = world(graph, { data, attribute: 'odd' });
  const mlp = await attacked({}, given);
  const linear = await attacked({ head: 'linear' }, given);
  expect(mlp.right).toBeGreaterThan(0.95);
  expect(linear.right).toBeLessThan(0.6);
});

describe('the layer', () => {
  /** The first layer has all of a record, the second what the label is told by. */
  const told = axis(1);
  const forgetful = network(
    [told.flatMap((one) => [one, -one])],
    [WIDTH],
    span(0, WIDTH).map((j) => axis(j)),
  );

  it('is the one that is named', async () => {
    const last = await attacked({ head: 'linear' }, world(forgetful));
    const named = await attacked({ head: 'linear', layer: 'deep' }, world(forgetful));
    expect(Math.abs(last.right - fromLabel)).toBeLessThanOrEqual(halfWidth(last.right, asked.length));
    expect(last.notes).toEqual([expect.stringMatching(/layer Relu\S* gives: 2 numbers/)]);
    expect(named.right).toBeGreaterThanOrEqual(0.99);
    expect(named.notes).toEqual([expect.stringMatching(/layer deep gives: 16 numbers/)]);
  });

  it('is refused by a name that the model has not', async () => {
    await expect(attacked({ layer: 'dep' }, world(forgetful))).rejects.toMatchObject({
      code: 'MLD_LAYER_UNKNOWN',
    });
  });
});

describe('its options', () => {
  it('trains each head as long as its source does, or as long as it is told', () => {
    const epochs = (params: object) => embedding.configure(params).params.epochs;
    expect(epochs({})).toBe(50);
    expect(epochs({ head: 'linear' })).toBe(100);
    expect(epochs({ head: 'linear', epochs: 7 })).toBe(7);
    expect(() => embedding.configure({ epochs: 0 })).toThrow(expect.objectContaining({ code: 'MLD_USAGE' }));
  });

  it('trains for as many epochs as asked', async () => {
    const seen: (number | undefined)[] = [];
    const small = world(network(everything), { known: span(0, 64), asked: span(64, 8) });
    await attacked({ epochs: 3 }, small, { progress: (_, figures) => seen.push(figures?.epoch) });
    expect(seen).toEqual([1, 2, 3]);
  });

  it('learns from shadow records or from the target’s own, and reads layers', () => {
    const common = { access: 'white-box', output: 'posteriors', record: 'none' };
    expect(embedding.configure().needs).toEqual({ ...common, auxiliary: 'shadow' });
    expect(embedding.configure({ auxiliary: 'partial' }).needs).toEqual({ ...common, auxiliary: 'partial' });
  });
});

it('says the same for the same seed, and nobody’s guess depends on who else is asked about', async () => {
  const all = await attacked({ epochs: 5 }, world(network(everything)));
  const again = await attacked({ epochs: 5 }, world(network(everything)));
  expect(again.beliefs).toEqual(all.beliefs);
  const turned = await attacked({ epochs: 5 }, world(network(everything), { asked: [...asked].reverse() }));
  expect([...turned.predicted].reverse()).toEqual([...all.predicted]);
  const other = await attacked({ epochs: 5 }, world(network(everything)), { seed: 2 });
  expect(other.beliefs).not.toEqual(all.beliefs);
});

it('stops when told to', async () => {
  const stop = new AbortController();
  const progress = () => stop.abort();
  await expect(
    attacked({ epochs: 1000 }, world(network(everything)), { signal: stop.signal, progress }),
  ).rejects.toMatchObject({ code: 'OG_ABORTED' });
});
