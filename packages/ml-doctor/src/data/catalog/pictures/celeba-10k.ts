/** CelebA, a twentieth of it: its first 10,000 faces at half their size. */
import type { FileRecord } from '../../checked-file.ts';
import { readAttributeCsv } from '../../formats/celeba-attributes.ts';
import { picturesInTar } from '../../pictures/picture-files.ts';
import type { CatalogEntry } from '../entry.ts';
import { CELEBA, celebaDataset } from './celeba-dataset.ts';

interface Published {
  readonly size: number;
  readonly archive: Pick<FileRecord, 'sha256' | 'sameContent'>;
  readonly list: Pick<FileRecord, 'sha256'>;
}

const PUBLISHED: Published = {
  size: 10_000,
  archive: {
    sha256: '99ba3f01b67611a15c1f960ce15023aa26c9d32ffb5376650c2e151934c24d46',
    // Inflated.
    sameContent: ['959d35f16ff140322cf709520cb475bf33a0d0effac9085934edf40ab1569726'],
  },
  list: { sha256: '24997ae179f52dc3ef519564df6ccbae95ed7d288d8ad84a428b9d5084792011' },
};

/** @param published what the files hold; others are for tests */
export function celeba10kOf(published: Published): CatalogEntry<'celeba-10k'> {
  const archive: FileRecord = {
    name: 'celeba-10k/celeba-10k-jpg.tar.gz',
    alsoAt: ['celeba/celeba-10k-jpg.tar.gz'],
    ...published.archive,
    inflatedBytes: 35_328_000,
    bytes: 21_771_474,
  };
  const list: FileRecord = {
    name: 'celeba-10k/celeba-10k-attr.csv',
    alsoAt: ['celeba/celeba-10k-attr.csv'],
    ...published.list,
    inflatedBytes: 959_458,
    bytes: 959_458,
  };
  const { size } = published;
  return {
    ...CELEBA,
    id: 'celeba-10k',
    recordsOf: 'celeba',
    title: 'CelebA, its first 10,000 faces at half their size',
    preprocessing:
      'The class combines Heavy_Makeup, Mouth_Slightly_Open and Smiling, as in ML-Doctor; pictures of 89×109 pixels are squashed to squares by the mean of the area.',
    pixels: { usual: 32, published: 89 },
    size,
    forms: [
      {
        title: 'JPEGs of 89×109 pixels in a tar.gz, and their attributes as CSV',
        files: [archive, list],
        async read(paths, options) {
          const [path, listPath] = paths as [string, string];
          const given = {
            path,
            found: await picturesInTar(path, archive, options.signal),
            attributes: { path: listPath, record: list, parse: readAttributeCsv },
            size,
            published: { width: 89, height: 109 },
          };
          return celebaDataset(given, options);
        },
      },
    ],
  };
}

export const celeba10k = celeba10kOf(PUBLISHED);
