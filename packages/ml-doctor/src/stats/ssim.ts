/** Structural similarity of two pictures: luminance, contrast and structure compared window by window. */
import { expNegative } from './log-posterior.ts';

/** (K1 L)² and (K2 L)² with K1 = .01, K2 = .03 and values that range over L = 1. */
const C1 = 0.01 ** 2;
const C2 = 0.03 ** 2;
const WINDOW = 11;
const SIGMA = 1.5;

/**
 * The mean SSIM index of Wang, Bovik, Sheikh and Simoncelli (IEEE Trans. Image Processing 13, 2004, equations 13 to 17)
 * as their reference program computes it: Gaussian weights (11 × 11, σ = 1.5, sum 1), only windows that lie inside the
 * picture, population moments; then the mean over channels, which the paper leaves open. A picture with a side below 11
 * gets the largest odd window that fits, with σ in proportion.
 *
 * @param a values in unit space, channels first; `b` parallel to it
 * @param shape channels, height, width
 * @returns −1 to 1 for values in [0, 1]; 1 for equal pictures only
 */
export function ssim(a: ArrayLike<number>, b: ArrayLike<number>, shape: readonly number[]): number {
  const [channels, height, width] = shape as readonly [number, number, number];
  if (shape.length !== 3 || a.length !== channels * height * width || b.length !== a.length)
    throw new Error(`internal: SSIM of ${a.length} and ${b.length} values of shape [${shape}]`);
  const weights = windowWeights(Math.min(height, width));
  const plane = height * width;
  let sum = 0;
  for (let c = 0; c < channels; c++) {
    const [own, other] = [a, b].map((all) =>
      Float64Array.from({ length: plane }, (_, i) => all[c * plane + i]!),
    );
    const mean = (values: Float64Array) => smooth(values, width, weights);
    const x = mean(own!);
    const y = mean(other!);
    const xx = mean(product(own!, own!));
    const yy = mean(product(other!, other!));
    const xy = mean(product(own!, other!));
    let channel = 0;
    for (let w = 0; w < x.length; w++) {
      const both = x[w]! * y[w]!;
      const squares = x[w]! ** 2 + y[w]! ** 2;
      channel +=
        ((2 * both + C1) * (2 * (xy[w]! - both) + C2)) / ((squares + C1) * (xx[w]! + yy[w]! - squares + C2));
    }
    sum += channel / x.length;
  }
  return sum / channels;
}

/** One side of the separable window. */
function windowWeights(side: number): Float64Array {
  const size = Math.min(WINDOW, side % 2 === 0 ? side - 1 : side);
  const sigma = (SIGMA * size) / WINDOW;
  const weights = Float64Array.from({ length: size }, (_, i) =>
    expNegative(-((i - (size - 1) / 2) ** 2) / (2 * sigma * sigma)),
  );
  const total = weights.reduce((all, weight) => all + weight, 0);
  return weights.map((weight) => weight / total);
}

function product(a: Float64Array, b: Float64Array): Float64Array {
  const both = new Float64Array(a.length);
  for (let i = 0; i < a.length; i++) both[i] = a[i]! * b[i]!;
  return both;
}

/** Weighted means of all windows inside the plane: along rows, then along columns. */
function smooth(plane: Float64Array, width: number, weights: Float64Array): Float64Array {
  const size = weights.length;
  const height = plane.length / width;
  const [across, down] = [width - size + 1, height - size + 1];
  const rows = new Float64Array(height * across);
  for (let y = 0; y < height; y++)
    for (let k = 0; k < size; k++)
      for (let x = 0; x < across; x++) rows[y * across + x]! += weights[k]! * plane[y * width + x + k]!;
  const means = new Float64Array(down * across);
  for (let y = 0; y < down; y++)
    for (let k = 0; k < size; k++)
      for (let x = 0; x < across; x++) means[y * across + x]! += weights[k]! * rows[(y + k) * across + x]!;
  return means;
}
