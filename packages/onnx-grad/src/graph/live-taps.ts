/** The part of a convolution's kernel that ever meets the image: on small maps the rest sees nothing but padding. */
import type { Window } from './infer/window.ts';
import { Reshape, Slice } from './ops/index.ts';
import type { Value } from './value.ts';

/** A window and the spatial sizes it slides over (`large`) and makes (`small`). */
export interface SizedWindow extends Window {
  readonly large: readonly number[];
  readonly small: readonly number[];
}

export const area = (sizes: readonly number[]): number => sizes.reduce((a, b) => a * b, 1);

/**
 * Whether all images should be multiplied with the weights at once. onnxruntime's convolutions go image by image and
 * read all weights again for each: slow where there are few positions, unless there are few weights as well.
 */
export const isWeightBound = (positions: readonly number[], outputs: number, inputs: number): boolean =>
  area(positions) <= 16 && outputs * inputs >= 8192;

/** First and last tap along an axis that lie on the image for some output; undefined where none does. */
const liveAlong = (window: SizedWindow, axis: number): readonly [number, number] | undefined => {
  const live = Array.from({ length: window.kernel[axis] as number }, (_, tap) => tap).filter((tap) => {
    const [from, to] = liveOutputs(window, axis, tap);
    return from < to;
  });
  return live.length > 0 ? [live[0] as number, live.at(-1) as number] : undefined;
};

/** The outputs along an axis, from the first to before the second, for which a tap lies on the image. */
export const liveOutputs = (window: SizedWindow, axis: number, tap: number): readonly [number, number] => {
  const [stride, small] = [window.strides[axis] as number, window.small[axis] as number];
  const at = tap * (window.dilations[axis] as number) - (window.pads[axis] as number);
  const from = Math.max(0, Math.ceil(-at / stride));
  return [from, Math.max(from, Math.min(small, Math.ceil(((window.large[axis] as number) - at) / stride)))];
};

interface LiveTaps<T extends SizedWindow> {
  /** With a kernel of live taps alone. */
  readonly window: T;
  /** Where that kernel lies in the whole one. */
  readonly first: readonly number[];
}

/** The same window without the outer rows and columns of its kernel that only ever meet padding, if there are any. */
export const liveTaps = <T extends SizedWindow>(window: T): LiveTaps<T> | undefined => {
  const rank = window.kernel.length;
  const ranges = window.kernel.map((_, axis) => liveAlong(window, axis));
  if (!ranges.every((range) => range !== undefined)) return undefined;
  const kernel = ranges.map(([first, last]) => last - first + 1);
  if (kernel.every((size, i) => size === window.kernel[i])) return undefined;
  const pads = window.pads.map((pad, i) => {
    const axis = i % rank;
    const [first, last] = ranges[axis] as readonly [number, number];
    const cut = i < rank ? first : (window.kernel[axis] as number) - 1 - last;
    return pad - cut * (window.dilations[axis] as number);
  });
  if (pads.some((pad) => pad < 0)) return undefined;
  return { window: { ...window, kernel, pads }, first: ranges.map(([first]) => first) };
};

/** A convolution by its live taps, w `[outputs, inputs / group, ...kernel]`. */
export const onLiveTaps = <T extends SizedWindow>(w: Value, whole: T): { w: Value; window: T } => {
  const live = liveTaps(whole);
  if (!live) return { w, window: whole };
  const { window, first } = live;
  if (area(window.kernel) === 1) return { w: oneTap(w, tapNumber(whole, first)), window };
  const ends = first.map((start, i) => start + (window.kernel[i] as number));
  return { w: Slice(w, { starts: first, ends, axes: first.map((_, i) => i + 2) }), window };
};

/** Row-major. */
export const tapNumber = ({ kernel }: SizedWindow, tap: readonly number[]): number =>
  tap.reduce((at, index, i) => at * (kernel[i] as number) + index, 0);

/** A slice by steps along one axis: the fastest way to the same numbers. */
const oneTap = (w: Value, tap: number): Value => {
  const [outputs, inputs, ...kernel] = w.shape as readonly number[] as [number, number, ...number[]];
  const count = area([outputs, inputs, ...kernel]);
  const picked = Slice(Reshape(w, [count]), {
    starts: [tap],
    ends: [count],
    axes: [0],
    steps: [area(kernel)],
  });
  return Reshape(picked, [outputs, inputs, ...kernel.map(() => 1)]);
};
