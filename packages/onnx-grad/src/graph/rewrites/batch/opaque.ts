/** Operators outside our table that are known to treat each row by itself. */
import { type Dim, type Shape, sizeOf } from '../../dim.ts';
import type { DType } from '../../dtype.ts';
import type { Value } from '../../value.ts';
import { type BatchContext, batchSymbol } from './context.ts';

/** Outputs of the input's shape, batch first. */
const likeInput = new Set([
  'Binarizer',
  'Celu',
  'GroupNormalization',
  'Imputer',
  'LRN',
  'Mish',
  'Normalizer',
  'Scaler',
  'Shrink',
  'Softsign',
  'ThresholdedRelu',
]);

/** A label per row, then scores per row and class. */
const classifiers = new Set(['LinearClassifier', 'SVMClassifier', 'TreeEnsembleClassifier']);
/** A row of predictions per row. */
const regressors = new Set(['LinearRegressor', 'SVMRegressor', 'TreeEnsembleRegressor']);

/**
 * skl2onnx looks labels up in a vector of them: indices of any shape, one per record, give `[1, N]`.
 */
const picksLabels = (context: BatchContext): boolean => {
  const { node } = context;
  if (node.op !== 'ArrayFeatureExtractor' || node.domain !== 'ai.onnx.ml') return false;
  return context.axis(0) === undefined && context.rank(0) === 1 && sizeOf(context.shape(1)) === batchSymbol;
};

/** The node as it is, with the batch open in what its outputs are declared to be. */
export const opaqueRule = (context: BatchContext): readonly Value[] => {
  const { node, inputs, target } = context;
  const picked = picksLabels(context);
  const shapes: readonly Shape[] = picked ? [[1, batchSymbol]] : outputShapes(context);
  return target.opaqueNode({
    op: node.op,
    domain: node.domain,
    name: node.name,
    inputs,
    outputs: node.outputs.map(({ name, dtype }, i) => ({
      name: target.has(name) ? target.freshName(name) : name,
      dtype: picked
        ? context.input(0).dtype
        : i === 0 && classifiers.has(node.op)
          ? labels(context).dtype
          : dtype,
      shape: shapes[i] as Shape,
    })),
    attributes: node.opaque ?? [],
  });
};

interface Labels {
  readonly dtype: DType;
  readonly count: number;
}

/** The file need not say what type its labels have, nor how many there are; the operator's own list of them does. */
const labels = ({ node }: BatchContext): Labels => {
  const texts = node.opaque?.find(({ name }) => name === 'classlabels_strings')?.strings ?? [];
  const numbers = node.opaque?.find(({ name }) => /^classlabels_int(64)?s$/.test(name))?.ints ?? [];
  return texts.length > 0
    ? { dtype: 'string', count: texts.length }
    : { dtype: 'int64', count: numbers.length };
};

const outputShapes = (context: BatchContext): readonly Shape[] => {
  const { node } = context;
  const input = context.shape(0);
  const ml = node.domain === 'ai.onnx.ml';
  const rowwise = likeInput.has(node.op) || (ml && (classifiers.has(node.op) || regressors.has(node.op)));
  if (!rowwise || (node.domain !== '' && !ml))
    return context.refuse('what the operator does with the batch is not known');
  if (input[0] !== batchSymbol) return context.refuse('it does not have the batch first');
  context.requireUnbatched(...node.inputs.flatMap((value, i) => (value && i > 0 ? [i] : [])));
  if (likeInput.has(node.op)) return node.outputs.map(() => input);
  return node.outputs.map(({ shape }, i) => {
    const width: Dim = `(width:${node.name})`;
    if (classifiers.has(node.op))
      return i === 0 ? [batchSymbol] : [batchSymbol, shape?.[1] ?? (labels(context).count || width)];
    return [batchSymbol, shape?.[1] ?? width];
  });
};
