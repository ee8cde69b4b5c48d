/** Gradients of element-by-element operators. */
import {
  Add,
  And,
  Cast,
  Div,
  Equal,
  Erf,
  Exp,
  Greater,
  GreaterOrEqual,
  Less,
  LessOrEqual,
  Log,
  Mul,
  Neg,
  Pow,
  ReduceSum,
  Sigmoid,
  Sign,
  Sub,
  Sum,
  Tanh,
  Where,
} from '../../graph/ops/index.ts';
import { toNumbers } from '../../graph/tensor.ts';
import type { Value } from '../../graph/value.ts';
import { cast, constantLike, type GradientRule, type RuleContext, scalarLike } from '../rule.ts';

const float = (c: RuleContext, name: string, fallback: number): number => c.int(name, fallback);

/** Keeps dy where the condition holds. */
const keep = (c: RuleContext, condition: Value, dy: Value): Value => Where(condition, dy, c.scalar(0));

/** One cotangent per input, all equal to dy up to broadcasting. */
const passAll: GradientRule = (c) => c.node.inputs.map((x, i) => (x && c.wants(i) ? c.sumTo(c.dy, x) : null));

/** Unless it is a constant without zeros. */
const mayBeZero = (value: Value): boolean => {
  const stored = value.graph.parameters.has(value.name)
    ? undefined
    : value.graph.initializers.get(value.name);
  return !stored || toNumbers(stored).includes(0);
};

const pow: GradientRule = (c) => {
  const [base, exponent] = [c.x(0), c.x(1)];
  const typed = cast(exponent, base.dtype);
  const one = c.scalar(1);
  // Where the exponent is 0 the derivative is 0, at base 0 too: there 0 · 0⁻¹ would be no number.
  const lowered = () =>
    mayBeZero(exponent) ? Where(Equal(typed, c.scalar(0)), one, Sub(typed, one)) : Sub(typed, one);
  const dBase = () => Mul(c.dy, Mul(typed, Pow(base, lowered())));
  // d/dp b^p = b^p ln b, taken as 0 at b = 0 (its limit for p > 0).
  const positive = () => Greater(base, c.scalar(0));
  const dExponent = () =>
    Where(positive(), Mul(c.dy, Mul(c.y, Log(Where(positive(), base, one)))), c.scalar(0));
  return [
    c.wants(0) ? c.sumTo(dBase(), base) : null,
    c.wants(1) ? cast(c.sumTo(dExponent(), exponent), exponent.dtype) : null,
  ];
};

/** Equal winners share the gradient. */
const extremum: GradientRule = (c) => {
  const wins = c.node.inputs.map((_, i) => Cast(Equal(c.x(i), c.y), c.y.dtype));
  const share = Div(c.dy, wins.length === 1 ? (wins[0] as Value) : Sum(...wins));
  return wins.map((win, i) => (c.wants(i) ? c.sumTo(Mul(share, win), c.x(i)) : null));
};

const gelu: GradientRule = (c) => {
  const x = c.x();
  const half = c.scalar(0.5);
  if (c.text('approximate', 'none') === 'none') {
    const cdf = Mul(half, Add(c.scalar(1), Erf(Mul(x, c.scalar(Math.SQRT1_2)))));
    const density = Mul(Exp(Mul(Mul(x, x), c.scalar(-0.5))), c.scalar(1 / Math.sqrt(2 * Math.PI)));
    return [Mul(c.dy, Add(cdf, Mul(x, density)))];
  }
  const square = Mul(x, x);
  const k = c.scalar(Math.sqrt(2 / Math.PI));
  const t = Tanh(Mul(k, Mul(x, Add(c.scalar(1), Mul(square, c.scalar(0.044715))))));
  const inner = Mul(k, Add(c.scalar(1), Mul(square, c.scalar(3 * 0.044715))));
  const slope = Mul(Mul(half, x), Mul(Sub(c.scalar(1), Mul(t, t)), inner));
  return [Mul(c.dy, Add(Mul(half, Add(c.scalar(1), t)), slope))];
};

const softmaxAxis = (c: RuleContext): number => c.int('axis', -1);

const clip: GradientRule = (c) => {
  const x = c.x();
  const low = c.optional(1);
  const high = c.optional(2);
  const inside = [low && GreaterOrEqual(x, low), high && LessOrEqual(x, high)].filter((v) => v !== undefined);
  const both = inside.length === 2 ? And(inside[0] as Value, inside[1] as Value) : inside[0];
  return [
    both ? keep(c, both, c.dy) : c.dy,
    low && c.wants(1) ? c.sumTo(keep(c, Less(x, low), c.dy), low) : null,
    high && c.wants(2) ? c.sumTo(keep(c, Greater(x, high), c.dy), high) : null,
  ];
};

const dropout: GradientRule = (c) => {
  const training = c.optional(2);
  if (!training) return [c.dy];
  const mask = c.extra(1);
  const given = c.optional(1);
  const ratio = given ? cast(given, c.x().dtype) : c.scalar(0.5);
  const scale = Where(training, Div(c.scalar(1), Sub(c.scalar(1), ratio)), c.scalar(1));
  return [keep(c, mask, Mul(c.dy, scale))];
};

