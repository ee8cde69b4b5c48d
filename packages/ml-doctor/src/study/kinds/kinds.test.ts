/** Kinds of task on inputs made by hand, for what no small real audit meets. */

import { describe, expect, it } from 'vitest';
import { byHandContext as context, finished } from '../../../test/study/by-hand.ts';
import { loadDataset } from '../../data/load-dataset.ts';
import { splitQuarters } from '../../data/split.ts';
import { mlDoctorRecipe } from '../../models/recipe.ts';
import type { FinishedTask, TaskContext, TaskProgress } from '../task.ts';
import { attack } from './attack/attack.ts';
import { dataRef, loadRef } from './data-ref.ts';
import { evaluate } from './evaluate.ts';
import { query } from './query.ts';
import { train } from './train.ts';
import { fromBytes, toBytes } from './typed-bytes.ts';

/** What a `query` task gives for a model that answers every record alike. */
const indifferent = (ids: Uint32Array): FinishedTask =>
  finished({
    result: { classes: 10, correct: {} },
    blobs: { ids: toBytes(ids), logits: toBytes(new Float32Array(ids.length * 10)) },
  });

const split = { seed: 1, perRole: 20 };
const ids = splitQuarters(10_000, split);
const both = (kind: 'target' | 'shadow') =>
  Uint32Array.from([...ids[`${kind}-train`], ...ids[`${kind}-test`]]).sort();

describe('an attack that finds no threshold worth using', () => {
  it('accuses nobody: its infinite threshold survives JSON and is evaluated as such', async () => {
    const data = dataRef(await loadDataset('fashion-mnist-10k'));
    const scored = await attack.run(
      { data, split, attack: 'membership/loss-threshold', params: { auxiliary: 'shadow' } },
      [indifferent(both('target')), indifferent(both('shadow'))],
      context,
    );
    const result = JSON.parse(JSON.stringify(scored.result));
    expect(result).toMatchObject({ threshold: Number.MAX_VALUE, queries: 40 });
    const { result: evaluation } = await evaluate.run(
      { data, split },
      [finished({ ...scored, result })],
      context,
    );
    expect(evaluation.records).toEqual({ members: 20, nonMembers: 20 });
    expect(evaluation.metrics).toMatchObject({
      auc: { value: 0.5 },
      balancedAccuracy: { value: 0.5 },
      recall: { value: 0 },
    });
    expect(evaluation.metrics.precision).toBeUndefined();
  });

  it('says nothing of a threshold where the attack only ranks', async () => {
    const data = dataRef(await loadDataset('fashion-mnist-10k'));
    const scored = await attack.run(
      { data, split, attack: 'membership/loss-threshold', params: { auxiliary: 'none' } },
      [indifferent(both('target'))],
      context,
    );
    expect(scored.result.threshold).toBeNull();
    const { result } = await evaluate.run({ data, split }, [finished(scored)], context);
    expect(Object.keys(result.metrics).sort()).toEqual([
      'auc',
      'bestBalancedAccuracy',
      'tprAtFpr0.0001',
      'tprAtFpr0.001',
      'tprAtFpr0.01',
    ]);
  });
});

describe('a task planned for another device', () => {
  // A device that no machine has: computing on the processor instead would succeed.
  const elsewhere = { ...context, device: 'no such device' as 'cpu' };
  const missing = { code: 'OG_DEVICE_MISSING' };

  it('computes there: training, queries and attacks', async () => {
    const data = dataRef(await loadDataset('fashion-mnist-10k'));
    const trained = (where: TaskContext) =>
      train.run(
        {
          ...{ data, split, on: { role: 'target-train' }, architecture: 'mlp' },
          recipe: { ...mlDoctorRecipe(1), batchSize: 20 },
        },
        [],
        where,
      );
    const model = finished(await trained(context));
    await expect(trained(elsewhere)).rejects.toMatchObject(missing);

    const queried = (where: TaskContext) => query.run({ data, split, set: 'candidates' }, [model], where);
    const { correct } = (await queried(context)).result;
    expect(correct['target-train']?.records).toBe(20);
    await expect(queried(elsewhere)).rejects.toMatchObject(missing);

    const attacked = attack.run(
      { data, split, attack: 'membership/shadow-classifier', params: {} },
      [indifferent(both('target')), indifferent(both('shadow'))],
      elsewhere,
    );
    await expect(attacked).rejects.toMatchObject(missing);
  });
});

