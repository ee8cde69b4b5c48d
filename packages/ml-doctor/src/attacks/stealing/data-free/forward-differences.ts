/** The slope of what cannot be differentiated, from answers a short step away in random directions. */
import type { RandomStream } from 'onnx-grad';
import type { RecordSpace } from '../../../generators/auxiliary-data.ts';

/** `count × length`, each row of length 1, every direction as likely as any other. */
export const unitDirections = (random: RandomStream, count: number, length: number): Float32Array => {
  const directions = random.normal(new Float32Array(count * length));
  for (let at = 0; at < directions.length; at += length) {
    let squares = 0;
    for (let j = at; j < at + length; j++) squares += (directions[j] as number) ** 2;
    const norm = Math.sqrt(squares);
    for (let j = at; j < at + length; j++) directions[j] = (directions[j] as number) / norm;
  }
  return directions;
};

/**
 * Records moved along directions in what the generator squashes into the bounds (as Truong et al. 2021 do, who estimate
 * slopes before the last activation): v ↦ x + ε J u with J the squashing's derivative at the record, tanh′ = 1 − s² for
 * a place of its own, diag(p) − p pᵀ for the places of a category. To first order that is squash(v + ε u); and as J
 * falls to 0 at the bounds, no record leaves them for ε ≤ ½, so that nothing is clamped but rounding and the estimate
 * stays free of bias. Category places still sum to 1.
 * @param values `rows × length`, within the bounds
 * @param directions `rows × count × length`
 * @returns `rows × count × length`
 */
export const moved = (
  values: Float32Array,
  directions: Float32Array,
  epsilon: number,
  { bounds: { low, high }, oneHot }: RecordSpace,
): Float32Array => {
  const length = low.length;
  const rows = values.length / length;
  const count = directions.length / values.length;
  const result = new Float32Array(directions.length);
  const half = Float64Array.from(low, (least, j) => ((high[j] as number) - least) / 2);
  const grouped = new Uint8Array(length);
  for (const { first, width } of oneHot) grouped.fill(1, first, first + width);
  for (let i = 0; i < rows * count; i++) {
    const from = Math.floor(i / count) * length;
    const at = i * length;
    /** −1 to 1. */
    const signed = (j: number) => {
      const h = half[j] as number;
      return h > 0 ? ((values[from + j] as number) - (low[j] as number)) / h - 1 : 0;
    };
    const put = (j: number, step: number) => {
      const value = (values[from + j] as number) + epsilon * (half[j] as number) * step;
      result[at + j] = Math.min(high[j] as number, Math.max(low[j] as number, value));
    };
    for (let j = 0; j < length; j++)
      if (!grouped[j]) put(j, (1 - signed(j) ** 2) * (directions[at + j] as number));
    for (const { first, width } of oneHot) {
      let mean = 0;
      for (let j = first; j < first + width; j++)
        mean += ((signed(j) + 1) / 2) * (directions[at + j] as number);
      for (let j = first; j < first + width; j++)
        put(j, (signed(j) + 1) * ((directions[at + j] as number) - mean));
    }
  }
  return result;
};

/** Σ |a − b| / classes over one row of each. */
const distance = (a: Float32Array, i: number, b: Float32Array, j: number, classes: number): number => {
  let sum = 0;
  for (let k = 0; k < classes; k++)
    sum += Math.abs((a[i * classes + k] as number) - (b[j * classes + k] as number));
  return sum / classes;
};

export interface Probe {
  /** `rows × count × length`. */
  readonly directions: Float32Array;
  readonly epsilon: number;
  /** The target's logits at the records, `rows × classes`, … */
  readonly here: Float32Array;
  /** … and a step along each direction, `rows × count × classes`. */
  readonly there: Float32Array;
  /** The copy's logits at the records, `rows × classes`. */
  readonly copy: Float32Array;
  readonly classes: number;
}

/**
 * How the disagreement of target and copy, the mean of |target − copy| over the classes, grows as the record moves
 * under the target: d/m Σᵢ (f(x + ε uᵢ) − f(x)) / ε uᵢ (Truong et al. 2021, forward differences; d the length of a record, m the
 * number of directions), `rows × length`. The copy is held where it is: its own part of the slope is known exactly.
 */
export const pseudoGradient = ({ directions, epsilon, here, there, copy, classes }: Probe): Float32Array => {
  const rows = here.length / classes;
  const count = there.length / here.length;
  const length = directions.length / (rows * count);
  const slopes = new Float32Array(rows * length);
  for (let i = 0; i < rows; i++) {
    const before = distance(here, i, copy, i, classes);
    for (let m = 0; m < count; m++) {
      const row = i * count + m;
      const slope = (distance(there, row, copy, i, classes) - before) / epsilon;
      const weight = (length / count) * slope;
      for (let j = 0; j < length; j++)
        slopes[i * length + j] =
          (slopes[i * length + j] as number) + weight * (directions[row * length + j] as number);
    }
  }
  return slopes;
};
