/** CIFAR-10, a third of it: 10,000 training and 10,000 test pictures of 32×32 pixels in ten classes. */
import { readChecked } from '../../checked-file.ts';
import { createDataset, type Dataset } from '../../dataset.ts';
import { readByteRecords } from '../../formats/labelled-bytes.ts';
import { checkSize } from '../bits/bits-dataset.ts';
import type { CatalogEntry, ReadOptions } from '../entry.ts';

const PER_FILE = 10_000;
const SHAPE = [3, 32, 32] as const;
const LENGTH = 3 * 32 * 32;

const FILES = [
  {
    name: 'cifar10/train_batch_1.bin.gz',
    sha256: 'b45e488a0f39fcf6d6c2df8dc322139f2fabd620bf0be34ccd160eff0310dd0e',
    inflatedBytes: PER_FILE * (1 + LENGTH),
  },
  {
    name: 'cifar10/test_batch.bin.gz',
    sha256: '4fc3c1b5edbfe7b4c0fd93fd61caf14c58a1ccaac4be66e53b0191cbd855e8d2',
    inflatedBytes: PER_FILE * (1 + LENGTH),
  },
] as const;

/** The training pictures come first, then the test pictures. */
export const cifar10Sample: CatalogEntry<'cifar10-20k'> = {
  id: 'cifar10-20k',
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
async function read(paths: readonly string[], { name }: ReadOptions): Promise<Dataset> {
  const x = new Uint8Array(2 * PER_FILE * LENGTH);
  const y = new Int32Array(2 * PER_FILE);
  for (const [i, record] of FILES.entries()) {
    const path = paths[i] as string;
    const { labels, values } = await readChecked(path, record, (bytes, file, maxBytes) =>
      readByteRecords(bytes, file, LENGTH, maxBytes),
    );
    checkSize(path, labels.length, PER_FILE);
    x.set(values, i * PER_FILE * LENGTH);
    y.set(labels, i * PER_FILE);
  }
  return createDataset({
    id: name,
    recordShape: SHAPE,
    x,
    y,
    classes: [
      ...['airplane', 'automobile', 'bird', 'cat', 'deer'],
      ...['dog', 'frog', 'horse', 'ship', 'truck'],
    ],
    // The figures ML-Doctor (USENIX Security 2022) uses for STL-10, CIFAR-10's usual ones.
    normalisation: { scale: 1 / 255, mean: [0.4914, 0.4822, 0.4465], std: [0.2023, 0.1994, 0.201] },
  });
}
