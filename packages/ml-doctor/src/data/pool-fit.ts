/** Whether the records of one data set can be shown to a model of another: their shape, and the range of their values. */
import { AuditError } from '../errors.ts';
import { type Dataset, elements } from './dataset.ts';
import { featureKind, type ValueRange, valueRange } from './feature-kind.ts';
import { isBit, type PlaceRange, placeRanges } from './place-ranges.ts';
import { channelsFit } from './resize-pictures.ts';
import { findValue, isBytes, type ValuesInMemory } from './values.ts';

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
  const asBytes = isBytes(home.x) && own.max > 1;
  const range = asBytes ? { min: 0, max: 255 } : own;
  const length = elements(other.recordShape);
  if (found.min < range.min || found.max > range.max) {
    const at = findValue(other.x, length, (value) => value < range.min || value > range.max);
    throw outside(other, Math.floor(at / length), `${other.x.subarray(at, at + 1)}`, reaching(home, range));
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
  for (let i = 0; i < other.size; i++) {
    const row = other.x.subarray(i * length, (i + 1) * length);
    for (const place of places) {
      if (holds(place, row)) continue;
      const { first, width } = place;
      const values = `${row.subarray(first, first + width).join(', ')} in ${columnsOf(place)}`;
      throw outside(other, i, values, allowed(home, place));
    }
  }
};

/** Whether the row's values there are among those the place may have. */
const holds = (place: PlaceRange, row: ValuesInMemory): boolean => {
  if (place.kind === 'category') return isOneHot(row, place.first, place.width);
  const value = row[place.first] as number;
  return isBit(place) ? value === 0 || value === 1 : value >= place.min && value <= place.max;
};

const isOneHot = (row: ValuesInMemory, start: number, width: number): boolean => {
  let ones = 0;
  for (let at = start; at < start + width; at++) {
    if (row[at] === 1) ones++;
    else if (row[at] !== 0) return false;
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
