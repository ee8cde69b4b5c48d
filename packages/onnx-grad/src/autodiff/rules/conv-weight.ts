/**
 * The weight gradient of a convolution, dW[k, c, t] = Σ over images and positions of dy[k, q] x[c, q + t].
 * onnxruntime has no kernel for it, so it is built from matrix products; which form is fastest depends on the shapes
 * (measured: `npm run bench -- engine`).
 */
import { batchLast } from '../../graph/batch-axis.ts';
import { area, liveOutputs, liveTaps, tapNumber } from '../../graph/live-taps.ts';
import {
  Concat,
  Gemm,
  MatMul,
  Mul,
  Pad,
  ReduceSum,
  Reshape,
  Slice,
  Transpose,
  Unsqueeze,
} from '../../graph/ops/index.ts';
import { float32 } from '../../graph/tensor.ts';
import type { Value } from '../../graph/value.ts';
import { cast, zerosLike } from '../rule.ts';
import type { ConvGeometry } from './conv.ts';

/** Up to this many values in a patch one batched product over unfolded patches is fastest. */
const smallPatch = 32;

/** Up to this many channels a product per tap would be too narrow for the processor's registers. */
const fewChannels = 8;

/** How much larger than the output the flat frame may be: it multiplies its zeros too. */
const spareFrame = 1.15;

/** Taps are cut to the positions where they lie on the image when no more than this part of all is left. */
const mostlyPadding = 0.75;

/** A weight, of which only the shape is needed. */
interface Weight {
  readonly shape: Value['shape'];
}

/** x `[N, C, ...large]`, dy `[N, K, ...small]`, result the shape of w `[K, C / group, ...kernel]`. */
export const convWeightGradient = (x: Value, dy: Value, w: Weight, geometry: ConvGeometry): Value => {
  const [outputs, perGroup] = w.shape as readonly number[] as [number, number];
  const live = geometry.group === 1 ? liveTaps(geometry) : undefined;
  if (live && area(live.window.kernel) === 1) {
    const shape = [outputs, perGroup, ...geometry.kernel.map(() => 1)];
    const found = convWeightGradient(x, dy, { shape }, live.window);
    return amongZeros(found, w, tapNumber(geometry, live.first));
  }
  const taps = geometry.kernel.reduce((a, b) => a * b, 1);
  if (geometry.group > 1)
    return perGroup === 1 && outputs === geometry.group
      ? depthwise(x, dy, w, geometry)
      : unfolded(x, dy, w, geometry);
  if (perGroup * taps <= smallPatch) return unfolded(x, dy, w, geometry);
  // With one position per image the patches are small beside the gradient: making it in one piece spares a copy of it.
  if (perGroup <= fewChannels || area(geometry.small) === 1) return joined(x, dy, w, geometry);
  if (flatFrameFits(geometry)) return flatFrame(x, dy, w, geometry);
  return liveShare(geometry) <= mostlyPadding ? perLiveTap(x, dy, w, geometry) : perTap(x, dy, w, geometry);
};

/** The gradient of one tap put in its place; the other taps' is 0. A product is the fastest way to spread numbers. */
const amongZeros = (found: Value, w: Weight, tap: number): Value => {
  const shape = w.shape as readonly number[];
  const taps = area(shape.slice(2));
  const place = found.graph.constant(
    float32(
      [1, taps],
      Float32Array.from({ length: taps }, (_, t) => (t === tap ? 1 : 0)),
    ),
  );
  return Reshape(MatMul(Reshape(found, [area(shape.slice(0, 2)), 1]), cast(place, found.dtype)), shape);
};

/** Every position of the kernel, row-major. */
const tapsOf = (kernel: readonly number[]): number[][] =>
  kernel.reduce<number[][]>(
    (all, size) => all.flatMap((t) => Array.from({ length: size }, (_, i) => [...t, i])),
    [[]],
  );

/** x with the padding made real, so that a tap is a plain slice. */
const padded = (x: Value, { pads, kernel }: ConvGeometry, firstAxis = 2): Value => {
  if (pads.every((p) => p === 0)) return x;
  const rank = kernel.length;
  const before = Array<number>(firstAxis).fill(0);
  const after = Array<number>(2 - firstAxis).fill(0);
  const side = (amounts: readonly number[]) => [...before, ...amounts, ...after];
  return Pad(x, [...side(pads.slice(0, rank)), ...side(pads.slice(rank))]);
};

/** What the kernel's tap sees at every output position: `[N, C, ...small]`. */
export const tapSlice = (x: Value, tap: readonly number[], geometry: ConvGeometry, firstAxis = 2): Value => {
  const starts = tap.map((t, i) => t * (geometry.dilations[i] as number));
  const ends = starts.map(
    (s, i) => s + ((geometry.small[i] as number) - 1) * (geometry.strides[i] as number) + 1,
  );
  const axes = tap.map((_, i) => i + firstAxis);
  return Slice(x, { starts, ends, axes, steps: geometry.strides });
};

