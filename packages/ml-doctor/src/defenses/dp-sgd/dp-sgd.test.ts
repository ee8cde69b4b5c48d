/** DP-SGD as a defence: the guarantee that is asked for, what is really done, and what it does to learning. */

import { decodeModel, encodeModel } from 'onnx-grad';
import { describe, expect, it } from 'vitest';
import { madePictures } from '../../../test/audit/made-pictures.ts';
import { createDataset } from '../../data/dataset.ts';
import { mlDoctorRecipe } from '../../models/recipe.ts';
import { epsilonOf } from '../../privacy/epsilon.ts';
import { dpSgd } from './dp-sgd.ts';

const RECORDS = 64;
const recipe = { ...mlDoctorRecipe(3), batchSize: 16 };
/** 8×8 pictures of two classes that one pixel tells apart. */
const data = createDataset({
  ...madePictures(),
  recordShape: [1, 8, 8],
  x: Uint8Array.from({ length: 400 * 64 }, (_, i) =>
    i % 64 === 0 ? (Math.floor(i / 64) % 2) * 200 : (Math.floor(i / 64) * (i % 64)) % 50,
  ),
  y: Int32Array.from({ length: 400 }, (_, i) => i % 2),
  classes: ['dark', 'bright'],
  normalisation: { scale: 1 / 255, mean: [0], std: [1] },
});

const train = (params: Record<string, unknown>, architecture = 'logistic-regression', given = recipe) => {
  const { learner, harden } = dpSgd.configure(params);
  return learner!.train({
    ...{ architecture, data, records: Uint32Array.from({ length: RECORDS }, (_, i) => i) },
    ...{ recipe: harden(given), seed: 3, threads: 1, device: 'cpu' as const },
    signal: new AbortController().signal,
    progress: () => {},
  });
};

describe('the parameters', () => {
  it('take epsilon or noise, epsilon 8 where neither is given', () => {
    expect(dpSgd.configure().params).toMatchObject({
      epsilon: 8,
      delta: 1e-5,
      clipNorm: 1,
      accountant: 'pld',
    });
    expect(dpSgd.configure({ noiseMultiplier: 2 }).params).not.toHaveProperty('epsilon');
    expect(() => dpSgd.configure({ noiseMultiplier: 2, epsilon: 3 })).toThrow(/one of the two/);
    // What a configuration holds can be read again.
    expect(dpSgd.configure(dpSgd.configure().params).params).toEqual(dpSgd.configure().params);
  });

  it.each([
    { epsilon: 0 },
    { epsilon: -1 },
    { delta: 0 },
    { delta: 1 },
    { clipNorm: 0 },
    { noiseMultiplier: 0 },
  ])('refuse %j', (params) => {
    expect(() => dpSgd.configure(params)).toThrow(expect.objectContaining({ code: 'MLD_USAGE' }));
  });

  it('go before the recipe’s', () => {
    expect(dpSgd.configure({ epochs: 7, batchSize: 5, learningRate: 0.5 }).harden(recipe)).toEqual({
      ...recipe,
      ...{ epochs: 7, batchSize: 5, learningRate: 0.5 },
    });
    expect(dpSgd.configure().harden(recipe)).toEqual(recipe);
  });
});

describe('a training', () => {
  it.each([1, 8])('keeps epsilon %d, and wastes little of it', async (epsilon) => {
    const { privacy } = await train({ epsilon });
    expect(privacy?.epsilon).toBeLessThanOrEqual(epsilon);
    expect(privacy?.epsilon).toBeGreaterThan(0.99 * epsilon);
    expect(privacy).toMatchObject({ sampleRate: 16 / RECORDS, steps: 3 * 4, records: RECORDS, clipNorm: 1 });
    const { sampleRate, steps, noiseMultiplier } = privacy!;
    expect(privacy?.epsilon).toBe(epsilonOf({ sampleRate, steps, noiseMultiplier }, 1e-5, 'pld'));
    expect(privacy?.epsilons.pld).toBeLessThanOrEqual(privacy!.epsilons.rdp!);
    expect(privacy?.epsilons.rdp).toBeLessThanOrEqual(privacy!.epsilons['rdp-classic']!);
  });

  it('is by the accountant that is asked for', async () => {
    const { privacy } = await train({ epsilon: 4, accountant: 'rdp-classic' });
    expect(privacy?.epsilons['rdp-classic']).toBeLessThanOrEqual(4);
    expect(privacy?.epsilon).toBe(privacy?.epsilons['rdp-classic']);
    expect(privacy?.epsilons.pld).toBeLessThan(4);
  });

  it('learns with little noise, and nothing with very much', async () => {
    const long = { ...recipe, epochs: 30, learningRate: 0.2 };
    const little = await train({ noiseMultiplier: 0.05 }, 'logistic-regression', long);
    const much = await train({ noiseMultiplier: 500 }, 'logistic-regression', long);
    expect(little.losses.at(-1)).toBeLessThan(0.3);
    expect(much.losses.at(-1)).toBeGreaterThan(0.6);
  });

  it('replaces batch normalisation by groups', async () => {
    const { model } = await train({}, 'resnet', { ...recipe, epochs: 1 });
    const ops = decodeModel(encodeModel(model)).nodes.map(({ op }) => op);
    expect(ops).not.toContain('BatchNormalization');
    expect(ops.some((op) => op.includes('Normalization'))).toBe(true);
  });
});

describe('warnings', () => {
  const facts = {
    ...{ architecture: 'mlp', records: 1000, classes: 2, recipe },
    build: () => {
      throw new Error('no model is needed');
    },
  };

  it('speak of a delta that is not below one over the records', () => {
    expect(dpSgd.configure({ delta: 1e-3 }).learner?.warnings(facts)).toEqual([
      expect.stringContaining('delta = 0.001 is not below'),
    ]);
    expect(dpSgd.configure({ delta: 9e-4 }).learner?.warnings(facts)).toEqual([]);
  });
});
