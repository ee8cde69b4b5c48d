/** Reductions over given axes (all axes when none are given). Axes may be negative. */

import type { OperatorName } from '../operators.ts';
import type { Value } from '../value.ts';
import { apply, integers } from './apply.ts';

export interface ReduceOptions {
  /** Keep reduced axes with size 1; true by default, as in ONNX. */
  readonly keepdims?: boolean;
}

const reduce =
  (op: OperatorName) =>
  (x: Value, axes?: readonly number[], options: ReduceOptions = {}): Value =>
    apply(op, [x, axes && integers(x, axes)], { keepdims: options.keepdims === false ? 0 : 1 });

export const ReduceSum = reduce('ReduceSum');
export const ReduceMean = reduce('ReduceMean');
export const ReduceMax = reduce('ReduceMax');
export const ReduceMin = reduce('ReduceMin');
export const ReduceSumSquare = reduce('ReduceSumSquare');

/** Index of the largest element along one axis (0 by default); the first among equals. int64. */
export const ArgMax = (x: Value, attributes: { axis?: number; keepdims?: 0 | 1 } = {}): Value =>
  apply('ArgMax', [x], attributes);