/** Unfolded patches `[N, group, C / group · taps, positions]`. */
export const patches = (x: Value, geometry: ConvGeometry, channels: number): Value => {
  const source = padded(x, geometry);
  const { group } = geometry;
  const perGroup = channels / group;
  const positions = geometry.small.reduce((a, b) => a * b, 1);
  const slices = tapsOf(geometry.kernel).map((tap) =>
    Reshape(tapSlice(source, tap, geometry), [-1, group, perGroup, 1, positions]),
  );
  const joined = slices.length === 1 ? (slices[0] as Value) : Concat(slices, 3);
  return Reshape(joined, [-1, group, perGroup * slices.length, positions]);
};

/** dy `[N, group, K / group, positions]`. */
export const grouped = (dy: Value, geometry: ConvGeometry, outputs: number): Value => {
  const positions = geometry.small.reduce((a, b) => a * b, 1);
  return Reshape(dy, [-1, geometry.group, outputs / geometry.group, positions]);
};

/** One product per image over unfolded patches, then a sum over images. */
const unfolded = (x: Value, dy: Value, w: Weight, geometry: ConvGeometry): Value => {
  const [outputs, perGroup] = w.shape as readonly number[] as [number, number];
  const columns = patches(x, geometry, perGroup * geometry.group);
  const each = MatMul(grouped(dy, geometry, outputs), Transpose(columns, [0, 1, 3, 2]));
  return Reshape(ReduceSum(each, [0], { keepdims: false }), w.shape as readonly number[]);
};

/** One channel per group: nothing to multiply matrices for. */
const depthwise = (x: Value, dy: Value, w: Weight, geometry: ConvGeometry): Value => {
  const source = padded(x, geometry);
  const axes = [0, ...geometry.kernel.map((_, i) => i + 2)];
  const sums = tapsOf(geometry.kernel).map((tap) =>
    Reshape(ReduceSum(Mul(dy, tapSlice(source, tap, geometry)), axes, { keepdims: false }), [-1, 1]),
  );
  return Reshape(sums.length === 1 ? (sums[0] as Value) : Concat(sums, 1), w.shape as readonly number[]);
};

/**
 * dy as rows `[K, positions · N]`, and what each tap sees: `[C, ...small, N]`. With the batch last a tap is a copy of
 * whole runs of it, however the kernel strides.
 */
const batchLastTaps = (x: Value, dy: Value, outputs: number, geometry: ConvGeometry) => {
  const source = padded(batchLast(x), geometry, 1);
  return {
    rows: Reshape(batchLast(dy), [outputs, -1]),
    seen: tapsOf(geometry.kernel).map((tap) => tapSlice(source, tap, geometry, 1)),
  };
};

/** One product over the patches of all images, `[K, positions · N] × [C · taps, positions · N]ᵀ`. */
const joined = (x: Value, dy: Value, w: Weight, geometry: ConvGeometry): Value => {
  const [outputs, perGroup] = w.shape as readonly number[] as [number, number];
  const { rows, seen } = batchLastTaps(x, dy, outputs, geometry);
  // The taps stand beside each other within a channel, as they do in w.
  const patch = Concat(
    seen.map((value) => Unsqueeze(value, [1])),
    1,
  );
  const columns = Reshape(patch, [perGroup * seen.length, -1]);
  return Reshape(Gemm(rows, columns, undefined, { transB: 1 }), w.shape as readonly number[]);
};

/** One product per tap, `[K, positions · N] × [C, positions · N]ᵀ`. */
const perTap = (x: Value, dy: Value, w: Weight, geometry: ConvGeometry): Value => {
  const [outputs, perGroup] = w.shape as readonly number[] as [number, number];
  const { rows, seen } = batchLastTaps(x, dy, outputs, geometry);
  const blocks = seen.map((value) =>
    Reshape(Gemm(rows, Reshape(value, [perGroup, -1]), undefined, { transB: 1 }), [outputs, perGroup, 1]),
  );
  return Reshape(
    blocks.length === 1 ? (blocks[0] as Value) : Concat(blocks, 2),
    w.shape as readonly number[],
  );
};

/** Which part of all pairs of a tap and a position lies on the image. */
const liveShare = (geometry: ConvGeometry): number =>
  area(
    geometry.kernel.map((size, axis) => {
      const counts = Array.from({ length: size }, (_, tap) => {
        const [from, to] = liveOutputs(geometry, axis, tap);
        return to - from;
      });
      return counts.reduce((a, b) => a + b, 0) / (size * (geometry.small[axis] as number));
    }),
  );

