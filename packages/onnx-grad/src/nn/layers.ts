/** Layers: each appends its operators and parameters to the graph of its input. Defaults are PyTorch's. */
import { OnnxGradError } from '../errors.ts';
import { showShape } from '../graph/dim.ts';
import {
  Add,
  AveragePool,
  BatchNormalization,
  Conv,
  ConvTranspose,
  Dropout,
  Flatten,
  Gather,
  Gemm,
  InstanceNormalization,
  LayerNormalization,
  MatMul,
  MaxPool,
  Mul,
  Reshape,
  Transpose,
} from '../graph/ops/index.ts';
import { float32 } from '../graph/tensor.ts';
import type { Value } from '../graph/value.ts';
import { type Initializer, normal, onesInit, torchBias, torchWeight, zerosInit } from './initializers.ts';
import { buffer, type LayerOptions, parameter } from './parameter.ts';

/** The size of an axis that a parameter's shape depends on. */
const knownSize = (x: Value, axis: number, layer: string): number => {
  const size = x.shape?.at(axis);
  if (typeof size !== 'number')
    throw new OnnxGradError(
      'OG_SHAPE_MISMATCH',
      `${layer}: axis ${axis} of ${showShape(x.shape)} must be a known number`,
      'Only the batch size may stay open where a layer has parameters.',
    );
  return size;
};

export interface DenseOptions extends LayerOptions {
  readonly units: number;
  readonly bias?: boolean;
  readonly weightInit?: Initializer;
  readonly biasInit?: Initializer;
}

/** x Wᵀ + b over the last axis; x `[N, in]` (or `[N, ..., in]`), W `[units, in]`. */
export const dense = (x: Value, options: DenseOptions): Value => {
  const { name, seed, units } = options;
  const width = knownSize(x, -1, name);
  const w = parameter(x.graph, `${name}.weight`, [units, width], options.weightInit ?? torchWeight, seed);
  const b =
    options.bias === false
      ? undefined
      : parameter(x.graph, `${name}.bias`, [units], options.biasInit ?? torchBias(width), seed);
  if (x.shape?.length === 2) return Gemm(x, w, b, { transB: 1 });
  const product = MatMul(x, Transpose(w, [1, 0]));
  return b ? Add(product, b) : product;
};

const pair = (value: number | readonly [number, number]): readonly [number, number] =>
  typeof value === 'number' ? [value, value] : value;

export interface ConvOptions extends LayerOptions {
  readonly channels: number;
  readonly kernel: number | readonly [number, number];
  readonly stride?: number | readonly [number, number];
  /** Zeros added on both sides; `same` keeps height and width at stride 1. */
  readonly padding?: number | readonly [number, number] | 'same';
  readonly dilation?: number | readonly [number, number];
  readonly groups?: number;
  readonly bias?: boolean;
  readonly weightInit?: Initializer;
  readonly biasInit?: Initializer;
}

const convPads = (options: ConvOptions): number[] => {
  const [h, w] = pair(options.kernel);
  const [dh, dw] = pair(options.dilation ?? 1);
  if (options.padding === 'same') {
    const [th, tw] = [(h - 1) * dh, (w - 1) * dw];
    return [th >> 1, tw >> 1, th - (th >> 1), tw - (tw >> 1)];
  }
  const [ph, pw] = pair(options.padding ?? 0);
  return [ph, pw, ph, pw];
};

/** Weight `[first, perGroup, kh, kw]`, bias, and the attributes that both directions of a convolution share. */
const convParts = (x: Value, options: ConvOptions, first: number, perGroup: number) => {
  const { name, seed, channels } = options;
  const kernel = pair(options.kernel);
  // PyTorch takes the fan-in from the weight's second axis, for a transposed convolution too.
  const fanIn = perGroup * kernel[0] * kernel[1];
  const dims = [first, perGroup, ...kernel];
  return {
    w: parameter(x.graph, `${name}.weight`, dims, options.weightInit ?? torchWeight, seed),
    b:
      options.bias === false
        ? undefined
        : parameter(x.graph, `${name}.bias`, [channels], options.biasInit ?? torchBias(fanIn), seed),
    attributes: {
      strides: pair(options.stride ?? 1),
      pads: convPads(options),
      dilations: pair(options.dilation ?? 1),
      group: options.groups ?? 1,
      kernel_shape: kernel,
    },
  };
};

/** x `[N, C, H, W]`, weight `[channels, C / groups, kh, kw]`. */
export const conv2d = (x: Value, options: ConvOptions): Value => {
  const perGroup = knownSize(x, 1, options.name) / (options.groups ?? 1);
  const { w, b, attributes } = convParts(x, options, options.channels, perGroup);
  return Conv(x, w, b, attributes);
};

export interface ConvTransposeOptions extends ConvOptions {
  readonly outputPadding?: number | readonly [number, number];
}

/** x `[N, C, H, W]`, weight `[C, channels / groups, kh, kw]`. */
export const convTranspose2d = (x: Value, options: ConvTransposeOptions): Value => {
  const perGroup = options.channels / (options.groups ?? 1);
  const { w, b, attributes } = convParts(x, options, knownSize(x, 1, options.name), perGroup);
  return ConvTranspose(x, w, b, { ...attributes, output_padding: pair(options.outputPadding ?? 0) });
};

const perChannel = (x: Value, options: LayerOptions, channels: number) => ({
  scale: parameter(x.graph, `${options.name}.weight`, [channels], onesInit, options.seed),
  bias: parameter(x.graph, `${options.name}.bias`, [channels], zerosInit, options.seed),
});

