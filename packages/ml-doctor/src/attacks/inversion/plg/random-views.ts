/** Randomly cropped and mirrored views of pictures, drawn outside the graph and differentiable inside it. */
import { type Feeds, float32, ops, type RandomStream, type Value } from 'onnx-grad';
import type { LatentRow } from '../latent/rows.ts';

/** The least share of a picture's area that is kept. */
const LEAST_AREA = 0.8;
/** Draws of one view: area, place from above, place from the left, mirrored or not. */
const DRAWS = 4;

/** Height and width of the pictures. */
type Size = readonly [number, number];

const inputs = (view: number) => ({ rows: `view ${view} rows`, columns: `view ${view} columns` });

/**
 * View number `view` of pictures `[N, channels, height, width]`, `R x Cᵀ` with two inputs of the graph `[N, 1, size, size]`:
 * cropping, scaling with linear interpolation and mirroring work on rows and columns apart.
 */
export const randomView = (x: Value, view: number, [height, width]: Size): Value => {
  const names = inputs(view);
  const rows = x.graph.input(names.rows, 'float32', ['N', 1, height, height]);
  const columns = x.graph.input(names.columns, 'float32', ['N', 1, width, width]);
  return ops.MatMul(ops.MatMul(rows, x), columns);
};

/** The inputs of that many views at a step: a row's depend on its own draws and the step alone. */
export const viewFeeds = (
  rows: readonly LatentRow[],
  step: number,
  views: number,
  [height, width]: Size,
): Feeds => {
  const feeds: Record<string, ReturnType<typeof float32>> = {};
  for (let view = 0; view < views; view++) {
    const left = new Float32Array(rows.length * height * height);
    const right = new Float32Array(rows.length * width * width);
    rows.forEach((row, i) => {
      const crop = drawCrop(row.draws('views'), step * views + view);
      const across = resampling(width, crop.side, crop.left, crop.mirrored);
      left.set(resampling(height, crop.side, crop.top, false), i * height * height);
      for (let o = 0; o < width; o++)
        for (let s = 0; s < width; s++) right[(i * width + s) * width + o] = across[o * width + s] as number;
    });
    const names = inputs(view);
    feeds[names.rows] = float32([rows.length, 1, height, height], left);
    feeds[names.columns] = float32([rows.length, 1, width, width], right);
  }
  return feeds;
};

interface Crop {
  /** Of the picture's own, for both sides. */
  readonly side: number;
  /** Where it begins, as a share of the picture. */
  readonly top: number;
  readonly left: number;
  readonly mirrored: boolean;
}

const drawCrop = (draws: RandomStream, number: number): Crop => {
  const [area, top, left, mirror] = draws.uniform(new Float64Array(DRAWS), number * DRAWS) as unknown as [
    number,
    number,
    number,
    number,
  ];
  const side = Math.sqrt(LEAST_AREA + (1 - LEAST_AREA) * area);
  return { side, top: top * (1 - side), left: left * (1 - side), mirrored: mirror < 0.5 };
};

/**
 * The matrix `n × n` that takes a line of n pixels to n pixels of the part that begins at `from` and is `side` long (both
 * as shares of the line): a pixel is taken at its middle, between its two neighbours, and the outermost reach outwards.
 */
export const resampling = (n: number, side: number, from: number, mirrored: boolean): Float64Array => {
  const matrix = new Float64Array(n * n);
  for (let o = 0; o < n; o++) {
    const place = Math.max(0, Math.min(n - 1, from * n + (o + 0.5) * side - 0.5));
    const before = Math.min(Math.floor(place), n - 1);
    const after = Math.min(before + 1, n - 1);
    const row = (mirrored ? n - 1 - o : o) * n;
    matrix[row + before] = (matrix[row + before] as number) + 1 - (place - before);
    matrix[row + after] = (matrix[row + after] as number) + place - before;
  }
  return matrix;
};
