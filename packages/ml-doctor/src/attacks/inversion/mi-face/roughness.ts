/** Total variation of pictures, as part of a graph. */
import { float32, ops, type Value } from 'onnx-grad';
import type { RecordSpace } from '../inversion-attack.ts';

/** Below this share of the range a difference counts by its square, so that the slope has no jump at 0. */
const CORNER = 1e-3;

/**
 * The mean over all places of √(∂₁² + ∂₂² + ε²) − ε, ∂ the differences to the next row and column (0 at the last), as
 * shares of the range of values: isotropic total variation (Rudin, Osher, Fatemi, Physica D 1992), rounded at 0.
 * @param x pictures `[N, C, H, W]`
 * @returns `[N]`: 0 for a plain picture
 */
export const roughnessOf = (
  x: Value,
  { recordShape, bounds }: Pick<RecordSpace, 'recordShape' | 'bounds'>,
): Value => {
  const { graph } = x;
  const perRange = bounds.high.map((high, j) => {
    const range = high - (bounds.low[j] as number);
    return range > 0 ? 1 / range : 0;
  });
  const unit = ops.Mul(x, graph.constant(float32(recordShape, perRange)));
  const squares = [2, 3].map((axis) => {
    const size = recordShape[axis - 1] as number;
    const next = ops.Slice(unit, { starts: [1], ends: [size], axes: [axis] });
    const own = ops.Slice(unit, { starts: [0], ends: [size - 1], axes: [axis] });
    const difference = ops.Pad(ops.Sub(next, own), [0, 1], { axes: [axis] });
    return ops.Mul(difference, difference);
  });
  const slope = ops.Sqrt(ops.Sum(...squares, graph.scalar(CORNER ** 2)));
  return ops.ReduceMean(ops.Sub(slope, graph.scalar(CORNER)), [1, 2, 3], { keepdims: false });
};
