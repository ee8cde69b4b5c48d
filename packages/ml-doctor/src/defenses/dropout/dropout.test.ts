import type { Graph } from 'onnx-grad';
import { describe, expect, it } from 'vitest';
import { smallData } from '../../../test/models/small-data.ts';
import { learnerOptions, sameFile, stoppedAndResumed } from '../../audit/selftest/bench/small-learner.ts';
import { trainModel } from '../../models/train-model.ts';
import { freshNetwork } from '../learn-network.ts';
import { dropout } from './dropout.ts';

const learner = (params?: object) => dropout.configure(params).learner!;
const facts = (architecture: string, recordShape: readonly number[] = [1, 10, 10]) => {
  const data = smallData([Array(recordShape.reduce((a, b) => a * b, 1)).fill(0)], [0], {
    ...{ recordShape, classes: 3 },
  });
  const options = learnerOptions({ architecture, data });
  return {
    ...{ architecture, records: 1, classes: 3, recipe: options.recipe },
    build: () => freshNetwork(options),
  };
};

describe('dropout', () => {
  it('trains a model of the same numbers in another way', async () => {
    const [plain, found] = [await trainModel(learnerOptions()), await learner().train(learnerOptions())];
    expect(found.parameters).toBe(plain.parameters);
    expect(found.steps).toBe(plain.steps);
    expect(found.losses).not.toEqual(plain.losses);
  });

  it('meets every record without a share of its values, another one each time', async () => {
    // One linear unit per class from 200 ones: the first step moves a weight by what was kept of its value.
    const data = smallData([Array(200).fill(1)], [0], { classes: 2 });
    const recipe = { ...learnerOptions().recipe, batchSize: 1, momentum: 0, learningRate: 1e-3 };
    const weights = (model: Graph) => model.initializers.get('fc.weight')?.data as Float32Array;
    const options = (epochs: number) =>
      learnerOptions({ architecture: 'logistic-regression', data, recipe: { ...recipe, epochs } });
    const moved = async (epochs: number) => {
      const { model } = await learner({ input: 0.25 }).train(options(epochs));
      const start = weights(freshNetwork(options(epochs)));
      return Array.from(weights(model).subarray(0, 200), (w, i) => Math.abs(w - (start[i] as number)) > 1e-6);
    };
    const kept = (await moved(1)).filter(Boolean).length;
    // 200 coins of ¾: five deviations of 6.1.
    expect(Math.abs(kept - 150)).toBeLessThan(31);
    // In either of two steps: 1 − 1/16.
    expect((await moved(2)).filter(Boolean).length).toBeGreaterThan(kept);
  });

  it('keeps dropout in the model, as part of what an attacker may know', async () => {
    const { model } = await learner().train(learnerOptions());
    expect(model.nodes.filter(({ op }) => op === 'Dropout')).toHaveLength(3);
  });

  it('goes on where it was stopped, to the same bits', async () => {
    const { train } = learner();
    const { stopped, resumed, resumedAt } = await stoppedAndResumed(train, learnerOptions());
    expect(stopped).toMatchObject({ code: 'OG_ABORTED' });
    expect(resumedAt).toBe(10 / 12);
    expect(sameFile(resumed.model, (await train(learnerOptions())).model)).toBe(true);
  });

  it('refuses rates out of their range, and those that change nothing of the model', () => {
    for (const wrong of [{ input: 1 }, { hidden: -0.1 }, { input: 0, hidden: 0 }])
      expect(() => dropout.configure(wrong)).toThrow(expect.objectContaining({ code: 'MLD_USAGE' }));
    const unsuited = expect.objectContaining({ code: 'MLD_DEFENSE_UNSUITED' });
    const check = (name: string, params?: object) => () => learner(params).check(facts(name));
    expect(check('logistic-regression', { input: 0 })).toThrow(unsuited);
    expect(check('resnet', { input: 0, hidden: 0.3 })).toThrow(unsuited);
    for (const name of ['logistic-regression', 'mlp', 'simple-cnn', 'resnet', 'wide-mlp'])
      expect(check(name)).not.toThrow();
    const hiddenOnly = learnerOptions({ architecture: 'logistic-regression' });
    expect(() => learner({ input: 0 }).train(hiddenOnly)).toThrow(unsuited);
  });

  it('tells where it has none, and what batch normalisation makes of it', () => {
    const notes = (name: string, params?: object) => learner(params).notes(facts(name)).join('\n');
    expect(notes('mlp')).toBe('');
    expect(notes('simple-cnn')).toMatch(/^Dropout stands .* not between convolutions\.$/);
    expect(notes('resnet')).toMatch(/convolutions[\s\S]*Batch normalisation/);
    expect(notes('resnet', { input: 0 })).not.toContain('Batch');
  });
});
