/** Gradients of normalisations. */
import { isStatic, type Shape } from '../../graph/dim.ts';
import {
  Add,
  Div,
  Expand,
  Mul,
  Neg,
  Reciprocal,
  ReduceMean,
  ReduceSum,
  Reshape,
  Sqrt,
  Sub,
  Sum,
} from '../../graph/ops/index.ts';
import type { Value } from '../../graph/value.ts';
import { cast, countAlong, expandLike, type GradientRule, type RuleContext, zerosLike } from '../rule.ts';

/** A per-channel vector as `[1, C, 1, ...]`. */
const perChannel = (vector: Value, rank: number): Value =>
  Reshape(vector, [1, -1, ...Array(rank - 2).fill(1)]);

/** Up to this many positions per channel onnxruntime broadcasts vectors of channels slowly, a position's run at a time. */
const shortRun = 64;

/** A per-channel vector that is to meet x element by element. */
const alongChannels = (vector: Value, x: Value): Value => {
  const sizes: Shape = (x.shape as Shape).slice(1);
  const shaped = perChannel(vector, sizes.length + 1);
  if (!isStatic(sizes)) return shaped;
  const positions = sizes.slice(1).reduce((a, b) => a * b, 1);
  return positions > 1 && positions <= shortRun ? Expand(shaped, [1, ...sizes]) : shaped;
};

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

/** With momentum 0 the node's other outputs are the batch's statistics; otherwise they are computed anew. */
const batchStatistics = (c: RuleContext, axes: readonly number[]): { normalised: Value; inv: Value } => {
  const [mean, variance] = [c.node.outputs[1], c.node.outputs[2]];
  if (c.int('momentum', 0.9) !== 0 || !mean || !variance) return standardise(c, axes);
  const inv = Reciprocal(Sqrt(Add(variance, c.scalar(c.int('epsilon', 1e-5)))));
  const along = (vector: Value) => alongChannels(vector, c.x());
  return {
    normalised: Mul(Sub(c.x(), along(mean)), along(inv)),
    inv: perChannel(inv, c.shape(c.x()).length),
  };
};

const batchNormalization: GradientRule = (c) => {
  const [x, scale] = [c.x(0), c.x(1)];
  const rank = c.shape(x).length;
  const axes = allButChannel(rank);
  const channels = (value: Value) => ReduceSum(value, axes, { keepdims: false });
  const bias = () => channels(c.dy);
  if (c.int('training_mode', 0)) {
    if (c.dyOf(1) || c.dyOf(2)) return c.refuse('its running statistics lead to the result');
    const { normalised, inv } = batchStatistics(c, axes);
    const dBias = bias();
    const dScale = channels(Mul(c.dy, normalised));
    // The two sums that dx needs are those of scale and bias: scale/σ (dy − Σdy/M − x̂ Σ(dy x̂)/M).
    const dx = () => {
      const count = countAlong(x, axes);
      const perRecord = (sum: Value) => alongChannels(Div(sum, count), x);
      const rest = Sub(Sub(c.dy, perRecord(dBias)), Mul(normalised, perRecord(dScale)));
      return Mul(rest, alongChannels(Mul(perChannel(scale, rank), inv), x));
    };
    return [
      c.wants(0) ? dx() : null,
      c.wants(1) ? dScale : null,
      c.wants(2) ? dBias : null,
      // The batch's own statistics are used: the running ones do not enter y.
      c.wants(3) ? zerosLike(c.x(3)) : null,
      c.wants(4) ? zerosLike(c.x(4)) : null,
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
  // The kernel gives its statistics in float32 whatever x is.
  const statistic = (index: number) => cast(c.extra(index), x.dtype);
  const inv = statistic(2);
  const normalised = Mul(Sub(x, statistic(1)), inv);
  const dx = () => {
    const parts = [throughStatistics(Mul(c.dy, scale), normalised, inv, axes)];
    // The statistics are outputs too, and a second derivative leads through them: ∂mean/∂x = 1/n, ∂inv/∂x = −inv² x̂ / n.
    const [dMean, dInv] = [c.dyOf(1), c.dyOf(2)];
    const each = (cotangent: Value) => Div(cast(cotangent, x.dtype), countAlong(x, axes));
    if (dMean) parts.push(expandLike(each(dMean), x));
    if (dInv) parts.push(Neg(Mul(each(dInv), Mul(Mul(inv, inv), normalised))));
    return parts.length === 1 ? (parts[0] as Value) : Sum(...parts);
  };
  return [
    c.wants(0) ? dx() : null,
    c.wants(1) ? c.sumTo(Mul(c.dy, normalised), scale) : null,
    c.wants(2) ? c.sumTo(c.dy, c.x(2)) : null,
  ];
};

export const normalizationRules = {
  BatchNormalization: batchNormalization,
  InstanceNormalization: instanceNormalization,
  LayerNormalization: layerNormalization,
} satisfies Record<string, GradientRule>;
