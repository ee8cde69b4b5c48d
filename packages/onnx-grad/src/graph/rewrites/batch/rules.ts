/**
 * One rule per operator: where the batch goes, and that no record touches another. A graph that passes them all
 * computes for each record of any batch what it computed for that record before.
 */
import type { Dim } from '../../dim.ts';
import type { OperatorName } from '../../operators.ts';
import type { BatchContext, BatchRule, Plan } from './context.ts';
import {
  concat,
  expand,
  gather,
  gatherElements,
  oneHot,
  pad,
  resize,
  slice,
  squeeze,
  tile,
  transpose,
  unsqueeze,
} from './moving.ts';
import { flatten, reshape } from './reshape.ts';

/** Element by element: the batch stays where it is. */
const same: BatchRule = (node) => ({ axis: node.batchedAxis(0) });

/** Broadcasting aligns from the right; whatever stands at the batch's place must be one row or the batch itself. */
const broadcasting: BatchRule = (node) => {
  const all = node.inputs.flatMap((input, i) => (input ? [i] : []));
  const batched = all.filter((i) => node.axis(i) !== undefined);
  const first = batched[0] as number;
  const fromRight = node.rank(first) - node.batchedAxis(first);
  const size = node.shape(first)[node.batchedAxis(first)] as Dim;
  const inputs = node.inputs.map((input, i) => {
    if (!input) return null;
    const at = node.rank(i) - fromRight;
    if (batched.includes(i)) {
      if (node.shape(i)[at] !== size) node.refuse('its inputs hold the batch in different dimensions');
      return input;
    }
    const dim = at < 0 ? 1 : (node.shape(i)[at] as Dim);
    return dim === 1 ? input : node.bakedRow(input, at, dim, node.perRecord(first));
  });
  return { axis: Math.max(...all.map((i) => node.rank(i))) - fromRight, inputs };
};

/** Along one axis, which must not be the batch's. */
const along =
  (attribute: string, fallback: number, from: 'only' | 'onwards' = 'only'): BatchRule =>
  (node) => {
    const batched = node.batchedAxis(0);
    const axis = node.positive(node.int(attribute, fallback), node.rank(0));
    if (axis === batched || (from === 'onwards' && axis < batched)) node.refuse('it works across the batch');
    node.requireUnbatched(...node.inputs.flatMap((input, i) => (input && i > 0 ? [i] : [])));
    return { axis: batched };
  };

/** Windows and their kin over `[batch, channels, ...]`. */
const images: BatchRule = (node) => {
  if (node.batchedAxis(0) !== 0) node.refuse('it does not have the batch first');
  node.requireUnbatched(...node.inputs.flatMap((input, i) => (input && i > 0 ? [i] : [])));
  return { axis: 0 };
};

const maxPool: BatchRule = (node) => {
  if (node.node.outputs.length > 1) node.refuse('its indices count through the whole batch');
  return images(node);
};

const matmul: BatchRule = (node) => {
  const [a, b] = [node.axis(0), node.axis(1)];
  const [ra, rb] = [node.rank(0), node.rank(1)];
  const rank = Math.max(ra, rb);
  if (a !== undefined && b !== undefined) {
    if (ra - a !== rb - b || ra - a < 3 || node.shape(0)[a] !== node.shape(1)[b])
      node.refuse('both factors hold the batch, and not as a stack of matrices');
    return { axis: rank - (ra - a) };
  }
  const [batched, axis, own, other] = a !== undefined ? [0, a, ra, 1] : [1, b as number, rb, 0];
  const fromRight = own - axis;
  if (own === 1 || fromRight === (batched === 0 ? 1 : 2)) node.refuse('it sums over the batch');
  // The batch is the rows of the left factor, or the columns of the right one.
  if (fromRight < 3) return { axis: node.rank(other) === 1 ? own - 2 : rank - fromRight };
  const at = node.rank(other) - fromRight;
  const dim = at < 0 ? 1 : (node.shape(other)[at] as Dim);
  const inputs = [...node.inputs];
  if (dim !== 1) inputs[other] = node.bakedRow(node.input(other), at, dim, node.perRecord(batched));
  return { axis: rank - fromRight, inputs };
};

