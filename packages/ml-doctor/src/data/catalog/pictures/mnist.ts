/** MNIST: 28×28 grey pictures of handwritten digits. */
import type { CatalogEntry } from '../entry.ts';
import { shokriSplit } from '../shokri-split.ts';
import { type IdxDigests, idxFiles, readIdxPictures, SIDE } from './idx-pictures.ts';

interface Published {
  readonly train: number;
  readonly test: number;
  readonly digests: IdxDigests;
}

/** The second digest of each is that of the inflated file. */
const PUBLISHED: Published = {
  train: 60_000,
  test: 10_000,
  digests: {
    'train-images-idx3-ubyte.gz': {
      sha256: '440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609',
      sameContent: ['ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db'],
      bytes: 9_912_422,
    },
    'train-labels-idx1-ubyte.gz': {
      sha256: '3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c',
      sameContent: ['65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5'],
      bytes: 28_881,
    },
    't10k-images-idx3-ubyte.gz': {
      sha256: '8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6',
      sameContent: ['0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7'],
      bytes: 1_648_877,
    },
    't10k-labels-idx1-ubyte.gz': {
      sha256: 'f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6',
      sameContent: ['ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2'],
      bytes: 4542,
    },
  },
};

const PLACES = {
  folder: 'mnist',
  torchvision: 'MNIST/raw',
  // PyTorch's copy of the publisher's files, of the same digests: the publisher's own address asks for a password.
  address: 'https://ossci-datasets.s3.amazonaws.com/mnist/',
};

/**
 * The training pictures come first, then the test pictures.
 *
 * @param published what the files hold; others are for tests
 */
export function mnistOf({ train, test, digests }: Published): CatalogEntry<'mnist'> {
  const parts = [idxFiles('train', train, PLACES, digests), idxFiles('t10k', test, PLACES, digests)];
  return {
    id: 'mnist',
    title: 'MNIST, its 60,000 training and 10,000 test images together',
    kind: 'pictures',
    label: 'digit',
    preprocessing: 'As published.',
    pixels: { usual: SIDE, published: SIDE },
    source: 'http://yann.lecun.com/exdb/mnist/',
    licence: 'none stated by the publisher',
    citation:
      'Y. LeCun, L. Bottou, Y. Bengio, P. Haffner: Gradient-Based Learning Applied to Document Recognition, Proceedings of the IEEE, 1998',
    size: train + test,
    parts: { train: [0, train], test: [train, train + test] },
    splits: { 'shokri-2017': shokriSplit(10_000, 70_000) },
    bundled: false,
    forms: [
      {
        title: 'IDX files, gzipped',
        files: parts.flatMap(({ images, labels }) => [images, labels]),
        read: (paths, options) =>
          readIdxPictures(
            parts,
            paths,
            options,
            Array.from({ length: 10 }, (_, digit) => String(digit)),
          ),
      },
    ],
  };
}

export const mnist = mnistOf(PUBLISHED);
