/** Gradient cases of operators that move or repeat elements: all are linear, so differences are exact. */
import fc from 'fast-check';
import type { Shape } from '../../../src/graph/dim.ts';
import type { Graph } from '../../../src/graph/graph.ts';
import type { OperatorName } from '../../../src/graph/operators.ts';
import * as ops from '../../../src/graph/ops/index.ts';
import { int64 } from '../../../src/graph/tensor.ts';
import type { Value } from '../../../src/graph/value.ts';
import { grid } from '../draws.ts';
import { type GradientCase, gradientCase } from '../oracle.ts';
import { shape, shapeAndAxes, size } from '../shapes.ts';

const linear = <P>(
  op: OperatorName,
  what: string,
  parameters: fc.Arbitrary<P>,
  of: (p: P) => { shape: Shape; build: (x: Value, graph: Graph) => Value | readonly Value[] },
  runs = 12,
): GradientCase =>
  gradientCase(
    op,
    what,
    parameters,
    (p) => {
      const { shape, build } = of(p);
      return { inputs: { x: { shape, fill: grid } }, build: (v, graph) => build(v['x'] as Value, graph) };
    },
    { stencil: 'exact', runs },
  );

const permutation = (rank: number): fc.Arbitrary<number[]> =>
  fc.shuffledSubarray(
    Array.from({ length: rank }, (_, i) => i),
    { minLength: rank, maxLength: rank },
  );

/** Start, end and step over `length` elements: from anywhere to anywhere, beyond the ends too. */
const range = (length: number) =>
  fc.record({
    start: fc.integer({ min: -length - 2, max: length + 2 }),
    end: fc.oneof(
      fc.integer({ min: -length - 2, max: length + 2 }),
      fc.constantFrom(2 ** 31 - 1, Number.MAX_SAFE_INTEGER, -Number.MAX_SAFE_INTEGER),
    ),
    step: fc.constantFrom(1, 1, 2, 3, -1, -2),
  });

const slices = shape(1, 3).chain((dims) =>
  fc
    .shuffledSubarray(
      dims.map((_, i) => i),
      { minLength: 1 },
    )
    .chain((axes) =>
      fc.record({
        dims: fc.constant(dims.map((d) => d + 2)),
        axes: fc.tuple(...axes.map((a) => fc.constantFrom(a, a - dims.length))),
        ranges: fc.tuple(...axes.map((a) => range((dims[a] as number) + 2))),
      }),
    ),
);

/** Parts along an axis. */
const parts = fc
  .record({ sizes: fc.array(size, { minLength: 1, maxLength: 3 }), others: shape(0, 2) })
  .chain(({ sizes, others }) =>
    fc.nat({ max: others.length }).map((axis) => ({
      sizes,
      axis,
      shapeWith: (along: number) => [...others.slice(0, axis), along, ...others.slice(axis)],
      rank: others.length + 1,
    })),
  );

const pads = (mode: string) =>
  shape(1, 3).chain((dims) => {
    // Reflection needs something to reflect: at most one less than there is.
    const widest = (d: number) => (mode === 'reflect' ? d : mode === 'constant' ? 2 : d + 1);
    const least = mode === 'constant' ? -1 : 0;
    const pad = (d: number) => fc.integer({ min: least, max: widest(d) });
    return fc
      .subarray(
        dims.map((_, i) => i),
        { minLength: 1 },
      )
      .chain((axes) =>
        fc.record({
          dims: fc.constant(dims.map((d) => d + 1)),
          axes: fc.tuple(...axes.map((a) => fc.constantFrom(a, a - dims.length))),
          all: fc.boolean(),
          begins: fc.tuple(...dims.map(pad)),
          ends: fc.tuple(...dims.map(pad)),
        }),
      );
  });

const padCase = (mode: 'constant' | 'reflect' | 'edge' | 'wrap'): GradientCase =>
  linear(
    'Pad',
    `mode ${mode}, chosen axes`,
    pads(mode),
    (p) => ({
      shape: p.dims,
      build: (x, graph) => {
        const chosen = p.all ? p.dims.map((_, i) => i) : p.axes;
        const at = (list: readonly number[]) => chosen.map((a) => list.at(a) as number);
        const widths = [...at(p.begins), ...at(p.ends)];
        return graph.node(
          'Pad',
          [
            x,
            graph.constant(int64([widths.length], widths)),
            mode === 'constant' ? graph.scalar(1.5, x.dtype as 'float32') : null,
            ...(p.all ? [] : [graph.constant(int64([chosen.length], chosen))]),
          ].filter((value, i, list) => value || list.slice(i).some(Boolean)),
          { mode },
        );
      },
    }),
    16,
  );

