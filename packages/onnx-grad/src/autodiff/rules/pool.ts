/** Gradients of poolings. */
import { type Window, windowOf } from '../../graph/infer/window.ts';
import {
  Cast,
  ConvTranspose,
  Div,
  Equal,
  Gather,
  MaxUnpool,
  Mul,
  ReduceSum,
  Reshape,
  Resize,
  ScatterElements,
  Shape,
} from '../../graph/ops/index.ts';
import type { Value } from '../../graph/value.ts';
import {
  constantLike,
  countAlong,
  expandLike,
  type GradientRule,
  type RuleContext,
  reshapeLike,
  zerosLike,
} from '../rule.ts';

const spatialSizes = (c: RuleContext, value: Value): number[] => {
  const sizes = c.shape(value).slice(2);
  if (!sizes.every((size) => typeof size === 'number'))
    return c.refuse(`the height and width of '${value.name}' are not known before running`);
  return sizes as number[];
};

const poolWindow = (c: RuleContext): Window =>
  windowOf(
    (name) => c.ints(name),
    c.text('auto_pad', 'NOTSET'),
    c.ints('kernel_shape') as readonly number[],
    spatialSizes(c, c.x()),
  ) as Window;

/** dy sent back to where each window found its (first) maximum. */
export const maxPoolGradient = (c: RuleContext, dy: Value): Value => {
  const { kernel, strides, dilations, pads } = poolWindow(c);
  const x = c.x();
  if (c.int('storage_order', 0)) return c.refuse('column-major indices (storage_order 1) are not supported');
  const indices = c.extra(1);
  const large = spatialSizes(c, x);
  const small = spatialSizes(c, c.y);
  const apart = kernel.every((size, i) => size <= (strides[i] as number) && dilations[i] === 1);
  // MaxUnpool insists that the last window lies inside its output, which ceil_mode need not respect.
  const inside = kernel.every((size, i) => {
    const reached = ((small[i] as number) - 1) * (strides[i] as number) + size;
    const padding = (pads[i] as number) + (pads[i + kernel.length] as number);
    return reached - padding > 0 && reached - padding <= (large[i] as number);
  });
  if (apart && inside && kernel.length === 2 && x.dtype === 'float32')
    return MaxUnpool(dy, indices, { kernel_shape: kernel, strides, pads }, Shape(x));
  // Overlapping windows may share a maximum: add up.
  const flat = Reshape(zerosLike(x), [-1]);
  const sum = ScatterElements(flat, Reshape(indices, [-1]), Reshape(dy, [-1]), { axis: 0, reduction: 'add' });
  return reshapeLike(sum, x);
};

/** How many input cells each window averages over, by brute counting along one axis. */
const countsAlong = (
  size: number,
  out: number,
  window: Window,
  axis: number,
  includePad: boolean,
): number[] => {
  const rank = window.kernel.length;
  const begin = window.pads[axis] as number;
  const end = window.pads[axis + rank] as number;
  return Array.from({ length: out }, (_, o) => {
    let count = 0;
    for (let k = 0; k < (window.kernel[axis] as number); k++) {
      const at = o * (window.strides[axis] as number) - begin + k * (window.dilations[axis] as number);
      const low = includePad ? -begin : 0;
      const high = includePad ? size + end : size;
      if (at >= low && at < high) count++;
    }
    return count;
  });
};

const averagePool: GradientRule = (c) => {
  const x = c.x();
  const window = poolWindow(c);
  const large = spatialSizes(c, x);
  const small = spatialSizes(c, c.y);
  const { kernel, strides, dilations, pads } = window;
  const tiles = kernel.every(
    (k, i) => k === strides[i] && k * (small[i] as number) === large[i] && (k === 1 || dilations[i] === 1),
  );
  if (tiles && pads.every((p) => p === 0) && kernel.length === 2) {
    const cells = kernel.reduce((a, b) => a * b, 1);
    return [Resize(Mul(c.dy, c.scalar(1 / cells)), [1, 1, ...kernel])];
  }
  const includePad = c.int('count_include_pad', 0) === 1;
  let counts = [1];
  large.forEach((size, axis) => {
    const along = countsAlong(size, small[axis] as number, window, axis, includePad);
    counts = counts.flatMap((a) => along.map((b) => a * b));
  });
  const share = Div(c.dy, constantLike(c.dy, [1, 1, ...small], counts));
  // Spread each share over its window: a transposed convolution with ones, every channel by itself.
  const alone = Reshape(share, [-1, 1, ...small]);
  const ones = constantLike(c.dy, [1, 1, ...kernel], Array(kernel.reduce((a, b) => a * b, 1)).fill(1));
  // Windows may end before the input does (stride remainder) or after it (ceil mode).
  const rank = kernel.length;
  const padding = large.map((size, i) => {
    const extent = ((kernel[i] as number) - 1) * (dilations[i] as number) + 1;
    const reached = ((small[i] as number) - 1) * (strides[i] as number) + extent - (pads[i] as number);
    return { end: Math.max(0, reached - size), extra: Math.max(0, size - reached) };
  });
  const spread = ConvTranspose(alone, ones, undefined, {
    strides,
    dilations,
    pads: [...pads.slice(0, rank), ...padding.map((p) => p.end)],
    output_padding: padding.map((p) => p.extra),
  });
  return [reshapeLike(spread, x)];
};

const spatialAxes = (c: RuleContext): number[] => c.shape(c.x()).flatMap((_, i) => (i >= 2 ? [i] : []));

export const poolRules = {
  MaxPool: (c) => {
    if (c.dyOf(1)) return c.refuse('its indices lead to the result');
    return [maxPoolGradient(c, c.dy)];
  },
  AveragePool: averagePool,
  GlobalAveragePool: (c) => [expandLike(Div(c.dy, countAlong(c.x(), spatialAxes(c))), c.x())],
  GlobalMaxPool: (c) => {
    const wins = Cast(Equal(c.x(), c.y), c.x().dtype);
    return [Mul(wins, Div(c.dy, ReduceSum(wins, spatialAxes(c))))];
  },
  MaxUnpool: (c) => {
    const picked = Gather(Reshape(c.dy, [-1]), Reshape(c.x(1), [-1]));
    return [reshapeLike(picked, c.x())];
  },
} satisfies Record<string, GradientRule>;
