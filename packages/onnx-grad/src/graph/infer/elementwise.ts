/** Specifications of element-by-element operators. */
import {
  addDims,
  broadcast,
  type Dim,
  divideDims,
  multiplyDims,
  opaqueDim,
  type Shape,
  showShape,
} from '../dim.ts';
import { type DType, dtypeFromNumber, isFloat } from '../dtype.ts';
import type { AttributeKind } from '../value.ts';
import type { Inferred, NodeView, OperatorSpec } from './infer.ts';

export const unary = (attributes: Record<string, AttributeKind> = {}): OperatorSpec => ({
  attributes,
  arity: [1, 1],
  infer: (node) => [{ dtype: node.dtype(), shape: node.shape() }],
});

/** Broadcast the shapes of some inputs; two different symbols give a dimension known only at run time. */
export const broadcastInputs = (node: NodeView, indices: readonly number[]): Shape => {
  let out: Shape = [];
  for (const i of indices) {
    const shape = node.shape(i);
    const next = broadcast(out, shape) ?? broadcastUnknown(out, shape);
    if (!next) return node.fail(`${showShape(out)} and ${showShape(shape)} do not broadcast`);
    out = next;
  }
  return out;
};

const broadcastUnknown = (a: Shape, b: Shape): Shape | undefined => {
  const rank = Math.max(a.length, b.length);
  const out: Dim[] = [];
  for (let i = 0; i < rank; i++) {
    const x = a[a.length - rank + i] ?? 1;
    const y = b[b.length - rank + i] ?? 1;
    const one = broadcast([x], [y])?.[0];
    if (one !== undefined) out.push(one);
    else if (typeof x === 'string' && typeof y === 'string') out.push(opaqueDim('broadcast', x, y));
    else return undefined;
  }
  return out;
};

const sameType = (node: NodeView, indices: readonly number[]): DType => {
  const dtype = node.dtype(indices[0]);
  // Behind an unknown operator the type is a guess; onnxruntime checks the real one.
  for (const i of indices)
    if (node.dtype(i) !== dtype && node.inputs.every((v) => v?.shape))
      node.fail(`inputs have types ${dtype} and ${node.dtype(i)}; they must be equal`);
  return dtype;
};

type DimArithmetic = (a: Dim, b: Dim) => Dim | undefined;

const binary = (arithmetic?: DimArithmetic): OperatorSpec => ({
  attributes: {},
  arity: [2, 2],
  infer: (node) => {
    const dtype = sameType(node, [0, 1]);
    const shape = broadcastInputs(node, [0, 1]);
    const known = arithmetic && combine(node.known(0), node.known(1), arithmetic);
    return [{ dtype, shape, ...(known && { known }) }];
  },
});

const combine = (
  a: readonly Dim[] | undefined,
  b: readonly Dim[] | undefined,
  arithmetic: DimArithmetic,
): readonly Dim[] | undefined => {
  if (!a || !b || (a.length !== b.length && a.length !== 1 && b.length !== 1)) return undefined;
  const out: Dim[] = [];
  for (let i = 0; i < Math.max(a.length, b.length); i++) {
    const dim = arithmetic(a[a.length === 1 ? 0 : i] as Dim, b[b.length === 1 ? 0 : i] as Dim);
    if (dim === undefined) return undefined;
    out.push(dim);
  }
  return out;
};

const subtract: DimArithmetic = (a, b) =>
  typeof b === 'number' && typeof a === 'number' ? a - b : undefined;
const divide: DimArithmetic = (a, b) =>
  typeof a === 'number' && typeof b === 'number'
    ? b === 0
      ? undefined
      : Math.trunc(a / b) || 0
    : divideDims(a, b);

const comparison: OperatorSpec = {
  attributes: {},
  arity: [2, 2],
  infer: (node) => {
    sameType(node, [0, 1]);
    return [{ dtype: 'bool', shape: broadcastInputs(node, [0, 1]) }];
  },
};

const variadic: OperatorSpec = {
  attributes: {},
  arity: [1, Number.MAX_SAFE_INTEGER],
  infer: (node) => {
    const all = node.inputs.map((_, i) => i);
    return [{ dtype: sameType(node, all), shape: broadcastInputs(node, all) }];
  },
};

const passKnown = (node: NodeView, dtype: DType): Inferred => {
  const known = node.known(0);
  return { dtype, shape: node.shape(), ...(known && { known }) };
};

const softmax: OperatorSpec = {
  attributes: { axis: 'int' },
  arity: [1, 1],
  infer: (node) => {
    const shape = node.shape();
    if (shape.length > 0) node.axis(node.int('axis', -1), shape.length);
    return [{ dtype: node.dtype(), shape }];
  },
};

export const elementwise = {
  Add: binary(addDims),
  Sub: binary(subtract),
  Mul: binary((a, b) => multiplyDims([a, b])),
  Div: binary(divide),
  Pow: {
    attributes: {},
    arity: [2, 2],
    // The exponent may have another type; the result has the base's.
    infer: (node) => [{ dtype: node.dtype(), shape: broadcastInputs(node, [0, 1]) }],
  },
  Min: variadic,
  Max: variadic,
  Sum: variadic,
  Neg: unary(),
  Abs: unary(),
  Sign: unary(),
  Sqrt: unary(),
  Reciprocal: unary(),
  Exp: unary(),
  Log: unary(),
  Erf: unary(),
  Floor: unary(),
  Ceil: unary(),
  Round: unary(),
  Relu: unary(),
  LeakyRelu: unary({ alpha: 'float' }),
  Elu: unary({ alpha: 'float' }),
  Selu: unary({ alpha: 'float', gamma: 'float' }),
  HardSigmoid: unary({ alpha: 'float', beta: 'float' }),
  HardSwish: unary(),
  Softplus: unary(),
  Sigmoid: unary(),
  Tanh: unary(),
  Gelu: unary({ approximate: 'string' }),
  Softmax: softmax,
  LogSoftmax: softmax,
  PRelu: { attributes: {}, arity: [2, 2], infer: (node) => [{ dtype: node.dtype(), shape: node.shape() }] },
  Clip: {
    attributes: {},
    arity: [1, 3],
    infer: (node) => [{ dtype: node.dtype(), shape: node.shape() }],
  },
  Equal: comparison,
  Greater: comparison,
  GreaterOrEqual: comparison,
  Less: comparison,
  LessOrEqual: comparison,
  And: comparison,
  Or: comparison,
  Not: { attributes: {}, arity: [1, 1], infer: (node) => [{ dtype: 'bool', shape: node.shape() }] },
  Where: {
    attributes: {},
    arity: [3, 3],
    infer: (node) => [{ dtype: sameType(node, [1, 2]), shape: broadcastInputs(node, [0, 1, 2]) }],
  },
  Identity: { attributes: {}, arity: [1, 1], infer: (node) => [passKnown(node, node.dtype())] },
  Cast: {
    attributes: { to: 'int', saturate: 'int' },
    arity: [1, 1],
    infer: (node) => {
      const to = dtypeFromNumber(node.int('to', 0));
      if (!to) return node.fail(`casts to type number ${node.int('to', 0)}, which is not supported`);
      return [isFloat(to) ? { dtype: to, shape: node.shape() } : passKnown(node, to)];
    },
  },
  Dropout: {
    attributes: { seed: 'int' },
    arity: [1, 3],
    infer: (node) => [
      { dtype: node.dtype(), shape: node.shape() },
      { dtype: 'bool', shape: node.shape() },
    ],
  },
} satisfies Record<string, OperatorSpec>;
