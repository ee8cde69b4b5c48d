/** Gradient cases of poolings. Max-pooling inputs have no ties; ties are tested apart. */
import fc from 'fast-check';
import * as ops from '../../../src/graph/ops/index.ts';
import type { PoolAttributes } from '../../../src/graph/ops/windows.ts';
import type { Value } from '../../../src/graph/value.ts';
import { adaptiveAveragePool2d } from '../../../src/nn/layers.ts';
import { distinct, distinctNonZero, type Fill, grid } from '../draws.ts';
import { type CaseOptions, type GradientCase, gradientCase, type Problem } from '../oracle.ts';

interface Pool {
  readonly channels: number;
  readonly open: boolean;
  readonly size: readonly number[];
  readonly attributes: PoolAttributes & { dilations?: readonly number[] };
}

interface Limits {
  readonly rank?: number;
  /** No cell in two windows. */
  readonly apart?: boolean;
  readonly dilated?: boolean;
  readonly ceil?: boolean;
  readonly padded?: boolean;
}

const pool = ({ rank = 2, apart, dilated, ceil, padded = true }: Limits): fc.Arbitrary<Pool> =>
  fc
    .record({
      axes: fc.array(
        fc.record({
          kernel: fc.integer({ min: 1, max: 3 }),
          step: fc.integer({ min: 1, max: 3 }),
          dilation: fc.integer({ min: 1, max: dilated ? 2 : 1 }),
          begin: fc.nat({ max: 1 }),
          end: fc.nat({ max: 1 }),
          spare: fc.integer({ min: 0, max: 4 }),
        }),
        { minLength: rank, maxLength: rank },
      ),
      channels: fc.integer({ min: 1, max: 2 }),
      open: fc.boolean(),
    })
    .map(({ axes, channels, open }) => {
      // ONNX forbids padding as wide as the kernel.
      const pad = (p: number, kernel: number) => (padded ? Math.min(p, kernel - 1) : 0);
      const kernel_shape = axes.map((a) => a.kernel);
      return {
        channels,
        open,
        size: axes.map((a) => (a.kernel - 1) * a.dilation + 1 + a.spare),
        attributes: {
          kernel_shape,
          strides: axes.map((a) => (apart ? Math.max(a.kernel, a.step) : a.step)),
          pads: [...axes.map((a) => pad(a.begin, a.kernel)), ...axes.map((a) => pad(a.end, a.kernel))],
          ...(dilated && { dilations: axes.map((a) => a.dilation) }),
          ...(ceil && { ceil_mode: 1 as const }),
        },
      };
    })
    .filter(({ size, attributes }) => !ceil || !outOfReach(size, attributes));

/**
 * Whether a last window would start in the padding behind the input. It is dropped, by the kernels and by us, but not
 * by the shape inference that onnxruntime runs when it loads a model, so that it refuses what comes after.
 */
const outOfReach = (
  size: readonly number[],
  { kernel_shape, strides, pads, dilations }: Pool['attributes'],
) =>
  size.some((length, i) => {
    const begin = pads?.[i] as number;
    const extent = ((kernel_shape[i] as number) - 1) * (dilations?.[i] ?? 1) + 1;
    const stride = strides?.[i] as number;
    const last = Math.ceil((length + begin + (pads?.[i + size.length] as number) - extent) / stride) * stride;
    return last >= length + begin;
  });

const problem = (p: Pool, fill: Fill, build: (x: Value) => Value): Problem => ({
  inputs: { x: { shape: [p.open ? 'N' : 2, p.channels, ...p.size], fill } },
  build: (v) => build(v['x'] as Value),
});

const coarse: CaseOptions = { stencil: 'exact', runs: 8 };
/** In float32, as models have it: MaxUnpool, the fast form of the gradient, is there in float32 only. */
const fine: CaseOptions = { stencil: 'exact', step: 1 / 16, runs: 12, precision: 'float32' };
const fineDouble: CaseOptions = { ...fine, precision: 'float64' };

const maxPool = (what: string, limits: Limits): GradientCase =>
  gradientCase(
    'MaxPool',
    what,
    pool(limits),
    (p) => problem(p, distinct, (x) => ops.MaxPool(x, p.attributes)),
    fine,
  );

const doubleMaxPool = gradientCase(
  'MaxPool',
  'in float64',
  pool({ apart: true }),
  (p) => problem(p, distinct, (x) => ops.MaxPool(x, p.attributes)),
  fineDouble,
);

const averagePool = (what: string, limits: Limits): GradientCase =>
  gradientCase(
    'AveragePool',
    what,
    fc.tuple(pool(limits), fc.constantFrom(0 as const, 1 as const, undefined)),
    ([p, count]) =>
      problem(p, grid, (x) =>
        ops.AveragePool(x, { ...p.attributes, ...(count !== undefined && { count_include_pad: count }) }),
      ),
    coarse,
  );

/** onnxruntime refuses automatic padding where the stride is wider than the kernel. */
const padless = (attributes: PoolAttributes) => {
  const { pads: _, ...rest } = attributes;
  return {
    ...rest,
    strides: (rest.strides as number[]).map((s, i) => Math.min(s, rest.kernel_shape[i] as number)),
  };
};

const auto = fc.constantFrom('SAME_UPPER' as const, 'SAME_LOWER' as const, 'VALID' as const);

