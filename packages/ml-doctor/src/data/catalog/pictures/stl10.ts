/** STL-10: 13,000 labelled colour pictures of 96×96 pixels in ten equally frequent classes. */
import { AuditError } from '../../../errors.ts';
import type { FileRecord } from '../../checked-file.ts';
import { createDataset, type Dataset } from '../../dataset.ts';
import { type RecordFile, readArchivedRecords, readRecordFiles } from '../../formats/record-files.ts';
import type { CatalogEntry, ReadOptions } from '../entry.ts';
import { CIFAR10_NORMALISATION } from './cifar-pictures.ts';
import { pictureRows } from './picture-rows.ts';

const PUBLISHED_SIDE = 96;
const USUAL_SIDE = 32;
const PLANE = PUBLISHED_SIDE ** 2;
const LENGTH = 3 * PLANE;
const INNER = 'stl10_binary';

const CLASSES = [
  ...['airplane', 'bird', 'car', 'cat', 'deer'],
  ...['dog', 'horse', 'monkey', 'ship', 'truck'],
];

interface Published {
  readonly train: number;
  readonly test: number;
  /** Pictures in unlabeled_X.bin, which is in the archive and passed over. */
  readonly unlabelled: number;
  /** Of the archive and the files in it, by their names. */
  readonly md5: Readonly<Record<string, string>>;
}

const PUBLISHED: Published = {
  train: 5000,
  test: 8000,
  unlabelled: 100_000,
  md5: {
    'stl10_binary.tar.gz': '91f7769df0f17e558f3565bffb0c7dfb',
    'train_X.bin': '918c2871b30a85fa023e0c44e0bee87f',
    'train_y.bin': '5a34089d4802c674881badbb80307741',
    'test_X.bin': '7f263ba9f9e0b06b93213547f721ac82',
    'test_y.bin': '36f9794fa4beb8a2c72628de14fa638e',
  },
};

/**
 * The training pictures come first, then the test pictures; the 100,000 without a label are never read. In the files a plane
 * is written column after column, and classes count from 1.
 *
 * @param published what the files hold; others are for tests
 */
export function stl10Of({ train, test, unlabelled, md5 }: Published): CatalogEntry<'stl10'> {
  const size = train + test;
  const known = (name: string) => (md5[name] === undefined ? {} : { md5: md5[name] });
  const file = (name: string, inflatedBytes: number): FileRecord => ({
    name: `stl10/${INNER}/${name}`,
    alsoAt: [`stl10/${name}`, `${INNER}/${name}`],
    inflatedBytes,
    ...known(name),
  });
  const unpacked = [
    file('train_X.bin', train * LENGTH),
    file('train_y.bin', train),
    file('test_X.bin', test * LENGTH),
    file('test_y.bin', test),
  ];
  const archive: FileRecord = {
    name: 'stl10/stl10_binary.tar.gz',
    alsoAt: ['stl10_binary.tar.gz'],
    ...known('stl10_binary.tar.gz'),
    inflatedBytes: (size + unlabelled) * LENGTH + 2 ** 20,
    bytes: 2_640_397_119,
    url: 'http://ai.stanford.edu/~acoates/stl10/stl10_binary.tar.gz',
  };
  const gather = (at: readonly string[], { name, pixels = USUAL_SIDE }: ReadOptions) => {
    const rows = pictureRows(size, [3, PUBLISHED_SIDE, PUBLISHED_SIDE], pixels);
    const y = new Int32Array(size);
    const picture = new Uint8Array(LENGTH);
    const pictures = (start: number) => (record: Uint8Array, i: number) => {
      transposePlanes(record, picture);
      rows.put(picture, start + i);
    };
    const labels = (start: number, from: string) => (record: Uint8Array, i: number) => {
      const label = record[0] as number;
      if (label < 1 || label > CLASSES.length) {
        throw new AuditError(
          'MLD_DATA_INVALID',
          `${from}: label ${label} of record ${i} is none of 1 to ${CLASSES.length}`,
          'Check that this is the right file.',
        );
      }
      y[start + i] = label - 1;
    };
    const [trainLabels, testLabels] = [at[1] ?? `${at[0]}: train_y.bin`, at[3] ?? `${at[0]}: test_y.bin`];
    const files: readonly RecordFile[] = [
      { member: `${INNER}/train_X.bin`, width: LENGTH, count: train, visit: pictures(0) },
      { member: `${INNER}/train_y.bin`, width: 1, count: train, visit: labels(0, trainLabels) },
      { member: `${INNER}/test_X.bin`, width: LENGTH, count: test, visit: pictures(train) },
      { member: `${INNER}/test_y.bin`, width: 1, count: test, visit: labels(train, testLabels) },
    ];
    const dataset = (): Dataset =>
      createDataset({
        id: name,
        recordShape: rows.shape,
        x: rows.values,
        y,
        classes: CLASSES,
        normalisation: CIFAR10_NORMALISATION,
      });
    return { files, dataset };
  };
  return {
    id: 'stl10',
    title: 'STL-10, its 5,000 training and 8,000 test pictures together',
    kind: 'pictures',
    label: 'what is shown',
    preprocessing: 'Pictures without a label are left out; others are made smaller by the mean of the area.',
    pixels: { usual: USUAL_SIDE, published: PUBLISHED_SIDE },
    source: 'https://cs.stanford.edu/~acoates/stl10/',
    licence: 'none stated; its pictures come from ImageNet, whose terms are for research only',
    citation:
      'A. Coates, H. Lee, A. Y. Ng: An Analysis of Single-Layer Networks in Unsupervised Feature Learning, AISTATS 2011',
    size,
    parts: { train: [0, train], test: [train, size] },
    bundled: false,
    forms: [
      {
        title: 'binary files, as an archive',
        files: [archive],
        async read(at, options) {
          const { files, dataset } = gather(at, options);
          await readArchivedRecords(at[0] as string, archive, files, options.signal);
          return dataset();
        },
      },
      {
        title: 'binary files, unpacked',
        files: unpacked,
        async read(at, options) {
          const { files, dataset } = gather(at, options);
          await readRecordFiles(at, unpacked, files, options.signal);
          return dataset();
        },
      },
    ],
  };
}

/** From column after column to row after row. */
function transposePlanes(from: Uint8Array, to: Uint8Array): void {
  for (let channel = 0; channel < 3; channel++) {
    const start = channel * PLANE;
    for (let row = 0; row < PUBLISHED_SIDE; row++)
      for (let column = 0; column < PUBLISHED_SIDE; column++)
        to[start + row * PUBLISHED_SIDE + column] = from[start + column * PUBLISHED_SIDE + row] as number;
  }
}

export const stl10 = stl10Of(PUBLISHED);