/** 1 where y > 0, else 0. On onnxruntime's CPU faster than Sign, and than choosing by Where. */
export const positiveMask = (y: Value): Value => {
  const [channels, ...positions] = y.shape?.slice(1) ?? [];
  // Of maps of one position a scalar would be compared an element at a time, many times as slowly.
  const single =
    typeof channels === 'number' && positions.length > 0 && positions.every((size) => size === 1);
  const zero = single
    ? constantLike(y, [1, channels, ...positions.map(() => 1)], Array(channels).fill(0))
    : scalarLike(y, 0);
  return Cast(Greater(y, zero), y.dtype);
};

export const elementwiseRules = {
  Add: passAll,
  Sum: passAll,
  Sub: (c) => [c.wants(0) ? c.sumTo(c.dy, c.x(0)) : null, c.wants(1) ? Neg(c.sumTo(c.dy, c.x(1))) : null],
  Mul: (c) => [
    c.wants(0) ? c.sumTo(Mul(c.dy, c.x(1)), c.x(0)) : null,
    c.wants(1) ? c.sumTo(Mul(c.dy, c.x(0)), c.x(1)) : null,
  ],
  Div: (c) => [
    c.wants(0) ? c.sumTo(Div(c.dy, c.x(1)), c.x(0)) : null,
    c.wants(1) ? Neg(c.sumTo(Div(Mul(c.dy, c.y), c.x(1)), c.x(1))) : null,
  ],
  Pow: pow,
  Min: extremum,
  Max: extremum,
  Neg: (c) => [Neg(c.dy)],
  Abs: (c) => [Mul(c.dy, Sign(c.x()))],
  Sqrt: (c) => [Div(Mul(c.dy, c.scalar(0.5)), c.y)],
  Reciprocal: (c) => [Neg(Mul(c.dy, Mul(c.y, c.y)))],
  Exp: (c) => [Mul(c.dy, c.y)],
  Log: (c) => [Div(c.dy, c.x())],
  Erf: (c) => [Mul(c.dy, Mul(c.scalar(2 / Math.sqrt(Math.PI)), Exp(Neg(Mul(c.x(), c.x())))))],
  Relu: (c) => [Mul(c.dy, positiveMask(c.y))],
  // The slope is chosen among scalars: Where is slow when it has whole tensors to choose from.
  LeakyRelu: (c) => [
    Mul(c.dy, Where(Greater(c.x(), c.scalar(0)), c.scalar(1), c.scalar(float(c, 'alpha', 0.01)))),
  ],
  Elu: (c) => [Where(Greater(c.x(), c.scalar(0)), c.dy, Mul(c.dy, Add(c.y, c.scalar(float(c, 'alpha', 1)))))],
  Selu: (c) => {
    const gamma = float(c, 'gamma', 1.0507009873554805);
    const alpha = float(c, 'alpha', 1.6732632423543772);
    const below = Add(c.y, c.scalar(gamma * alpha));
    return [Where(Greater(c.x(), c.scalar(0)), Mul(c.dy, c.scalar(gamma)), Mul(c.dy, below))];
  },
  HardSigmoid: (c) => {
    const inside = And(Greater(c.y, c.scalar(0)), Less(c.y, c.scalar(1)));
    return [keep(c, inside, Mul(c.dy, c.scalar(float(c, 'alpha', 0.2))))];
  },
  HardSwish: (c) => {
    const x = c.x();
    const middle = Mul(c.dy, Add(Mul(x, c.scalar(1 / 3)), c.scalar(0.5)));
    const upper = Where(GreaterOrEqual(x, c.scalar(3)), c.dy, middle);
    return [keep(c, Greater(x, c.scalar(-3)), upper)];
  },
  Softplus: (c) => [Mul(c.dy, Sigmoid(c.x()))],
  Sigmoid: (c) => [Mul(c.dy, Mul(c.y, Sub(c.scalar(1), c.y)))],
  Tanh: (c) => [Mul(c.dy, Sub(c.scalar(1), Mul(c.y, c.y)))],
  Gelu: gelu,
  PRelu: (c) => {
    const [x, slope] = [c.x(0), c.x(1)];
    const negative = Less(x, c.scalar(0));
    return [
      c.wants(0) ? Where(negative, Mul(c.dy, slope), c.dy) : null,
      c.wants(1) ? c.sumTo(keep(c, negative, Mul(c.dy, x)), slope) : null,
    ];
  },
  Softmax: (c) => [Mul(c.y, Sub(c.dy, ReduceSum(Mul(c.dy, c.y), [softmaxAxis(c)])))],
  LogSoftmax: (c) => [Sub(c.dy, Mul(Exp(c.y), ReduceSum(c.dy, [softmaxAxis(c)])))],
  Clip: clip,
  Where: (c) => [
    null,
    c.wants(1) ? c.sumTo(Where(c.x(0), c.dy, zero(c)), c.x(1)) : null,
    c.wants(2) ? c.sumTo(Where(c.x(0), zero(c), c.dy), c.x(2)) : null,
  ],
  Identity: (c) => [c.dy],
  Cast: (c) => [Cast(c.dy, c.x().dtype)],
  Dropout: dropout,
} satisfies Record<string, GradientRule>;

/** Where's first input is a condition, so the zero takes its type from the cotangent. */
const zero = (c: RuleContext): Value => c.y.graph.scalar(0, c.y.dtype === 'float64' ? 'float64' : 'float32');
