/** One use of a parameter by a node, seen per example: what each example contributes to its gradient. */
import type { Value } from '../../graph/value.ts';

export interface ParameterUse {
  /** Squared Euclidean norm of each example's gradient, `[N]`. */
  squaredNorm(): Value;
  /** Σᵢ factorᵢ gᵢ, the shape of the parameter; `factors` is `[N]`. */
  weightedSum(factors: Value): Value;
  /** Every example's gradient, `[N, ...parameter]`. */
  each(): Value;
}