describe('a training that goes on from a checkpoint', () => {
  it('says at once how far it is', async () => {
    const data = dataRef(await loadDataset('fashion-mnist-10k'));
    // 20 records one by one, twice.
    const recipe = { ...mlDoctorRecipe(2), batchSize: 1 };
    const params = { data, split, on: { role: 'target-train' }, architecture: 'mlp', recipe } as const;
    const abort = new AbortController();
    let saves = 0;
    let kept: Uint8Array | undefined;
    const save = async (bytes: Uint8Array) => {
      kept = bytes;
      saves += 1;
      if (saves === 13) abort.abort();
    };
    const places = { checkpointSeconds: 0 };
    const { signal } = abort;
    const stopped = { ...context, signal, places, checkpoint: { load: async () => undefined, save } };
    await expect(train.run(params, [], stopped)).rejects.toMatchObject({ code: 'OG_ABORTED' });

    const fractions: number[] = [];
    const checkpoint = { load: async () => kept, save: async () => {} };
    const progress = ({ fraction }: TaskProgress) => void fractions.push(fraction);
    const { result } = await train.run(params, [], { ...context, checkpoint, progress });
    expect(fractions).toEqual([13, 20, 30, 40].map((step) => step / 40));
    expect(result.steps).toBe(40);
  });
});

describe('loadRef', () => {
  it('reads the data of the plan once, and no other in its place', async () => {
    const ref = dataRef(await loadDataset('fashion-mnist-10k'));
    const data = await loadRef(ref, {});
    expect(data.contentHash).toBe(ref.contentHash);
    expect(await loadRef(ref, {})).toBe(data);
    await expect(loadRef({ ...ref, contentHash: '0'.repeat(64) }, {})).rejects.toMatchObject({
      code: 'MLD_DATA_CHECKSUM',
      message: expect.stringContaining('fashion-mnist-10k'),
    });
    expect((await loadRef(ref, {})).contentHash).toBe(ref.contentHash);
  });
});

describe('a folder of data sets of this machine', () => {
  it('is where every kind of task looks for its data', async () => {
    const elsewhere = { ...context, places: { dataDir: '/no such folder' } };
    // Content that this process has not read yet, or it would not look again.
    const data = { id: 'fashion-mnist-10k', contentHash: '0'.repeat(64) };
    const params = { data, split };
    const recipe = mlDoctorRecipe(1);
    const tables = [indifferent(both('target'))];
    const scored = finished({
      result: { threshold: null, queries: 0, notes: [] },
      blobs: { ids: toBytes(ids['target-train']), scores: toBytes(new Float64Array(20)) },
    });
    const runs = [
      () =>
        train.run({ ...params, on: { role: 'target-train' }, architecture: 'mlp', recipe }, [], elsewhere),
      () => query.run({ ...params, set: 'candidates' }, tables, elsewhere),
      () => attack.run({ ...params, attack: 'membership/loss-threshold', params: {} }, tables, elsewhere),
      () => evaluate.run(params, [scored], elsewhere),
    ];
    for (const run of runs)
      await expect(run()).rejects.toMatchObject({
        code: 'MLD_DATA_UNREADABLE',
        message: expect.stringContaining('/no such folder'),
      });
  });
});

describe('typed arrays as bytes', () => {
  it('come back, from any place in a buffer, as copies', () => {
    const numbers = Float64Array.of(1, -0, Number.MIN_VALUE, 1 / 3, Number.NEGATIVE_INFINITY);
    const bytes = toBytes(numbers.subarray(1, 4));
    const shifted = new Uint8Array(bytes.length + 1);
    shifted.set(bytes, 1);
    const back = fromBytes(Float64Array, shifted.subarray(1));
    expect(back).toEqual(numbers.slice(1, 4));
    back.fill(9);
    expect(fromBytes(Float64Array, bytes)).toEqual(numbers.slice(1, 4));
    expect([...toBytes(Uint32Array.of(0x01020304))]).toEqual([4, 3, 2, 1]);
    expect(() => fromBytes(Float64Array, new Uint8Array(9))).toThrow(/^internal:/);
  });
});
