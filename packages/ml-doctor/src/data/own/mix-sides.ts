/** Puts records of all sides in a random order: whoever is told of records by number must not read from it whose they are. */
import { createDataset, type Dataset, elements } from '../dataset.ts';
import { sidePlaces } from '../split.ts';
import { inMemory } from '../values.ts';
import type { OwnData } from './own-data.ts';

/** @param seed of the split, which finds the sides again (`SplitOptions.sizes`) */
export const mixSides = (found: OwnData, seed: number): OwnData => {
  const places = sidePlaces(found.data.size, seed);
  return {
    ...found,
    data: moved(found.data, places),
    origin: { rows: movedRows(found.origin.rows, places, 1) },
  };
};

/** Record i becomes record `places[i]`. Of what lies in a file a copy is made in memory. */
export const moved = (data: Dataset, places: Uint32Array): Dataset => {
  const { size: _, contentHash: __, attributes, ...parts } = data;
  return createDataset({
    ...parts,
    x: movedRows(inMemory(data.x), places, elements(data.recordShape)),
    y: movedRows(data.y, places, 1),
    ...(attributes && {
      attributes: Object.fromEntries(
        Object.entries(attributes).map(([name, attribute]) => [
          name,
          { ...attribute, values: movedRows(attribute.values, places, 1) },
        ]),
      ),
    }),
  });
};

export const movedRows = <T extends Uint8Array | Uint32Array | Int32Array | Float32Array>(
  values: T,
  places: Uint32Array,
  width: number,
): T => {
  const out = new (values.constructor as new (length: number) => T)(values.length);
  places.forEach((place, i) => {
    out.set(values.subarray(i * width, (i + 1) * width), place * width);
  });
  return out;
};
