/** Operators that move or repeat elements without looking at them. */
import type { Graph } from '../graph.ts';
import type { Tensor } from '../tensor.ts';
import type { Value } from '../value.ts';
import { apply, applyMany, integers } from './apply.ts';

/** A shape, either as plain numbers or as a computed int64 tensor. */
export type ShapeLike = readonly number[] | Value;

const shapeValue = (like: Value, shape: ShapeLike): Value =>
  Array.isArray(shape) ? integers(like, shape) : (shape as Value);

/** 0 keeps the input's dimension at that place, one −1 takes what is left. */
export const Reshape = (x: Value, shape: ShapeLike): Value => apply('Reshape', [x, shapeValue(x, shape)]);
/** To a matrix: axes before `axis` (1 by default) and the rest. */
export const Flatten = (x: Value, attributes: { axis?: number } = {}): Value =>
  apply('Flatten', [x], attributes);
/** Output axis i is input axis perm[i]; reverses the axes by default. */
export const Transpose = (x: Value, perm?: readonly number[]): Value => apply('Transpose', [x], { perm });
export const Squeeze = (x: Value, axes?: readonly number[]): Value =>
  apply('Squeeze', [x, axes && integers(x, axes)]);
export const Unsqueeze = (x: Value, axes: readonly number[]): Value =>
  apply('Unsqueeze', [x, integers(x, axes)]);
export const Concat = (values: readonly Value[], axis: number): Value => apply('Concat', values, { axis });

/** Per axis `[start, end)` with a step, Python's rules. */
export const Slice = (
  x: Value,
  range: {
    readonly starts: readonly number[];
    readonly ends: readonly number[];
    readonly axes: readonly number[];
    readonly steps?: readonly number[];
  },
): Value =>
  apply('Slice', [
    x,
    integers(x, range.starts),
    integers(x, range.ends),
    integers(x, range.axes),
    range.steps && integers(x, range.steps),
  ]);

/** Into parts of the given sizes along `axis` (0 by default). */
export const Split = (
  x: Value,
  sizes: readonly number[],
  attributes: { axis?: number } = {},
): readonly Value[] => applyMany('Split', [x, integers(x, sizes)], attributes, sizes.length);

/** `pads`: all begins, then all ends, for the given axes (all by default); negative crops. */
export const Pad = (
  x: Value,
  pads: readonly number[],
  options: { mode?: 'constant' | 'reflect' | 'edge'; value?: Value; axes?: readonly number[] } = {},
): Value =>
  apply('Pad', [x, integers(x, pads), options.value, options.axes && integers(x, options.axes)], {
    mode: options.mode,
  });

export const Expand = (x: Value, shape: ShapeLike): Value => apply('Expand', [x, shapeValue(x, shape)]);
export const Tile = (x: Value, repeats: ShapeLike): Value => apply('Tile', [x, shapeValue(x, repeats)]);

/** Nearest-neighbour enlargement by whole factors, one per axis (how PyTorch's `nearest` counts). */
export const Resize = (x: Value, scales: readonly number[]): Value =>
  apply(
    'Resize',
    [x, null, x.graph.constant({ dtype: 'float32', dims: [scales.length], data: Float32Array.from(scales) })],
    { mode: 'nearest', nearest_mode: 'floor', coordinate_transformation_mode: 'asymmetric' },
  );

/** The dimensions as an int64 vector. */
export const Shape = (x: Value, attributes: { start?: number; end?: number } = {}): Value =>
  apply('Shape', [x], attributes);
/** Filled with one value (float32 zero by default). */
export const ConstantOfShape = (shape: Value, value?: Tensor): Value =>
  apply('ConstantOfShape', [shape], { value });
export const Constant = (graph: Graph, value: Tensor): Value =>
  graph.node('Constant', [], { value })[0] as Value;