export const reshapingCases: readonly GradientCase[] = [
  linear('Reshape', 'to one axis, with a hole, keeping one', shape(), (dims) => ({
    shape: dims,
    build: (x) => [ops.Reshape(x, [-1]), ...(dims.length > 0 ? [ops.Reshape(x, [0, -1])] : [])],
  })),
  linear('Reshape', 'open batch', size, (channels) => ({
    shape: ['N', channels, 2],
    build: (x) => [ops.Reshape(x, [-1, 2 * channels]), ops.Reshape(x, [0, -1]), ops.Reshape(x, [-1])],
  })),
  linear('Reshape', 'to a computed shape', size, (n) => ({
    shape: ['N', n, 'N'],
    build: (x) => ops.Reshape(ops.Transpose(x, [0, 2, 1]), ops.Shape(x)),
  })),
  linear(
    'Flatten',
    'every axis',
    shape().chain((dims) => fc.tuple(fc.constant(dims), fc.integer({ min: -dims.length, max: dims.length }))),
    ([dims, axis]) => ({
      shape: dims,
      build: (x) => ops.Flatten(x, { axis }),
    }),
  ),
  linear(
    'Flatten',
    'open batch',
    fc.constantFrom(0, 1, 2),
    (axis) => ({ shape: ['N', 2, 3], build: (x) => ops.Flatten(x, { axis }) }),
    4,
  ),
  linear(
    'Transpose',
    'every permutation',
    shape().chain((dims) =>
      fc.tuple(fc.constant(dims), fc.option(permutation(dims.length), { nil: undefined })),
    ),
    ([dims, perm]) => ({
      shape: dims,
      build: (x) => ops.Transpose(x, perm),
    }),
  ),
  linear(
    'Squeeze',
    'given axes or all ones',
    shapeAndAxes(1).chain((p) => fc.tuple(fc.constant(p), fc.boolean())),
    ([{ dims, axes }, given]) => {
      const ones = (axes ?? []).map((a) => (a < 0 ? a + dims.length : a));
      return {
        shape: dims.map((d, i) => (ones.includes(i) ? 1 : d)),
        build: (x) => ops.Squeeze(x, given && axes && axes.length > 0 ? axes : undefined),
      };
    },
  ),
  linear(
    'Unsqueeze',
    'axes from either end, in any order',
    shape(0, 2).chain((dims) =>
      fc.tuple(
        fc.constant(dims),
        fc.shuffledSubarray(
          Array.from({ length: dims.length + 2 }, (_, i) => i),
          { minLength: 2, maxLength: 2 },
        ),
        fc.boolean(),
      ),
    ),
    ([dims, axes, fromEnd]) => ({
      shape: dims,
      build: (x) => ops.Unsqueeze(x, fromEnd ? axes.map((a) => a - dims.length - 2) : axes),
    }),
  ),
  gradientCase(
    'Concat',
    'one to three parts on every axis',
    parts.chain((p) => fc.tuple(fc.constant(p), fc.boolean())),
    ([p, fromEnd]) => ({
      inputs: Object.fromEntries(p.sizes.map((s, i) => [`x${i}`, { shape: p.shapeWith(s), fill: grid }])),
      build: (v) => ops.Concat(Object.values(v), fromEnd ? p.axis - p.rank : p.axis),
    }),
    { stencil: 'exact' },
  ),
  gradientCase(
    'Concat',
    'one part of open size at every place',
    fc.tuple(fc.nat({ max: 2 }), fc.boolean()),
    ([place, other]) => ({
      inputs: Object.fromEntries(
        [0, 1, 2].map((i) => [`x${i}`, { shape: [i === place ? 'N' : i + 1, 2], fill: grid }]),
      ),
      build: (v) => (other ? ops.Concat(Object.values(v), -2) : ops.Concat(Object.values(v), 0)),
    }),
    { stencil: 'exact', runs: 6 },
  ),
  linear(
    'Slice',
    'any range and step on any axes',
    slices,
    (p) => ({
      shape: p.dims,
      build: (x) =>
        ops.Slice(x, {
          starts: p.ranges.map((r) => r.start),
          ends: p.ranges.map((r) => r.end),
          axes: p.axes,
          steps: p.ranges.map((r) => r.step),
        }),
    }),
    40,
  ),
  linear(
    'Slice',
    'open batch, axes left out',
    fc.constantFrom<[number, number]>([0, 2], [1, 3], [0, 3]),
    ([start, end]) => ({
      shape: ['N', 3],
      build: (x) => [
        ops.Slice(x, { starts: [start], ends: [end], axes: [1] }),
        x.graph.node('Slice', [
          x,
          x.graph.constant(int64([2], [0, start])),
          x.graph.constant(int64([2], [2 ** 40, end])),
        ])[0] as Value,
      ],
    }),
    4,
  ),
  linear('Split', 'given sizes on every axis', parts, (p) => ({
    shape: p.shapeWith(p.sizes.reduce((a, b) => a + b, 0)),
    build: (x) => ops.Split(x, p.sizes, { axis: p.axis - (p.rank % 2 ? p.rank : 0) }),
  })),
  linear('Split', 'some parts unused', parts, (p) => ({
    shape: p.shapeWith(p.sizes.reduce((a, b) => a + b, 0)),
    build: (x) => ops.Split(x, p.sizes, { axis: p.axis }).slice(-1),
  })),
  linear(
    'Split',
    'into equal parts, the last one smaller',
    fc
      .record({ length: fc.integer({ min: 2, max: 7 }), into: fc.integer({ min: 1, max: 3 }) })
      .filter(({ length, into }) => Math.ceil(length / into) * (into - 1) < length),
    ({ length, into }) => ({
      shape: [2, length],
      build: (x, graph) => graph.node('Split', [x], { axis: 1, num_outputs: into }, { outputs: into }),
    }),
  ),
  ...(['constant', 'reflect', 'edge', 'wrap'] as const).map(padCase),
  linear(
    'Pad',
    'open batch',
    fc.constantFrom('constant', 'reflect', 'edge'),
    (mode) => ({
      shape: ['N', 3],
      build: (x, graph) => graph.node('Pad', [x, graph.constant(int64([4], [0, 1, 0, 2]))], { mode }),
    }),
    6,
  ),
  linear(
    'Expand',
    'new axes and ones',
    shape(0, 2).chain((dims) =>
      fc.tuple(fc.constant(dims), size, fc.array(fc.boolean(), { minLength: 2, maxLength: 2 })),
    ),
    ([dims, more, ones]) => ({
      shape: dims.map((d, i) => (ones[i] ? 1 : d)),
      build: (x) => ops.Expand(x, [more, ...dims.map((d, i) => (ones[i] && more > 1 ? d : 1))]),
    }),
  ),
  linear(
    'Tile',
    'every axis',
    shape().chain((dims) => fc.tuple(fc.constant(dims), fc.tuple(...dims.map(() => size)))),
    ([dims, repeats]) => ({
      shape: dims,
      build: (x) => ops.Tile(x, repeats),
    }),
  ),
  linear(
    'Tile',
    'open batch',
    size,
    (times) => ({ shape: ['N', 2], build: (x) => ops.Tile(x, [times, 2]) }),
    4,
  ),
  linear(
    'Resize',
    'nearest, by whole factors, in the ways that repeat pixels',
    fc.record({
      factors: fc.tuple(size, size),
      channels: size,
      mode: fc.constantFrom(0, 1, 2),
      bySize: fc.boolean(),
    }),
    (p) => ({
      shape: ['N', p.channels, 2, 3],
      build: (x, graph) => {
        const [coordinate_transformation_mode, nearest_mode] = [
          ['asymmetric', 'floor'],
          ['half_pixel', 'round_prefer_floor'],
          ['half_pixel', 'round_prefer_ceil'],
        ][p.mode] as [string, string];
        const attributes = { mode: 'nearest', coordinate_transformation_mode, nearest_mode };
        const [high, wide] = p.factors;
        const list = Float32Array.from([1, 1, high, wide]);
        return p.bySize
          ? graph.node('Resize', [x, null, null, graph.constant(int64([2], [2 * high, 3 * wide]))], {
              ...attributes,
              axes: [2, 3],
            })
          : graph.node(
              'Resize',
              [x, null, graph.constant({ dtype: 'float32', dims: [4], data: list })],
              attributes,
            );
      },
    }),
    16,
  ),
];
