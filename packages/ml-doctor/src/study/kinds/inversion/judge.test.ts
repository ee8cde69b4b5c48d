import { describe, expect, it, vi } from 'vitest';
import { byHandContext } from '../../../../test/study/by-hand.ts';
import { trainedJudge } from '../../../../test/study/made-judge.ts';
import { createDataset } from '../../../data/dataset.ts';
import { splitQuarters } from '../../../data/split.ts';
import { dataRef } from '../data-ref.ts';
import { JUDGE_TRAINING, recordsIn, trainingRecords } from '../record-sets.ts';
import { fromBytes } from '../typed-bytes.ts';
import { judge } from './judge.ts';

const made = vi.hoisted(() => ({ sets: new Map<string, unknown>() }));
vi.mock('../../../data/load-dataset.ts', () => ({ loadDataset: async (id: string) => made.sets.get(id) }));

const SIZE = 200;
const CLASSES = 3;
const split = { seed: 5, perRole: 41 };
const ids = recordsIn('roles', SIZE, split);
const learnt = new Set(trainingRecords(JUDGE_TRAINING, SIZE, split));

/** Records that say their own class where the judge is to be right, and the next one elsewhere. */
const dataset = (id: string, isRight: (record: number) => boolean) => {
  const y = Int32Array.from({ length: SIZE }, (_, i) => (7 * i) % CLASSES);
  const x = Float32Array.from({ length: SIZE * CLASSES }, (_, i) => {
    const record = Math.floor(i / CLASSES);
    const says = (y[record]! + (isRight(record) ? 0 : 1)) % CLASSES;
    return i % CLASSES === says ? 1 + record : 0;
  });
  const normalisation = { scale: 1, mean: [0, 0, 0], std: [1, 1, 1] };
  const data = createDataset({ id, recordShape: [CLASSES], x, y, classes: ['a', 'b', 'c'], normalisation });
  made.sets.set(id, data);
  return data;
};

const judged = async (id: string, isRight: (record: number) => boolean) => {
  const data = dataset(id, isRight);
  const output = await judge.run({ data: dataRef(data), split }, [trainedJudge(CLASSES)], byHandContext);
  return { data, ...output };
};

describe('judge', () => {
  it('learns from half of every role, as of members so of non-members', () => {
    expect(learnt.size).toBe(82);
    for (const records of Object.values(splitQuarters(SIZE, split))) {
      const known = records.filter((id) => learnt.has(id)).length;
      expect(known).toBeGreaterThan(8);
      expect(known).toBeLessThan(33);
    }
  });

  it('is tried on the records with a role that it did not learn from', async () => {
    expect((await judged('sure of what it knows', (id) => learnt.has(id))).result).toEqual({
      right: 0,
      records: 82,
    });
    expect((await judged('sure of others', (id) => !learnt.has(id))).result).toEqual({
      right: 82,
      records: 82,
    });
    const few = new Set(ids.filter((id) => !learnt.has(id)).slice(0, 7));
    expect((await judged('sure of few', (id) => few.has(id))).result).toEqual({ right: 7, records: 82 });
  });

  it('leaves what its last layer receives of every record with a role, by ascending id', async () => {
    const { data, blobs } = await judged('features', () => true);
    expect(fromBytes(Uint32Array, blobs!['ids']!)).toEqual(ids);
    expect([...ids].every((id, i) => i === 0 || id > ids[i - 1]!)).toBe(true);
    expect(fromBytes(Float32Array, blobs!['features']!)).toEqual(
      Float32Array.from([...ids].flatMap((id) => [...data.x.subarray(id * CLASSES, (id + 1) * CLASSES)])),
    );
  });
});
