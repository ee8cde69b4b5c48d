/** Whether the records of one data set can be shown to a model of another: their shape, and the range of their values. */
import { AuditError } from '../errors.ts';
import { type Dataset, elements } from './dataset.ts';
import { featureKind, type ValueRange, valueRange } from './feature-kind.ts';
import { isBit, type PlaceRange, placeRanges } from './place-ranges.ts';
import { channelsFit } from './resize-pictures.ts';

export const sameShape = (a: Dataset, b: Dataset): boolean => `${a.recordShape}` === `${b.recordShape}`;

/** @throws {AuditError} MLD_POOL_SHAPE where the records differ in shape and are not, or cannot be, resized */
export const refuseOtherShape = (home: Dataset, other: Dataset, resize: boolean): void => {
  const shapes = `records of '${other.id}' have shape [${other.recordShape}], the target takes [${home.recordShape}] ('${home.id}')`;
  const pictures = featureKind(home) === 'image' && featureKind(other) === 'image';
  if (resize && !pictures)
    throw new AuditError(
      'MLD_POOL_SHAPE',
      `${shapes}; only pictures (channels, height, width) can be resized`,
      sameShape(home, other) ? 'Leave out `resize`.' : ANOTHER,
    );
  if (sameShape(home, other)) return;
  const fits = pictures && channelsFit(other.recordShape[0] as number, home.recordShape[0] as number);
  if (resize && fits) return;
  const why = resize ? '; channels can be brought from 3 to 1 and from 1 to 3 only' : '';
  throw new AuditError(
    'MLD_POOL_SHAPE',
    `${shapes}${why}`,
    fits ? 'Set `resize: true` to bring its pictures to that shape, or take another data set.' : ANOTHER,
  );
};

const ANOTHER = 'Take a data set whose records have the shape that the target takes.';

/**
 * Values count as they are before normalisation, which the target does itself. Of pictures the range is that of the
 * whole data set, and 0 to 255 where they are bytes; of a table each column has its own.
 *
 * @throws {AuditError} MLD_POOL_RANGE for the first record with a value outside the target's range, or none of those
 *   that a bit or a category may have; and for pictures from 0 to 1 where the target takes bytes
 */
export const refuseOutside = (home: Dataset, other: Dataset): void => {
  if (featureKind(home) === 'image') refusePictures(home, other);
  else refuseRows(home, other);
};

const refusePictures = (home: Dataset, other: Dataset): void => {
  const own = valueRange(home);
  const found = valueRange(other);
  const asBytes = home.x instanceof Uint8Array && own.max > 1;
  const range = asBytes ? { min: 0, max: 255 } : own;
  const length = elements(other.recordShape);
  if (found.min < range.min || found.max > range.max) {
    const at = other.x.findIndex((value: number) => value < range.min || value > range.max);
    throw outside(other, Math.floor(at / length), `${other.x[at]}`, reaching(home, range));
  }
  // Inside the range, and yet another scale.
  if (asBytes && other.x instanceof Float32Array && found.max <= 1) {
    const at = other.x.indexOf(found.max);
    const largest = `${found.max}, its largest value,`;
    throw outside(other, Math.floor(at / length), largest, reaching(home, range));
  }
};

const refuseRows = (home: Dataset, other: Dataset): void => {
  const places = placeRanges(home);
  const length = elements(home.recordShape);
  for (let i = 0; i < other.size; i++)
    for (const place of places) {
      const at = i * length + place.first;
      if (holds(place, other.x, at)) continue;
      const values = `${other.x.subarray(at, at + place.width).join(', ')} in ${columnsOf(place)}`;
      throw outside(other, i, values, allowed(home, place));
    }
};

/** Whether the values from `at` on are among those the place may have. */
const holds = (place: PlaceRange, x: Dataset['x'], at: number): boolean => {
  if (place.kind === 'category') return isOneHot(x, at, place.width);
  const value = x[at] as number;
  return isBit(place) ? value === 0 || value === 1 : value >= place.min && value <= place.max;
};

const isOneHot = (x: Dataset['x'], start: number, width: number): boolean => {
  let ones = 0;
  for (let at = start; at < start + width; at++) {
    if (x[at] === 1) ones++;
    else if (x[at] !== 0) return false;
  }
  return ones === 1;
};

const columnsOf = ({ first, width }: PlaceRange): string =>
  width === 1 ? `column ${first + 1}` : `columns ${first + 1} to ${first + width}`;

const allowed = (home: Dataset, place: PlaceRange): string => {
  if (place.kind === 'category') return `those of '${home.id}' hold one category, a single 1 among 0s`;
  return isBit(place) ? `'${home.id}' has nothing but 0 and 1` : reaching(home, place);
};

const reaching = ({ id }: Dataset, { min, max }: ValueRange): string =>
  `the values of '${id}' reach from ${min} to ${max}`;

const outside = (other: Dataset, record: number, holding: string, where: string): AuditError =>
  new AuditError(
    'MLD_POOL_RANGE',
    `record ${record} of '${other.id}' holds ${holding} where ${where}`,
    "Bring its values, before normalisation, to those that the target's data have, or take another data set.",
  );
