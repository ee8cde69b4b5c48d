/** Shifted and mirrored copies of pictures, for attacks that ask a model about a record more than once. */
import { AuditError } from '../errors.ts';
import { type Batch, batch, type Dataset, elements } from './dataset.ts';
import { valuesLike } from './values.ts';

/**
 * A picture moved `dx` pixels to the right and `dy` down (negative: left and up), then, with `flip`, mirrored so that
 * left and right change places.
 */
export interface View {
  readonly dx: number;
  readonly dy: number;
  readonly flip: boolean;
}

/**
 * Every shift by at most `maxShift` pixels along each axis, (2·maxShift + 1)² of them, and with `flip` each of them
 * mirrored as well. The picture as it is comes first, then the others by the pixels moved (|dx| + |dy|), so that the
 * first few are the mildest.
 */
export function views(maxShift: number, flip: boolean): readonly View[] {
  if (!(Number.isInteger(maxShift) && maxShift >= 0)) throw new Error(`internal: shifts up to ${maxShift}`);
  const steps = Array.from({ length: 2 * maxShift + 1 }, (_, i) => i - maxShift);
  return steps
    .flatMap((dy) => steps.map((dx) => ({ dx, dy })))
    .sort((a, b) => distance(a) - distance(b))
    .flatMap((shift) => (flip ? [false, true] : [false]).map((mirrored) => ({ ...shift, flip: mirrored })));
}

/**
 * The records at `indices` as `view` shows them, normalised, in that order; under the view that changes nothing,
 * exactly those of {@link batch}. Pixels shifted in are 0 before normalisation: black.
 *
 * @throws {AuditError} MLD_USAGE when the records are no pictures
 */
export function viewBatch(dataset: Dataset, indices: ArrayLike<number>, view: View): Batch {
  const { recordShape, x, y, id, size } = dataset;
  if (recordShape.length !== 3) {
    throw new AuditError(
      'MLD_USAGE',
      `records of '${id}' have shape [${recordShape}]; only pictures (channels, height, width) can be shifted or mirrored`,
      'Set the attack to use no shifted or mirrored copies, or audit a model of pictures.',
    );
  }
  const { dx, dy, flip } = view;
  if (!(Number.isInteger(dx) && Number.isInteger(dy))) throw new Error(`internal: shift by ${dx}, ${dy}`);
  if (dx === 0 && dy === 0 && !flip) return batch(dataset, indices);
  const length = elements(recordShape);
  const sources = sourcePlaces(recordShape as readonly [number, number, number], view);
  const shown = valuesLike(x, indices.length * length);
  const labels = new Int32Array(indices.length);
  for (let i = 0; i < indices.length; i++) {
    const index = indices[i]!;
    if (!(Number.isInteger(index) && index >= 0 && index < size)) {
      throw new Error(`internal: record ${index} asked of data set '${id}' with ${size} records`);
    }
    labels[i] = y[index]!;
    const record = x.subarray(index * length, (index + 1) * length);
    for (let place = 0; place < length; place++) {
      const source = sources[place]!;
      if (source >= 0) shown[i * length + place] = record[source]!;
    }
  }
  const all = labels.map((_, i) => i);
  return batch({ ...dataset, x: shown, y: labels, size: all.length }, all);
}

/** Where each value of a transformed record comes from in the original; -1 for a pixel from outside the picture. */
function sourcePlaces(
  [channels, height, width]: readonly [number, number, number],
  { dx, dy, flip }: View,
): Int32Array {
  const sources = new Int32Array(channels * height * width);
  for (let place = 0; place < sources.length; place++) {
    const column = place % width;
    const row = Math.floor(place / width) % height;
    const sourceRow = row - dy;
    const sourceColumn = (flip ? width - 1 - column : column) - dx;
    const inside = sourceRow >= 0 && sourceRow < height && sourceColumn >= 0 && sourceColumn < width;
    sources[place] = inside ? place + (sourceRow - row) * width + (sourceColumn - column) : -1;
  }
  return sources;
}

const distance = ({ dx, dy }: { readonly dx: number; readonly dy: number }): number =>
  Math.abs(dx) + Math.abs(dy);
