/** Of every defence that says so: a training of more epochs goes on from the end of one of fewer, to the same bits. */
import { encodeModel } from 'onnx-grad';
import { expect, it } from 'vitest';
import { learnable, learnerOptions } from '../../test/defenses/learning.ts';
import type { DefenseParameters } from './defense.ts';
import { defenses } from './registry.ts';

const { data, members } = learnable();
const base = learnerOptions(data, members);

/** What a defence needs besides its defaults to go on. */
const CHOSEN: Readonly<Record<string, DefenseParameters>> = { 'dp-sgd': { noiseMultiplier: 1 } };

const goingOn = Object.values(defenses).flatMap(({ name, configure }) => {
  const { learner } = configure(CHOSEN[name]);
  return learner?.continues ? [{ name, learner }] : [];
});

it('goes for all that train one model once', () => {
  expect(goingOn.map(({ name }) => name).sort()).toEqual(
    ['dp-sgd', 'dropout', 'early-stopping', 'label-smoothing', 'mixup-mmd', 'relax-loss'].sort(),
  );
});

it.each(goingOn)('$name', async ({ learner }) => {
  const train = async (epochs: number, from?: Uint8Array) => {
    let end: Uint8Array | undefined;
    const fractions: number[] = [];
    const { model, ...result } = await learner.train({
      ...base,
      // A milestone in what is left.
      recipe: { ...base.recipe, epochs, milestones: [11] },
      checkpoint: {
        ...{ seconds: 3600, atEnd: true, load: async () => from },
        save: async (bytes) => {
          end = bytes;
        },
      },
      progress: ({ fraction }) => void fractions.push(fraction),
    });
    return { all: { ...result, model: encodeModel(model) }, end, first: fractions[0] as number };
  };
  const whole = await train(14);
  const { end } = await train(7);
  const rest = await train(14, end);
  expect(rest.all).toEqual(whole.all);
  expect([whole.first < 0.5, rest.first]).toEqual([true, 0.5]);
});