/** Over batch and positions; training uses the batch's statistics and keeps running ones (see `toTrainingMode`). */
export const batchNorm = (x: Value, options: LayerOptions & { readonly epsilon?: number }): Value => {
  const channels = knownSize(x, 1, options.name);
  return BatchNormalization(
    x,
    {
      ...perChannel(x, options, channels),
      mean: buffer(x.graph, `${options.name}.running_mean`, [channels], 0),
      variance: buffer(x.graph, `${options.name}.running_var`, [channels], 1),
    },
    { epsilon: options.epsilon ?? 1e-5 },
  );
};

/** Over the last axis of each record. */
export const layerNorm = (x: Value, options: LayerOptions & { readonly epsilon?: number }): Value => {
  const { scale, bias } = perChannel(x, options, knownSize(x, -1, options.name));
  return LayerNormalization(x, scale, bias, { epsilon: options.epsilon ?? 1e-5 });
};

/** Wu & He 2018: over groups of channels of each record, so no record sees another (what DP-SGD needs). */
export const groupNorm = (
  x: Value,
  options: LayerOptions & { readonly groups: number; readonly epsilon?: number },
): Value => {
  const channels = knownSize(x, 1, options.name);
  const { groups } = options;
  if (channels % groups !== 0)
    throw new OnnxGradError(
      'OG_BAD_ARGUMENT',
      `${options.name}: ${channels} channels do not divide into ${groups} groups`,
      'Choose a number of groups that divides the channels.',
    );
  const { scale, bias } = perChannel(x, options, channels);
  return normaliseGroups(x, scale, bias, { name: options.name, groups, epsilon: options.epsilon ?? 1e-5 });
};

/** Group normalisation by a scale and a bias per channel that are there already; `groups` divides the channels. */
export const normaliseGroups = (
  x: Value,
  scale: Value,
  bias: Value,
  { name, groups, epsilon }: { readonly name: string; readonly groups: number; readonly epsilon: number },
): Value => {
  const channels = knownSize(x, 1, name);
  const rest = (x.shape ?? []).slice(2);
  const size = rest.map((_, i) => knownSize(x, i + 2, name));
  const one = x.graph.constant(float32([groups], new Float32Array(groups).fill(1)));
  const zero = x.graph.constant(float32([groups], new Float32Array(groups)));
  const inGroups = Reshape(x, [-1, groups, (channels / groups) * size.reduce((a, b) => a * b, 1)]);
  const normalised = InstanceNormalization(inGroups, one, zero, { epsilon });
  const back = Reshape(normalised, [-1, channels, ...size]);
  const broadcastable = [channels, ...size.map(() => 1)];
  return Add(Mul(back, Reshape(scale, broadcastable)), Reshape(bias, broadcastable));
};

/** Drops with probability `rate` in training (see `toTrainingMode`); passes everything at inference. */
export const dropout = (x: Value, options: { readonly rate?: number } = {}): Value =>
  Dropout(x, x.graph.scalar(options.rate ?? 0.5)).y;

interface PoolOptions {
  readonly size: number | readonly [number, number];
  readonly stride?: number | readonly [number, number];
  readonly padding?: number | readonly [number, number];
}

const poolAttributes = ({ size, stride, padding }: PoolOptions) => {
  const [ph, pw] = pair(padding ?? 0);
  return { kernel_shape: pair(size), strides: pair(stride ?? size), pads: [ph, pw, ph, pw] };
};

/** With `ceil` a last window may end behind the input, so that no row or column is left out. */
export const maxPool2d = (x: Value, options: PoolOptions & { readonly ceil?: boolean }): Value =>
  MaxPool(x, { ...poolAttributes(options), ...(options.ceil && { ceil_mode: 1 }) });
export const averagePool2d = (x: Value, options: PoolOptions): Value =>
  AveragePool(x, { ...poolAttributes(options), count_include_pad: 1 });

/** Row o of the matrix averages the inputs floor(o·in/out) to ceil((o+1)·in/out): PyTorch's adaptive windows. */
const adaptiveMatrix = (input: number, output: number): Float32Array => {
  const matrix = new Float32Array(output * input);
  for (let o = 0; o < output; o++) {
    const start = Math.floor((o * input) / output);
    const end = Math.ceil(((o + 1) * input) / output);
    for (let i = start; i < end; i++) matrix[o * input + i] = 1 / (end - start);
  }
  return matrix;
};

/** Average pooling to a given `[height, width]`, whatever the input's. */
export const adaptiveAveragePool2d = (x: Value, output: readonly [number, number]): Value => {
  const [h, w] = [knownSize(x, 2, 'adaptiveAveragePool2d'), knownSize(x, 3, 'adaptiveAveragePool2d')];
  const [oh, ow] = output;
  if (h % oh === 0 && w % ow === 0) {
    const size: readonly [number, number] = [h / oh, w / ow];
    return averagePool2d(x, { size });
  }
  const rows = x.graph.constant(float32([oh, h], adaptiveMatrix(h, oh)));
  const columns = x.graph.constant(float32([ow, w], adaptiveMatrix(w, ow)));
  return MatMul(MatMul(rows, x), Transpose(columns, [1, 0]));
};

export const flatten = (x: Value): Value => Flatten(x);

/** Rows of a `[count, width]` table at int64 indices. */
export const embedding = (
  indices: Value,
  options: LayerOptions & { readonly count: number; readonly width: number },
): Value =>
  Gather(
    parameter(
      indices.graph,
      `${options.name}.weight`,
      [options.count, options.width],
      normal(1),
      options.seed,
    ),
    indices,
  );
