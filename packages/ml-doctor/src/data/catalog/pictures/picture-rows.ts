/** Pictures of one size, gathered one by one and brought to another size where one is asked for. */
import { type PictureShape, pictureResizer } from '../../resize-pictures.ts';

export interface PictureRows {
  readonly shape: PictureShape;
  /** Record after record. */
  readonly values: Uint8Array;
  readonly put: (picture: Uint8Array, record: number) => void;
}

/** @param side pixels a side of the records; as they come where it is left out */
export function pictureRows(count: number, from: PictureShape, side: number | undefined): PictureRows {
  const shape: PictureShape = side === undefined ? from : [from[0], side, side];
  const length = shape[0] * shape[1] * shape[2];
  const values = new Uint8Array(count * length);
  const same = shape.every((size, i) => size === from[i]);
  const resize = same ? undefined : pictureResizer(from, shape);
  return {
    shape,
    values,
    put(picture, record) {
      if (resize) resize(picture, 0, values, record * length);
      else values.set(picture, record * length);
    },
  };
}