const gemm: BatchRule = (node) => {
  node.requireUnbatched(1);
  if (node.axis(0) === undefined) return node.refuse('only its last input holds the batch');
  if (node.axis(0) !== (node.int('transA', 0) ? 1 : 0)) node.refuse('it sums over the batch');
  const c = node.optional(2);
  const inputs = [...node.inputs];
  if (c) {
    const at = node.rank(2) - 2;
    const rows = node.shape(0)[node.batchedAxis(0)];
    if (node.axis(2) !== undefined && (node.axis(2) !== at || node.shape(2)[at] !== rows))
      node.refuse('its last input holds the batch elsewhere');
    const dim = at < 0 || node.axis(2) !== undefined ? 1 : (node.shape(2)[at] as Dim);
    if (dim !== 1) inputs[2] = node.bakedRow(c, at, dim, node.perRecord(0));
  }
  return { axis: 0, inputs };
};

const reduction: BatchRule = (node) => {
  const rank = node.rank(0);
  const given = node.optional(1) ? node.numbers(1, 'axes') : [];
  if (given.length === 0 && node.int('noop_with_empty_axes', 0) === 1) return same(node);
  return without(node, given.length > 0 ? given : node.shape(0).map((_, i) => i), rank);
};

/** The batch after some axes are reduced away. */
const without = (node: BatchContext, axes: readonly number[], rank: number): Plan => {
  const batched = node.batchedAxis(0);
  const gone = axes.map((axis) => node.positive(axis, rank));
  if (gone.includes(batched)) node.refuse('it combines the records of a batch');
  const dropped = node.int('keepdims', 1) === 1 ? 0 : gone.filter((axis) => axis < batched).length;
  return { axis: batched - dropped };
};

const batchNormalization: BatchRule = (node) => {
  if (node.int('training_mode', 0) === 1) node.refuse('it takes statistics of the batch');
  node.requireUnbatched(1, 2, 3, 4);
  if (node.batchedAxis(0) === 1) node.refuse('the batch lies where it expects the channels');
  return { axis: node.batchedAxis(0) };
};

/** Reached only when a record's own value decides, which no rule here can follow. */
const refused: BatchRule = (node) => node.refuse('the way it addresses elements cannot be followed');

const split: BatchRule = along('axis', 0);

/** Total: an operator without a rule does not compile. Called only when some input holds the batch. */
export const batchRules: Readonly<Record<OperatorName, BatchRule>> = {
  Add: broadcasting,
  Sub: broadcasting,
  Mul: broadcasting,
  Div: broadcasting,
  Pow: broadcasting,
  Min: broadcasting,
  Max: broadcasting,
  Sum: broadcasting,
  Where: broadcasting,
  PRelu: broadcasting,
  Equal: broadcasting,
  Greater: broadcasting,
  GreaterOrEqual: broadcasting,
  Less: broadcasting,
  LessOrEqual: broadcasting,
  And: broadcasting,
  Or: broadcasting,
  Neg: same,
  Abs: same,
  Sign: same,
  Sqrt: same,
  Reciprocal: same,
  Exp: same,
  Log: same,
  Erf: same,
  Floor: same,
  Ceil: same,
  Round: same,
  Relu: same,
  LeakyRelu: same,
  Elu: same,
  Selu: same,
  HardSigmoid: same,
  HardSwish: same,
  Softplus: same,
  Sigmoid: same,
  Tanh: same,
  Gelu: same,
  Clip: same,
  Not: same,
  Identity: same,
  Cast: same,
  Dropout: same,
  Softmax: along('axis', -1),
  LogSoftmax: along('axis', -1),
  LayerNormalization: along('axis', -1, 'onwards'),
  Split: split,
  MatMul: matmul,
  Gemm: gemm,
  Conv: images,
  ConvTranspose: images,
  MaxPool: maxPool,
  AveragePool: images,
  GlobalAveragePool: images,
  GlobalMaxPool: images,
  InstanceNormalization: images,
  BatchNormalization: batchNormalization,
  MaxUnpool: refused,
  ReduceSum: reduction,
  ReduceMean: reduction,
  ReduceMax: reduction,
  ReduceMin: reduction,
  ReduceSumSquare: reduction,
  ArgMax: (node) => without(node, [node.int('axis', 0)], node.rank(0)),
  Reshape: reshape,
  Flatten: flatten,
  Transpose: transpose,
  Squeeze: squeeze,
  Unsqueeze: unsqueeze,
  Concat: concat,
  Slice: slice,
  Pad: pad,
  Gather: gather,
  GatherElements: gatherElements,
  OneHot: oneHot,
  ScatterElements: refused,
  GatherND: refused,
  ScatterND: refused,
  Expand: expand,
  Tile: tile,
  Resize: resize,
  Shape: () => ({ axis: undefined }),
  // Neither has an input that could hold the batch.
  Constant: refused,
  ConstantOfShape: refused,
};
