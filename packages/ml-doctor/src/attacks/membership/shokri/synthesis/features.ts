/** What whoever makes records up changes by itself: a value, or the columns of one category together. */
import { type Dataset, elements } from '../../../../data/dataset.ts';
import { featureKind, type ValueRange, valueRange, valueRanges } from '../../../../data/feature-kind.ts';
import { isInMemory, type Values, type ValuesInMemory, valuesLike } from '../../../../data/values.ts';

export interface Feature {
  /** Its place in a record, and how many places it has. */
  readonly first: number;
  readonly width: number;
  /** `bit`: 0 or 1. `category`: one of `width` columns is 1. `whole` and `real`: numbers from `min` to `max`. */
  readonly kind: 'bit' | 'category' | 'whole' | 'real';
  readonly min: number;
  readonly max: number;
}

/**
 * In the order of their places. Ranges are those of the whole data set: like its shape they belong to the input format,
 * which the attacker knows. A column of whole numbers gets whole numbers.
 */
export const featuresOf = (data: Dataset): readonly Feature[] => {
  const length = elements(data.recordShape);
  const kind = featureKind(data);
  const ranges = kind === 'numeric' ? valueRanges(data) : undefined;
  const common = valueRange(data);
  const whole = wholeNumbers(data, length);
  const features: Feature[] = [];
  const groups = new Map((data.oneHot ?? []).map(({ first, width }) => [first, width]));
  for (let place = 0; place < length; ) {
    const category = groups.get(place);
    const { min, max } = ranges?.[place] ?? (common as ValueRange);
    if (category !== undefined) features.push({ first: place, width: category, kind: 'category', min, max });
    else if (kind === 'binary') features.push({ first: place, width: 1, kind: 'bit', min: 0, max: 1 });
    else features.push({ first: place, width: 1, kind: whole[place] ? 'whole' : 'real', min, max });
    place += category ?? 1;
  }
  return features;
};

/** By place: whether every record has a whole number there. */
const wholeNumbers = ({ x }: Dataset, length: number): Uint8Array => {
  const whole = new Uint8Array(length).fill(1);
  if (x instanceof Float32Array)
    for (let i = 0; i < x.length; i++) if (!Number.isInteger(x[i])) whole[i % length] = 0;
  return whole;
};

/** Sets a feature of the record to what `u`, uniform on [0, 1), says: every value of its range is equally likely. */
export const draw = ({ first, width, kind, min, max }: Feature, u: number, record: ValuesInMemory): void => {
  if (kind === 'category') {
    record.fill(0, first, first + width);
    record[first + Math.floor(u * width)] = 1;
  } else if (kind === 'real') record[first] = min + u * (max - min);
  else record[first] = min + Math.floor(u * (max - min + 1));
};

/** Gives a feature of the record at `to` the value that it has in the record at `from`. */
export const copyFeature = (
  { first, width }: Feature,
  source: Values,
  from: number,
  target: ValuesInMemory,
  to: number,
): void => {
  if (isInMemory(source))
    for (let place = first; place < first + width; place++)
      target[to + place] = source[from + place] as number;
  else target.set(source.subarray(from + first, from + first + width), to + first);
};

export const flip = ({ first }: Feature, record: ValuesInMemory): void => {
  record[first] = 1 - (record[first] as number);
};

/** Room for so many records of the data set's own type. */
export const recordsLike = ({ x }: Dataset, length: number): ValuesInMemory => valuesLike(x, length);
