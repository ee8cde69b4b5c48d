/** Fashion-MNIST: 28×28 grey pictures of clothes in ten equally frequent classes; all of it, and its test pictures. */
import { AuditError } from '../../../errors.ts';
import { readChecked } from '../../checked-file.ts';
import { createDataset } from '../../dataset.ts';
import { readIdx } from '../../formats/idx.ts';
import type { CatalogEntry } from '../entry.ts';

const TRAIN = 60_000;
const TEST = 10_000;
const PIXELS = 28 * 28;

const common = {
  kind: 'pictures',
  label: 'kind of clothes',
  preprocessing: 'As published.',
  pixels: { usual: 28, published: 28 },
  source: 'https://github.com/zalandoresearch/fashion-mnist',
  licence: 'MIT',
  citation: 'H. Xiao, K. Rasul, R. Vollgraf: Fashion-MNIST, arXiv:1708.07747, 2017',
} as const;

const testImages = {
  name: 'fashion-mnist/t10k-images-idx3-ubyte.gz',
  sha256: 'cc1d090a38ace84dfa1aa66e3ada7c336ef481a96936906477e6dd344da56eaa',
  inflatedBytes: 16 + TEST * PIXELS,
};

const testLabels = {
  name: 'fashion-mnist/t10k-labels-idx1-ubyte.gz',
  sha256: '8d3605d196f4be44669e46906da9733c8131fef761fdbfec72c424d5222f1a05',
  inflatedBytes: 8 + TEST,
};

const trainImages = {
  name: 'fashion-mnist/train-images-idx3-ubyte.gz',
  sha256: 'b0564c3eedabfbf835052cff8503ea422014ce006caf5b757f851416ee8300c7',
  inflatedBytes: 16 + TRAIN * PIXELS,
};

const trainLabels = {
  name: 'fashion-mnist/train-labels-idx1-ubyte.gz',
  sha256: '0ae29f65d86684f32d1b9c85147786c547b9c6aebcaf235f0400a0cce308b056',
  inflatedBytes: 8 + TRAIN,
};

export const fashionMnist10k: CatalogEntry<'fashion-mnist-10k'> = {
  ...common,
  id: 'fashion-mnist-10k',
  title: 'Fashion-MNIST, its 10,000 test images',
  size: TEST,
  bundled: true,
  forms: [
    {
      title: 'IDX files, gzipped',
      files: [testImages, testLabels],
      async read([images, labels], { name }) {
        const x = await readBytes(images as string, testImages, [TEST, 28, 28]);
        const y = await readBytes(labels as string, testLabels, [TEST]);
        return pictures(name, x, y);
      },
    },
  ],
};

/** The training pictures come first, then the test pictures. */
export const fashionMnist: CatalogEntry<'fashion-mnist'> = {
  ...common,
  id: 'fashion-mnist',
  title: 'Fashion-MNIST, 60,000 training and 10,000 test images together',
  size: TRAIN + TEST,
  parts: { train: [0, TRAIN], test: [TRAIN, TRAIN + TEST] },
  bundled: false,
  forms: [
    {
      title: 'IDX files, gzipped',
      files: [trainImages, trainLabels, testImages, testLabels],
      async read(paths, { name }) {
        const [at, atLabels, atTest, atTestLabels] = paths as [string, string, string, string];
        const x = new Uint8Array((TRAIN + TEST) * PIXELS);
        const y = new Uint8Array(TRAIN + TEST);
        x.set(await readBytes(at, trainImages, [TRAIN, 28, 28]));
        x.set(await readBytes(atTest, testImages, [TEST, 28, 28]), TRAIN * PIXELS);
        y.set(await readBytes(atLabels, trainLabels, [TRAIN]));
        y.set(await readBytes(atTestLabels, testLabels, [TEST]), TRAIN);
        return pictures(name, x, y);
      },
    },
  ],
};

const pictures = (id: string, x: Uint8Array, y: Uint8Array) =>
  createDataset({
    id,
    recordShape: [1, 28, 28],
    x,
    y: Int32Array.from(y),
    classes: [
      ...['T-shirt/top', 'Trouser', 'Pullover', 'Dress', 'Coat'],
      ...['Sandal', 'Shirt', 'Sneaker', 'Bag', 'Ankle boot'],
    ],
    // The figures ML-Doctor (USENIX Security 2022) uses; they are MNIST's, kept so that results compare.
    normalisation: { scale: 1 / 255, mean: [0.1307], std: [0.3081] },
  });

async function readBytes(
  path: string,
  record: Parameters<typeof readChecked>[1],
  shape: readonly number[],
): Promise<Uint8Array> {
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
