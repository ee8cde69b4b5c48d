/** Records without an attribute, and with any value of it: what an attacker sends who knows the rest of a record. */
import type { Dataset } from './dataset.ts';
import type { Sensitive } from './sensitive.ts';

/** Rows as the model receives them, `rows × record length`, normalised. */
export interface AttributeEditor {
  /** Puts 0 where the attribute stands, in every row: nothing of it is left. */
  readonly clear: (rows: Float32Array) => void;
  /** Puts a value (a category's index, or a number) where the attribute stands, in every row, one-hot places and all. */
  readonly write: (rows: Float32Array, value: number) => void;
  /** The places of a row that hold the attribute. */
  readonly places: { readonly first: number; readonly width: number };
  /** What {@link AttributeEditor.write} puts at those places. */
  readonly encoded: (value: number) => Float32Array;
}

/** Undefined where the records do not hold the attribute. */
export const attributeEditor = (
  { normalisation: { scale, mean, std }, recordShape }: Dataset,
  { places }: Pick<Sensitive, 'places'>,
): AttributeEditor | undefined => {
  if (!places) return undefined;
  const { first, width, encoding } = places;
  const [length] = recordShape as readonly [number];
  const normalised = (place: number, value: number) =>
    (value * scale - (mean[first + place] as number)) / (std[first + place] as number);
  const encoded = (value: number) =>
    Float32Array.from({ length: width }, (_, place) =>
      normalised(place, encoding === 'value' ? value : place === value ? 1 : 0),
    );
  const put = (rows: Float32Array, values: Float32Array) => {
    for (let start = first; start < rows.length; start += length) rows.set(values, start);
  };
  return {
    clear: (rows) => put(rows, new Float32Array(width)),
    write: (rows, value) => put(rows, encoded(value)),
    places: { first, width },
    encoded,
  };
};
