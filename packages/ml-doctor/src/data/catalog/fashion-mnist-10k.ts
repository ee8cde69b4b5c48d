/**
 * The 10,000 test images of Fashion-MNIST: 28×28 grey pictures of clothes in ten equally frequent classes.
 */
import { AuditError } from '../../errors.ts';
import { readChecked } from '../checked-file.ts';
import { createDataset } from '../dataset.ts';
import { readIdx } from '../formats/idx.ts';
import type { CatalogEntry } from './entry.ts';

const SIZE = 10_000;

export const fashionMnist10k: CatalogEntry<'fashion-mnist-10k', 'images' | 'labels'> = {
  id: 'fashion-mnist-10k',
  title: 'Fashion-MNIST, its 10,000 test images',
  source: 'https://github.com/zalandoresearch/fashion-mnist',
  licence: 'MIT',
  citation: 'H. Xiao, K. Rasul, R. Vollgraf: Fashion-MNIST, arXiv:1708.07747, 2017',
  size: SIZE,
  bundled: true,
  files: {
    images: {
      name: 'fashion-mnist/t10k-images-idx3-ubyte.gz',
      sha256: 'cc1d090a38ace84dfa1aa66e3ada7c336ef481a96936906477e6dd344da56eaa',
      inflatedBytes: 16 + SIZE * 28 * 28,
    },
    labels: {
      name: 'fashion-mnist/t10k-labels-idx1-ubyte.gz',
      sha256: '8d3605d196f4be44669e46906da9733c8131fef761fdbfec72c424d5222f1a05',
      inflatedBytes: 8 + SIZE,
    },
  },
  async load(locate) {
    const x = await readBytes(await locate(this.files.images), this.files.images, [SIZE, 28, 28]);
    const y = await readBytes(await locate(this.files.labels), this.files.labels, [SIZE]);
    return createDataset({
      id: this.id,
      recordShape: [1, 28, 28],
      x,
      y: Int32Array.from(y),
      classes: [
        'T-shirt/top',
        'Trouser',
        'Pullover',
        'Dress',
        'Coat',
        'Sandal',
        'Shirt',
        'Sneaker',
        'Bag',
        'Ankle boot',
      ],
      // The figures ML-Doctor (USENIX Security 2022) uses; they are MNIST's, kept so that results compare.
      normalisation: { scale: 1 / 255, mean: [0.1307], std: [0.3081] },
    });
  },
};

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
