import { expect, it } from 'vitest';
import { createDataset } from '../../data/dataset.ts';
import { MOST_EXPOSED, resultSchema } from '../../report/schema.ts';
import { exposedRecords } from './exposed-records.ts';

const exposed = [
  { record: 2, class: 'b', score: 1.5, falsePositives: 0 },
  { record: 0, class: 'a', score: 1, falsePositives: 3 },
];

const data = (side: number, size = 3) =>
  createDataset({
    id: 'made',
    recordShape: [1, side, side],
    x: Uint8Array.from({ length: size * side * side }, (_, i) => (i * 7919) % 251),
    y: new Int32Array(size),
    classes: ['a', 'b'],
    normalisation: { scale: 1 / 255, mean: [0.5], std: [0.5] },
  });

it('says where the owner finds them, and shows nothing unless asked', () => {
  expect(exposedRecords(data(4))({ exposed })).toEqual(exposed);
  const rowOf = (record: number) => (record === 2 ? 'members.csv, row 17' : undefined);
  expect(exposedRecords(data(4), { rowOf })({ exposed })).toEqual([
    { ...exposed[0], row: 'members.csv, row 17' },
    exposed[1],
  ]);
});

it('shows the records themselves where asked, in the form that reports take', () => {
  const shown = exposedRecords(data(4), { pictures: true })({ exposed });
  const [first, second] = shown.map(({ picture }) => picture);
  expect(first).toBeDefined();
  expect(first).not.toEqual(second);
  expect(exposedRecords(data(4), { pictures: true })({ exposed: [exposed[0]!] })[0]!.picture).toEqual(first);
  expect(resultSchema.shape.exposed.safeParse(shown).error).toBeUndefined();
});

it('stops showing before a page grows beyond what opens at once', () => {
  const many = Array.from({ length: MOST_EXPOSED }, (_, record) => ({ ...exposed[0]!, record }));
  const of = exposedRecords(data(250, MOST_EXPOSED), { pictures: true });
  const [first, second] = [of({ exposed: many }), of({ exposed: many })];
  const size = JSON.stringify([first, second]).length;
  expect(size).toBeGreaterThan(4e6);
  expect(size).toBeLessThan(7e6);
  expect(first).toHaveLength(MOST_EXPOSED);
  expect(first[0]!.picture).toBeDefined();
  expect(second.at(-1)!.picture).toBeUndefined();
});