export const poolCases: readonly GradientCase[] = [
  maxPool('windows apart', { apart: true }),
  maxPool('windows that overlap', {}),
  maxPool('dilated windows', { dilated: true }),
  maxPool('windows apart, ceil_mode', { apart: true, ceil: true }),
  maxPool('windows that overlap, ceil_mode', { ceil: true }),
  maxPool('dilated, ceil_mode', { ceil: true, dilated: true }),
  doubleMaxPool,
  maxPool('1-D', { rank: 1, dilated: true }),
  maxPool('3-D', { rank: 3 }),
  gradientCase(
    'MaxPool',
    'auto_pad',
    fc.tuple(pool({ padded: false }), auto),
    ([p, auto_pad]) => problem(p, distinct, (x) => ops.MaxPool(x, { ...padless(p.attributes), auto_pad })),
    fine,
  ),
  gradientCase(
    'MaxPool',
    'after Relu, fused: the gradient past both',
    fc.oneof(pool({}), pool({ apart: true }), pool({ apart: true, ceil: true })),
    (p) => problem(p, distinctNonZero, (x) => ops.MaxPool(ops.Relu(x), p.attributes)),
    fine,
  ),
  averagePool('windows of every kind', {}),
  gradientCase(
    'MatMul',
    'as average pooling to a given size that windows of one size do not give',
    fc
      .tuple(...[3, 4, 2, 6].map((max) => fc.integer({ min: 1, max })))
      .filter(([h = 1, w = 1, height = 1, width = 1]) => h % height !== 0 || w % width !== 0),
    ([h = 1, w = 1, height = 1, width = 1]) => ({
      inputs: { x: { shape: ['N', 2, h, w], fill: grid } },
      build: (v) => adaptiveAveragePool2d(v['x'] as Value, [height, width]),
    }),
    { stencil: 'exact', runs: 12, precision: 'float32' },
  ),
  averagePool('windows that touch', { apart: true, padded: false }),
  averagePool('ceil_mode', { ceil: true }),
  averagePool('dilated windows', { dilated: true }),
  averagePool('dilated windows, ceil_mode', { dilated: true, ceil: true }),
  averagePool('1-D', { rank: 1 }),
  averagePool('3-D', { rank: 3 }),
  gradientCase(
    'AveragePool',
    'auto_pad',
    fc.tuple(pool({ padded: false }), auto),
    ([p, auto_pad]) => problem(p, grid, (x) => ops.AveragePool(x, { ...padless(p.attributes), auto_pad })),
    coarse,
  ),
  gradientCase(
    'AveragePool',
    'as many windows as would tile the input, but dilated',
    fc.integer({ min: 2, max: 3 }),
    (out) =>
      problem(
        { channels: 1, open: false, size: [2 * out, 3], attributes: { kernel_shape: [2, 1] } },
        grid,
        (x) => ops.AveragePool(x, { kernel_shape: [2, 1], strides: [2, 1], dilations: [2, 1], ceil_mode: 1 }),
      ),
    coarse,
  ),
  gradientCase(
    'AveragePool',
    'exact tiling (adaptive pooling to a divisor of the size)',
    fc.record({
      kernel: fc.integer({ min: 1, max: 3 }),
      out: fc.integer({ min: 1, max: 2 }),
      open: fc.boolean(),
    }),
    ({ kernel, out, open }) =>
      problem(
        {
          channels: 2,
          open,
          size: [kernel * out, 2 * out],
          attributes: { kernel_shape: [kernel, 2], strides: [kernel, 2] },
        },
        grid,
        (x) => ops.AveragePool(x, { kernel_shape: [kernel, 2], strides: [kernel, 2] }),
      ),
    coarse,
  ),
  ...([1, 2, 3] as const).flatMap((rank) => [
    gradientCase(
      'GlobalAveragePool',
      `${rank}-D`,
      pool({ rank }),
      (p) => problem(p, grid, ops.GlobalAveragePool),
      { ...coarse, runs: 4 },
    ),
    gradientCase(
      'GlobalMaxPool',
      `${rank}-D`,
      pool({ rank }),
      (p) => problem(p, distinct, ops.GlobalMaxPool),
      {
        ...fine,
        runs: 4,
      },
    ),
  ]),
  gradientCase(
    'GlobalAveragePool',
    'height and width known only when run',
    fc.integer({ min: 1, max: 3 }),
    (channels) => ({
      inputs: { x: { shape: [2, channels, 'H', 'H'], fill: grid } },
      build: (v) => ops.GlobalAveragePool(v['x'] as Value),
    }),
    { ...coarse, runs: 3 },
  ),
  gradientCase(
    'MaxUnpool',
    'of what was pooled',
    // Padding may leave a shape that onnxruntime's kernel takes for too small.
    pool({ apart: true, padded: false }),
    (p) => ({
      inputs: { x: { shape: [p.open ? 'N' : 2, p.channels, ...p.size], fill: distinct } },
      build: (v) => {
        const x = v['x'] as Value;
        const { kernel_shape, strides, pads } = p.attributes as Required<PoolAttributes>;
        const { y, indices } = ops.MaxPoolIndices(x, p.attributes);
        return ops.MaxUnpool(ops.Mul(y, y), indices, { kernel_shape, strides, pads }, ops.Shape(x));
      },
    }),
    { ...fine, slack: 100 },
  ),
];
