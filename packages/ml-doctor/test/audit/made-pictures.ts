/** Small pictures, all different unless told otherwise, to check and plan audits on without reading any. */

import { createDataset, type Dataset } from '../../src/data/dataset.ts';

const PIXELS = 16;

/**
 * `inputs`: how many different pictures there are, shown in turns; as many as records when left out. The number of a
 * picture is written in its first two pixels.
 */
export const madePictures = ({
  size = 400,
  inputs = size,
  ...parts
}: Partial<Dataset> & { readonly inputs?: number } = {}): Dataset => {
  const x = new Uint8Array(size * PIXELS);
  for (let i = 0; i < size; i++) {
    x[i * PIXELS] = (i % inputs) % 256;
    x[i * PIXELS + 1] = (i % inputs) >> 8;
  }
  return createDataset({
    id: 'fashion-mnist-10k',
    recordShape: [1, 4, 4],
    x,
    y: Int32Array.from({ length: size }, (_, i) => i % 3),
    classes: ['a', 'b', 'c'],
    normalisation: { scale: 1, mean: [0], std: [1] },
    ...parts,
  });
};
