/** What the places of a record may hold, for whoever makes records up or takes them from elsewhere. */
import { type Dataset, elements } from './dataset.ts';
import { featureKind, type ValueRange, valueRanges } from './feature-kind.ts';

/** One place, or neighbouring places that hold one category; before normalisation. */
export interface PlaceRange extends ValueRange {
  readonly first: number;
  readonly width: number;
  /** `category`: one of `width` places is 1, the others are 0. `whole` and `real`: numbers from `min` to `max`. */
  readonly kind: 'category' | 'whole' | 'real';
}

/** Nothing but 0 and 1. */
export const isBit = ({ kind, min, max }: PlaceRange): boolean => kind === 'whole' && min === 0 && max === 1;

/**
 * In the order of their places. The range of a pixel is that of its channel, the range of a table's place that of its
 * column, over all records; where the whole data set is bits it is 0 to 1, also for a column that has only one of them.
 */
export const placeRanges = (data: Dataset): readonly PlaceRange[] => {
  const length = elements(data.recordShape);
  const kind = featureKind(data);
  const plane = kind === 'image' ? length / (data.recordShape[0] as number) : 1;
  const own = kind === 'binary' ? undefined : rangesOf(data, plane);
  const widths = new Map((data.oneHot ?? []).map(({ first, width }) => [first, width]));
  const found: PlaceRange[] = [];
  for (let first = 0; first < length; first += found.at(-1)?.width as number) {
    const width = widths.get(first);
    if (width !== undefined) found.push({ first, width, kind: 'category', min: 0, max: 1 });
    else found.push({ first, width: 1, ...(own?.[Math.floor(first / plane)] ?? BIT) });
  }
  return found;
};

type Numbers = ValueRange & { readonly kind: 'whole' | 'real' };

const BIT: Numbers = { kind: 'whole', min: 0, max: 1 };

/** Of every `plane` neighbouring places together. */
const rangesOf = (data: Dataset, plane: number): readonly Numbers[] => {
  const ranges = valueRanges(data);
  const fractions = fractional(data, ranges.length);
  return Array.from({ length: ranges.length / plane }, (_, group) => {
    const [start, end] = [group * plane, (group + 1) * plane];
    return {
      kind: fractions.subarray(start, end).includes(1) ? 'real' : 'whole',
      min: ranges
        .slice(start, end)
        .reduce((least, { min }) => Math.min(least, min), Number.POSITIVE_INFINITY),
      max: ranges.slice(start, end).reduce((most, { max }) => Math.max(most, max), Number.NEGATIVE_INFINITY),
    };
  });
};

/** By place: 1 where some record has no whole number there. */
const fractional = ({ x }: Dataset, length: number): Uint8Array => {
  const found = new Uint8Array(length);
  if (x instanceof Float32Array)
    for (let i = 0; i < x.length; i++) if (!Number.isInteger(x[i])) found[i % length] = 1;
  return found;
};
