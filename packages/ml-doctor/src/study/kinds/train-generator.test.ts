/** Task kind `train-generator`: what it learns from, what it leaves, and who may guide it. */

import { createSession, encodeModel } from 'onnx-grad';
import { describe, expect, it } from 'vitest';
import { byHandContext as context, finished } from '../../../test/study/by-hand.ts';
import { boundsOf } from '../../data/bounds.ts';
import { batch } from '../../data/dataset.ts';
import { loadDataset } from '../../data/load-dataset.ts';
import { splitQuarters } from '../../data/split.ts';
import { trainGenerator as train } from '../../generators/train-generator.ts';
import { simpleCnn } from '../../models/architectures/simple-cnn.ts';
import { dataRef } from './data-ref.ts';
import { readGenerator } from './read-generator.ts';
import { trainGenerator } from './train-generator.ts';

const split = { seed: 1, perRole: 10 };
const recipe = { latent: 3, width: 2, epochs: 2, batchSize: 8, learningRate: 1e-3, beta1: 0.5 };

describe('a generator as a task', () => {
  it('learns from the shadow data alone, and is read back as it was trained', async () => {
    const data = await loadDataset('fashion-mnist-10k');
    const { shape, roles } = { shape: data.recordShape, roles: splitQuarters(data.size, split) };
    const made = finished(await trainGenerator.run({ data: dataRef(data), split, recipe }, [], context));
    // 20 records in batches of 8; the last four of each epoch are left out.
    expect(made.result).toMatchObject({ steps: 4, latent: 3, conditional: false });
    const read = await readGenerator(made);
    expect([read.latent, read.conditional]).toEqual([3, false]);

    const records = Uint32Array.from([...roles['shadow-train'], ...roles['shadow-test']]).sort();
    const { networks, generatorLosses } = await train({
      recipe,
      data: {
        ...{ values: batch(data, records).x, count: 20, recordShape: shape, bounds: boundsOf(data) },
        ...{ oneHot: [], features: 'image' },
      },
      ...{ classes: 10, seed: context.seed, threads: 1, device: 'cpu', signal: context.signal },
      progress: () => {},
    });
    expect(made.result).toMatchObject({ generatorLosses });
    expect(encodeModel(read.generator)).toEqual(encodeModel(networks.generator));
    expect(encodeModel(read.discriminator)).toEqual(encodeModel(networks.discriminator));
    const session = await createSession(read.generator);
    const z = { dtype: 'float32' as const, dims: [2, 3], data: new Float32Array(6) };
    expect((await session.run({ z }))['x']?.dims).toEqual([2, ...shape]);
    await session.dispose();
  });

  it('is guided by the target it is given', async () => {
    const data = await loadDataset('fashion-mnist-10k');
    const target = (seed: number) => {
      const model = simpleCnn.build({ recordShape: data.recordShape, classes: 10, seed });
      return finished({ result: {}, blobs: { 'model.onnx': encodeModel(model) } });
    };
    const guided = { ...recipe, epochs: 1, guided: { top: 2, alpha: 0.2 } };
    const params = { data: dataRef(data), split, recipe: guided };
    const made = finished(await trainGenerator.run(params, [target(1)], context));
    // Two records of each of ten classes.
    expect(made.result).toMatchObject({ steps: 2, conditional: true });
    const { generator } = await readGenerator(made);
    expect(generator.inputs.map(({ name }) => name)).toEqual(['z', 'y']);
    const other = finished(await trainGenerator.run(params, [target(2)], context));
    expect(await other.blob('generator.onnx')).not.toEqual(await made.blob('generator.onnx'));
  });
});
