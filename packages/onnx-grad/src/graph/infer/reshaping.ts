/** Specifications of operators that move or repeat elements without looking at them. */
import {
  addDims,
  type Dim,
  divideDims,
  multiplyDims,
  opaqueDim,
  type Shape,
  showShape,
  sizeOf,
} from '../dim.ts';
import { type Tensor, toNumbers } from '../tensor.ts';
import type { Value } from '../value.ts';
import type { Inferred, NodeView, OperatorSpec } from './infer.ts';

/** As many axes as a shape tensor has entries, of sizes known only when run. */
const unknownSizes = (node: NodeView, rank: Dim | undefined, name: string): Shape | undefined => {
  if (typeof rank !== 'number') return undefined;
  if (rank > mostAxes) node.fail(`makes a tensor of ${rank} axes`);
  return Array.from({ length: rank }, (_, i) => opaqueDim(name, node.name, i));
};

/** No real tensor has more; a damaged file might ask for billions. */
const mostAxes = 64;

const reshapeTarget = (node: NodeView): Shape | undefined => {
  const from = node.shape(0);
  const wanted = node.known(1);
  if (!wanted) {
    return unknownSizes(node, node.shape(1)[0], 'reshape');
  }
  const keepZero = node.int('allowzero', 0) === 1;
  const out = wanted.map((dim, i): Dim => {
    if (dim !== 0 || keepZero) return dim;
    return from[i] ?? node.fail(`0 at position ${i} copies a dimension the input does not have`);
  });
  const hole = out.indexOf(-1);
  if (out.some((dim, i) => typeof dim === 'number' && dim < 0 && i !== hole))
    return node.fail(`${showShape(wanted)} is no shape: one size at most may be left open, as -1`);
  if (hole >= 0) {
    const rest = multiplyDims(out.filter((_, i) => i !== hole));
    const filled = divideDims(sizeOf(from), rest);
    if (filled === undefined && typeof rest === 'number' && typeof sizeOf(from) === 'number')
      return node.fail(`cannot reshape to ${showShape(wanted)}`);
    out[hole] = filled ?? opaqueDim('quotient', sizeOf(from), rest);
  }
  const before = sizeOf(from);
  const after = sizeOf(out);
  if (typeof before === 'number' && typeof after === 'number' && before !== after)
    node.fail(`cannot reshape ${before} elements to ${showShape(out)}`);
  return out;
};

const squeezeAxes = (node: NodeView, rank: number): Set<number> =>
  new Set(node.numbers(1).map((axis) => node.axis(axis, rank)));

interface SliceRange {
  readonly axis: number;
  readonly start: number;
  readonly end: number;
  readonly step: number;
}

/** Starts, ends, axes, steps of a Slice with defaults, as plain numbers. */
export const sliceRanges = (node: NodeView, rank: number): readonly SliceRange[] => {
  const starts = node.numbers(1);
  const ends = node.numbers(2);
  const axes = node.optional(3) ? node.numbers(3) : starts.map((_, i) => i);
  const steps = node.optional(4) ? node.numbers(4) : starts.map(() => 1);
  return axes.map((axis, i) => ({
    axis: node.axis(axis, rank),
    start: starts[i] as number,
    end: ends[i] as number,
    step: steps[i] as number,
  }));
};

/** Indices a slice of `size` elements takes: first index and how many. */
export const sliceExtent = (
  size: number,
  start: number,
  end: number,
  step: number,
): { first: number; count: number } => {
  const clamp = (at: number, low: number, high: number) =>
    Math.min(Math.max(at < 0 ? at + size : at, low), high);
  const first = step > 0 ? clamp(start, 0, size) : clamp(start, 0, size - 1);
  // The largest 32- and 64-bit integers mean "to the end", which lies before the first element when going back.
  const open = end === 2 ** 31 - 1 || end >= 2 ** 63 - 1;
  const last = step > 0 ? clamp(end, 0, size) : open || end < -size ? -1 : clamp(end, -1, size - 1);
  return { first, count: Math.max(0, Math.ceil((last - first) / step)) };
};

