/** The kinds of task that explain exposure, on records that say what is to be found. */

import { beforeAll, describe, expect, it, vi } from 'vitest';
import { byHandContext, finished } from '../../../../test/study/by-hand.ts';
import { createDataset } from '../../../data/dataset.ts';
import { splitQuarters } from '../../../data/split.ts';
import type { FinishedTask } from '../../task.ts';
import { dataRef } from '../data-ref.ts';
import { recordsIn } from '../record-sets.ts';
import { fromBytes, toBytes } from '../typed-bytes.ts';
import { explain } from './explain.ts';
import { recordFactors } from './record-factors.ts';

const SIZE = 1200;
const split = { seed: 2, perRole: 300 };
const roles = splitQuarters(SIZE, split);
const members = new Set(roles['target-train']);
const ids = recordsIn('candidates', SIZE, split);

const made = vi.hoisted(() => ({ sets: new Map<string, unknown>() }));
vi.mock('../../../data/load-dataset.ts', () => ({ loadDataset: async (id: string) => made.sets.get(id) }));

const far = (id: number) => Math.abs(Math.sin(37 * id)) < 0.12;
const x = Float32Array.from({ length: SIZE * 4 }, (_, i) => {
  const id = i >> 2;
  return Math.sin(91 * id * (1 + (i % 4))) + (far(id) ? 20 * Math.cos(53 * id + i) : 0);
});
const [copied, copy] = [roles['target-train'][0] as number, roles['target-train'][1] as number];
x.copyWithin(4 * copy, 4 * copied, 4 * copied + 4);
const data = createDataset({
  id: 'made',
  recordShape: [4],
  x,
  y: Int32Array.from({ length: SIZE }, (_, i) => (i % 3 === 0 ? 1 : 0)),
  classes: ['a', 'b'],
  normalisation: { scale: 1, mean: [0, 0, 0, 0], std: [2, 2, 2, 2] },
});
made.sets.set('made', data);
const params = { data: dataRef(data), split };

let records: FinishedTask;
beforeAll(async () => {
  records = finished(await recordFactors.run(params, [], byHandContext));
});

const figure = async (name: string) => fromBytes(Float64Array, await records.blob(`${name}.f64`));

describe('record-factors', () => {
  it('judges members and non-members, and measures complexity on members', async () => {
    expect(records.result).toMatchObject({ members: 300, nonMembers: 300, reference: 300 });
    const judged = fromBytes(Uint32Array, await records.blob('ids'));
    const flags = await records.blob('member');
    expect([...judged].every((id, i) => members.has(id) === (flags[i] === 1))).toBe(true);
    expect([...judged].sort((a, b) => a - b)).toEqual([...ids]);
    const { complexity } = records.result as { complexity: { nearestNeighbourError: { value: number } } };
    expect(complexity).toMatchObject({ bitsStored: 32 });
    expect(complexity.nearestNeighbourError.value).toBeGreaterThan(0.2);
  });

  it('has distances of inputs as the model receives them, brute force', async () => {
    const judged = fromBytes(Uint32Array, await records.blob('ids'));
    const nearest = await figure('nearest');
    for (const i of [0, 5, 299, 300, 599]) {
      const id = judged[i] as number;
      const brute = Math.min(
        ...[...members]
          .filter((other) => other !== id)
          .map((other) => Math.hypot(...[0, 1, 2, 3].map((c) => (x[4 * id + c]! - x[4 * other + c]!) / 2))),
      );
      expect(nearest[i]).toBeCloseTo(brute, 5);
    }
  });

  it('finds copies', async () => {
    const judged = fromBytes(Uint32Array, await records.blob('ids'));
    const duplicates = await figure('duplicates');
    const found = [...judged].filter((_, i) => duplicates[i]! > 0);
    expect(found.sort((a, b) => a - b)).toEqual([copied, copy].sort((a, b) => a - b));
  });
});

describe('explain', () => {
  const answers = finished({
    result: { classes: 2, correct: {} },
    blobs: { ids: toBytes(ids), logits: toBytes(new Float32Array(2 * ids.length)) },
  });
  const attack = (some: Uint32Array, score: (id: number) => number) =>
    finished({
      result: { threshold: null, queries: 0, notes: [] },
      blobs: { ids: toBytes(some), scores: toBytes(Float64Array.from(some, score)) },
    });
  const noise = (id: number) => Math.abs(Math.sin(131 * id));

  it('finds that outliers are memorised, whatever the order of the records', async () => {
    const scored = attack(ids.slice().reverse(), (id) => noise(id) + (members.has(id) && far(id) ? 1 : 0));
    const { result } = await explain.run(params, [scored, records, answers], byHandContext);
    const { factors } = (
      result as unknown as { explained: { factors: { name: string; explains?: string }[] } }
    ).explained;
    const named = factors.filter(({ explains }) => explains === 'more').map(({ name }) => name);
    expect(named).toContain('meanDistance');
    expect(named).not.toContain('overfitClass');
  });

  it('says nothing of an attack that scores few of the records', async () => {
    const scored = attack(ids.slice(0, 120), noise);
    const { result } = await explain.run(params, [scored, records, answers], byHandContext);
    expect(result).toEqual({ explained: null });
  });
});
