import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sidePlaces, splitQuarters } from '../split.ts';
import type { SavedOutputTable } from './output-table.ts';
import { outputsDataset } from './outputs-dataset.ts';

const SEED = 3;

const table = (parts: Partial<SavedOutputTable>): SavedOutputTable => ({
  kind: 'posteriors',
  values: Float64Array.of(0.7, 0.2, 0.1, 0.25, 0.5, 0.25, 0, 1, 0),
  width: 3,
  labels: Int32Array.of(0, 2, 1),
  classes: ['a', 'b', 'c'],
  members: Uint8Array.of(0, 1, 0),
  attributes: {},
  rows: 3,
  notes: [],
  ...parts,
});

const softmax = (row: Float32Array): number[] => {
  const exps = Array.from(row, Math.exp);
  const sum = exps.reduce((a, b) => a + b, 0);
  return exps.map((e) => e / sum);
};

describe('outputsDataset', () => {
  it('finds the members again by the split, and keeps what belongs to each row together', () => {
    const sex = { values: Int32Array.of(0, 1, 1), categories: ['f', 'm'] };
    const found = outputsDataset(table({ names: ['x', 'y', 'z'], attributes: { sex } }), SEED);
    expect(found.sizes).toEqual({ members: 1, nonMembers: 2, auxiliary: 0 });
    const split = splitQuarters(3, { seed: SEED, sizes: found.sizes });
    const rowsOf = (role: 'target-train' | 'target-test') =>
      Array.from(split[role], (id) => [
        found.names?.[id],
        found.data.y[id],
        found.data.attributes?.['sex']?.values[id],
        softmax(found.logits.subarray(id * 3, id * 3 + 3)).map((p) => p.toFixed(4)),
      ]);
    expect(rowsOf('target-train')).toEqual([['y', 2, 1, ['0.2500', '0.5000', '0.2500']]]);
    expect(rowsOf('target-test').sort()).toEqual([
      ['x', 0, 0, ['0.7000', '0.2000', '0.1000']],
      ['z', 1, 1, ['0.0000', '1.0000', '0.0000']],
    ]);
  });

  it('says nothing of a side by the number of a record', () => {
    const members = Uint8Array.from({ length: 200 }, (_, i) => (i < 100 ? 1 : 0));
    const values = Float64Array.from({ length: 600 }, () => 1 / 3);
    const found = outputsDataset(table({ values, members, labels: new Int32Array(200), rows: 200 }), SEED);
    const split = splitQuarters(200, { seed: SEED, sizes: found.sizes });
    const low = split['target-train'].filter((id) => id < 100).length;
    // 50 expected, standard deviation 3.5.
    expect(low).toBeGreaterThan(32);
    expect(low).toBeLessThan(68);
  });

  it('keeps posteriors of 0 as such', () => {
    const found = outputsDataset(table({}), SEED);
    const zero = [0, 1, 2]
      .map((id) => [...found.logits.subarray(id * 3, id * 3 + 3)])
      .find((row) => row.includes(0));
    expect(zero).toEqual([-Infinity, 0, -Infinity]);
  });
  it('keeps logits as they are', () => {
    const values = Float64Array.of(1, 2, 3, -1, 0, 8, 5, 5, -Infinity);
    const { logits } = outputsDataset(table({ kind: 'logits', values }), SEED);
    const rows = [0, 1, 2].map((id) => [...logits.subarray(id * 3, id * 3 + 3)].join());
    expect(rows.sort()).toEqual(['-1,0,8', '1,2,3', '5,5,-Infinity']);
  });

  it('gives rows whose cross-entropy at the label is the loss that was saved', () => {
    const loss = fc.double({ min: 0, max: 50, noNaN: true });
    const sample = fc.array(fc.tuple(loss, fc.nat(3), fc.boolean()), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(sample, (rows) => {
        const { logits, data } = outputsDataset(
          table({
            kind: 'loss',
            width: 1,
            classes: ['0', '1', '2', '3'],
            values: Float64Array.from(rows, ([value]) => value),
            labels: Int32Array.from(rows, ([, label]) => label),
            members: Uint8Array.from(rows, ([, , member]) => (member ? 1 : 0)),
          }),
          SEED,
        );
        const saved = [1, 0].flatMap((side) => rows.filter(([, , member]) => member === (side === 1)));
        const places = sidePlaces(rows.length, SEED);
        saved.forEach(([value], n) => {
          const i = places[n] as number;
          const row = logits.subarray(i * 4, i * 4 + 4);
          const top = Math.max(...row);
          const total = top + Math.log(Array.from(row, (z) => Math.exp(z - top)).reduce((a, b) => a + b, 0));
          const found = total - (row[data.y[i] as number] as number);
          expect(Math.abs(found - value)).toBeLessThanOrEqual(1e-6 * (1 + value));
        });
      }),
    );
  });

  it('ranks losses far below rounding as they were saved', () => {
    const values = Float64Array.of(1e-12, 1e-10, 1e-8, 0);
    const { logits } = outputsDataset(
      table({
        ...{ kind: 'loss', width: 1, values, classes: ['0', '1'], labels: new Int32Array(4) },
        members: new Uint8Array(4),
      }),
      SEED,
    );
    const places = sidePlaces(4, SEED);
    const label = [0, 1, 2, 3].map((i) => logits[2 * (places[i] as number)] as number);
    expect([...label].sort((a, b) => b - a)).toEqual([label[3], label[0], label[1], label[2]]);
  });

  it('has another hash for other answers, and the same data', () => {
    const one = outputsDataset(table({}), SEED);
    const other = outputsDataset(
      table({ values: Float64Array.of(0.6, 0.3, 0.1, 0.25, 0.5, 0.25, 0, 1, 0) }),
      SEED,
    );
    expect(other.answers).not.toBe(one.answers);
    expect(other.data.contentHash).toBe(one.data.contentHash);
  });
});
