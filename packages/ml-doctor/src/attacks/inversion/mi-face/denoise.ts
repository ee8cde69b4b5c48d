/** What MI-Face may do to a picture between two steps: noise is taken out and edges are put back. */

/** How much of what the blur takes away is added once more. */
const SHARPENING = 0.5;

/**
 * A median over 3×3 places, then an unsharp mask; beyond its edges a picture goes on as at the edge. The paper's
 * Process (Fredrikson et al. 2015, §5) removes noise and sharpens so, between the layers of an autoencoder.
 * @param picture values of a picture `[C, H, W]`
 */
export const denoised = (picture: Float32Array, recordShape: readonly number[]): Float32Array => {
  const [channels, height, width] = recordShape as [number, number, number];
  const plane = height * width;
  const out = new Float32Array(picture.length);
  for (let c = 0; c < channels; c++) {
    const calm = eachNeighbourhood(picture.subarray(c * plane, (c + 1) * plane), height, width, median);
    const blurred = eachNeighbourhood(calm, height, width, binomial);
    for (let i = 0; i < plane; i++) {
      const value = calm[i] as number;
      out[c * plane + i] = value + SHARPENING * (value - (blurred[i] as number));
    }
  }
  return out;
};

const eachNeighbourhood = (
  plane: Float32Array,
  height: number,
  width: number,
  reduce: (nine: Float32Array) => number,
): Float32Array => {
  const nine = new Float32Array(9);
  const within = (i: number, size: number) => Math.min(Math.max(i, 0), size - 1);
  return plane.map((_, place) => {
    const row = Math.floor(place / width);
    const column = place % width;
    for (let k = 0; k < 9; k++) {
      const i = within(row + Math.floor(k / 3) - 1, height);
      nine[k] = plane[i * width + within(column + (k % 3) - 1, width)] as number;
    }
    return reduce(nine);
  });
};

const median = (nine: Float32Array): number => nine.sort()[4] as number;

const BINOMIAL = [1, 2, 1, 2, 4, 2, 1, 2, 1];
const binomial = (nine: Float32Array): number =>
  BINOMIAL.reduce((sum, weight, k) => sum + weight * (nine[k] as number), 0) / 16;
