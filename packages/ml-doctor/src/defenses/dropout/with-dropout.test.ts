import { float32, Graph, nn, ops, trainingModel, type Value } from 'onnx-grad';
import { describe, expect, it } from 'vitest';
import { logitsOf, noise } from '../../audit/selftest/bench/small-learner.ts';
import { architecture } from '../../models/architectures.ts';
import { type DropoutRates, planDropout, withDropout } from './with-dropout.ts';

const recordShape = [1, 10, 10];
const PIXELS = 100;

const built = (name: string): Graph => {
  const found = architecture(name);
  if (found.trains === 'forest') throw new Error('no network');
  return found.build({ recordShape, classes: 3, seed: 0 });
};
const dropped = (model: Graph, rates: DropoutRates) => withDropout(model, planDropout(model, rates));

/** Rate and numbers in a record of each mask that training draws, in the order of the graph. */
const masksOf = (model: Graph) =>
  trainingModel(new Graph(), model).masks.map(({ keep, shape }) => [
    Math.round(1000 * (1 - keep)) / 1000,
    shape.reduce((product, length) => product * length, 1),
  ]);

const rates = { input: 0.2, hidden: 0.5 };
const FEATURES = 64 * 1 * 1;

describe('withDropout', () => {
  it.each([
    ['logistic-regression', rates, [[0.2, PIXELS]]],
    [
      'mlp',
      rates,
      [
        [0.2, PIXELS],
        [0.5, 256],
        [0.5, 128],
      ],
    ],
    [
      'simple-cnn',
      rates,
      [
        [0.2, PIXELS],
        [0.5, FEATURES],
        [0.5, 128],
      ],
    ],
    // Of its own it has .4 before the last layer; wide-mlp has .5.
    [
      'resnet',
      rates,
      [
        [0.2, PIXELS],
        [0.5, 128],
      ],
    ],
    ['resnet', { input: 0, hidden: 0.3 }, [[0.4, 128]]],
    [
      'wide-mlp',
      rates,
      [
        [0.2, PIXELS],
        [0.5, 512],
        [0.5, 256],
      ],
    ],
    [
      'wide-mlp',
      { input: 0, hidden: 0.7 },
      [
        [0.7, 512],
        [0.7, 256],
      ],
    ],
    [
      'mlp',
      { input: 0, hidden: 0.5 },
      [
        [0.5, 256],
        [0.5, 128],
      ],
    ],
    ['mlp', { input: 0.5, hidden: 0 }, [[0.5, PIXELS]]],
  ])('drops of %s at %o where it should', (name, chosen, expected) => {
    expect(masksOf(dropped(built(name), chosen))).toEqual(expected);
  });

  it.each(['logistic-regression', 'mlp', 'resnet', 'simple-cnn', 'wide-mlp'])(
    'leaves %s its weights and, at inference, the bits of its answers',
    async (name) => {
      const [plain, data] = [built(name), noise(recordShape)];
      const model = dropped(plain, rates);
      expect(model.parameters).toEqual(plain.parameters);
      for (const parameter of plain.parameters)
        expect(model.initializers.get(parameter)).toEqual(plain.initializers.get(parameter));
      expect(model.inputs.map(({ name, shape }) => [name, shape])).toEqual([['x', ['N', ...recordShape]]]);
      expect(await logitsOf(model, data)).toEqual(await logitsOf(plain, data));
    },
  );

  it('sees dropout through what only moves numbers, and dense layers of more than two axes', () => {
    const graph = new Graph();
    const x = graph.input('x', 'float32', ['N', 2, 5]);
    const first = nn.dense(x, { name: 'a', seed: 0, units: 4 });
    const second = nn.flatten(nn.dropout(ops.Relu(first), { rate: 0.1 }));
    graph.output('logits', nn.dense(second, { name: 'b', seed: 0, units: 3 }));
    expect(masksOf(dropped(graph, rates))).toEqual([
      [0.2, 10],
      [0.5, 8],
    ]);
  });

  it('keeps the names of a model whose names are those it would choose', async () => {
    const graph = new Graph();
    let value = graph.input('x', 'float32', ['N', 6]);
    for (const units of [4, 3]) value = nn.dense(value, { name: `fc${units}`, seed: 0, units });
    for (let i = 0; i < 8; i++) {
      const name = `${i % 2 === 0 ? 'const' : 'Dropout'}_${i}`;
      const factor = graph.initializer(name, float32([1], [2]), { trainable: true });
      value = graph.node('Mul', [value, factor], {}, { outputNames: [`Dropout_1_${i}`] })[0] as Value;
    }
    graph.output('logits', value);
    const model = dropped(graph, rates);
    expect(masksOf(model)).toEqual([
      [0.2, 6],
      [0.5, 4],
    ]);
    expect([...model.parameters].sort()).toEqual([...graph.parameters].sort());
    expect(model.outputs.get('logits')?.name).toBe('Dropout_1_7');
    expect(await logitsOf(model, noise([6]))).toEqual(await logitsOf(graph, noise([6])));
  });
});
