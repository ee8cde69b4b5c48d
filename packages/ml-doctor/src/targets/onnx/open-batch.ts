/** A model for batches of any size, whatever size its file has. */
import { copyGraph, type Graph, OnnxGradError, type Shape, toDynamicBatch } from 'onnx-grad';
import { AuditError } from '../../errors.ts';

export interface OpenBatch {
  readonly graph: Graph;
  readonly notes: readonly string[];
}

export const DYNAMIC_BATCH =
  "Export the model with a dynamic batch size (torch.onnx.export: dynamic_axes={'x': {0: 'N'}}; Keras: an input without a batch size).";

/**
 * Shown operator by operator to keep records apart where that can be done; elsewhere the size is opened all the same, and
 * the answers have to show it (records-apart.ts).
 *
 * @param graph of one input
 * @param dims of one record in the input
 * @throws {AuditError} MLD_MODEL_INPUT where the operators do not take another batch size
 */
export function openBatch(graph: Graph, file: string, dims: readonly number[]): OpenBatch {
  const size = graph.inputs[0]?.shape?.[0];
  const fixed = typeof size === 'number';
  const notes = fixed ? [`The file takes batches of ${size}; it is asked in batches of any size.`] : [];
  const said = shaped(graph, file, [size ?? 'N', ...dims]);
  try {
    return { graph: toDynamicBatch(said), notes };
  } catch (cause) {
    if (!(cause instanceof OnnxGradError)) throw cause;
    return { graph: shaped(said, file, ['N', ...dims]), notes };
  }
}

/** With that shape of its input all others are worked out anew. */
function shaped(graph: Graph, file: string, shape: Shape): Graph {
  try {
    return copyGraph(graph, { inputShape: () => shape });
  } catch (cause) {
    if (!(cause instanceof OnnxGradError)) throw cause;
    throw new AuditError(
      'MLD_MODEL_INPUT',
      `'${file}' does not take an input of shape [${shape.join(', ')}]: ${cause.message}`,
      `Give records in the shape that the model was trained on. ${DYNAMIC_BATCH}`,
      { cause },
    );
  }
}
