/** Runs a model on a few records while it is being found out. */
import { createSession, type Graph, type Tensor } from 'onnx-grad';
import { AuditError } from '../../errors.ts';
import { DYNAMIC_BATCH } from './open-batch.ts';
import { unreadable } from './read-graph.ts';

export interface Rows {
  readonly values: Float32Array;
  readonly rows: number;
}

export interface Asked {
  readonly dims: readonly number[];
  readonly values: Float32Array;
}

/**
 * The output `name` for each of the batches, as float32.
 *
 * @throws {AuditError} MLD_MODEL_UNREADABLE where onnxruntime refuses the model; MLD_MODEL_INPUT where it fails on the records
 */
export async function ask(
  graph: Graph,
  name: string,
  recordShape: readonly number[],
  batches: readonly Rows[],
  file: string,
): Promise<readonly Asked[]> {
  const session = await createSession(graph).catch((cause) => {
    throw unreadable(file, cause);
  });
  try {
    const asked: Asked[] = [];
    for (const { values, rows } of batches) {
      const feed: Tensor = { dtype: 'float32', dims: [rows, ...recordShape], data: values };
      const found = await session.run({ x: feed }, [name]).catch((cause: Error) => {
        throw new AuditError(
          'MLD_MODEL_INPUT',
          `'${file}' fails on ${rows} records of shape [${recordShape.join(', ')}]: ${cause.message}`,
          `Give records in the shape that the model was trained on. ${DYNAMIC_BATCH}`,
          { cause },
        );
      });
      const { dims, data } = found[name] as Tensor;
      if (dims[0] !== rows)
        throw new AuditError(
          'MLD_MODEL_INPUT',
          `'${file}' answers ${rows} records with [${dims.join(', ')}], not one row per record`,
          DYNAMIC_BATCH,
        );
      asked.push({ dims, values: data as Float32Array });
    }
    return asked;
  } finally {
    await session.dispose();
  }
}
