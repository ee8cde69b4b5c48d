/** What every attribute attack must do, whatever its method: on a target that goes by the attribute, and on one that is blind to it. */

import { Graph, ops } from 'onnx-grad';
import { afterAll, describe, expect, it } from 'vitest';
import {
  accuracy,
  coins,
  context,
  noise,
  type OpenWorld,
  opened,
  span,
  table,
  times,
} from '../../../test/attacks/attribute/white-box.ts';
import { watched } from '../../../test/attacks/bench.ts';
import type { Dataset } from '../../data/dataset.ts';
import type { AttributeGuesses } from './attribute-attack.ts';
import { type AttributeName, attributeAttacks } from './registry.ts';

const [KNOWN, ASKED] = [60, 90];
const SIZE = KNOWN + ASKED;
const CITIES = ['Ulm', 'Bonn', 'Jena'];

const numbers = noise(7, SIZE, 2);
const cities = span(0, SIZE).map((i) => (i * 7 + (i % 11)) % 3);
const exceptions = coins(3, SIZE, 0.15);
/** Mostly the city, so that the attribute tells the label; or nothing of it. */
const labelsOf = (leaky: boolean) =>
  span(0, SIZE).map((i) => (leaky ? (cities[i]! + exceptions[i]!) % 3 : numbers[i]![0]! > 0 ? 1 : 0));

const dataOf = (leaky: boolean): Dataset =>
  table(
    numbers.map((row, i) => [...CITIES.map((_, c) => (cities[i] === c ? 1 : 0)), ...row]),
    labelsOf(leaky),
    {
      columns: [{ name: 'city', categories: CITIES }, { name: 'a' }, { name: 'b' }],
      oneHot: [{ first: 0, width: 3 }],
      ...(leaky ? {} : { classes: ['no', 'yes'] }),
    },
  );

/** Dense, ReLU, dense: what the last layer receives holds the city, or nothing of it. */
const modelOf = (leaky: boolean): Graph => {
  const graph = new Graph('target');
  const x = graph.input('x', 'float32', ['N', 5]);
  const pass = (on: readonly number[]) => on.map((place) => span(0, 5).map((j) => (j === place ? 1 : 0)));
  const columns = leaky ? pass([0, 1, 2, 3]) : pass([3, 4]);
  const hidden = ops.Relu(
    times(
      x,
      'first',
      columns[0]!.map((_, j) => columns.map((column) => column[j]!)),
    ),
  );
  const out = leaky
    ? [
        [3, 0, 0],
        [0, 3, 0],
        [0, 0, 3],
        [0.2, 0, -0.1],
      ]
    : [
        [-2, 2],
        [0.1, 0],
      ];
  graph.output('logits', times(hidden, 'last', out));
  return graph;
};

const worldOf = (leaky: boolean, asked = span(KNOWN, ASKED)): OpenWorld =>
  opened({ data: dataOf(leaky), attribute: 'city', model: modelOf(leaky), known: span(0, KNOWN), asked });

const worlds: OpenWorld[] = [];
afterAll(async () => {
  for (const world of worlds) await world.close();
});

/** Every form that works in another way; total by type. */
const forms: { readonly [Name in AttributeName]: readonly Readonly<Record<string, unknown>>[] } = {
  'attribute/embedding': [{}, { head: 'linear', auxiliary: 'partial' }],
  'attribute/tabular': [
    { method: 'fredrikson' },
    { method: 'confidence' },
    { method: 'label-only' },
    { method: 'learned' },
  ],
  'attribute/gradient': [{}, { decision: 'stationary' }],
};
const all = Object.entries(forms).flatMap(([name, each]) =>
  each.map((params) => ({ name: name as AttributeName, params, title: `${name} ${JSON.stringify(params)}` })),
);

