/** What a question to a model leaves: counted again from its own rows. */
import { expect, it } from 'vitest';
import { byHandContext as context, finished } from '../../../test/study/by-hand.ts';
import { loadDataset } from '../../data/load-dataset.ts';
import { splitQuarters } from '../../data/split.ts';
import { mlDoctorRecipe } from '../../models/recipe.ts';
import { dataRef } from './data-ref.ts';
import { query } from './query.ts';
import { train } from './train.ts';
import { fromBytes } from './typed-bytes.ts';

it('counts right answers of each role, by the labels of its records', async () => {
  const data = await loadDataset('fashion-mnist-10k');
  const split = { seed: 1, perRole: 100 };
  const ref = dataRef(data);
  const model = await train.run(
    {
      ...{ data: ref, split, on: { role: 'target-train' }, architecture: 'mlp' },
      recipe: { ...mlDoctorRecipe(5), batchSize: 20 },
    },
    [],
    context,
  );
  const { result, blobs = {} } = await query.run(
    { data: ref, split, set: 'candidates' },
    [finished(model)],
    context,
  );
  const ids = [...fromBytes(Uint32Array, blobs['ids'] as Uint8Array)];
  const logits = fromBytes(Float32Array, blobs['logits'] as Uint8Array);
  const answer = (record: number) => {
    const at = ids.indexOf(record);
    const row = [...logits.subarray(at * 10, (at + 1) * 10)];
    return row.indexOf(Math.max(...row));
  };
  const roles = splitQuarters(data.size, split);
  for (const role of ['target-train', 'target-test'] as const) {
    const right = [...roles[role]].filter((record) => answer(record) === data.y[record]).length;
    expect(result.correct[role]).toEqual({ right, records: 100 });
    // It has learnt something, so that labels of other records would not do.
    expect(right).toBeGreaterThan(30);
  }
  expect(Object.keys(result.correct)).toHaveLength(2);
});
