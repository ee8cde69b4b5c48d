/**
 * The input gradient of a convolution, dx[c, o] = Σ over outputs, taps and positions q with o = q · stride + tap − pad of
 * w[k, c, tap] dy[k, q]: the transposed convolution, or where that is faster a form made of something else (measured:
 * `npm run bench -- engine`, `npm run bench -- dcgan`).
 */
import {
  Concat,
  Conv,
  ConvTranspose,
  Gather,
  Gemm,
  Pad,
  Reshape,
  Slice,
  Split,
  Transpose,
} from '../../graph/ops/index.ts';
import { int64 } from '../../graph/tensor.ts';
import type { Value } from '../../graph/value.ts';
import type { ConvGeometry } from './conv.ts';
import { batchLast } from './conv-weight.ts';

/** onnxruntime multiplies image by image, and reads all weights again for each: up to so many positions that is slow. */
const fewPositions = 16;

/** From so many weights a tap, for fewer are read quickly. */
const manyWeights = 8192;

export const convAttributes = ({ strides, dilations, pads, group }: ConvGeometry) => ({
  strides,
  dilations,
  pads,
  group,
});

const area = (sizes: readonly number[]): number => sizes.reduce((a, b) => a * b, 1);

/** dy `[N, K, ...small]`, w `[K, C / group, ...kernel]`, result `[N, C, ...large]`. */
export const convInputGradient = (dy: Value, w: Value, geometry: ConvGeometry): Value => {
  if (turnable(geometry)) return turnedConvolution(dy, w, geometry);
  const [outputs, inputs] = w.shape as readonly number[] as [number, number];
  if (area(geometry.small) <= fewPositions && outputs * inputs >= manyWeights) {
    const phases = phasesOf(geometry);
    if (phases) return byPhases(dy, w, geometry, phases);
  }
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

/** Stride 1 and an output about as large as the input. */
const turnable = ({ kernel, strides, dilations, pads, group, large, small }: ConvGeometry): boolean =>
  group === 1 &&
  [...strides, ...dilations].every((s) => s === 1) &&
  kernel.length === 2 &&
  pads.every((p, i) => p <= (kernel[i % 2] as number) - 1 && p >= 0) &&
  area(small) >= 0.9 * area(large);

/** The convolution with the kernel turned by 180° and its channels swapped. */
const turnedConvolution = (dy: Value, w: Value, { kernel, pads }: ConvGeometry): Value =>
  Conv(dy, turned(w), undefined, { pads: pads.map((p, i) => (kernel[i % 2] as number) - 1 - p) });

const turned = (w: Value): Value => {
  const [outputs, inputs, ...kernel] = w.shape as readonly number[] as [number, number, ...number[]];
  const taps = kernel.reduce((a, b) => a * b, 1);
  const swapped = Transpose(w, [1, 0, 2, 3]);
  if (taps === 1) return swapped;
  const reversed = w.graph.constant(
    int64(
      [taps],
      Array.from({ length: taps }, (_, i) => taps - 1 - i),
    ),
  );
  return Reshape(Gather(Reshape(swapped, [inputs, outputs, taps]), reversed, { axis: 2 }), [
    inputs,
    outputs,
    ...kernel,
  ]);
};

/** A tap and how many positions beyond p its dy stands. */
interface Reach {
  readonly tap: number;
  readonly shift: number;
}

/** Rows (or columns) p · stride + phase of dx, for all p at once: what reaches them. */
type Phases = readonly (readonly Reach[])[];

/** Along both axes; undefined where this form does not apply, as where rows stay empty because no tap reaches them. */
const phasesOf = (geometry: ConvGeometry): readonly [Phases, Phases] | undefined => {
  const { kernel, strides, dilations, pads, group } = geometry;
  if (group > 1 || kernel.length !== 2) return undefined;
  const along = (axis: 0 | 1): Phases => {
    const [size, stride, dilation, pad] = [kernel, strides, dilations, pads].map(
      (numbers) => numbers[axis] as number,
    ) as [number, number, number, number];
    return Array.from({ length: stride }, (_, phase) =>
      Array.from({ length: size }, (_, tap) => ({
        tap,
        shift: (phase + pad - tap * dilation) / stride,
      })).filter(({ shift }) => Number.isInteger(shift)),
    );
  };
  const both = [along(0), along(1)] as const;
  return both.flat().every((reaching) => reaching.length > 0) ? both : undefined;
};

/**
 * Each phase of dx is a sum over the taps that reach it of one product over all images, [K, C]ᵀ × [K, positions · N];
 * then the phases are interleaved. The batch stands last, so that shifting and interleaving copy whole runs of it.
 */
const byPhases = (
  dy: Value,
  w: Value,
  { kernel, strides, large, small }: ConvGeometry,
  phases: readonly [Phases, Phases],
): Value => {
  const [outputs, inputs] = w.shape as readonly number[] as [number, number];
  const [height, width] = large as readonly [number, number];
  // Every phase as long as the longest; what is too much is cut off at the end.
  const [rows, columns] = large.map((size, i) => Math.ceil(size / (strides[i] as number))) as [
    number,
    number,
  ];
  const [vertical, horizontal] = ([rows, columns] as const).map((count, i) => {
    const shifts = (phases[i] as Phases).flat().map(({ shift }) => shift);
    const before = Math.max(0, -Math.min(...shifts));
    return { before, after: Math.max(0, count + Math.max(...shifts) - (small[i] as number)) };
  }) as [Margin, Margin];
  const source = Pad(batchLast(dy), [
    ...[0, vertical.before, horizontal.before, 0],
    ...[0, vertical.after, horizontal.after, 0],
  ]);
  const taps = area(kernel);
  const perTap = Split(
    Transpose(Reshape(w, [outputs, inputs, taps]), [2, 0, 1]),
    Array.from({ length: taps }, () => 1),
  ).map((weights) => Reshape(weights, [outputs, inputs]));
  const seen = new Map<string, Value>();
  const shifted = (down: number, across: number): Value => {
    const starts = [vertical.before + down, horizontal.before + across] as const;
    const known = seen.get(starts.join());
    if (known) return known;
    const part = Slice(source, {
      starts,
      ends: [starts[0] + rows, starts[1] + columns],
      axes: [1, 2],
    });
    const flat = Reshape(part, [outputs, -1]);
    seen.set(starts.join(), flat);
    return flat;
  };
  const phase = (down: readonly Reach[], across: readonly Reach[]): Value => {
    let sum: Value | undefined;
    for (const row of down)
      for (const column of across) {
        const weights = perTap[row.tap * (kernel[1] as number) + column.tap] as Value;
        sum = Gemm(weights, shifted(row.shift, column.shift), sum, { transA: 1 });
      }
    return sum as Value;
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
  return Transpose(cut, [3, 0, 1, 2]);
};

/** Zeros around dy, so that every shift stays inside. */
interface Margin {
  readonly before: number;
  readonly after: number;
}
