/** Gradients of reductions. */
import { Cast, Div, Equal, Mul, ReduceSum, Unsqueeze } from '../../graph/ops/index.ts';
import type { Value } from '../../graph/value.ts';
import { countAlong, expandLike, type GradientRule, type RuleContext } from '../rule.ts';

/** Reduced axes, or undefined when the node reduces nothing. */
const axesOf = (c: RuleContext): number[] | undefined => {
  const rank = c.shape(c.x()).length;
  const given = c.optional(1) ? c.numbers(1, 'its axes') : [];
  if (given.length === 0)
    return c.int('noop_with_empty_axes', 0) ? undefined : Array.from({ length: rank }, (_, i) => i);
  return given.map((axis) => (axis < 0 ? axis + rank : axis));
};

/** A reduced value with its axes put back as ones. */
const kept = (c: RuleContext, value: Value, axes: readonly number[]): Value =>
  c.int('keepdims', 1) || axes.length === 0
    ? value
    : Unsqueeze(
        value,
        [...axes].sort((a, b) => a - b),
      );

const reduction =
  (
    rule: (c: RuleContext, axes: readonly number[], dy: Value) => Value,
    unreduced: (c: RuleContext) => Value,
  ): GradientRule =>
  (c) => {
    const axes = axesOf(c);
    return [axes ? rule(c, axes, kept(c, c.dy, axes)) : unreduced(c)];
  };

/** Equal extremes share the gradient. */
const extremum = reduction(
  (c, axes, dy) => {
    const wins = Cast(Equal(c.x(), kept(c, c.y, axes)), c.x().dtype);
    return Mul(wins, Div(dy, ReduceSum(wins, axes)));
  },
  (c) => c.dy,
);

export const reductionRules = {
  ReduceSum: reduction(
    (c, _, dy) => expandLike(dy, c.x()),
    (c) => c.dy,
  ),
  ReduceMean: reduction(
    (c, axes, dy) => expandLike(Div(dy, countAlong(c.x(), axes)), c.x()),
    (c) => c.dy,
  ),
  ReduceMax: extremum,
  ReduceMin: extremum,
  ReduceSumSquare: reduction(
    (c, _, dy) => Mul(Mul(c.x(), c.scalar(2)), dy),
    (c) => Mul(Mul(c.x(), c.scalar(2)), c.dy),
  ),
} satisfies Record<string, GradientRule>;