const sliceShape = (node: NodeView): Shape => {
  const out = [...node.shape(0)];
  for (const { axis, start, end, step } of sliceRanges(node, out.length)) {
    const size = out[axis] as Dim;
    if (typeof size === 'number') out[axis] = sliceExtent(size, start, end, step).count;
    else if (start === 0 && step === 1 && end >= 2 ** 31 - 1) out[axis] = size;
    else out[axis] = opaqueDim('slice', size, start, end, step);
  }
  return out;
};

const knownSlice = (node: NodeView): readonly Dim[] | undefined => {
  const known = node.known(0);
  if (!known) return undefined;
  const range = sliceRanges(node, 1)[0];
  if (!range) return undefined;
  const { first, count } = sliceExtent(known.length, range.start, range.end, range.step);
  return Array.from({ length: count }, (_, i) => known[first + i * range.step] as Dim);
};

const splitSizes = (node: NodeView, size: Dim): readonly Dim[] => {
  if (node.optional(1)) {
    const sizes = node.numbers(1);
    const total = sizes.reduce((a, b) => a + b, 0);
    if (typeof size === 'number' && total !== size) node.fail(`parts sum to ${total}, the axis has ${size}`);
    return sizes;
  }
  const parts = node.int('num_outputs', node.count);
  if (parts !== node.count) node.fail(`num_outputs is ${parts} but it has ${node.count} outputs`);
  if (typeof size !== 'number')
    return Array.from({ length: parts }, (_, i) => opaqueDim('split', size, parts, i));
  const each = Math.ceil(size / parts);
  if (parts > 1 && each * (parts - 1) >= size)
    node.fail(`${size} elements do not make ${parts} parts of ${each}`);
  return Array.from({ length: parts }, (_, i) => Math.min(each, size - i * each));
};

const resizeShape = (node: NodeView): Shape => {
  const x = node.shape(0);
  const sizes = node.optional(3) && node.known(3);
  const axes = node.ints('axes') ?? x.map((_, i) => i);
  const out = [...x];
  // What comes out then depends on the other sizes, or on a region of interest.
  if (
    node.text('coordinate_transformation_mode', 'half_pixel') === 'tf_crop_and_resize' ||
    (node.optional(3) && node.text('keep_aspect_ratio_policy', 'stretch') !== 'stretch')
  ) {
    for (const axis of axes) {
      const at = node.axis(axis, x.length);
      out[at] = opaqueDim('resize', x[at] as Dim, node.name, at);
    }
    return out;
  }
  if (sizes) {
    axes.forEach((axis, i) => {
      out[node.axis(axis, x.length)] = sizes[i] as Dim;
    });
    return out;
  }
  const scales = node.optional(2);
  const factors = scales && constantNumbers(scales);
  axes.forEach((axis, i) => {
    const at = node.axis(axis, x.length);
    const size = x[at] as Dim;
    const factor = factors?.[i];
    if (factor === 1) return;
    out[at] =
      typeof size === 'number' && factor !== undefined
        ? Math.floor(size * factor)
        : opaqueDim('resize', size, node.name, i);
  });
  return out;
};

/** The contents of an initializer or Constant, if the value is one. */
export const constantNumbers = (value: Value): number[] | undefined => {
  const stored =
    value.graph.initializers.get(value.name) ??
    (value.node?.op === 'Constant' ? (value.node.attributes['value'] as Tensor | undefined) : undefined);
  return stored && toNumbers(stored);
};

