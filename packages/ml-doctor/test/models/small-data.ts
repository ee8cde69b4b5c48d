/** Small data sets from plain rows. */
import { createDataset, type Dataset } from '../../src/data/dataset.ts';

export const smallData = (
  rows: readonly (readonly number[])[],
  labels: readonly number[],
  { classes = Math.max(...labels) + 1, recordShape = [rows[0]!.length] as readonly number[] } = {},
): Dataset =>
  createDataset({
    id: 'small',
    recordShape,
    x: Float32Array.from(rows.flat()),
    y: Int32Array.from(labels),
    classes: Array.from({ length: classes }, String),
    normalisation: {
      scale: 1,
      mean: Array(recordShape[0]!).fill(0),
      std: Array(recordShape[0]!).fill(1),
    },
  });

export const everyRecord = ({ size }: Dataset): Uint32Array =>
  Uint32Array.from({ length: size }, (_, i) => i);
