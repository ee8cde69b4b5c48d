/** From pictures that were found in a folder or an archive, and what is known of each, to a data set. */
import type { Attribute, Dataset } from '../../dataset.ts';
import { createDataset } from '../../dataset.ts';
import { decodePictures } from '../../pictures/decode-pictures.ts';
import type { PictureFile } from '../../pictures/picture-files.ts';
import type { ReadOptions } from '../entry.ts';

export interface KnownPictures {
  /** In the order of the records. */
  readonly files: readonly PictureFile[];
  /** Of the folder or archive in which they are. */
  readonly digest: string;
  readonly published: { readonly width: number; readonly height: number };
  /** Pixels a side of the records, unless others are asked for. */
  readonly usualSide: number;
  /** Of each picture. */
  readonly labels: Int32Array;
  readonly classes: readonly string[];
  readonly label: string;
  /** Of each picture. */
  readonly attributes?: Readonly<Record<string, Attribute>>;
}

/** The figures ML-Doctor (USENIX Security 2022) uses for faces; they put bytes in [-1, 1]. */
const FACES = { scale: 1 / 255, mean: [0.5, 0.5, 0.5], std: [0.5, 0.5, 0.5] };

/**
 * Pictures are squashed to squares. Of those that were left out as broken, labels and attributes are too; `leftOut` names them.
 *
 * @throws {AuditError} those of {@link decodePictures}
 */
export async function decodedDataset(known: KnownPictures, options: ReadOptions): Promise<Dataset> {
  const { files, digest, published, usualSide, classes, label, attributes } = known;
  const { name, pixels: side = usualSide, ...decoding } = options;
  const shape = [3, side, side] as const;
  const { values, kept } = await decodePictures(
    { name, pictures: files, shape, published, digest },
    decoding,
  );
  const of = <T extends Int32Array | Float32Array>(all: T): T =>
    kept.length === all.length ? all : (all.filter((_, i) => isKept(kept, i)) as T);
  const leftOut = files.filter((_, i) => !isKept(kept, i)).map((file) => file.name);
  return createDataset({
    id: name,
    ...(leftOut.length > 0 && { leftOut }),
    recordShape: shape,
    x: values,
    y: of(known.labels),
    classes,
    label,
    normalisation: FACES,
    ...(attributes && {
      attributes: Object.fromEntries(
        Object.entries(attributes).map(([key, { values: all, ...rest }]) => [
          key,
          { ...rest, values: of(all) },
        ]),
      ),
    }),
  });
}

/** By halving: they are in ascending order. */
function isKept(kept: Uint32Array, picture: number): boolean {
  let [low, high] = [0, kept.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((kept[middle] as number) < picture) low = middle + 1;
    else high = middle;
  }
  return kept[low] === picture;
}
