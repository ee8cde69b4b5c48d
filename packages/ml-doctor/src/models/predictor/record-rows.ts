/** Records as predictors see them: what is known of each, its label, and whatever else there is. */
import type { Rows } from './predictor.ts';

/**
 * A row for each record: `rest`, the label as one place for each class, and then `more`. An attack and the imputation
 * that it is held against differ in `more` alone.
 * @param rest `labels.length × record length`
 */
export const recordRows = (
  rest: Float32Array,
  labels: Int32Array,
  classes: number,
  more: Pick<Rows, 'values' | 'width'> = { values: new Float32Array(0), width: 0 },
): Rows => {
  const size = labels.length;
  const length = size === 0 ? 0 : rest.length / size;
  const width = length + classes + more.width;
  const values = new Float32Array(size * width);
  labels.forEach((label, i) => {
    const row = values.subarray(i * width, (i + 1) * width);
    row.set(rest.subarray(i * length, (i + 1) * length));
    row[length + label] = 1;
    row.set(more.values.subarray(i * more.width, (i + 1) * more.width), length + classes);
  });
  return { values, size, width };
};

/** The rows at these places, in their order. */
export const rowsAt = ({ values, width }: Rows, places: ArrayLike<number>): Rows => {
  const some = new Float32Array(places.length * width);
  for (let i = 0; i < places.length; i++) {
    const place = places[i] as number;
    some.set(values.subarray(place * width, (place + 1) * width), i * width);
  }
  return { values: some, size: places.length, width };
};
