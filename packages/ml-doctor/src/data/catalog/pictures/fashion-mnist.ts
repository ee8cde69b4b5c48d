/** Fashion-MNIST: 28×28 grey pictures of clothes in ten equally frequent classes; all of it, and its test pictures. */
import type { CatalogEntry } from '../entry.ts';
import { type IdxDigests, type IdxPart, idxFiles, readIdxPictures, SIDE } from './idx-pictures.ts';

const TRAIN = 60_000;
const TEST = 10_000;

/**
 * Of the publisher's files; the same content is around as packed for Debian's dataset-fashion-mnist (of which the bundled
 * files are copies) and inflated.
 */
const DIGESTS: IdxDigests = {
  'train-images-idx3-ubyte.gz': {
    sha256: '3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84',
    sameContent: [
      'b0564c3eedabfbf835052cff8503ea422014ce006caf5b757f851416ee8300c7',
      'c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888',
    ],
    bytes: 26_421_880,
  },
  'train-labels-idx1-ubyte.gz': {
    sha256: 'a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845',
    sameContent: [
      '0ae29f65d86684f32d1b9c85147786c547b9c6aebcaf235f0400a0cce308b056',
      'bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9',
    ],
    bytes: 29_515,
  },
  't10k-images-idx3-ubyte.gz': {
    sha256: '346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073',
    sameContent: [
      'cc1d090a38ace84dfa1aa66e3ada7c336ef481a96936906477e6dd344da56eaa',
      '5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b',
    ],
    bytes: 4_422_102,
  },
  't10k-labels-idx1-ubyte.gz': {
    sha256: '67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5',
    sameContent: [
      '8d3605d196f4be44669e46906da9733c8131fef761fdbfec72c424d5222f1a05',
      '0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34',
    ],
    bytes: 5148,
  },
};

const PLACES = {
  folder: 'fashion-mnist',
  torchvision: 'FashionMNIST/raw',
  address: 'http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/',
};

const CLASSES = [
  ...['T-shirt/top', 'Trouser', 'Pullover', 'Dress', 'Coat'],
  ...['Sandal', 'Shirt', 'Sneaker', 'Bag', 'Ankle boot'],
];

const common = {
  kind: 'pictures',
  label: 'kind of clothes',
  preprocessing: 'As published.',
  pixels: { usual: SIDE, published: SIDE },
  source: 'https://github.com/zalandoresearch/fashion-mnist',
  licence: 'MIT',
  citation: 'H. Xiao, K. Rasul, R. Vollgraf: Fashion-MNIST, arXiv:1708.07747, 2017',
} as const;

const form = (parts: readonly IdxPart[]): CatalogEntry['forms'] => [
  {
    title: 'IDX files, gzipped',
    files: parts.flatMap(({ images, labels }) => [images, labels]),
    read: (paths, options) => readIdxPictures(parts, paths, options, CLASSES),
  },
];

const train = idxFiles('train', TRAIN, PLACES, DIGESTS);
const test = idxFiles('t10k', TEST, PLACES, DIGESTS);

export const fashionMnist10k: CatalogEntry<'fashion-mnist-10k'> = {
  ...common,
  id: 'fashion-mnist-10k',
  recordsOf: 'fashion-mnist',
  title: 'Fashion-MNIST, its 10,000 test images',
  size: TEST,
  bundled: true,
  forms: form([test]),
};

/** The training pictures come first, then the test pictures. */
export const fashionMnist: CatalogEntry<'fashion-mnist'> = {
  ...common,
  id: 'fashion-mnist',
  title: 'Fashion-MNIST, 60,000 training and 10,000 test images together',
  size: TRAIN + TEST,
  parts: { train: [0, TRAIN], test: [TRAIN, TRAIN + TEST] },
  bundled: false,
  forms: form([train, test]),
};
