/** Pictures brought to another size and number of channels, before normalisation. */
import type { ValuesInMemory } from './values.ts';

/** Channels, height, width. */
export type PictureShape = readonly [number, number, number];

/** Luma of red, green and blue (ITU-R BT.601). */
const [RED, GREEN, BLUE] = [0.299, 0.587, 0.114];

/** Whether there is a way from so many channels to so many: as many, colour to grey, or grey to colour. */
export const channelsFit = (from: number, to: number): boolean =>
  from === to || (from === 3 && to === 1) || (from === 1 && to === 3);

/**
 * Writes the picture that starts at `at` of the source to `start` of `out`, in the new shape. Along an axis that
 * shrinks a new pixel is the mean of the area it covers, parts of pixels counting by their share; along one that grows
 * it lies between the two nearest (bilinear, by the centres of pixels, the outermost continued at the edge). So nothing
 * leaves the range of the source. Colour becomes grey by its luma, grey becomes colour as three equal channels. Bytes
 * are rounded to the nearest.
 */
export const pictureResizer = (
  from: PictureShape,
  to: PictureShape,
): ((source: ValuesInMemory, at: number, out: ValuesInMemory, start: number) => void) => {
  const [channels, height, width] = from;
  if (!channelsFit(channels, to[0])) throw new Error(`internal: ${channels} channels to ${to[0]}`);
  const plane = height * width;
  const resized = planeResizer(from, to);
  return (source, at, out, start) => {
    const bytes = out instanceof Uint8Array;
    const write = (values: Float64Array, channel: number): void => {
      const first = start + channel * values.length;
      for (let i = 0; i < values.length; i++) {
        const value = values[i] as number;
        out[first + i] = bytes ? Math.round(value) : value;
      }
    };
    const valuesOf = (channel: number) =>
      new Float64Array(source.subarray(at + channel * plane, at + (channel + 1) * plane));
    if (channels === to[0])
      for (let channel = 0; channel < channels; channel++) write(resized(valuesOf(channel)), channel);
    else if (channels === 3) write(resized(lumaOf([valuesOf(0), valuesOf(1), valuesOf(2)])), 0);
    else {
      const grey = resized(valuesOf(0));
      for (let channel = 0; channel < to[0]; channel++) write(grey, channel);
    }
  };
};

const lumaOf = ([red, green, blue]: readonly [Float64Array, Float64Array, Float64Array]): Float64Array =>
  red.map((r, i) => RED * r + GREEN * (green[i] as number) + BLUE * (blue[i] as number));

/** Of one channel, row-major: its columns first, then its rows. */
const planeResizer = (
  [, height, width]: PictureShape,
  [, newHeight, newWidth]: PictureShape,
): ((values: Float64Array) => Float64Array) => {
  const across = tapsOf(width, newWidth);
  const down = tapsOf(height, newHeight);
  return (values) => {
    const narrow = new Float64Array(height * newWidth);
    for (let y = 0; y < height; y++)
      for (let x = 0; x < newWidth; x++)
        narrow[y * newWidth + x] = weighted(values, across[x] as Taps, y * width, 1);
    const result = new Float64Array(newHeight * newWidth);
    for (let y = 0; y < newHeight; y++)
      for (let x = 0; x < newWidth; x++)
        result[y * newWidth + x] = weighted(narrow, down[y] as Taps, x, newWidth);
    return result;
  };
};

/** The old pixels that make a new one along an axis; the weights sum to 1. */
interface Taps {
  readonly first: number;
  readonly weights: readonly number[];
}

const weighted = (values: Float64Array, { first, weights }: Taps, start: number, step: number): number => {
  let sum = 0;
  for (let i = 0; i < weights.length; i++)
    sum += (weights[i] as number) * (values[start + (first + i) * step] as number);
  return sum;
};

const tapsOf = (from: number, to: number): readonly Taps[] =>
  Array.from({ length: to }, (_, i) => (to < from ? areaTaps(i, from, to) : bilinearTaps(i, from, to)));

/** The axis is cut into from × to equal parts, so that shares are counted and not rounded. */
const areaTaps = (i: number, from: number, to: number): Taps => {
  const [start, end] = [i * from, (i + 1) * from];
  const first = Math.floor(start / to);
  const weights: number[] = [];
  for (let pixel = first; pixel * to < end; pixel++)
    weights.push((Math.min(end, (pixel + 1) * to) - Math.max(start, pixel * to)) / from);
  return { first, weights };
};

const bilinearTaps = (i: number, from: number, to: number): Taps => {
  const centre = ((2 * i + 1) * from - to) / (2 * to);
  const inside = Math.min(from - 1, Math.max(0, centre));
  const first = Math.floor(inside);
  const share = inside - first;
  return { first, weights: share === 0 ? [1] : [1 - share, share] };
};
