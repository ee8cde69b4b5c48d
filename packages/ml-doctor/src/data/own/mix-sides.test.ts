/** Sides in a random order: the split finds each record's side again, and what belongs to a record goes with it. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createDataset } from '../dataset.ts';
import { splitQuarters } from '../split.ts';
import { inMemory } from '../values.ts';
import { mixSides } from './mix-sides.ts';
import type { OwnData } from './own-data.ts';

/** Record i, as the files give it, says so in its inputs, its attributes and its row. */
const made = (sizes: OwnData['sizes']): OwnData => {
  const size = sizes.members + sizes.nonMembers + sizes.auxiliary;
  const numbers = Array.from({ length: size }, (_, i) => i);
  const normalisation = { scale: 1, mean: [0, 0], std: [1, 1] };
  return {
    data: createDataset({
      id: 'own',
      recordShape: [2],
      x: Float32Array.from(numbers.flatMap((i) => [i, -i])),
      y: Int32Array.from(numbers, (i) => i % 3),
      classes: ['a', 'b', 'c'],
      normalisation,
      attributes: { amount: { values: Float32Array.from(numbers) } },
    }),
    sizes,
    sides: {} as OwnData['sides'],
    notes: [],
    normalisation,
    origin: { rows: Uint32Array.from(numbers, (i) => 1000 + i) },
  };
};

it('keeps each record together, and on its side', () => {
  const count = fc.integer({ min: 1, max: 60 });
  const drawn = fc.record({ members: count, nonMembers: count, auxiliary: fc.nat(60) });
  fc.assert(
    fc.property(drawn, fc.nat(), (sizes, seed) => {
      const { data, origin } = mixSides(made(sizes), seed);
      const x = inMemory(data.x);
      const given = Array.from({ length: data.size }, (_, record) => x[2 * record] as number);
      given.forEach((i, record) => {
        expect([x[2 * record + 1], data.y[record], origin.rows[record]]).toEqual([-i, i % 3, 1000 + i]);
        expect(data.attributes?.['amount']?.values[record]).toBe(i);
      });
      const roles = splitQuarters(data.size, { seed, sizes });
      const those = (role: keyof typeof roles) => [...roles[role]].map((record) => given[record] as number);
      expect(those('target-train').every((i) => i < sizes.members)).toBe(true);
      const others = sizes.members + sizes.nonMembers;
      expect(those('target-test').every((i) => i >= sizes.members && i < others)).toBe(true);
      expect(those('shadow-train').every((i) => i >= others)).toBe(true);
    }),
    { numRuns: 40 },
  );
});

it('says of another seed’s data that it is another', () => {
  const found = made({ members: 20, nonMembers: 20, auxiliary: 0 });
  expect(mixSides(found, 1).data.contentHash).not.toBe(mixSides(found, 2).data.contentHash);
  expect(mixSides(found, 1).data.contentHash).toBe(mixSides(found, 1).data.contentHash);
});
