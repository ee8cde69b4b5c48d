/** Who is a candidate, what is known and what a reference was trained on, as an attack is told. */

import { describe, expect, it } from 'vitest';
import { madePictures } from '../../../../test/audit/made-pictures.ts';
import { byHandContext, finished } from '../../../../test/study/by-hand.ts';
import { membershipAttackOf } from '../../../attacks/membership/registry.ts';
import { createDataset } from '../../../data/dataset.ts';
import { loadDataset } from '../../../data/load-dataset.ts';
import { splitQuarters } from '../../../data/split.ts';
import { partialThirds } from '../../../data/thirds.ts';
import type { FinishedTask } from '../../task.ts';
import { dataRef } from '../data-ref.ts';
import { recordsIn, referenceTraining, trainingRecords } from '../record-sets.ts';
import { fromBytes, toBytes } from '../typed-bytes.ts';
import { type AttackParts, assembleAttack } from './assemble.ts';
import { attack } from './attack.ts';

const split = { seed: 6, perRole: 60 };
const data = madePictures();
const roles = splitQuarters(data.size, split);
const files = { classes: 3, saved: [] };

const assembled = (name: string, params: Record<string, unknown>, parts: Partial<AttackParts> = {}) => {
  const configured = membershipAttackOf(`membership/${name}`).configure(params);
  const references = Array.from({ length: configured.references.count }, () => files);
  const { input } = assembleAttack(
    configured,
    { data, split, target: files, references, ...parts },
    byHandContext,
  );
  return { input, configured };
};
const candidates = [...recordsIn('candidates', data.size, split)];
const sorted = (...parts: Iterable<number>[]) => parts.flatMap((part) => [...part]).sort((a, b) => a - b);

describe('the candidates', () => {
  it('are all members and non-members of the target, in an order that tells nothing, with their labels', () => {
    const { records } = assembled('loss-threshold', {}).input;
    expect([...records.ids]).toEqual(candidates);
    expect([...records.labels]).toEqual(candidates.map((id) => id % 3));
  });

  it('are a third of them where another third is known, and none of it', () => {
    const { input } = assembled('shadow-classifier', { auxiliary: 'partial' });
    const { known, scored } = partialThirds(roles['target-train'], roles['target-test'], split.seed);
    expect([...input.records.ids]).toEqual(sorted(scored.members, scored.nonMembers));
    expect(input.known).toMatchObject({
      members: { ids: known.members },
      nonMembers: { ids: known.nonMembers },
    });
    expect(input.population.ids).toHaveLength(0);
  });

  it('are as many as are asked for, half of them members, drawn at random', () => {
    const drawn = (seed: number) => {
      const own = { seed, perRole: 60 };
      const { ids } = assembled('label-only', { method: 'boundary', records: 7 }, { split: own }).input
        .records;
      const members = new Set(splitQuarters(data.size, own)['target-train']);
      expect([...ids]).toEqual(sorted(new Set(ids)));
      expect([...ids].filter((id) => members.has(id))).toHaveLength(7);
      const all = recordsIn('candidates', data.size, own);
      expect([...ids].every((id) => all.includes(id))).toBe(true);
      return [...ids];
    };
    expect(drawn(6)).toHaveLength(14);
    expect(drawn(6)).toEqual(drawn(6));
    expect(drawn(7)).not.toEqual(drawn(6));
    const more = assembled('label-only', { method: 'boundary', records: 600 }).input.records;
    expect([...more.ids]).toEqual(candidates);
  });
});

