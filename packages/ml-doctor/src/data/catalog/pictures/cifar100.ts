/** CIFAR-100: 60,000 colour pictures of 32×32 pixels in a hundred equally frequent classes, these in twenty groups. */
import type { CatalogEntry } from '../entry.ts';
import { shokriSplit } from '../shokri-split.ts';
import { archiveBytes, cifarForms } from './cifar-pictures.ts';
import { COARSE_CLASSES, FINE_CLASSES } from './cifar100-classes.ts';

interface Published {
  readonly train: number;
  readonly test: number;
  /** Of the archive. */
  readonly sha256?: string;
  /** Of the files in it, by their names. */
  readonly files: Readonly<Record<string, string>>;
}

const PUBLISHED: Published = {
  train: 50_000,
  test: 10_000,
  sha256: '58a81ae192c23a4be8b1804d68e518ed807d710a4eb253b1f2a199162a40d8ec',
  files: {
    'train.bin': 'f31298fc616915fa142368359df1c4ca2ae984d6915ca468b998a5ec6aeebf29',
    'test.bin': 'd8b1e6b7b3bee4020055f0699b111f60b1af1e262aeb93a0b659061746f8224a',
  },
};

/**
 * The training pictures come first, then the test pictures. The class is the fine one of a hundred; the coarse one of
 * twenty is the attribute `superclass`.
 *
 * @param published what the files hold; others are for tests
 */
export function cifar100Of({ train, test, sha256, files }: Published): CatalogEntry<'cifar100'> {
  const size = train + test;
  const file = (name: string, count: number) => ({
    name,
    count,
    ...(files[name] !== undefined && { sha256: files[name] }),
  });
  return {
    id: 'cifar100',
    title: 'CIFAR-100, its 50,000 training and 10,000 test pictures together',
    kind: 'pictures',
    label: 'what is shown',
    preprocessing: 'As published; the class is the fine one of the two labels.',
    pixels: { usual: 32, published: 32 },
    source: 'https://www.cs.toronto.edu/~kriz/cifar.html',
    licence: 'none stated; for research',
    citation: 'A. Krizhevsky: Learning Multiple Layers of Features from Tiny Images, 2009',
    size,
    parts: { train: [0, train], test: [train, size] },
    // Of the sizes Shokri et al. trained on, 4,600 to 29,540, the largest of which the rest holds two more for shadow models.
    splits: { 'shokri-2017': shokriSplit(10_520, 60_000) },
    bundled: false,
    forms: cifarForms(
      {
        archive: {
          name: 'cifar100/cifar-100-binary.tar.gz',
          alsoAt: ['cifar-100-binary.tar.gz'],
          ...(sha256 !== undefined && { sha256 }),
          inflatedBytes: archiveBytes(size * 3074),
          bytes: 168_513_733,
          url: 'https://www.cs.toronto.edu/~kriz/cifar-100-binary.tar.gz',
        },
        folder: 'cifar100',
        inner: 'cifar-100-binary',
        files: [file('train.bin', train), file('test.bin', test)],
        labelBytes: 2,
      },
      ({ labels: [coarse, fine], shape, values }, { name }) => ({
        id: name,
        recordShape: shape,
        x: values,
        y: fine as Int32Array,
        classes: FINE_CLASSES,
        // Mean and deviation of the training pictures, as usual.
        normalisation: { scale: 1 / 255, mean: [0.5071, 0.4865, 0.4409], std: [0.2673, 0.2564, 0.2762] },
        attributes: { superclass: { values: coarse as Int32Array, categories: COARSE_CLASSES } },
      }),
    ),
  };
}

export const cifar100 = cifar100Of(PUBLISHED);
