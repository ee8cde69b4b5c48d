/** Per-example forms of the scales of normalisation layers: the cotangent times what the scale multiplies. */
import { Add, Div, InstanceNormalization, Mul, Reshape, Sqrt, Sub } from '../../graph/ops/index.ts';
import type { Value } from '../../graph/value.ts';
import { constantLike, type RuleContext } from '../rule.ts';

/** x̂ of LayerNormalization. */
export const layerNormalised = (c: RuleContext): Value => Mul(Sub(c.x(0), c.extra(1)), c.extra(2));

/** x̂ of BatchNormalization at inference, with its running statistics. */
export const batchNormalised = (c: RuleContext): Value => {
  const perChannel = (vector: Value) =>
    Reshape(vector, [
      1,
      -1,
      ...c
        .shape(c.x(0))
        .slice(2)
        .map(() => 1),
    ]);
  const deviation = Sqrt(Add(c.x(4), c.scalar(c.int('epsilon', 1e-5))));
  return Div(Sub(c.x(0), perChannel(c.x(3))), perChannel(deviation));
};

/** x̂ of InstanceNormalization. */
export const instanceNormalised = (c: RuleContext): Value => {
  const [channels] = c.x(1).shape as readonly number[] as [number];
  const filled = (value: number) => constantLike(c.x(0), [channels], new Array<number>(channels).fill(value));
  return InstanceNormalization(c.x(0), filled(1), filled(0), { epsilon: c.int('epsilon', 1e-5) });
};
