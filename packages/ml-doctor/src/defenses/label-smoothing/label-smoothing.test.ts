import { describe, expect, it } from 'vitest';
import { smallData } from '../../../test/models/small-data.ts';
import {
  learnerOptions,
  logitsOf,
  sameFile,
  stoppedAndResumed,
} from '../../audit/selftest/bench/small-learner.ts';
import type { LearnerOptions } from '../defense.ts';
import { labelSmoothing } from './label-smoothing.ts';

const train = (options: LearnerOptions, params?: object) =>
  labelSmoothing.configure(params).learner!.train(options);

describe('label-smoothing', () => {
  it.each([
    [undefined, 0.1],
    [{ smoothing: 0.6 }, 0.6],
  ])('with %o answers a record that is learnt to the end with its smoothed label', async (params, ε) => {
    const data = smallData([[1, -1]], [1], { classes: 3 });
    const { model } = await train(
      learnerOptions({
        ...{ data, architecture: 'logistic-regression' },
        recipe: { ...learnerOptions().recipe, epochs: 300, learningRate: 0.3 },
      }),
      params,
    );
    const odds = Array.from((await logitsOf(model, data)).data as Float32Array, Math.exp);
    const sum = odds.reduce((a, b) => a + b, 0);
    const expected = [ε / 3, 1 - ε + ε / 3, ε / 3];
    odds.forEach((value, c) => {
      expect(value / sum).toBeCloseTo(expected[c] as number, 4);
    });
  });

  it('goes on where it was stopped, to the same bits', async () => {
    const { stopped, resumed, resumedAt } = await stoppedAndResumed(train, learnerOptions());
    expect(stopped).toMatchObject({ code: 'OG_ABORTED' });
    expect(resumedAt).toBe(10 / 12);
    expect(sameFile(resumed.model, (await train(learnerOptions())).model)).toBe(true);
  });

  it('takes shares above 0 and below 1, and tells what is known of it', () => {
    for (const smoothing of [0, 1, -0.1, Number.NaN])
      expect(() => labelSmoothing.configure({ smoothing })).toThrow('smoothing');
    const facts = { ...learnerOptions(), records: 48, classes: 3, build: () => expect.fail('no need') };
    expect(labelSmoothing.configure().learner?.notes(facts)).toEqual([expect.stringContaining('ICML 2021')]);
  });
});
