/** Records as a server wants to read them: nested lists in the order of axes that it expects. */
import type { EndpointChoice } from './endpoint.ts';

export interface RecordForm {
  /** One record as nested lists, or as one list. */
  nested(values: Float32Array): unknown;
  /** The same numbers in one list. */
  flat(values: Float32Array): readonly number[];
  /** Of one record as it is sent. */
  readonly shape: readonly number[];
  /** Numbers in a record. */
  readonly length: number;
}

/** @param recordShape channels first, as records are kept here */
export const recordForm = (recordShape: readonly number[], layout: EndpointChoice['layout']): RecordForm => {
  const length = recordShape.reduce((a, b) => a * b, 1);
  const [c, h, w] = recordShape;
  // Only pictures have a channel axis to move.
  const last = layout === 'nhwc' && recordShape.length === 3;
  const shape = layout === 'flat' ? [length] : last ? [h!, w!, c!] : recordShape;
  const flat = (values: Float32Array): readonly number[] =>
    last
      ? Array.from({ length }, (_, i) => values[(i % c!) * h! * w! + Math.floor(i / c!)] as number)
      : Array.from(values);
  return { shape, length, flat, nested: (values) => nest(flat(values), shape) };
};

const nest = (values: readonly number[], shape: readonly number[]): unknown => {
  if (shape.length <= 1) return values;
  const [rows = 1, ...rest] = shape;
  const size = values.length / rows;
  return Array.from({ length: rows }, (_, i) => nest(values.slice(i * size, (i + 1) * size), rest));
};
