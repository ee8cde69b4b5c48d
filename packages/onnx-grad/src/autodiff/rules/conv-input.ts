/**
 * The input gradient of a convolution, dx[c, o] = Σ over outputs, taps and positions q with o = q · stride + tap − pad of
 * w[k, c, tap] dy[k, q]: the transposed convolution, or where that is faster a form made of something else (measured:
 * `npm run bench -- engine`, `npm run bench -- dcgan`).
 */
import { batchFirst, batchLast } from '../../graph/batch-axis.ts';
import { area, isWeightBound, onLiveTaps } from '../../graph/live-taps.ts';
import {
  Concat,
  Conv,
  ConvTranspose,
  Gather,
  Gemm,
  Pad,
  Reshape,
  Slice,
  Sum,
  Transpose,
} from '../../graph/ops/index.ts';
import { int64 } from '../../graph/tensor.ts';
import type { Value } from '../../graph/value.ts';
import type { ConvGeometry } from './conv.ts';

export const convAttributes = ({ strides, dilations, pads, group }: ConvGeometry) => ({
  strides,
  dilations,
  pads,
  group,
});

/** dy `[N, K, ...small]`, w `[K, C / group, ...kernel]`, result `[N, C, ...large]`. */
export const convInputGradient = (dy: Value, w: Value, geometry: ConvGeometry): Value => {
  const [outputs, inputs] = w.shape as readonly number[] as [number, number];
  if (isWeightBound(geometry.small, outputs, inputs)) {
    const live = onLiveTaps(w, geometry);
    const phases = phasesOf(live.window);
    if (phases) return byPhases(dy, live.w, live.window, phases);
  }
  if (turnable(geometry, outputs, inputs)) return turnedConvolution(dy, w, geometry);
  return ConvTranspose(dy, w, undefined, {
    ...convAttributes(geometry),
    output_padding: outputPadding(geometry),
  });
};

/** What a window sliding from `small` steps back to misses of `large`: rows the strides never reached. */
const outputPadding = ({ kernel, strides, dilations, pads, large, small }: ConvGeometry): number[] =>
  large.map((size, i) => {
    const extent = ((kernel[i] as number) - 1) * (dilations[i] as number) + 1;
    const reached = ((small[i] as number) - 1) * (strides[i] as number) + extent;
    return size + (pads[i] as number) + (pads[i + large.length] as number) - reached;
  });

/** Stride 1 and an output about as large as the input; no groups, or every channel by itself. */
const turnable = (
  { kernel, strides, dilations, pads, group, large, small }: ConvGeometry,
  outputs: number,
  perGroup: number,
): boolean =>
  (group === 1 || (perGroup === 1 && outputs === group)) &&
  [...strides, ...dilations].every((s) => s === 1) &&
  kernel.length === 2 &&
  pads.every((p, i) => p <= (kernel[i % 2] as number) - 1 && p >= 0) &&
  area(small) >= 0.9 * area(large);

/** The convolution with the kernel turned by 180° and its channels swapped. */
const turnedConvolution = (dy: Value, w: Value, { kernel, pads, group }: ConvGeometry): Value =>
  Conv(dy, turned(w, group), undefined, {
    group,
    pads: pads.map((p, i) => (kernel[i % 2] as number) - 1 - p),
  });

const turned = (w: Value, group: number): Value => {
  const [outputs, inputs, ...kernel] = w.shape as readonly number[] as [number, number, ...number[]];
  const taps = kernel.reduce((a, b) => a * b, 1);
  // A channel by itself has none to swap with.
  const [first, second] = group === 1 ? [inputs, outputs] : [outputs, inputs];
  const swapped = group === 1 ? Transpose(w, [1, 0, 2, 3]) : w;
  if (taps === 1) return swapped;
  const reversed = w.graph.constant(
    int64(
      [taps],
      Array.from({ length: taps }, (_, i) => taps - 1 - i),
    ),
  );
  return Reshape(Gather(Reshape(swapped, [first, second, taps]), reversed, { axis: 2 }), [
    first,
    second,
    ...kernel,
  ]);
};

/** A tap, and which outputs reach which places of a phase through it: `from` to `to`, to the places from `at` on. */
interface Reach {
  readonly tap: number;
  readonly from: number;
  readonly to: number;
  readonly at: number;
}

