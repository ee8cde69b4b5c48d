/** What CIFAR-10 and CIFAR-100 have in common: their binary versions, as an archive or unpacked. */
import type { FileRecord } from '../../checked-file.ts';
import { createDataset, type Dataset } from '../../dataset.ts';
import { CIFAR_SHAPE } from '../../formats/cifar-binary.ts';
import { readArchivedRecords, readRecordFiles } from '../../formats/record-files.ts';
import type { DataForm, ReadOptions } from '../entry.ts';
import { pictureRows } from './picture-rows.ts';

const PIXELS = 3 * 32 * 32;

/** The figures ML-Doctor (USENIX Security 2022) uses for STL-10, CIFAR-10's usual ones. */
export const CIFAR10_NORMALISATION = {
  scale: 1 / 255,
  mean: [0.4914, 0.4822, 0.4465],
  std: [0.2023, 0.1994, 0.201],
} as const;

export const CIFAR10_CLASSES: readonly string[] = [
  ...['airplane', 'automobile', 'bird', 'cat', 'deer'],
  ...['dog', 'frog', 'horse', 'ship', 'truck'],
];

export interface CifarFile {
  readonly name: string;
  readonly count: number;
  readonly sha256?: string;
}

export interface CifarFiles {
  readonly archive: FileRecord;
  /** Below the data folder. */
  readonly folder: string;
  /** Within the archive; unpacked it lies in `folder`, or at the top of the data folder. */
  readonly inner: string;
  /** In the order of their records. */
  readonly files: readonly CifarFile[];
  /** 1 in CIFAR-10; 2 in CIFAR-100, the coarse class and then the fine one. */
  readonly labelBytes: 1 | 2;
}

export interface CifarRecords {
  /** Record after record; the class of all of them first, in CIFAR-100 after the coarse one. */
  readonly labels: readonly Int32Array[];
  readonly shape: readonly number[];
  readonly values: Uint8Array;
}

/** @param dataset what becomes of the records */
export function cifarForms(
  { archive, folder, inner, files, labelBytes }: CifarFiles,
  dataset: (records: CifarRecords, options: ReadOptions) => Parameters<typeof createDataset>[0],
): readonly [DataForm, DataForm] {
  const width = labelBytes + PIXELS;
  const unpacked = files.map(
    ({ name, count, sha256 }): FileRecord => ({
      name: `${folder}/${inner}/${name}`,
      alsoAt: [`${folder}/${name}`, `${inner}/${name}`],
      inflatedBytes: count * width,
      ...(sha256 !== undefined && { sha256 }),
    }),
  );
  const gather = ({ pixels }: ReadOptions) => {
    const size = files.reduce((sum, { count }) => sum + count, 0);
    const rows = pictureRows(size, CIFAR_SHAPE, pixels);
    const labels = Array.from({ length: labelBytes }, () => new Int32Array(size));
    let first = 0;
    const wanted = files.map(({ name, count }) => {
      const start = first;
      first += count;
      const visit = (record: Uint8Array, i: number) => {
        labels.forEach((values, byte) => {
          values[start + i] = record[byte] as number;
        });
        rows.put(record.subarray(labelBytes), start + i);
      };
      return { member: `${inner}/${name}`, width, count, visit };
    });
    return { wanted, records: { labels, shape: rows.shape, values: rows.values } };
  };
  const form = (
    title: string,
    of: readonly FileRecord[],
    read: (paths: readonly string[], options: ReadOptions) => Promise<CifarRecords>,
  ): DataForm => ({
    title,
    files: of,
    read: async (paths, options): Promise<Dataset> =>
      createDataset(dataset(await read(paths, options), options)),
  });
  return [
    form('binary version, as an archive', [archive], async ([path], options) => {
      const { wanted, records } = gather(options);
      await readArchivedRecords(path as string, archive, wanted, options.signal);
      return records;
    }),
    form('binary version, unpacked', unpacked, async (paths, options) => {
      const { wanted, records } = gather(options);
      await readRecordFiles(paths, unpacked, wanted, options.signal);
      return records;
    }),
  ];
}

/** More than archives of so many bytes of records take, with their headers and texts. */
export const archiveBytes = (bytes: number): number => bytes + 2 ** 20;
