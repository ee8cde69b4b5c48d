/** Gradients of operators that move or repeat elements. */
import { sliceExtent } from '../../graph/infer/reshaping.ts';
import {
  AveragePool,
  Concat,
  Expand,
  Gather,
  Mul,
  Pad,
  ReduceSum,
  Reshape,
  ScatterElements,
  Shape,
  Slice,
  Split,
  Transpose,
} from '../../graph/ops/index.ts';
import { int64, type Tensor, toNumbers } from '../../graph/tensor.ts';
import type { Value } from '../../graph/value.ts';
import { type GradientRule, type RuleContext, reshapeLike, zerosLike } from '../rule.ts';

const back: GradientRule = (c) => [reshapeLike(c.dy, c.x())];

const positive = (axis: number, rank: number): number => (axis < 0 ? axis + rank : axis);

const staticSize = (c: RuleContext, value: Value, axis: number): number => {
  const size = c.shape(value)[axis];
  if (typeof size !== 'number')
    return c.refuse(`the size of '${value.name}' along axis ${axis} is not known before running`);
  return size;
};

const transpose: GradientRule = (c) => {
  const rank = c.shape(c.x()).length;
  const perm = c.ints('perm') ?? Array.from({ length: rank }, (_, i) => rank - 1 - i);
  const inverse: number[] = [];
  perm.forEach((axis, i) => {
    inverse[axis] = i;
  });
  return [Transpose(c.dy, inverse)];
};

const concat: GradientRule = (c) => {
  const axis = positive(c.int('axis', 0), c.shape(c.y).length);
  if (c.node.inputs.length === 1) return [c.dy];
  const sizes = c.node.inputs.map((_, i) => c.shape(c.x(i))[axis]);
  const open = sizes.filter((size) => typeof size === 'string').length;
  if (open === 0) return Split(c.dy, sizes as number[], { axis });
  if (open > 1) return c.refuse(`the sizes of its parts along axis ${axis} are not known before running`);
  // One part of unknown size: what lies before it is cut from the front, what lies after it from the back.
  const at = sizes.findIndex((size) => typeof size === 'string');
  return sizes.map((_, i) => {
    const before = (sizes.slice(0, i) as number[]).reduce((a, b) => a + b, 0);
    const after = (sizes.slice(i + 1) as number[]).reduce((a, b) => a + b, 0);
    const size = sizes[i] as number;
    const [start, end] =
      i < at
        ? [before, before + size]
        : i > at
          ? [-(after + size), after === 0 ? 2 ** 31 - 1 : -after]
          : [before, after === 0 ? 2 ** 31 - 1 : -after];
    return Slice(c.dy, { starts: [start], ends: [end], axes: [axis] });
  });
};

/** Each position of the input reads its output back, or zero where the slice skipped it. */
const slice: GradientRule = (c) => {
  const shape = c.shape(c.x());
  const starts = c.numbers(1, 'its starts');
  const ends = c.numbers(2, 'its ends');
  const axes = c.optional(3) ? c.numbers(3, 'its axes') : starts.map((_, i) => i);
  const steps = c.optional(4) ? c.numbers(4, 'its steps') : starts.map(() => 1);
  let result = c.dy;
  axes.forEach((given, i) => {
    const axis = positive(given, shape.length);
    const [start, end, step] = [starts[i] as number, ends[i] as number, steps[i] as number];
    if (start === 0 && step === 1 && end >= 2 ** 31 - 1) return;
    const size = staticSize(c, c.x(), axis);
    const { first, count } = sliceExtent(size, start, end, step);
    if (step === 1) {
      if (first !== 0 || first + count !== size)
        result = Pad(result, [first, size - first - count], { axes: [axis] });
      return;
    }
    const from = Array.from({ length: size }, () => count);
    for (let k = 0; k < count; k++) from[first + k * step] = k;
    const withZero = Pad(result, [0, 1], { axes: [axis] });
    result = Gather(withZero, c.y.graph.constant(int64([size], from)), { axis });
  });
  return [result];
};

const split: GradientRule = (c) => {
  const axis = positive(c.int('axis', 0), c.shape(c.x()).length);
  const parts = c.node.outputs.map((output, i) => c.dyOf(i) ?? zerosLike(output));
  return [parts.length === 1 ? (parts[0] as Value) : Concat(parts, axis)];
};

/** Index of the input element that a padded position repeats. */
const mirrored = (position: number, size: number, mode: string): number => {
  if (mode === 'edge') return Math.min(Math.max(position, 0), size - 1);
  if (mode === 'wrap') return ((position % size) + size) % size;
  if (size === 1) return 0;
  let at = position;
  while (at < 0 || at >= size) at = at < 0 ? -at : 2 * (size - 1) - at;
  return at;
};

