/** Gradients from answers alone: natural evolution strategies with antithetic directions (Ilyas et al., ICML 2018). */
import type { RandomStream } from 'onnx-grad';
import type { RecordSpace } from '../inversion-attack.ts';

/** Directions of one estimate: `count × record length`, in shares of the range of each place. */
export interface Directions {
  readonly values: Float32Array;
  readonly count: number;
}

/**
 * Standard normal directions number `first` to `first + count − 1` of an endless sequence. Of pictures they may be
 * constant on blocks of `blocks × blocks` pixels of a channel (cut off at the right and the lower edge): fewer dimensions
 * to search, and no fine noise.
 */
export const directionsOf = (
  draws: RandomStream,
  first: number,
  count: number,
  recordShape: readonly number[],
  blocks: number,
): Directions => {
  const width = recordShape.reduce((a, b) => a * b, 1);
  if (blocks === 1) return { values: draws.normal(new Float32Array(count * width), first * width), count };
  const [channels, height, columns] = recordShape as [number, number, number];
  const [high, wide] = [Math.ceil(height / blocks), Math.ceil(columns / blocks)];
  const coarseWidth = channels * high * wide;
  const coarse = draws.normal(new Float32Array(count * coarseWidth), first * coarseWidth);
  const values = new Float32Array(count * width);
  for (let place = 0; place < values.length; place++) {
    const column = place % columns;
    const row = Math.floor(place / columns) % height;
    // Channels of one direction follow those of the one before.
    const channel = Math.floor(place / (columns * height));
    const block = (channel * high + Math.floor(row / blocks)) * wide + Math.floor(column / blocks);
    values[place] = coarse[block] as number;
  }
  return { values, count };
};

/**
 * Writes the pairs x + σ uᵢ and x − σ uᵢ, one after the other, `2 × count × record length`; a place that would leave
 * its bounds stays on them.
 */
export const writePairs = (
  into: Float32Array,
  x: Float32Array,
  { values, count }: Directions,
  sigma: number,
  { low, high }: RecordSpace['bounds'],
): void => {
  const width = x.length;
  for (let i = 0; i < count; i++)
    for (let j = 0; j < width; j++) {
      const [least, most] = [low[j] as number, high[j] as number];
      const by = sigma * (most - least) * (values[i * width + j] as number);
      const at = x[j] as number;
      into[2 * i * width + j] = Math.min(Math.max(at + by, least), most);
      into[(2 * i + 1) * width + j] = Math.min(Math.max(at - by, least), most);
    }
};

/**
 * (1 / 2nσ) Σᵢ uᵢ (f(x + σ uᵢ) − f(x − σ uᵢ)): the gradient of f in shares of the range, smoothed over σ.
 * @param scores f at the pairs, in the order they were written
 */
export const estimatedGradient = (
  { values, count }: Directions,
  scores: Float64Array,
  sigma: number,
): Float64Array => {
  const width = values.length / count;
  const gradient = new Float64Array(width);
  for (let i = 0; i < count; i++) {
    const weight = ((scores[2 * i] as number) - (scores[2 * i + 1] as number)) / (2 * count * sigma);
    for (let j = 0; j < width; j++)
      gradient[j] = (gradient[j] as number) + weight * (values[i * width + j] as number);
  }
  return gradient;
};