/** Rows (or columns) p · stride + phase of dx, for all p at once: what reaches them. */
type Phases = readonly (readonly Reach[])[];

/** Places of the longest phase. */
const placesOf = ({ large, strides }: ConvGeometry, axis: 0 | 1): number =>
  Math.ceil((large[axis] as number) / (strides[axis] as number));

/** Along both axes; undefined where this form does not apply, as where rows stay empty because no tap reaches them. */
const phasesOf = (geometry: ConvGeometry): readonly [Phases, Phases] | undefined => {
  const { kernel, strides, dilations, pads, group, small } = geometry;
  if (group > 1 || kernel.length !== 2) return undefined;
  const along = (axis: 0 | 1): Phases => {
    const [size, stride, dilation, pad, outputs] = [kernel, strides, dilations, pads, small].map(
      (numbers) => numbers[axis] as number,
    ) as [number, number, number, number, number];
    const places = placesOf(geometry, axis);
    return Array.from({ length: stride }, (_, phase) =>
      Array.from({ length: size }, (_, tap): Reach => {
        const shift = (phase + pad - tap * dilation) / stride;
        const from = Math.max(0, shift);
        return { tap, from, to: Math.min(outputs, places + shift), at: from - shift };
      }).filter(({ from, to, at }) => Number.isInteger(from) && Number.isInteger(at) && from < to),
    );
  };
  const both = [along(0), along(1)] as const;
  return both.flat().every((reaching) => reaching.length > 0) ? both : undefined;
};

/**
 * One product over all images and taps, [K, C · taps]ᵀ × [K, positions · N], reads the weights as they lie. Each phase
 * of dx is a sum of its taps' parts; then the phases are interleaved. The batch stands last, so that shifting and
 * interleaving copy whole runs of it.
 */
const byPhases = (dy: Value, w: Value, geometry: ConvGeometry, phases: readonly [Phases, Phases]): Value => {
  const { kernel, strides, large, small } = geometry;
  const [outputs, inputs] = w.shape as readonly number[] as [number, number];
  const [height, width] = large as readonly [number, number];
  // Every phase as long as the longest; what is too much is cut off at the end.
  const [rows, columns] = [placesOf(geometry, 0), placesOf(geometry, 1)];
  const flat = Reshape(w, [outputs, inputs * area(kernel)]);
  const product = Gemm(flat, Reshape(batchLast(dy), [outputs, -1]), undefined, { transA: 1 });
  const parts = Reshape(product, [inputs, area(kernel), ...small, -1]);
  const part = (row: Reach, column: Reach): Value => {
    const tap = row.tap * (kernel[1] as number) + column.tap;
    const sizes = [row.to - row.from, column.to - column.from] as const;
    const reached = Slice(parts, {
      starts: [tap, row.from, column.from],
      ends: [tap + 1, row.to, column.to],
      axes: [1, 2, 3],
    });
    const placed = Reshape(reached, [inputs, ...sizes, -1]);
    const after = [rows - sizes[0] - row.at, columns - sizes[1] - column.at] as const;
    const margins = [0, row.at, column.at, 0, 0, ...after, 0];
    return margins.some((margin) => margin > 0) ? Pad(placed, margins) : placed;
  };
  const phase = (down: readonly Reach[], across: readonly Reach[]): Value => {
    const reaching = down.flatMap((row) => across.map((column) => part(row, column)));
    return reaching.length === 1 ? (reaching[0] as Value) : Sum(...reaching);
  };
  const [down, across] = strides as readonly [number, number];
  const joined = (values: readonly Value[], axis: number): Value =>
    values.length === 1 ? (values[0] as Value) : Concat(values, axis);
  const lines = phases[0].map((upper) => {
    const line = phases[1].map((left) => Reshape(phase(upper, left), [inputs, rows, columns, 1, -1]));
    return Reshape(joined(line, 3), [inputs, rows, 1, columns * across, -1]);
  });
  const whole = Reshape(joined(lines, 2), [inputs, rows * down, columns * across, -1]);
  const exact = rows * down === height && columns * across === width;
  const cut = exact ? whole : Slice(whole, { starts: [0, 0], ends: [height, width], axes: [1, 2] });
  return batchFirst(cut);
};