const pad: GradientRule = (c) => {
  const rank = c.shape(c.x()).length;
  const pads = c.numbers(1, 'its pads');
  const axes = c.optional(3) ? c.numbers(3, 'its axes') : Array.from({ length: rank }, (_, i) => i);
  const mode = c.text('mode', 'constant');
  const padValue = c.optional(2);
  if (padValue && c.wants(2)) return c.refuse('the padding value itself depends on what is differentiated');
  if (mode === 'constant')
    return [
      Pad(
        c.dy,
        pads.map((p) => -p),
        { axes },
      ),
    ];
  let result = c.dy;
  axes.forEach((given, i) => {
    const axis = positive(given, rank);
    const [before, after] = [pads[i] as number, pads[i + axes.length] as number];
    if (before === 0 && after === 0) return;
    const size = staticSize(c, c.x(), axis);
    const source = Array.from({ length: size + before + after }, (_, j) => mirrored(j - before, size, mode));
    const line = c.y.graph.constant(
      int64(
        Array.from({ length: rank }, (_, a) => (a === axis ? source.length : 1)),
        source,
      ),
    );
    // Zeros as wide as the input along this axis, as wide as dy along the others.
    const wide = Pad(result, [0, Math.max(0, size - source.length)], { axes: [axis] });
    const zeros = zerosLike(Slice(wide, { starts: [0], ends: [size], axes: [axis] }));
    result = ScatterElements(zeros, Expand(line, Shape(result)), result, { axis, reduction: 'add' });
  });
  return [result];
};

const tile: GradientRule = (c) => {
  const repeats = c.numbers(1, 'its repeats');
  const shape = c.shape(c.x());
  const open = shape.filter((dim) => typeof dim === 'string').length;
  if (open > 1) return c.refuse('more than one of its sizes is not known before running');
  const interleaved = shape.flatMap((dim, i) => [repeats[i] as number, typeof dim === 'string' ? -1 : dim]);
  return [
    ReduceSum(
      Reshape(c.dy, interleaved),
      shape.map((_, i) => 2 * i),
      { keepdims: false },
    ),
  ];
};

/**
 * By how much each axis grows. Where the node has scales they decide which pixel is read, also when the size they give
 * is rounded, so they must be whole and agree with the sizes; an axis of unchanged size may still be read out of place.
 */
const resizeFactors = (c: RuleContext): number[] => {
  const from = c.shape(c.x());
  const to = c.shape(c.y);
  const bySize = from.map((dim, i) => {
    const out = to[i];
    if (dim === out) return 1;
    return typeof dim === 'number' && typeof out === 'number' ? out / dim : Number.NaN;
  });
  const given = c.optional(2);
  if (!given || c.optional(3)) return bySize;
  const scales = storedNumbers(given);
  if (!scales) return c.refuse('its scales are not known before running');
  const axes = c.ints('axes') ?? from.map((_, i) => i);
  const byScale = from.map(() => 1);
  axes.forEach((axis, i) => {
    byScale[positive(axis, from.length)] = scales[i] ?? Number.NaN;
  });
  return byScale.map((scale, i) => (scale === bySize[i] ? scale : Number.NaN));
};

const storedNumbers = (value: Value): number[] | undefined => {
  const stored =
    value.graph.initializers.get(value.name) ?? (value.node?.attributes['value'] as Tensor | undefined);
  return stored && stored.data.length > 0 ? toNumbers(stored) : undefined;
};

/** Nearest enlargement by whole factors repeats each pixel in a block; the gradient sums the block. */
const resize: GradientRule = (c) => {
  const factors = resizeFactors(c);
  const how = `${c.text('coordinate_transformation_mode', 'half_pixel')}/${c.text('nearest_mode', 'round_prefer_floor')}`;
  const blocks = [
    'asymmetric/floor',
    'half_pixel/round_prefer_floor',
    'half_pixel/round_prefer_ceil',
  ].includes(how);
  const whole = factors.every((factor) => Number.isInteger(factor) && factor >= 1);
  const stretched = c.text('keep_aspect_ratio_policy', 'stretch') === 'stretch';
  if (c.text('mode', 'nearest') !== 'nearest' || !blocks || !whole || !stretched)
    return c.refuse('only nearest-neighbour enlargement by whole factors has a gradient here');
  if (factors.length !== 4 || factors[0] !== 1 || factors[1] !== 1)
    return c.refuse('only the two spatial axes of [batch, channels, height, width] may be resized');
  const kernel = factors.slice(2);
  const cells = kernel.reduce((a, b) => a * b, 1);
  return [Mul(AveragePool(c.dy, { kernel_shape: kernel, strides: kernel }), c.scalar(cells))];
};

export const reshapingRules = {
  Reshape: back,
  Flatten: back,
  Squeeze: back,
  Unsqueeze: back,
  Transpose: transpose,
  Concat: concat,
  Slice: slice,
  Split: split,
  Pad: pad,
  Expand: (c) => [c.sumTo(c.dy, c.x())],
  Tile: tile,
  Resize: resize,
} satisfies Record<string, GradientRule>;
