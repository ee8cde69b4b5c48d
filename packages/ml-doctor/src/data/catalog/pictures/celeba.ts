/** CelebA: 202,599 faces of celebrities, aligned and cropped, with forty attributes each. */
import type { FileRecord } from '../../checked-file.ts';
import { readAttributeList } from '../../formats/celeba-attributes.ts';
import { type PictureFiles, picturesInFolder, picturesInZip } from '../../pictures/picture-files.ts';
import type { CatalogEntry, DataForm } from '../entry.ts';
import { CELEBA, celebaDataset } from './celeba-dataset.ts';

interface Published {
  readonly size: number;
  /** Before which the training pictures end, and from which the test pictures begin: between them are those for validation. */
  readonly trainEnd: number;
  readonly testStart: number;
  readonly zip: Pick<FileRecord, 'sha256' | 'md5'>;
  readonly list: Pick<FileRecord, 'sha256' | 'md5'>;
}

const PUBLISHED: Published = {
  size: 202_599,
  // As in list_eval_partition.txt.
  trainEnd: 162_770,
  testStart: 182_637,
  zip: {
    sha256: '46fb89443c578308acf364d7d379fe1b9efb793042c0af734b6112e4fd3a8c74',
    md5: '00d2c5bc6d35e252742224ab0c1e8fcb',
  },
  list: {
    sha256: 'f0e5da289d5ccf75ffe8811132694922b60f2af59256ed362afa03fefba324d0',
    md5: '75e246fa4810816ffd6ee81facbd244c',
  },
};

/**
 * The pictures are 178×218 and squashed to squares, as ML-Doctor's released code resizes them. The publisher wants to be
 * asked first, so there is no address to download from.
 *
 * @param published what the files hold; others are for tests
 */
export function celebaOf({ size, trainEnd, testStart, zip, list }: Published): CatalogEntry<'celeba'> {
  const archive: FileRecord = {
    name: 'celeba/img_align_celeba.zip',
    alsoAt: ['celeba/Img/img_align_celeba.zip'],
    ...zip,
    inflatedBytes: 2 ** 31,
    bytes: 1_443_490_838,
  };
  const folder: FileRecord = {
    name: 'celeba/img_align_celeba',
    alsoAt: ['celeba/Img/img_align_celeba'],
    folder: true,
    inflatedBytes: 2 ** 31,
  };
  const attributes: FileRecord = {
    name: 'celeba/list_attr_celeba.txt',
    alsoAt: ['celeba/Anno/list_attr_celeba.txt'],
    ...list,
    inflatedBytes: 2 ** 25,
  };
  const form = (
    title: string,
    pictures: FileRecord,
    listed: (path: string, signal?: AbortSignal) => Promise<PictureFiles>,
  ): DataForm => ({
    title,
    files: [pictures, attributes],
    async read(paths, options) {
      const [path, listPath] = paths as [string, string];
      const given = {
        path,
        found: await listed(path, options.signal),
        attributes: { path: listPath, record: attributes, parse: readAttributeList },
        size,
        published: { width: 178, height: 218 },
      };
      return celebaDataset(given, options);
    },
  });
  return {
    ...CELEBA,
    id: 'celeba',
    title: 'CelebA: 202,599 aligned faces, in eight classes of three attributes',
    preprocessing:
      'The class combines Heavy_Makeup, Mouth_Slightly_Open and Smiling, as in ML-Doctor; pictures are squashed to squares by the mean of the area.',
    pixels: { usual: 32, published: 178 },
    size,
    parts: { train: [0, trainEnd], test: [testStart, size] },
    forms: [
      form('aligned and cropped faces in a zip, and their attributes', archive, (path, signal) =>
        picturesInZip(path, archive, signal),
      ),
      form('aligned and cropped faces, unpacked, and their attributes', folder, picturesInFolder),
    ],
  };
}

export const celeba = celebaOf(PUBLISHED);
