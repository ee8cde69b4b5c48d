/** The gradient of every operator we know: a total table, so an operator without a rule does not compile. */
import type { OperatorName } from '../graph/operators.ts';
import { type GradientRule, stops } from './rule.ts';
import { convRules } from './rules/conv.ts';
import { elementwiseRules } from './rules/elementwise.ts';
import { indexingRules } from './rules/indexing.ts';
import { normalizationRules } from './rules/normalizations.ts';
import { poolRules } from './rules/pool.ts';
import { productRules } from './rules/products.ts';
import { reductionRules } from './rules/reductions.ts';
import { reshapingRules } from './rules/reshaping.ts';

export const rules: { readonly [Op in OperatorName]: GradientRule } = {
  ...convRules,
  ...elementwiseRules,
  ...indexingRules,
  ...normalizationRules,
  ...poolRules,
  ...productRules,
  ...reductionRules,
  ...reshapingRules,
  // Piecewise constant, or without float inputs: the gradient is zero wherever it exists.
  And: stops,
  ArgMax: stops,
  Ceil: stops,
  Constant: stops,
  ConstantOfShape: stops,
  Equal: stops,
  Floor: stops,
  Greater: stops,
  GreaterOrEqual: stops,
  Less: stops,
  LessOrEqual: stops,
  Not: stops,
  Or: stops,
  Round: stops,
  Shape: stops,
  Sign: stops,
  OneHot: (c) => (c.wants(2) ? c.refuse('its on and off values depend on what is differentiated') : []),
};
