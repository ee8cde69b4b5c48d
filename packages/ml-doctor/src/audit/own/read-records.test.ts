/** Records by the names under which their owner finds them, wherever they came to lie. */
import { expect, it } from 'vitest';
import { createDataset } from '../../data/dataset.ts';
import { mixSides } from '../../data/own/mix-sides.ts';
import type { OwnData, OwnDataSide } from '../../data/own/own-data.ts';
import { inMemory } from '../../data/values.ts';
import { type OwnRecords, recordNames } from './read-records.ts';

const sizes = { members: 30, nonMembers: 20, auxiliary: 10 };
const normalisation = { scale: 1, mean: [0], std: [1] };
const side = (path: string): OwnDataSide => ({ path: `/data/${path}.csv`, format: 'csv', records: 900 });

/** The input of a record is its number as the files give it; it is the third of every three rows. */
const found: OwnData = {
  data: createDataset({
    id: 'own',
    recordShape: [1],
    x: Float32Array.from({ length: 60 }, (_, i) => i),
    y: new Int32Array(60),
    classes: ['a', 'b'],
    normalisation,
  }),
  sizes,
  sides: { members: side('in'), nonMembers: side('out'), auxiliary: side('own') },
  notes: [],
  normalisation,
  origin: { rows: Uint32Array.from({ length: 60 }, (_, i) => 3 * i + 2) },
};

it.each([0, 7])('names file and row, counted from 1, with seed %i', (seed) => {
  const mixed = mixSides(found, seed);
  const nameOf = recordNames({ ...mixed, place: { options: { base: '/data', seed } } } as OwnRecords);
  inMemory(mixed.data.x).forEach((i, record) => {
    const file = i < 30 ? 'in' : i < 50 ? 'out' : 'own';
    expect(nameOf(record)).toBe(`${file}.csv, record ${3 * i + 3}`);
  });
  expect(nameOf(60)).toBeUndefined();
});