/** As `perTap`, of each tap the positions alone where it lies on the image: nothing is multiplied by padding. */
const perLiveTap = (x: Value, dy: Value, w: Weight, geometry: ConvGeometry): Value => {
  const [outputs, perGroup] = w.shape as readonly number[] as [number, number];
  const [images, cotangents] = [batchLast(x), batchLast(dy)];
  const { strides, dilations, pads, small } = geometry;
  const axes = strides.map((_, axis) => axis + 1);
  const blocks = tapsOf(geometry.kernel).map((tap) => {
    const live = tap.map((t, axis) => liveOutputs(geometry, axis, t));
    if (live.some(([from, to]) => from === to)) return undefined;
    const starts = live.map(([from]) => from);
    const ends = live.map(([, to]) => to);
    const all = live.every(([from, to], axis) => to - from === small[axis]);
    const rows = all ? cotangents : Slice(cotangents, { starts, ends, axes });
    const at = (output: number, axis: number): number =>
      output * (strides[axis] as number) +
      (tap[axis] as number) * (dilations[axis] as number) -
      (pads[axis] as number);
    const seen = Slice(images, {
      starts: starts.map(at),
      ends: ends.map((to, axis) => at(to - 1, axis) + 1),
      axes,
      steps: strides,
    });
    const product = Gemm(Reshape(rows, [outputs, -1]), Reshape(seen, [perGroup, -1]), undefined, {
      transB: 1,
    });
    return Reshape(product, [outputs, perGroup, 1]);
  });
  const some = blocks.find((block) => block !== undefined);
  if (!some) return perTap(x, dy, w, geometry);
  const none = blocks.includes(undefined) ? zerosLike(some) : some;
  return Reshape(
    Concat(
      blocks.map((block) => block ?? none),
      2,
    ),
    w.shape as readonly number[],
  );
};

const frameSides = ({ pads, large, small }: ConvGeometry): [number, number] => {
  const [top, left, bottom, right] = pads as readonly [number, number, number, number];
  const [height, width] = large as readonly [number, number];
  const [outHeight, outWidth] = small as readonly [number, number];
  return [
    Math.max(height + Math.max(top, bottom), outHeight),
    Math.max(width + Math.max(left, right), outWidth),
  ];
};

/** Whether the flat frame can be used, and would not be mostly zeros. */
const flatFrameFits = (geometry: ConvGeometry): boolean => {
  const { kernel, strides, dilations, pads, small } = geometry;
  const plain = [...strides, ...dilations].every((s) => s === 1) && pads.every((p) => p >= 0);
  if (kernel.length !== 2 || !plain) return false;
  return area(frameSides(geometry)) <= spareFrame * area(small);
};

/**
 * Stride 1 in two dimensions. x and dy lie in one frame with zero rows and columns enough for the padding, all images
 * one after the other: a tap is then a shift of the flat row by (i − top) · width + (j − left), and what wraps around
 * meets zeros. The rows of the kernel are stacked, so that there is one large product per kernel column.
 */
const flatFrame = (x: Value, dy: Value, w: Weight, geometry: ConvGeometry): Value => {
  const [outputs, perGroup, rows, columns] = w.shape as readonly number[] as [number, number, number, number];
  const [top, left] = geometry.pads as readonly [number, number];
  const [height, width] = geometry.large as readonly [number, number];
  const [outHeight, outWidth] = geometry.small as readonly [number, number];
  const [frameHeight, frameWidth] = frameSides(geometry);
  const framed = (value: Value, channels: number, high: number, wide: number) => {
    const down = frameHeight - high;
    const across = frameWidth - wide;
    const turned = Transpose(value, [1, 0, 2, 3]);
    const placed = down + across > 0 ? Pad(turned, [0, 0, 0, 0, 0, 0, down, across]) : turned;
    return Reshape(placed, [channels, -1]);
  };
  const flatX = framed(x, perGroup, height, width);
  const flatDy = framed(dy, outputs, outHeight, outWidth);
  const shift = (value: Value, before: number, after: number) =>
    before === 0 && after === 0 ? value : Pad(value, [0, before, 0, after]);
  const span = (rows - 1) * frameWidth;
  const shifted = Array.from({ length: rows }, (_, i) =>
    shift(flatDy, i * frameWidth, span - i * frameWidth),
  );
  const stacked = rows === 1 ? (shifted[0] as Value) : Concat(shifted, 0);
  const blocks = Array.from({ length: columns }, (_, j) => {
    const before = top * frameWidth + left - j;
    const product = Gemm(stacked, shift(flatX, before, span - before), undefined, { transB: 1 });
    return Reshape(product, [rows, outputs, perGroup, 1]);
  });
  const joined = columns === 1 ? (blocks[0] as Value) : Concat(blocks, 3);
  return rows === 1 ? Reshape(joined, w.shape as readonly number[]) : Transpose(joined, [1, 2, 0, 3]);
};
