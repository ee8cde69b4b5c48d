/** Kinds of task that judge a result, on a data set whose records say what is to be found. */

import { parquetReadObjects } from 'hyparquet';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { byHandContext, finished } from '../../../test/study/by-hand.ts';
import { createDataset } from '../../data/dataset.ts';
import { splitQuarters } from '../../data/split.ts';
import type { FinishedTask } from '../task.ts';
import { checkSplit } from './check-split.ts';
import { dataRef } from './data-ref.ts';
import { type EvaluateResult, evaluate } from './evaluate.ts';
import { recordsIn } from './record-sets.ts';
import { toBytes } from './typed-bytes.ts';

const SIZE = 800;
const split = { seed: 2, perRole: 100 };
const members = new Set(splitQuarters(SIZE, split)['target-train']);
const ids = recordsIn('candidates', SIZE, split);

const made = vi.hoisted(() => ({ sets: new Map<string, unknown>() }));
vi.mock('../../data/load-dataset.ts', () => ({ loadDataset: async (id: string) => made.sets.get(id) }));

/** Column 0 is what `feature` says; the rest tells nothing of membership. */
const dataset = (id: string, feature: (record: number) => number) => {
  const columns = 6;
  const x = Float32Array.from({ length: SIZE * columns }, (_, i) => {
    const record = Math.floor(i / columns);
    return i % columns === 0 ? feature(record) : Math.sin(97 * record * (1 + (i % columns)) + id.length);
  });
  const data = createDataset({
    id,
    recordShape: [columns],
    x,
    y: Int32Array.from({ length: SIZE }, (_, i) => (i % 5 === 0 ? 1 : 0)),
    classes: ['most', 'some', 'none'],
    normalisation: { scale: 1, mean: Array(columns).fill(0), std: Array(columns).fill(1) },
    attributes: {
      sex: {
        values: Int32Array.from({ length: SIZE }, (_, i) => (i >> 3) % 2),
        categories: ['one', 'other'],
      },
    },
  });
  made.sets.set(id, data);
  return data;
};

const fair = dataset('fair', (record) => Math.cos(31 * record));
const shifted = dataset('shifted', (record) => Math.cos(31 * record) + (members.has(record) ? 1.5 : 0));

describe('check-split', () => {
  const check = async (data: typeof fair) =>
    (await checkSplit.run({ data: dataRef(data), split }, [], byHandContext)).result;

  it('finds members that differ from non-members, and nothing where they do not', async () => {
    const found = await check(shifted);
    expect(found.shifted).toBe(true);
    expect(found.auc.low).toBeGreaterThan(0.6);
    const none = await check(fair);
    expect(none.shifted).toBe(false);
    expect(none.auc.low).toBeLessThan(0.5);
    expect(none.auc.high).toBeGreaterThan(0.5);
  });

  it('looks at candidates alone: what the attacker holds may differ', async () => {
    const population = new Set(recordsIn('population', SIZE, split));
    const data = dataset('other shadow', (i) => Math.cos(31 * i) + (population.has(i) ? 9 : 0));
    expect((await check(data)).shifted).toBe(false);
  });
});

describe('evaluate', () => {
  /** Members of class `some` and of sex `other` score higher. */
  const scores = Float64Array.from(ids, (id) => {
    const boost = members.has(id) && (id % 5 === 0 || (id >> 3) % 2 === 1) ? 0.7 : 0;
    return boost + Math.abs(Math.sin(131 * id));
  });
  const threshold = 0.8;
  const scored = (of: Float64Array, limit: number | null): FinishedTask =>
    finished({
      result: { threshold: limit, queries: 200, notes: ['of the attack'] },
      blobs: { ids: toBytes(ids), scores: toBytes(of) },
    });
  const run = (limit: number | null, slices?: readonly string[]) =>
    evaluate.run(
      { data: dataRef(fair), split, ...(slices && { slices }) },
      [scored(scores, limit)],
      byHandContext,
    );
  /** Share of pairs in the right order, ties half: by counting. */
  const aucOf = (chosen: (id: number) => boolean) => {
    let [pairs, right] = [0, 0];
    ids.forEach((a, i) => {
      if (!chosen(a) || !members.has(a)) return;
      ids.forEach((b, j) => {
        if (!chosen(b) || members.has(b)) return;
        pairs += 1;
        right += scores[i]! > scores[j]! ? 1 : scores[i] === scores[j] ? 0.5 : 0;
      });
    });
    return right / pairs;
  };

  let result: EvaluateResult;
  let table: Uint8Array;
  beforeAll(async () => {
    const found = await run(threshold, ['sex']);
    result = found.result;
    table = found.blobs?.['scores.parquet'] as Uint8Array;
  });

  it('slices by class and by the attributes asked for, each against its own non-members', () => {
    expect(result.slices.map(({ by, value }) => `${by} ${value}`)).toEqual([
      'class most',
      'class some',
      'sex one',
      'sex other',
    ]);
    const groups: ((id: number) => boolean)[] = [
      (id) => id % 5 !== 0,
      (id) => id % 5 === 0,
      (id) => (id >> 3) % 2 === 0,
      (id) => (id >> 3) % 2 === 1,
    ];
    groups.forEach((chosen, i) => {
      const slice = result.slices[i]!;
      const own = [...ids].filter(chosen);
      const inside = own.filter((id) => members.has(id)).length;
      expect(slice.records).toEqual({ members: inside, nonMembers: own.length - inside });
      expect(slice.metrics.auc?.value).toBeCloseTo(aucOf(chosen), 12);
    });
    expect(result.metrics.auc?.value).toBeCloseTo(
      aucOf(() => true),
      12,
    );
    expect(result.slices[1]?.metrics.auc?.value).toBeGreaterThan(
      (result.slices[0]?.metrics.auc?.value ?? 1) + 0.05,
    );
    // Nobody is of the third class.
    expect(result.notes[0]).toBe('of the attack');
    expect(result.notes.at(-1)).toContain('none (0 and 0)');
  });

  it('slices by class alone where nothing else is asked for', async () => {
    const { result: plain } = await run(threshold);
    expect(plain.slices.map(({ by }) => by)).toEqual(['class', 'class']);
    expect(plain.metrics).toEqual(result.metrics);
  });

  it('leaves a table of every record that others can read', async () => {
    const bytes = table.buffer.slice(table.byteOffset, table.byteOffset + table.byteLength) as ArrayBuffer;
    const rows = await parquetReadObjects({ file: bytes });
    expect(rows).toEqual(
      Array.from(ids, (id, i) => ({
        record: id,
        label: id % 5 === 0 ? 1 : 0,
        member: members.has(id),
        score: scores[i],
        calledMember: scores[i]! >= threshold,
      })),
    );
    const ranked = (await run(null)).blobs?.['scores.parquet'] as Uint8Array;
    const unsaid = await parquetReadObjects({ file: ranked.slice().buffer as ArrayBuffer });
    expect(Object.keys(unsaid[0] ?? {})).toEqual(['record', 'label', 'member', 'score']);
  });
});
