/** What a step is fed: the records of its batch with their labels, and draws of its own. */
import { adam, type Tensor } from 'onnx-grad';
import { describe, expect, test } from 'vitest';
import { numericRows } from '../../test/generators/made-data.ts';
import { hingeGame } from './adversarial-losses.ts';
import { buildAdversarialStep, own } from './adversarial-step.ts';
import { discriminatorView } from './auxiliary-data.ts';
import { untrainedPair } from './networks.ts';
import { feedsOf } from './step-feeds.ts';

const data = numericRows(Float32Array.of(0, 1, 10, 11, 20, 21, 30, 31), 2);
const latent = 50;
const optimizer = adam({ learningRate: 0.5, betas: [0.5, 0.999] });
const networks = untrainedPair({
  ...{ space: data, view: discriminatorView(data), latent, width: 2, classes: 3, seed: 1 },
});
const step = buildAdversarialStep(networks, { loss: hingeGame, optimizer });
const chosen = { records: Uint32Array.of(3, 0, 2, 0), labels: Int32Array.of(0, 0, 1, 2) };
const feeds = (batch: number[], done: number, seed = 1) =>
  feedsOf({ step, optimizer, data, chosen, latent, classes: 3, seed }, Uint32Array.from(batch), done);
const numbers = (tensor: Tensor | undefined) => Array.from(tensor?.data as ArrayLike<number>, Number);

describe('a step of adversarial training', () => {
  test('is fed everything that its graph takes besides the state', () => {
    const wanted = step.graph.inputs.map(({ name }) => name).filter((name) => !step.state.has(name));
    expect(Object.keys(feeds([0], 0)).sort()).toEqual(wanted.sort());
  });

  test('sees the chosen records with the labels they were chosen for', () => {
    const fed = feeds([3, 0, 2], 0);
    expect(fed[own('real')]?.dims).toEqual([3, 2]);
    expect(numbers(fed[own('real')])).toEqual([0, 1, 30, 31, 20, 21]);
    expect(numbers(fed[own('realLabels')])).toEqual([2, 0, 1]);
  });

  test('draws latent vectors, labels and masks by seed and step', () => {
    const many = Array.from({ length: 200 }, () => 0);
    const [first, again] = [feeds(many, 4), feeds(many, 4)];
    expect(again).toEqual(first);
    const drawn = [own('z'), own('labels'), ...step.masks.map(({ input }) => input.name)];
    expect(drawn).toHaveLength(2 + 3 * 2);
    for (const name of drawn) {
      expect(feeds(many, 5)[name], name).not.toEqual(first[name]);
      expect(feeds(many, 4, 2)[name], name).not.toEqual(first[name]);
    }
    const z = numbers(first[own('z')]);
    // 10,000 draws: five standard errors of mean and variance.
    expect(Math.abs(z.reduce((a, b) => a + b, 0) / z.length)).toBeLessThan(0.05);
    expect(Math.abs(z.reduce((a, b) => a + b * b, 0) / z.length - 1)).toBeLessThan(5 * Math.sqrt(2 / 10_000));
    expect(new Set(numbers(first[own('labels')]))).toEqual(new Set([0, 1, 2]));
    // The two hidden layers of each of three passes: 16 and 8 units, a fifth of them dropped.
    expect(new Set(numbers(first[drawn[2] as string]))).toEqual(new Set([0, 1.25]));
  });

  test('counts its steps from one for the optimiser', () => {
    expect(numbers(feeds([0], 0)[step.scalars.get('stepSize') as string])).toEqual([1]);
    expect(numbers(feeds([0], 1)[step.scalars.get('stepSize') as string])[0]).toBeCloseTo(0.5 / 0.75, 6);
  });
});
