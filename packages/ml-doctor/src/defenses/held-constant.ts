/** A value that training takes as a constant: the stop-gradient operator sg[·] that papers on training use. */
import { ops, type Value } from 'onnx-grad';

/** Half of what is lost at most is 2^-61, and numbers up to 2^67 pass. */
const STEP = 2 ** -60;

/**
 * The same numbers (exactly where they are 0 or at least 2^-37 in size, to 2^-61 elsewhere), through which no gradient
 * passes: they are rounded to multiples of a step far below their own precision, and rounding has no slope.
 */
export const heldConstant = (value: Value): Value => {
  const { graph } = value;
  const steps = ops.Round(ops.Mul(value, graph.scalar(1 / STEP)));
  return ops.Mul(steps, graph.scalar(STEP));
};
