/** What the data sets of bits have in common: how their records become a data set. */
import { AuditError } from '../../errors.ts';
import { createDataset, type Dataset } from '../dataset.ts';

/** Bits as bytes 0 and 1, which models see as they are; `labels` are class indices. */
export function bitsDataset(
  id: string,
  width: number,
  values: Uint8Array,
  labels: Int32Array,
  classes: readonly string[],
): Dataset {
  return createDataset({
    id,
    recordShape: [width],
    x: values,
    y: labels,
    classes,
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
