/** What the data sets of bits have in common: how their records become a data set. */
import { AuditError } from '../../../errors.ts';
import { type Column, createDataset, type Dataset } from '../../dataset.ts';

const NO_OR_YES = { categories: ['no', 'yes'], ordered: true } as const;

/**
 * Bits as bytes 0 and 1, which models see as they are.
 *
 * @param labels class indices
 * @param bit what a place stands for: they are called `venue 1`, `venue 2` …
 */
export function bitsDataset(
  id: string,
  width: number,
  values: Uint8Array,
  labels: Int32Array,
  classes: readonly string[],
  bit: string,
): Dataset {
  return createDataset({
    id,
    recordShape: [width],
    x: values,
    y: labels,
    classes,
    columns: Array.from({ length: width }, (_, i): Column => ({ name: `${bit} ${i + 1}`, ...NO_OR_YES })),
    normalisation: { scale: 1, mean: new Array(width).fill(0), std: new Array(width).fill(1) },
  });
}

/** @throws {AuditError} MLD_DATA_INVALID when a file of the right layout has another number of records */
export function checkSize(path: string, found: number, size: number): void {
  if (found === size) return;
  throw new AuditError(
    'MLD_DATA_INVALID',
    `${path}: ${found} records, expected ${size}`,
    'Check that this is the right file.',
  );
}

/** What a published file of bits holds. */
export interface ArchivedBits {
  readonly rows: number;
  readonly width: number;
  readonly classes: number;
}

/** More than the text of such a file, its classes and the archive around it can take. */
export const textBytes = ({ rows, width }: ArchivedBits): number => rows * (2 * width + 24) + 2 ** 20;

/** More than such arrays can take, of the widest numbers there are. */
export const arrayBytes = ({ rows, width, classes }: ArchivedBits): number =>
  8 * rows * (width + classes) + 2 ** 16;

/** Names of classes that are published as numbers from 1 on. */
export const numberNames = (classes: number): readonly string[] =>
  Array.from({ length: classes }, (_, c) => String(c + 1));