describe.each(all)('$title', ({ name, params }) => {
  const configured = attributeAttacks[name].configure(params);
  /** The target answers about whole records from the model, as it would from saved answers. */
  const run = async (
    leaky: boolean,
    changes: Partial<typeof context> = {},
    asked?: number[],
  ): Promise<{ guesses: AttributeGuesses; world: OpenWorld }> => {
    const world = worldOf(leaky, asked);
    worlds.push(world);
    const { input } = world;
    const { target } = input;
    const whole = (ids: Uint32Array) => ({
      values: Float32Array.from([...ids].flatMap((id) => rowOf(leaky, id))),
      rows: ids.length,
    });
    const answering = Object.defineProperties(Object.create(target), {
      query: { value: ({ ids }: { ids: Uint32Array }) => target.answersOf(whole(ids)) },
      labels: { value: ({ ids }: { ids: Uint32Array }) => target.labelsOf(whole(ids)) },
      queries: { get: () => target.queries },
    });
    const known = configured.needs.auxiliary === 'none' ? { ...input.known, ...nobody } : input.known;
    const guesses = await configured.run(
      { ...input, known, target: watched(answering) },
      { ...context, ...changes },
    );
    return { guesses, world };
  };
  const found = run(true);

  it('guesses every record: a category, with beliefs that are shares', async () => {
    const { predicted, beliefs } = (await found).guesses;
    expect(predicted).toHaveLength(ASKED);
    for (const value of predicted) expect([0, 1, 2]).toContain(value);
    expect(beliefs).toHaveLength(3 * ASKED);
    for (let i = 0; i < ASKED; i++) {
      const row = beliefs!.subarray(3 * i, 3 * i + 3);
      expect(Math.min(...row)).toBeGreaterThanOrEqual(0);
      expect(row.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 9);
    }
  });

  it('finds what the target goes by', async () => {
    const { guesses, world } = await found;
    // The label, and the answer to the record as it is, tell the city of 85 of 100.
    expect(accuracy(guesses.predicted, world.truth)).toBeGreaterThan(0.75);
  });

  it('finds nothing in a target that is blind to it', async () => {
    const { guesses, world } = await run(false);
    const right = accuracy(guesses.predicted, world.truth);
    // 1/3 and four standard deviations of a share of 90.
    expect(right).toBeLessThan(1 / 3 + 0.2);
    expect(right).toBeGreaterThan(1 / 3 - 0.2);
  });

  it('guesses the same for the same seed, in whatever order it is asked', async () => {
    const { guesses } = await found;
    const again = await run(true);
    expect(again.guesses.predicted).toEqual(guesses.predicted);
    expect(again.guesses.beliefs).toEqual(guesses.beliefs);
    const turned = await run(true, {}, span(KNOWN, ASKED).reverse());
    const same = [...turned.guesses.predicted].reverse();
    // What learns from the records it is asked about sees them in another order.
    if (params['method'] === 'label-only')
      expect(accuracy(same, [...guesses.predicted])).toBeGreaterThan(0.9);
    else expect(same).toEqual([...guesses.predicted]);
  });

  it('stops when it is told to', async () => {
    const stop = new AbortController();
    stop.abort();
    await expect(run(true, { signal: stop.signal })).rejects.toThrow();
  });

  it('says how far it is', async () => {
    const told: number[] = [];
    await run(true, { progress: (fraction) => void told.push(fraction) });
    expect(told.length).toBeGreaterThan(0);
    for (const fraction of told) {
      expect(fraction).toBeGreaterThanOrEqual(0);
      expect(fraction).toBeLessThanOrEqual(1);
    }
    expect(told).toEqual([...told].sort((a, b) => a - b));
  });

  it('asks the target as often as it says', async () => {
    const world = worldOf(true);
    worlds.push(world);
    const setting = { attribute: world.input.attribute, recordShape: [5] };
    const { asked, known } = configured.queries(setting);
    const { world: own } = await found;
    const sent = own.input.target.queries;
    const about = configured.answers === 'none' ? 0 : KNOWN + ASKED;
    expect(sent).toBeLessThanOrEqual(asked * ASKED + known * KNOWN + about);
    if (configured.needs.access === 'white-box') expect(sent).toBe(0);
    else expect(sent).toBeGreaterThan(0);
  });
});

const nobody = {
  records: { ids: new Uint32Array(0), labels: new Int32Array(0) },
  rest: () => new Float32Array(0),
  truth: new Int32Array(0),
};

const rowOf = (leaky: boolean, id: number): number[] => {
  const { x } = dataOf(leaky);
  return [...x.subarray(5 * id, 5 * id + 5)];
};

it('knows every attack', () => {
  expect(Object.keys(forms).sort()).toEqual(Object.keys(attributeAttacks).sort());
});
