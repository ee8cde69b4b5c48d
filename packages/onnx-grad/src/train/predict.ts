/** Running a trained model over many records. */
import type { Graph } from '../graph/graph.ts';
import { elementCount, floats, type Tensor } from '../graph/tensor.ts';
import { createSession, type Session, type SessionOptions } from '../runtime/session.ts';
import { type BatchSource, sequentialBatches } from './batches.ts';

export interface PredictOptions extends SessionOptions {
  /** Records per run; 256 by default. */
  readonly batchSize?: number;
  /** Which output; `logits` if there is one, else the first. */
  readonly output?: string;
  readonly signal?: AbortSignal;
}

/** One row of outputs per record, in the source's order: a float32 tensor `[size, ...]`. */
export const predict = async (
  model: Graph | Session,
  data: Pick<BatchSource, 'size' | 'batch'>,
  options: PredictOptions = {},
): Promise<Tensor> => {
  const session = 'run' in model ? model : await createSession(model, options);
  try {
    const name =
      options.output ??
      (session.outputNames.includes('logits') ? 'logits' : (session.outputNames[0] as string));
    let rows: Float32Array | undefined;
    let width = 0;
    let tail: readonly number[] = [];
    for (const indices of sequentialBatches(data.size, options.batchSize ?? 256)) {
      options.signal?.throwIfAborted();
      const result = (await session.run(data.batch(indices).inputs, [name]))[name] as Tensor;
      tail = result.dims.slice(1);
      width = elementCount(tail);
      rows ??= new Float32Array(data.size * width);
      rows.set(floats(result), (indices[0] as number) * width);
    }
    return { dtype: 'float32', dims: [data.size, ...tail], data: rows ?? new Float32Array(0) };
  } finally {
    if (session !== model) await session.dispose();
  }
};

/** Share of rows whose largest value is at the label; the first among equals counts. */
export const accuracy = (outputs: Tensor, labels: ArrayLike<number>): number => {
  const values = floats(outputs);
  const classes = outputs.dims[1] as number;
  const rows = outputs.dims[0] as number;
  let right = 0;
  for (let row = 0; row < rows; row++) {
    let best = 0;
    for (let c = 1; c < classes; c++)
      if ((values[row * classes + c] as number) > (values[row * classes + best] as number)) best = c;
    if (best === labels[row]) right++;
  }
  return right / rows;
};
