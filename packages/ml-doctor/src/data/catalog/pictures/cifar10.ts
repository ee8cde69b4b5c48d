/** CIFAR-10: 60,000 colour pictures of 32×32 pixels in ten equally frequent classes. */
import type { CatalogEntry } from '../entry.ts';
import { shokriSplit } from '../shokri-split.ts';
import { archiveBytes, CIFAR10_CLASSES, CIFAR10_NORMALISATION, cifarForms } from './cifar-pictures.ts';

interface Published {
  readonly perFile: number;
  /** Of the archive. */
  readonly sha256?: string;
  /** Of the files in it, by their names. */
  readonly files: Readonly<Record<string, string>>;
}

const PUBLISHED: Published = {
  perFile: 10_000,
  sha256: 'c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd',
  files: {},
};

const NAMES = [...[1, 2, 3, 4, 5].map((batch) => `data_batch_${batch}.bin`), 'test_batch.bin'];

/**
 * The training pictures come first, then the test pictures.
 *
 * @param published what the files hold; others are for tests
 */
export function cifar10Of({ perFile, sha256, files }: Published): CatalogEntry<'cifar10'> {
  const size = NAMES.length * perFile;
  return {
    id: 'cifar10',
    title: 'CIFAR-10, its 50,000 training and 10,000 test pictures together',
    kind: 'pictures',
    label: 'what is shown',
    preprocessing: 'As published.',
    pixels: { usual: 32, published: 32 },
    source: 'https://www.cs.toronto.edu/~kriz/cifar.html',
    licence: 'none stated; for research',
    citation: 'A. Krizhevsky: Learning Multiple Layers of Features from Tiny Images, 2009',
    size,
    parts: { train: [0, size - perFile], test: [size - perFile, size] },
    // Of the sizes Shokri et al. trained on, 2,500 to 15,000, the one their other data sets have too.
    splits: {
      'shokri-2017': shokriSplit(10_000, 60_000),
      'ml-leaks-2019': { members: 10_520, nonMembers: 10_520, auxiliary: 21_040 },
    },
    bundled: false,
    forms: cifarForms(
      {
        archive: {
          name: 'cifar10/cifar-10-binary.tar.gz',
          alsoAt: ['cifar-10-binary.tar.gz'],
          ...(sha256 !== undefined && { sha256 }),
          inflatedBytes: archiveBytes(size * 3073),
          bytes: 170_052_171,
          url: 'https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz',
        },
        folder: 'cifar10',
        inner: 'cifar-10-batches-bin',
        files: NAMES.map((name) => ({
          name,
          count: perFile,
          ...(files[name] !== undefined && { sha256: files[name] }),
        })),
        labelBytes: 1,
      },
      ({ labels, shape, values }, { name }) => ({
        id: name,
        recordShape: shape,
        x: values,
        y: labels[0] as Int32Array,
        classes: CIFAR10_CLASSES,
        normalisation: CIFAR10_NORMALISATION,
      }),
    ),
  };
}

export const cifar10 = cifar10Of(PUBLISHED);
