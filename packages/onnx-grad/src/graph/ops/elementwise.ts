/** Element-by-element operators, named as ONNX names them. Binary ones broadcast as NumPy does. */
import { type DType, dtypeNumber } from '../dtype.ts';
import type { Value } from '../value.ts';
import { apply, applyMany } from './apply.ts';

export const Add = (a: Value, b: Value): Value => apply('Add', [a, b]);
export const Sub = (a: Value, b: Value): Value => apply('Sub', [a, b]);
export const Mul = (a: Value, b: Value): Value => apply('Mul', [a, b]);
export const Div = (a: Value, b: Value): Value => apply('Div', [a, b]);
export const Pow = (base: Value, exponent: Value): Value => apply('Pow', [base, exponent]);
export const Min = (...values: readonly Value[]): Value => apply('Min', values);
export const Max = (...values: readonly Value[]): Value => apply('Max', values);
export const Sum = (...values: readonly Value[]): Value => apply('Sum', values);

export const Neg = (x: Value): Value => apply('Neg', [x]);
export const Abs = (x: Value): Value => apply('Abs', [x]);
export const Sign = (x: Value): Value => apply('Sign', [x]);
export const Sqrt = (x: Value): Value => apply('Sqrt', [x]);
export const Reciprocal = (x: Value): Value => apply('Reciprocal', [x]);
export const Exp = (x: Value): Value => apply('Exp', [x]);
export const Log = (x: Value): Value => apply('Log', [x]);
export const Erf = (x: Value): Value => apply('Erf', [x]);
export const Floor = (x: Value): Value => apply('Floor', [x]);
export const Ceil = (x: Value): Value => apply('Ceil', [x]);
/** Rounds halves to even. */
export const Round = (x: Value): Value => apply('Round', [x]);

export const Relu = (x: Value): Value => apply('Relu', [x]);
/** `alpha` is the slope below zero, .01 by default. */
export const LeakyRelu = (x: Value, attributes: { alpha?: number } = {}): Value =>
  apply('LeakyRelu', [x], attributes);
/** alpha (eˣ − 1) below zero; alpha is 1 by default. */
export const Elu = (x: Value, attributes: { alpha?: number } = {}): Value => apply('Elu', [x], attributes);
export const Selu = (x: Value, attributes: { alpha?: number; gamma?: number } = {}): Value =>
  apply('Selu', [x], attributes);
/** max(0, min(1, alpha x + beta)); alpha .2, beta .5 by default. */
export const HardSigmoid = (x: Value, attributes: { alpha?: number; beta?: number } = {}): Value =>
  apply('HardSigmoid', [x], attributes);
export const HardSwish = (x: Value): Value => apply('HardSwish', [x]);
export const Softplus = (x: Value): Value => apply('Softplus', [x]);
export const Sigmoid = (x: Value): Value => apply('Sigmoid', [x]);
export const Tanh = (x: Value): Value => apply('Tanh', [x]);
/** x Φ(x), or its tanh approximation. */
export const Gelu = (x: Value, attributes: { approximate?: 'none' | 'tanh' } = {}): Value =>
  apply('Gelu', [x], attributes);
/** `slope` broadcasts to x. */
export const PRelu = (x: Value, slope: Value): Value => apply('PRelu', [x, slope]);
/** The last axis by default. */
export const Softmax = (x: Value, attributes: { axis?: number } = {}): Value =>
  apply('Softmax', [x], attributes);
export const LogSoftmax = (x: Value, attributes: { axis?: number } = {}): Value =>
  apply('LogSoftmax', [x], attributes);
/** Scalars `low` and `high`; either may be left out. */
export const Clip = (x: Value, low?: Value, high?: Value): Value => apply('Clip', [x, low, high]);

export const Equal = (a: Value, b: Value): Value => apply('Equal', [a, b]);
export const Greater = (a: Value, b: Value): Value => apply('Greater', [a, b]);
export const GreaterOrEqual = (a: Value, b: Value): Value => apply('GreaterOrEqual', [a, b]);
export const Less = (a: Value, b: Value): Value => apply('Less', [a, b]);
export const LessOrEqual = (a: Value, b: Value): Value => apply('LessOrEqual', [a, b]);
export const And = (a: Value, b: Value): Value => apply('And', [a, b]);
export const Or = (a: Value, b: Value): Value => apply('Or', [a, b]);
export const Not = (x: Value): Value => apply('Not', [x]);
export const Where = (condition: Value, then: Value, otherwise: Value): Value =>
  apply('Where', [condition, then, otherwise]);

export const Identity = (x: Value): Value => apply('Identity', [x]);
export const Cast = (x: Value, to: DType): Value => apply('Cast', [x], { to: dtypeNumber(to) });

/**
 * Drops elements with probability `ratio` (scalar, .5 by default) and scales the rest by 1 / (1 − ratio) when
 * `training` (scalar bool) is true; passes x through otherwise.
 * @returns y and the mask of kept elements
 */
export const Dropout = (
  x: Value,
  ratio?: Value,
  training?: Value,
  attributes: { seed?: number } = {},
): { y: Value; mask: Value } => {
  const [y, mask] = applyMany('Dropout', [x, ratio, training], attributes, 2) as [Value, Value];
  return { y, mask };
};
