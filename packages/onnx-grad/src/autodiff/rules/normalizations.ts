/** Gradients of normalisations. */
import {
  Add,
  Mul,
  Neg,
  Reciprocal,
  ReduceMean,
  ReduceSum,
  Reshape,
  Sqrt,
  Sub,
} from '../../graph/ops/index.ts';
import type { Value } from '../../graph/value.ts';
import type { GradientRule, RuleContext } from '../rule.ts';

/** A per-channel vector as `[1, C, 1, ...]`. */
const perChannel = (vector: Value, rank: number): Value =>
  Reshape(vector, [1, -1, ...Array(rank - 2).fill(1)]);

const allButChannel = (rank: number): number[] =>
  Array.from({ length: rank }, (_, i) => i).filter((i) => i !== 1);

/** dx of y = x̂ with x̂ normalised over `axes`: inv (g − mean(g) − x̂ mean(g x̂)), g the cotangent of x̂. */
const throughStatistics = (g: Value, normalised: Value, inv: Value, axes: readonly number[]): Value =>
  Mul(inv, Sub(Sub(g, ReduceMean(g, axes)), Mul(normalised, ReduceMean(Mul(g, normalised), axes))));

/** x̂ and 1/σ with statistics over `axes`, computed anew (population variance, as ONNX has it). */
const standardise = (c: RuleContext, axes: readonly number[]): { normalised: Value; inv: Value } => {
  const x = c.x();
  const centred = Sub(x, ReduceMean(x, axes));
  const variance = ReduceMean(Mul(centred, centred), axes);
  const inv = Reciprocal(Sqrt(Add(variance, c.scalar(c.int('epsilon', 1e-5)))));
  return { normalised: Mul(centred, inv), inv };
};

const batchNormalization: GradientRule = (c) => {
  const [x, scale] = [c.x(0), c.x(1)];
  const rank = c.shape(x).length;
  const axes = allButChannel(rank);
  const channels = (value: Value) => ReduceSum(value, axes, { keepdims: false });
  const bias = () => channels(c.dy);
  if (c.int('training_mode', 0)) {
    if (c.dyOf(1) || c.dyOf(2)) return c.refuse('its running statistics lead to the result');
    const { normalised, inv } = standardise(c, axes);
    return [
      c.wants(0) ? throughStatistics(Mul(c.dy, perChannel(scale, rank)), normalised, inv, axes) : null,
      c.wants(1) ? channels(Mul(c.dy, normalised)) : null,
      c.wants(2) ? bias() : null,
      // The batch's own statistics are used: the running ones do not enter y.
      c.wants(3) ? Mul(c.x(3), c.scalar(0)) : null,
      c.wants(4) ? Mul(c.x(4), c.scalar(0)) : null,
    ];
  }
  const inv = Reciprocal(Sqrt(Add(c.x(4), c.scalar(c.int('epsilon', 1e-5)))));
  const gain = Mul(scale, inv);
  const centred = () => Sub(x, perChannel(c.x(3), rank));
  const variance = () => Mul(channels(Mul(c.dy, centred())), Mul(Mul(gain, c.scalar(-0.5)), Mul(inv, inv)));
  return [
    c.wants(0) ? Mul(c.dy, perChannel(gain, rank)) : null,
    c.wants(1) ? Mul(channels(Mul(c.dy, centred())), inv) : null,
    c.wants(2) ? bias() : null,
    c.wants(3) ? Neg(Mul(bias(), gain)) : null,
    c.wants(4) ? variance() : null,
  ];
};

const instanceNormalization: GradientRule = (c) => {
  const rank = c.shape(c.x()).length;
  const spatial = Array.from({ length: rank - 2 }, (_, i) => i + 2);
  const { normalised, inv } = standardise(c, spatial);
  const channels = (value: Value) => ReduceSum(value, allButChannel(rank), { keepdims: false });
  return [
    c.wants(0) ? throughStatistics(Mul(c.dy, perChannel(c.x(1), rank)), normalised, inv, spatial) : null,
    c.wants(1) ? channels(Mul(c.dy, normalised)) : null,
    c.wants(2) ? channels(c.dy) : null,
  ];
};

const layerNormalization: GradientRule = (c) => {
  const [x, scale] = [c.x(0), c.x(1)];
  const rank = c.shape(x).length;
  const given = c.int('axis', -1);
  const first = given < 0 ? given + rank : given;
  const axes = Array.from({ length: rank - first }, (_, i) => first + i);
  const inv = c.extra(2);
  const normalised = Mul(Sub(x, c.extra(1)), inv);
  return [
    c.wants(0) ? throughStatistics(Mul(c.dy, scale), normalised, inv, axes) : null,
    c.wants(1) ? c.sumTo(Mul(c.dy, normalised), scale) : null,
    c.wants(2) ? c.sumTo(c.dy, c.x(2)) : null,
  ];
};

export const normalizationRules = {
  BatchNormalization: batchNormalization,
  InstanceNormalization: instanceNormalization,
  LayerNormalization: layerNormalization,
} satisfies Record<string, GradientRule>;
