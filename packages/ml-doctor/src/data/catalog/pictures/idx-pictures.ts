/** What MNIST and its successors have in common: 28×28 grey pictures in ten classes, in IDX files under the same names. */
import { AuditError } from '../../../errors.ts';
import { type FileRecord, readChecked } from '../../checked-file.ts';
import { createDataset, type Dataset } from '../../dataset.ts';
import { readIdx } from '../../formats/idx.ts';
import type { ReadOptions } from '../entry.ts';
import { pictureRows } from './picture-rows.ts';

export const SIDE = 28;

/** What is known of a published file: by the names of {@link idxFiles}. */
export type IdxDigests = Readonly<Record<string, Pick<FileRecord, 'sha256' | 'sameContent' | 'bytes'>>>;

export interface IdxPart {
  readonly count: number;
  readonly images: FileRecord;
  readonly labels: FileRecord;
}

/**
 * The pair of files of a part.
 *
 * @param folder of the data set, as `mnist`
 * @param torchvision the folder in which torchvision keeps them, as `MNIST/raw`
 * @param address of the folder from which they are downloaded, with its last slash
 */
export function idxFiles(
  prefix: 'train' | 't10k',
  count: number,
  { folder, torchvision, address }: { folder: string; torchvision: string; address: string },
  digests: IdxDigests,
): IdxPart {
  const file = (name: string, inflatedBytes: number): FileRecord => ({
    name: `${folder}/${name}`,
    alsoAt: [`${torchvision}/${name}`],
    inflatedBytes,
    url: `${address}${name}`,
    ...digests[name],
  });
  return {
    count,
    images: file(`${prefix}-images-idx3-ubyte.gz`, 16 + count * SIDE * SIDE),
    labels: file(`${prefix}-labels-idx1-ubyte.gz`, 8 + count),
  };
}

/** Part after part. @param paths two of each part, images and labels */
export async function readIdxPictures(
  parts: readonly IdxPart[],
  paths: readonly string[],
  { name, pixels }: ReadOptions,
  classes: readonly string[],
): Promise<Dataset> {
  const size = parts.reduce((sum, { count }) => sum + count, 0);
  const rows = pictureRows(size, [1, SIDE, SIDE], pixels);
  const y = new Int32Array(size);
  let first = 0;
  for (const [i, { count, images, labels }] of parts.entries()) {
    const x = await readBytes(paths[2 * i] as string, images, [count, SIDE, SIDE]);
    y.set(await readBytes(paths[2 * i + 1] as string, labels, [count]), first);
    for (let record = 0; record < count; record++)
      rows.put(x.subarray(record * SIDE * SIDE, (record + 1) * SIDE * SIDE), first + record);
    first += count;
  }
  return createDataset({
    id: name,
    recordShape: rows.shape,
    x: rows.values,
    y,
    classes,
    // The figures ML-Doctor (USENIX Security 2022) uses for Fashion-MNIST; they are MNIST's, kept so that results compare.
    normalisation: { scale: 1 / 255, mean: [0.1307], std: [0.3081] },
  });
}

async function readBytes(path: string, record: FileRecord, shape: readonly number[]): Promise<Uint8Array> {
  const found = await readChecked(path, record, readIdx);
  if (!(found.data instanceof Uint8Array) || found.shape.join() !== shape.join()) {
    throw new AuditError(
      'MLD_DATA_INVALID',
      `${path}: holds ${found.data.constructor.name} of shape [${found.shape}], expected bytes of shape [${shape}]`,
      'Check that images and labels were not exchanged.',
    );
  }
  return found.data;
}