export const reshaping = {
  Reshape: {
    attributes: { allowzero: 'int' },
    arity: [2, 2],
    infer: (node) => {
      const known = node.known(0);
      return [{ dtype: node.dtype(), shape: reshapeTarget(node), ...(known && { known }) }];
    },
  },
  Flatten: {
    attributes: { axis: 'int' },
    arity: [1, 1],
    infer: (node) => {
      const x = node.shape();
      const given = node.int('axis', 1);
      const axis = given === x.length ? given : node.axis(given, x.length + (x.length === 0 ? 1 : 0));
      return [{ dtype: node.dtype(), shape: [sizeOf(x.slice(0, axis)), sizeOf(x.slice(axis))] }];
    },
  },
  Transpose: {
    attributes: { perm: 'ints' },
    arity: [1, 1],
    infer: (node) => {
      const x = node.shape();
      const perm = node.ints('perm') ?? x.map((_, i) => x.length - 1 - i);
      if ([...perm].sort((a, b) => a - b).join() !== x.map((_, i) => i).join())
        return node.fail(`perm [${perm.join(', ')}] is not a permutation of the axes`);
      return [{ dtype: node.dtype(), shape: perm.map((axis) => x[axis] as Dim) }];
    },
  },
  Squeeze: {
    attributes: {},
    arity: [1, 2],
    infer: (node) => {
      const x = node.shape();
      const gone = node.optional(1)
        ? squeezeAxes(node, x.length)
        : new Set(x.flatMap((dim, i) => (dim === 1 ? [i] : [])));
      for (const axis of gone)
        if (typeof x[axis] === 'number' && x[axis] !== 1)
          node.fail(`axis ${axis} has ${x[axis]} elements, not 1`);
      const known = node.known(0);
      return [{ dtype: node.dtype(), shape: x.filter((_, i) => !gone.has(i)), ...(known && { known }) }];
    },
  },
  Unsqueeze: {
    attributes: {},
    arity: [2, 2],
    infer: (node) => {
      const rest = [...node.shape()];
      const rank = rest.length + node.numbers(1).length;
      const added = squeezeAxes(node, rank);
      const shape = Array.from({ length: rank }, (_, i): Dim => (added.has(i) ? 1 : (rest.shift() as Dim)));
      const known = node.known(0);
      return [{ dtype: node.dtype(), shape, ...(known && { known }) }];
    },
  },
  Concat: {
    attributes: { axis: 'int' },
    arity: [1, Number.MAX_SAFE_INTEGER],
    infer: (node) => {
      const shapes = node.inputs.map((_, i) => node.shape(i));
      const first = shapes[0] as Shape;
      const axis = node.axis(node.int('axis', 0), first.length);
      const out = [...first];
      for (const shape of shapes.slice(1)) {
        if (shape.length !== first.length) node.fail('inputs have different ranks');
        shape.forEach((dim, i) => {
          const have = out[i] as Dim;
          if (i === axis) out[i] = addDims(have, dim);
          else if (typeof have === 'number' && typeof dim === 'number' && have !== dim)
            node.fail(`inputs differ along axis ${i}: ${have} against ${dim}`);
          else if (typeof have === 'string' && typeof dim === 'number') out[i] = dim;
        });
      }
      const known = node.inputs.map((_, i) => node.known(i));
      const all = known.every((k) => k !== undefined) && first.length === 1 ? known.flat() : undefined;
      return [{ dtype: node.dtype(), shape: out, ...(all && { known: all as Dim[] }) }];
    },
  },
  Slice: {
    attributes: {},
    arity: [3, 5],
    infer: (node) => {
      const shape = sliceShape(node);
      const known = shape.length === 1 ? knownSlice(node) : undefined;
      return [{ dtype: node.dtype(), shape, ...(known && { known }) }];
    },
  },
  Split: {
    attributes: { axis: 'int', num_outputs: 'int' },
    arity: [1, 2],
    infer: (node): Inferred[] => {
      const x = node.shape();
      const axis = node.axis(node.int('axis', 0), x.length);
      return splitSizes(node, x[axis] as Dim).map((size) => ({
        dtype: node.dtype(),
        shape: x.map((dim, i) => (i === axis ? size : dim)),
      }));
    },
  },
  Pad: {
    attributes: { mode: 'string' },
    arity: [2, 4],
    infer: (node) => {
      const x = node.shape();
      const pads = node.numbers(1);
      const axes = (node.optional(3) ? node.numbers(3) : x.map((_, i) => i)).map((a) =>
        node.axis(a, x.length),
      );
      if (pads.length !== 2 * axes.length) node.fail(`${pads.length} pads for ${axes.length} axes`);
      const out = [...x];
      axes.forEach((axis, i) => {
        const total = (pads[i] as number) + (pads[i + axes.length] as number);
        out[axis] =
          total < 0 && typeof out[axis] === 'string'
            ? opaqueDim('pad', out[axis], total)
            : addDims(out[axis] as Dim, total);
      });
      return [{ dtype: node.dtype(), shape: out }];
    },
  },
  Expand: {
    attributes: {},
    arity: [2, 2],
    infer: (node) => {
      const wanted = node.known(1);
      if (!wanted) {
        return [{ dtype: node.dtype(), shape: unknownSizes(node, node.shape(1)[0], 'expand') }];
      }
      return [{ dtype: node.dtype(), shape: expandTo(node, node.shape(0), wanted) }];
    },
  },
  Tile: {
    attributes: {},
    arity: [2, 2],
    infer: (node) => {
      const repeats = node.numbers(1);
      return [
        { dtype: node.dtype(), shape: node.shape().map((dim, i) => multiplyDims([dim, repeats[i] ?? 1])) },
      ];
    },
  },
  Resize: {
    attributes: {
      antialias: 'int',
      axes: 'ints',
      coordinate_transformation_mode: 'string',
      cubic_coeff_a: 'float',
      exclude_outside: 'int',
      extrapolation_value: 'float',
      keep_aspect_ratio_policy: 'string',
      mode: 'string',
      nearest_mode: 'string',
    },
    arity: [1, 4],
    infer: (node) => [{ dtype: node.dtype(), shape: resizeShape(node) }],
  },
  Shape: {
    attributes: { start: 'int', end: 'int' },
    arity: [1, 1],
    infer: (node) => {
      const x = node.shape();
      const known = x.slice(node.int('start', 0), node.int('end', x.length));
      return [{ dtype: 'int64', shape: [known.length], known }];
    },
  },
  Constant: {
    attributes: { value: 'tensor' },
    arity: [0, 0],
    infer: (node) => {
      const value = node.attributes['value'] as Tensor;
      const whole = value.dtype === 'int64' || value.dtype === 'int32';
      return [
        {
          dtype: value.dtype,
          shape: value.dims,
          ...(whole && value.data.length <= 64 && { known: toNumbers(value) }),
        },
      ];
    },
  },
  ConstantOfShape: {
    attributes: { value: 'tensor' },
    arity: [1, 1],
    infer: (node) => {
      const value = node.attributes['value'] as Tensor | undefined;
      const known = node.known(0);
      const shape = known ?? unknownSizes(node, node.shape(0)[0], 'fill');
      return [{ dtype: value?.dtype ?? 'float32', shape }];
    },
  },
} satisfies Record<string, OperatorSpec>;

/** Expand broadcasts both ways: a wanted 1 keeps the input's dimension. */
const expandTo = (node: NodeView, from: Shape, wanted: readonly Dim[]): Shape => {
  const rank = Math.max(from.length, wanted.length);
  return Array.from({ length: rank }, (_, i): Dim => {
    const have = from[from.length - rank + i] ?? 1;
    const want = wanted[wanted.length - rank + i] ?? 1;
    if (want === 1) return have;
    if (have !== 1 && typeof have === 'number' && typeof want === 'number' && have !== want)
      return node.fail(`cannot expand to ${showShape(wanted)}`);
    return want;
  });
};
