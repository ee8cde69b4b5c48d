/** Running a trained model over many records. */
import { OnnxGradError } from '../errors.ts';
import type { Graph } from '../graph/graph.ts';
import { elementCount, type Tensor } from '../graph/tensor.ts';
import { createSession, type Session, type SessionOptions } from '../runtime/session.ts';
import { type BatchSource, readInputs, sequentialBatches } from './batches.ts';
import { outputName } from './model-output.ts';

export interface PredictOptions extends SessionOptions {
  /** Records per run; 256 by default. */
  readonly batchSize?: number;
  /** Which output; `logits` if there is one, else the first. */
  readonly output?: string;
  readonly signal?: AbortSignal;
}

/**
 * One row of outputs per record, in the source's order: a float32 tensor `[size, ...]`.
 * @throws OG_BAD_ARGUMENT when the output is missing, holds no floats or has not one row per record; OG_ABORTED
 */
export const predict = async (
  model: Graph | Session,
  data: Pick<BatchSource, 'size' | 'batch'>,
  options: PredictOptions = {},
): Promise<Tensor> => {
  const session = 'run' in model ? model : await createSession(model, options);
  try {
    const name = outputName(session.outputNames, options.output);
    let rows: Float32Array | undefined;
    let width = 0;
    let tail: readonly number[] = [];
    for (const indices of sequentialBatches(data.size, options.batchSize ?? 256)) {
      if (options.signal?.aborted)
        throw new OnnxGradError('OG_ABORTED', 'prediction was stopped', 'Run it again.', {
          cause: options.signal.reason,
        });
      const result = (await session.run(readInputs(data, indices), [name]))[name] as Tensor;
      tail = result.dims.slice(1);
      width = elementCount(tail);
      rows ??= new Float32Array(data.size * width);
      rows.set(rowsOf(result, name, indices.length), (indices[0] as number) * width);
    }
    return { dtype: 'float32', dims: [data.size, ...tail], data: rows ?? new Float32Array(0) };
  } finally {
    if (session !== model) await session.dispose();
  }
};

const rowsOf = ({ dtype, dims, data }: Tensor, name: string, records: number): ArrayLike<number> => {
  if (dtype !== 'float32' && dtype !== 'float64')
    throw new OnnxGradError(
      'OG_BAD_ARGUMENT',
      `the output '${name}' is ${dtype}, not floats`,
      'Choose the output that holds scores or probabilities (option `output`).',
    );
  if (dims[0] !== records)
    throw new OnnxGradError(
      'OG_BAD_ARGUMENT',
      `the output '${name}' has shape [${dims.join(', ')}] for ${records} records`,
      'Choose an output with one row per record (option `output`).',
    );
  return data as Float32Array;
};

/**
 * Share of rows whose largest value is at the label; the first among equals counts. A row whose values cannot be
 * ordered (NaN) is wrong. Outputs `[N, classes]`, one label a row.
 */
export const accuracy = (outputs: Tensor, labels: ArrayLike<number>): number => {
  const values = outputs.data as Float32Array;
  const [rows, classes] = outputs.dims as readonly [number, number];
  if (outputs.dims.length !== 2 || labels.length !== rows)
    throw new OnnxGradError(
      'OG_BAD_ARGUMENT',
      `outputs of shape [${outputs.dims.join(', ')}] and ${labels.length} labels do not go together`,
      'Pass outputs [N, classes] and N labels.',
    );
  let right = 0;
  for (let row = 0; row < rows; row++) {
    const label = labels[row] as number;
    const own = values[row * classes + label] as number;
    let first = label >= 0 && label < classes;
    for (let c = 0; c < classes && first; c++) {
      const other = values[row * classes + c] as number;
      first = c < label ? other < own : other <= own;
    }
    if (first) right++;
  }
  return right / rows;
};