describe('a reference', () => {
  it.each([
    ['lira', { shadows: 6 }],
    ['lira', { mode: 'offline', shadows: 6 }],
    ['shokri', { shadows: 5 }],
  ] as const)('of %s %j says what its model is trained on', (name, params) => {
    const { input, configured } = assembled(name, params);
    const { pool } = configured.references;
    for (const [index, { members, nonMembers }] of input.references.entries()) {
      const own = trainingRecords(referenceTraining(pool, index), data.size, split);
      expect(members.ids).toEqual(own);
      expect([...members.labels]).toEqual([...own].map((id) => id % 3));
      expect([...nonMembers.ids].filter((id) => own.includes(id))).toEqual([]);
    }
  });

  it('on other data speaks of the records there', () => {
    const other = createDataset({ ...madePictures({ size: 100 }), y: new Int32Array(100).fill(2) });
    const { input } = assembled(
      'ml-leaks',
      { adversary: 2, data: 'adult' },
      { pool: { data: other, split: { seed: 6, perRole: 25 } } },
    );
    const there = splitQuarters(100, { seed: 6, perRole: 25 });
    const [reference] = input.references;
    expect(reference?.members).toEqual({ ids: there['shadow-train'], labels: new Int32Array(25).fill(2) });
    expect(reference?.nonMembers.ids).toEqual(there['shadow-test']);
  });
});

describe('what an attacker holds', () => {
  it('is the shadow data where he is given it, and nothing otherwise', () => {
    const held = (name: string, params: Record<string, unknown>) => [
      ...assembled(name, params).input.population.ids,
    ];
    expect(held('lira', { mode: 'offline' })).toEqual([...recordsIn('population', data.size, split)]);
    expect(held('loss-threshold', { auxiliary: 'none' })).toEqual([]);
  });

  it('is bounded as his data is: a picture by its channel, a row by its column', () => {
    const normalisation = { scale: 2, mean: [1, 3], std: [1, 10] };
    const two = createDataset({ ...madePictures(), recordShape: [2, 2, 4], normalisation });
    const { bounds } = assembled('loss-threshold', {}, { data: two }).input.data;
    // Pixels 0 and 1, which hold the number of the record, are of the first channel; the second is black.
    expect([...bounds.low]).toEqual([...Array(8).fill(-1), ...Array(8).fill(Math.fround(-0.3))]);
    expect([...bounds.high]).toEqual([...Array(8).fill(2 * 255 - 1), ...Array(8).fill(Math.fround(-0.3))]);

    const x = Float32Array.from({ length: 800 }, (_, i) => (i % 2 === 0 ? 1 - i : i));
    const plain = { scale: 1, mean: [0, 0], std: [1, 2] };
    const rows = createDataset({ ...madePictures(), recordShape: [2], x, normalisation: plain });
    const columns = assembled('loss-threshold', {}, { data: rows }).input.data.bounds;
    expect([...columns.low]).toEqual([-797, 0.5]);
    expect([...columns.high]).toEqual([1, 399.5]);
  });
});

describe('an attack with partial knowledge', () => {
  it('leaves scores of the third that it did not learn from', async () => {
    const real = await loadDataset('fashion-mnist-10k');
    const own = { seed: 1, perRole: 20 };
    const all = recordsIn('candidates', real.size, own);
    const answers: FinishedTask = finished({
      result: { classes: 10, correct: {} },
      blobs: {
        ids: toBytes(all),
        logits: toBytes(Float32Array.from({ length: 400 }, (_, i) => Math.sin(i))),
      },
    });
    const { blobs, result } = await attack.run(
      {
        ...{ data: dataRef(real), split: own, attack: 'membership/shadow-classifier' },
        params: { auxiliary: 'partial', epochs: 1 },
      },
      [answers],
      byHandContext,
    );
    const scored = [...fromBytes(Uint32Array, blobs?.['ids'] as Uint8Array)];
    const quarters = splitQuarters(real.size, own);
    const { known } = partialThirds(quarters['target-train'], quarters['target-test'], own.seed);
    const learnt = new Set([...known.members, ...known.nonMembers]);
    expect(scored).toHaveLength(12);
    expect(scored.filter((id) => learnt.has(id))).toEqual([]);
    expect(scored.filter((id) => quarters['target-train'].includes(id))).toHaveLength(6);
    expect(fromBytes(Float64Array, blobs?.['scores'] as Uint8Array)).toHaveLength(12);
    // It asks about the third it learns from too.
    expect(result.queries).toBe(24);
  });
});
