/** Pairs of nodes whose gradients together cost less than one after the other. Exact, not approximations. */
import { Mul } from '../graph/ops/index.ts';
import type { Value } from '../graph/value.ts';
import type { RuleContext } from './rule.ts';
import { positiveMask } from './rules/elementwise.ts';
import { maxPoolGradient } from './rules/pool.ts';

/**
 * Relu then MaxPool: the maximum is positive exactly where its Relu was, so the mask is taken on the small pooled
 * tensor, before unpooling, instead of on the large one after it.
 * @returns the value whose cotangent is found, past both nodes
 */
export const fuse = (
  context: RuleContext,
  uses: ReadonlyMap<Value, number>,
  boundary: ReadonlySet<Value>,
): { value: Value; cotangent: Value } | undefined => {
  const { node } = context;
  const relu = node.op === 'MaxPool' ? context.x().node : undefined;
  if (relu?.op !== 'Relu' || !context.dyOf(0)) return undefined;
  const before = relu.inputs[0] as Value;
  // The Relu's own cotangent must not be asked for, and nobody else may contribute to it.
  const output = relu.outputs[0] as Value;
  if (uses.get(output) !== 1 || boundary.has(output)) return undefined;
  return { value: before, cotangent: maxPoolGradient(context, Mul(context.dy, positiveMask(context.y))) };
};
