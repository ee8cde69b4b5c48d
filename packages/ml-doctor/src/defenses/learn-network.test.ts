import { losses } from 'onnx-grad';
import { describe, expect, it } from 'vitest';
import { learnerOptions, sameFile, stoppedAndResumed } from '../audit/selftest/bench/small-learner.ts';
import { trainModel } from '../models/train-model.ts';
import type { LearnerOptions } from './defense.ts';
import { learnNetwork } from './learn-network.ts';

describe('learnNetwork', () => {
  it('is the plain training, to the bit, where nothing is asked for', async () => {
    const plain = await trainModel(learnerOptions());
    const learnt = await learnNetwork(learnerOptions());
    expect(sameFile(learnt.model, plain.model)).toBe(true);
    expect(learnt).toMatchObject({ parameters: plain.parameters, losses: plain.losses, steps: 12 });
  });

  it('trains with the loss it is given', async () => {
    const smoothed = await learnNetwork(learnerOptions(), {
      loss: losses.crossEntropy({ labelSmoothing: 0.5 }),
    });
    expect(sameFile(smoothed.model, (await learnNetwork(learnerOptions())).model)).toBe(false);
  });

  it('refuses a forest', () => {
    expect(() => learnNetwork(learnerOptions({ architecture: 'random-forest' }))).toThrow('internal');
  });

  it('goes on in the middle of the second of two trainings, and keeps the first', async () => {
    const met: (number | undefined)[] = [];
    const twice = async (options: LearnerOptions) => {
      const told: number[] = [];
      const progress: LearnerOptions['progress'] = ({ fraction }) => told.push(fraction);
      const first = await learnNetwork({ ...options, progress }, { checkpointPart: 'first' });
      met.push(told[0]);
      return learnNetwork({ ...options, seed: 1 }, { model: first.model, checkpointPart: 'second' });
    };
    const options = learnerOptions();
    const { stopped, resumed, resumedAt } = await stoppedAndResumed(twice, options, { seconds: 0 });
    expect(stopped).toMatchObject({ code: 'OG_ABORTED' });
    expect(resumedAt).toBe(10 / 12);
    // It was over, and is not done again.
    expect(met).toEqual([10 / 12, 1]);
    expect(sameFile(resumed.model, (await twice(options)).model)).toBe(true);
  });
});
