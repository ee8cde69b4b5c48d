/** Members stay members from the split to the metrics: what a model learnt, what is believed of it, and the truth. */
import { describe, expect, it } from 'vitest';
import type { Pool } from '../../src/attacks/membership/membership-attack.ts';
import { loadDataset } from '../../src/data/load-dataset.ts';
import { splitQuarters } from '../../src/data/split.ts';
import { dataRef } from '../../src/study/kinds/data-ref.ts';
import { evaluate } from '../../src/study/kinds/evaluate.ts';
import {
  poolSet,
  recordsIn,
  referenceRecords,
  referenceTraining,
  trainingRecords,
} from '../../src/study/kinds/record-sets.ts';
import { toBytes } from '../../src/study/kinds/typed-bytes.ts';
import type { FinishedTask } from '../../src/study/task.ts';

const split = { seed: 3, perRole: 30 };
const size = 10_000;
const roles = splitQuarters(size, split);

describe('evaluation', () => {
  it('takes the records the target was trained on for members', async () => {
    const ids = Uint32Array.from([...roles['target-test'], ...roles['target-train']]);
    const trained = new Set(roles['target-train']);
    const blobs: Record<string, Uint8Array> = {
      ids: toBytes(ids),
      scores: toBytes(Float64Array.from(ids, (id) => (trained.has(id) ? 2 : 1))),
    };
    const attacked: FinishedTask = {
      ...{ key: 'by hand', kind: 'by hand', label: 'by hand', params: {}, blobNames: Object.keys(blobs) },
      result: { threshold: 1.5, queries: 60, notes: [] },
      blob: async (name) => blobs[name] as Uint8Array,
    };
    const data = dataRef(await loadDataset('fashion-mnist-10k'));
    const { result } = await evaluate.run({ data, split }, [attacked], {
      signal: new AbortController().signal,
      seed: 0,
      threads: 1,
      device: 'cpu',
      places: {},
      checkpoint: { load: async () => undefined, save: async () => {} },
      progress: () => {},
    });
    expect(result.records).toEqual({ members: 30, nonMembers: 30 });
    expect(result.metrics).toMatchObject({
      auc: { value: 1 },
      recall: { value: 1 },
      precision: { value: 1 },
    });
  });
});

describe('reference models', () => {
  const pools: readonly Pool[] = [
    { kind: 'disjoint' },
    { kind: 'disjoint', same: true },
    { kind: 'with-candidates' },
    { kind: 'other', data: 'adult' },
    { kind: 'synthetic', synthesis: { method: 'marginals' } },
  ];
  const sorted = (ids: Uint32Array) => [...ids].sort((a, b) => a - b);

  it.each(pools.map((pool) => [JSON.stringify(pool), pool] as const))(
    '%s: are trained on the records that the attack takes for their members, the rest being the others',
    (_, pool) => {
      for (let index = 0; index < 6; index++) {
        const { members, nonMembers } = referenceRecords(pool, index, size, split);
        expect(trainingRecords(referenceTraining(pool, index), size, split)).toEqual(members);
        const all = Uint32Array.from([...members, ...nonMembers]);
        expect(sorted(all)).toEqual([...recordsIn(poolSet(pool), size, split)]);
      }
    },
  );

  it('on shadow data: the first learns one role, the second the other', () => {
    const [train, test] = [roles['shadow-train'], roles['shadow-test']];
    const of = (index: number) => referenceRecords({ kind: 'disjoint' }, index, size, split);
    expect(of(0)).toEqual({ members: train, nonMembers: test });
    expect(of(1)).toEqual({ members: test, nonMembers: train });
  });
});
