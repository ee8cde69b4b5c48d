/** CIFAR-10, a third of it: 10,000 training and 10,000 test pictures of 32×32 pixels in ten classes. */
import { readChecked } from '../../checked-file.ts';
import { createDataset, type Dataset } from '../../dataset.ts';
import { readByteRecords } from '../../formats/labelled-bytes.ts';
import { checkSize } from '../bits/bits-dataset.ts';
import type { CatalogEntry, ReadOptions } from '../entry.ts';
import { CIFAR10_CLASSES, CIFAR10_NORMALISATION } from './cifar-pictures.ts';
import { pictureRows } from './picture-rows.ts';

const PER_FILE = 10_000;
const SHAPE = [3, 32, 32] as const;
const LENGTH = 3 * 32 * 32;

const FILES = [
  {
    name: 'cifar10/train_batch_1.bin.gz',
    sha256: 'b45e488a0f39fcf6d6c2df8dc322139f2fabd620bf0be34ccd160eff0310dd0e',
    // Inflated.
    sameContent: ['f7a27888b10f16641f4439cfb1cf949f85a327a9f200bc334b09033c6b73e7d1'],
    inflatedBytes: PER_FILE * (1 + LENGTH),
  },
  {
    name: 'cifar10/test_batch.bin.gz',
    sha256: '4fc3c1b5edbfe7b4c0fd93fd61caf14c58a1ccaac4be66e53b0191cbd855e8d2',
    sameContent: ['60efa36319ccdd038a4de72ba30054a58e8d4ed11e3bb81c3435b033a942b883'],
    inflatedBytes: PER_FILE * (1 + LENGTH),
  },
] as const;

/** The training pictures come first, then the test pictures. */
export const cifar10Sample: CatalogEntry<'cifar10-20k'> = {
  id: 'cifar10-20k',
  recordsOf: 'cifar10',
  title: 'CIFAR-10, 10,000 training and 10,000 test pictures together',
  kind: 'pictures',
  label: 'what is shown',
  preprocessing: 'The first 10,000 of the training pictures and all test pictures, as published.',
  pixels: { usual: 32, published: 32 },
  source: 'https://www.cs.toronto.edu/~kriz/cifar.html',
  licence: 'none stated; for research',
  citation: 'A. Krizhevsky: Learning Multiple Layers of Features from Tiny Images, 2009',
  size: 2 * PER_FILE,
  parts: { train: [0, PER_FILE], test: [PER_FILE, 2 * PER_FILE] },
  bundled: false,
  forms: [{ title: 'records of CIFAR-10 binary version, gzipped', files: FILES, read }],
};

async function read(paths: readonly string[], { name, pixels }: ReadOptions): Promise<Dataset> {
  const rows = pictureRows(2 * PER_FILE, SHAPE, pixels);
  const y = new Int32Array(2 * PER_FILE);
  for (const [i, record] of FILES.entries()) {
    const path = paths[i] as string;
    const { labels, values } = await readChecked(path, record, (bytes, file, maxBytes) =>
      readByteRecords(bytes, file, LENGTH, maxBytes),
    );
    checkSize(path, labels.length, PER_FILE);
    for (let j = 0; j < PER_FILE; j++)
      rows.put(values.subarray(j * LENGTH, (j + 1) * LENGTH), i * PER_FILE + j);
    y.set(labels, i * PER_FILE);
  }
  return createDataset({
    id: name,
    recordShape: rows.shape,
    x: rows.values,
    y,
    classes: CIFAR10_CLASSES,
    normalisation: CIFAR10_NORMALISATION,
  });
}
