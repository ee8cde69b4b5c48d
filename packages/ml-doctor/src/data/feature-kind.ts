/** What the values of a record are, for attacks that change records or make them up. */
import type { Dataset } from './dataset.ts';
import { blocksOf } from './values.ts';

/**
 * `image`: channels, height, width; may be shifted and mirrored. `binary`: nothing but 0 and 1; may be flipped.
 * `numeric`: anything else. A table with 0/1 columns among others is numeric; its categories are in `oneHot`.
 */
export type FeatureKind = 'image' | 'binary' | 'numeric';

/** Of values before normalisation; both ends occur. */
export interface ValueRange {
  readonly min: number;
  readonly max: number;
}

interface Facts extends ValueRange {
  readonly kind: FeatureKind;
}

const known = new WeakMap<Dataset['x'], Facts>();

/**
 * Three dimensions make an image, even of 0 and 1 only. Looks at every value the first time it is asked about a data
 * set.
 */
export function featureKind(dataset: Dataset): FeatureKind {
  return dataset.recordShape.length === 3 ? 'image' : factsOf(dataset).kind;
}

/** The smallest and the largest value of the whole data set: right for pixels and bits, which have one scale. */
export function valueRange(dataset: Dataset): ValueRange {
  const { min, max } = factsOf(dataset);
  return { min, max };
}

/** The range of each value of a record by its place, over all records: for tables, whose columns differ in scale. */
export function valueRanges({ x, size }: Dataset): readonly ValueRange[] {
  const length = x.length / size;
  const min = Array.from(x.subarray(0, length));
  const max = [...min];
  for (const { values } of blocksOf(x, length)) {
    for (let i = 0; i < values.length; i += length) {
      for (let place = 0; place < length; place++) {
        const value = values[i + place]!;
        if (value < min[place]!) min[place] = value;
        else if (value > max[place]!) max[place] = value;
      }
    }
  }
  return min.map((least, place) => ({ min: least, max: max[place]! }));
}

function factsOf({ x, size }: Dataset): Facts {
  const found = known.get(x);
  if (found !== undefined) return found;
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  let bits = true;
  for (const { values } of blocksOf(x, x.length / size)) {
    for (let i = 0; i < values.length; i++) {
      const value = values[i]!;
      if (value < min) min = value;
      if (value > max) max = value;
      if (value !== 0 && value !== 1) bits = false;
    }
  }
  const facts: Facts = { min, max, kind: bits ? 'binary' : 'numeric' };
  known.set(x, facts);
  return facts;
}
