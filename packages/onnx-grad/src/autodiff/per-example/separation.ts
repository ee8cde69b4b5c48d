/** Checking that no node mixes examples: every value that holds the batch keeps it as its first axis. */
import { OnnxGradError } from '../../errors.ts';
import { normaliseAxis, showShape } from '../../graph/dim.ts';
import type { Node, Value } from '../../graph/value.ts';
import { viewOf } from './views.ts';

/**
 * Follows the batch from the graph's inputs to the losses, and the parameters to where they meet it.
 * @throws OG_NO_PER_EXAMPLE naming the first node that may let an example reach another's loss
 */
export const refuseMixing = (
  nodes: readonly Node[],
  inputs: readonly Value[],
  parameters: readonly Value[],
  batch: number | string,
): void => {
  /** Parameters and their views. */
  const stored = new Set<Value>(parameters);
  /** Values whose first axis is the batch. */
  const batched = new Set(inputs.filter((input) => input.shape?.[0] === batch && !stored.has(input)));
  for (const node of nodes) {
    if (stored.has(node.inputs[0] as Value) && viewOf(node)) {
      stored.add(node.outputs[0] as Value);
      continue;
    }
    const data = node.inputs.map((input) => !!input && batched.has(input));
    if (!data.includes(true)) {
      if (node.inputs.some((input) => input && stored.has(input)))
        throw refusal(node, 'it computes with a parameter before any example meets it');
      continue;
    }
    // Sizes are the same for every example.
    if (node.op === 'Shape') continue;
    const reason = node.opaque ? undefined : mixingReason(node, data);
    if (reason) throw refusal(node, reason);
    const output = node.outputs[0] as Value;
    if (output.shape?.[0] !== batch)
      throw refusal(node, `its output ${showShape(output.shape)} does not keep the examples apart`);
    for (const value of node.outputs) if (value.shape?.[0] === batch) batched.add(value);
  }
};

const refusal = (node: Node, reason: string) =>
  new OnnxGradError(
    'OG_NO_PER_EXAMPLE',
    `no per-example gradients through ${node.op} '${node.name}': ${reason}`,
    'Replace batch normalisation by group normalisation (replaceBatchNorm), and keep the batch as the first axis of every layer.',
  );

const acrossBatch = 'it works along the batch axis';
const meetsAll = 'every example would meet every other';

/** Why a node mixes examples although the shape of its output may look right; `data[i]`: input i holds the batch. */
const mixingReason = (node: Node, data: readonly boolean[]): string | undefined => {
  const rank = rankOf(node.inputs[0]);
  const number = (name: string, fallback: number) =>
    (node.attributes[name] as number | undefined) ?? fallback;
  const alongAxis = (fallback: number, of = rank) =>
    normaliseAxis(number('axis', fallback), of) === 0 ? acrossBatch : undefined;
  const later = data.slice(1).includes(true) ? meetsAll : undefined;
  switch (node.op) {
    case 'BatchNormalization':
      return number('training_mode', 0) === 1 ? 'it uses the statistics of the whole batch' : later;
    case 'Conv':
    case 'ConvTranspose':
    case 'InstanceNormalization':
    case 'MaxPool':
    case 'AveragePool':
    case 'GlobalAveragePool':
    case 'GlobalMaxPool':
    case 'Resize':
    case 'Reshape':
    case 'Squeeze':
    case 'Unsqueeze':
    case 'Flatten':
    case 'Dropout':
      return later;
    case 'MaxUnpool':
    case 'GatherND':
    case 'ScatterND':
      return 'it addresses elements across the batch';
    case 'Softmax':
    case 'LogSoftmax':
      return alongAxis(-1);
    case 'LayerNormalization':
      return later ?? alongAxis(-1);
    case 'ArgMax':
    case 'Split':
    case 'GatherElements':
    case 'ScatterElements':
    case 'Concat':
      return alongAxis(0);
    case 'OneHot':
      return later ?? alongAxis(-1, rank + 1);
    case 'Transpose':
      return ((node.attributes['perm'] as readonly number[] | undefined)?.[0] ?? rank - 1) === 0
        ? undefined
        : acrossBatch;
    case 'Gather':
      if (data[0] && data[1]) return meetsAll;
      return data[0] ? alongAxis(0) : undefined;
    case 'MatMul':
      return matMulReason(node, data);
    case 'Gemm':
      if (data[1]) return meetsAll;
      return data[0] && number('transA', 0) === 1 ? acrossBatch : lowerRank(node, data);
    case 'Slice':
      // Forwards, the batch keeps its size only when all of it is taken; backwards it is reversed.
      return forwards(node.inputs[4]) ? undefined : touchesBatch(node.inputs[3], rank);
    case 'Pad':
      return padsBatch(node, rank) ? acrossBatch : undefined;
    case 'ReduceSum':
    case 'ReduceMean':
    case 'ReduceMax':
    case 'ReduceMin':
    case 'ReduceSumSquare':
      if (!node.inputs[1] && number('noop_with_empty_axes', 0) === 1) return undefined;
      return touchesBatch(node.inputs[1], rank);
    default:
      return lowerRank(node, data);
  }
};

const rankOf = (value: Value | null | undefined): number => value?.shape?.length ?? 0;

/** Broadcasting aligns last axes: a batch of lower rank than the output would lie along another axis. */
const lowerRank = (node: Node, data: readonly boolean[]): string | undefined =>
  node.inputs.some((input, i) => data[i] && rankOf(input) < rankOf(node.outputs[0])) ? meetsAll : undefined;

const matMulReason = (node: Node, data: readonly boolean[]): string | undefined => {
  const [a, b] = [rankOf(node.inputs[0]), rankOf(node.inputs[1])];
  // The batch of the left factor is a row or leading axis; that of the right must be a leading axis.
  if (data[0] && (a < 2 || b > a)) return meetsAll;
  if (data[1] && (b < 3 || a > b)) return meetsAll;
  return data[0] && data[1] && a !== b ? meetsAll : undefined;
};

/** Axes (all when not given) that include the batch, or may. */
const touchesBatch = (axes: Value | null | undefined, rank: number): string | undefined =>
  axes?.known?.every((axis) => typeof axis === 'number' && normaliseAxis(axis, rank) !== 0)
    ? undefined
    : acrossBatch;

const forwards = (steps: Value | null | undefined): boolean =>
  !steps || (steps.known?.every((step) => typeof step === 'number' && step > 0) ?? false);

/** Cropped on one side and padded on the other, the batch axis would keep its size and not its meaning. */
const padsBatch = (node: Node, rank: number): boolean => {
  const pads = node.inputs[1]?.known;
  const axes = node.inputs[3] ? node.inputs[3].known : Array.from({ length: rank }, (_, i) => i);
  if (!pads || !axes?.every((axis) => typeof axis === 'number')) return true;
  const at = axes.findIndex((axis) => normaliseAxis(axis as number, rank) === 0);
  return at >= 0 && (pads[at] !== 0 || pads[at + axes.length] !== 0);
};
