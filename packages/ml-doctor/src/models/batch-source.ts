/** Records of a data set as training batches: normalised per batch, never all at once. */
import type { BatchSource } from 'onnx-grad';
import { batch, type Dataset } from '../data/dataset.ts';

/** @param records indices into the data set; position i of the source is record `records[i]` */
export const batchSource = (data: Dataset, records: Uint32Array): BatchSource => ({
  size: records.length,
  batch: (positions) => {
    const indices = positions.map((position) => records[position] as number);
    const { x, y } = batch(data, indices);
    return {
      inputs: { x: { dtype: 'float32', dims: [indices.length, ...data.recordShape], data: x } },
      target: { dtype: 'int64', dims: [indices.length], data: BigInt64Array.from(y, BigInt) },
    };
  },
});
