/** Losses that teach a network the distribution of a number, or one of its quantiles, given the record. */
import { float32, int64, type Loss, ops, type Value } from 'onnx-grad';

/** One number a record, `[N, 1]`. */
const oneNumber = (output: Value) => ({ dtype: 'float32', shape: [output.shape?.[0] ?? 'N', 1] }) as const;

const column = (output: Value, index: number): Value =>
  ops.Gather(output, output.graph.constant(int64([1], [index])), { axis: 1 });

const perRecord = (value: Value): Value => ops.ReduceSum(value, [1], { keepdims: false });

/**
 * −ln N(s; μ, σ²) without its constant, ln σ + (s − μ)² / (2σ²). Outputs `[N, 2]`: μ and ln σ; targets s `[N, 1]`.
 */
export const gaussianLoss = (): Loss => ({
  name: 'gaussian',
  target: oneNumber,
  perExample: (output, target) => {
    const logDeviation = column(output, 1);
    const z = ops.Mul(ops.Sub(target, column(output, 0)), ops.Exp(ops.Neg(logDeviation)));
    return perRecord(ops.Add(logDeviation, ops.Mul(ops.Mul(z, z), output.graph.scalar(0.5))));
  },
});

/**
 * The pinball loss, level · (s − q) above q and (1 − level) · (q − s) below, least where a share `level` of s lies
 * below q. Outputs q `[N, 1]`, targets s `[N, 1]`.
 */
export const pinballLoss = (level: number): Loss => ({
  name: 'pinball',
  target: oneNumber,
  perExample: (output, target) => {
    const above = ops.Sub(target, output);
    const weight = (value: number) => output.graph.constant(float32([1], [value]));
    return perRecord(ops.Max(ops.Mul(above, weight(level)), ops.Mul(above, weight(level - 1))));
  },
});
