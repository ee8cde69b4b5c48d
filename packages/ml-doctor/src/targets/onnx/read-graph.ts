/** The bytes of somebody's ONNX file to a graph, refused in a user's words where that cannot be. */
import { decodeModel, type Graph, OnnxGradError, type Value } from 'onnx-grad';
import { AuditError } from '../../errors.ts';

/** What the format itself can hold (protobuf). */
const MOST_BYTES = 2 ** 31 - 1;
/** Numbers in one value of the graph for a single record: 1 GiB of them as float32. */
const MOST_ELEMENTS = 2 ** 28;
/** Operator sets that onnxruntime has: ONNX's own, classical models, and its own further operators. */
const DOMAINS = new Set(['', 'ai.onnx', 'ai.onnx.ml', 'com.microsoft']);

/**
 * @throws {AuditError} MLD_MODEL_UNREADABLE for what is no ONNX model, or one that cannot be run here; MLD_LIMIT for sizes
 *   that no machine holds
 */
export function readGraph(bytes: Uint8Array, file: string): Graph {
  if (bytes.length > MOST_BYTES)
    throw new AuditError(
      'MLD_LIMIT',
      `'${file}' has ${bytes.length} bytes; an ONNX file holds less than 2 GiB`,
      'Audit a smaller model, or put it behind an endpoint and audit that.',
    );
  const graph = asUnreadable(file, () => decodeModel(bytes));
  checkDomains(graph, file);
  checkSizes(graph, file);
  return graph;
}

/** What the engine says of a file, as an error of this house; that the engine itself is missing stays as it is. */
export const unreadable = (file: string, cause: unknown): unknown => {
  if (cause instanceof OnnxGradError) {
    if (['OG_RUNTIME_MISSING', 'OG_DEVICE_MISSING', 'OG_ABORTED'].includes(cause.code)) return cause;
    return new AuditError('MLD_MODEL_UNREADABLE', `'${file}': ${cause.message}`, cause.hint, { cause });
  }
  // Sizes in a damaged file that no array can have, or nesting that no stack holds.
  if (cause instanceof RangeError)
    return new AuditError(
      'MLD_MODEL_UNREADABLE',
      `'${file}' is no usable ONNX model: ${cause.message}`,
      'Check that the file is an .onnx model and that it was copied completely.',
      { cause },
    );
  return cause;
};

/** Runs `read` and turns what it throws by {@link unreadable}. */
export function asUnreadable<T>(file: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    throw unreadable(file, cause);
  }
}

function checkDomains(graph: Graph, file: string): void {
  const own = new Set(graph.functions.map(({ domain }) => domain));
  const strange = graph.nodes.find(({ domain }) => !DOMAINS.has(domain) && !own.has(domain));
  if (strange)
    throw new AuditError(
      'MLD_MODEL_UNREADABLE',
      `'${file}': ${strange.op} '${strange.name}' is an operator of '${strange.domain}', which onnxruntime does not have`,
      'Export the model with standard operators (ai.onnx, ai.onnx.ml), or put it behind an endpoint and audit that.',
    );
}

/** Open sizes count as 1. */
function checkSizes(graph: Graph, file: string): void {
  const values: Value[] = [...graph.inputs, ...graph.nodes.flatMap(({ outputs }) => outputs)];
  for (const { name, shape } of values) {
    const elements = (shape ?? []).reduce<number>(
      (product, dim) => product * (typeof dim === 'number' ? dim : 1),
      1,
    );
    if (elements > MOST_ELEMENTS)
      throw new AuditError(
        'MLD_LIMIT',
        `'${file}': its value '${name}' has shape [${shape?.join(', ')}], more than ${MOST_ELEMENTS} numbers`,
        'Check the sizes in the model and export it again.',
      );
  }
}
