/** Gradient cases of convolutions: every form of the weight gradient in `autodiff/rules/conv-weight.ts` is reached. */
import fc from 'fast-check';
import * as ops from '../../../src/graph/ops/index.ts';
import type { ConvAttributes } from '../../../src/graph/ops/windows.ts';
import { grid } from '../draws.ts';
import { type GradientCase, gradientCase, type Problem } from '../oracle.ts';

/** What a convolution looks like along one spatial axis. */
interface Axis {
  readonly kernel: number;
  readonly stride: number;
  readonly dilation: number;
  readonly begin: number;
  readonly end: number;
  /** Input size beyond the smallest that fits. */
  readonly spare: number;
}

const axis = (limits: Partial<Record<keyof Axis, [number, number]>> = {}): fc.Arbitrary<Axis> => {
  const within = (name: keyof Axis, low: number, high: number) => {
    const [min, max] = limits[name] ?? [low, high];
    return fc.integer({ min, max });
  };
  return fc.record({
    kernel: within('kernel', 1, 4),
    stride: within('stride', 1, 3),
    dilation: within('dilation', 1, 2),
    begin: within('begin', 0, 2),
    end: within('end', 0, 2),
    spare: within('spare', 0, 3),
  });
};

export interface Convolution {
  readonly axes: readonly Axis[];
  readonly group: number;
  readonly perGroup: number;
  readonly outputsPerGroup: number;
  readonly bias: boolean;
  /** Symbolic batch size. */
  readonly open: boolean;
}

interface Limits {
  readonly rank: number;
  readonly axis?: Parameters<typeof axis>[0];
  readonly group?: [number, number];
  readonly perGroup?: [number, number];
  readonly outputsPerGroup?: [number, number];
}

const convolution = (limits: Limits): fc.Arbitrary<Convolution> => {
  const within = ([min, max]: [number, number]) => fc.integer({ min, max });
  return fc.record({
    axes: fc.array(axis(limits.axis), { minLength: limits.rank, maxLength: limits.rank }),
    group: within(limits.group ?? [1, 1]),
    perGroup: within(limits.perGroup ?? [1, 2]),
    outputsPerGroup: within(limits.outputsPerGroup ?? [1, 2]),
    bias: fc.boolean(),
    open: fc.boolean(),
  });
};

const inputSize = ({ kernel, dilation, begin, end, spare }: Axis): number =>
  Math.max(1, (kernel - 1) * dilation + 1 - begin - end + spare);

const attributesOf = ({ axes, group }: Convolution): ConvAttributes => ({
  strides: axes.map((a) => a.stride),
  dilations: axes.map((a) => a.dilation),
  pads: [...axes.map((a) => a.begin), ...axes.map((a) => a.end)],
  group,
});

export const convProblem = (p: Convolution, attributes: ConvAttributes = attributesOf(p)): Problem => {
  const outputs = p.group * p.outputsPerGroup;
  return {
    inputs: {
      x: { shape: [p.open ? 'N' : 2, p.group * p.perGroup, ...p.axes.map(inputSize)], fill: grid },
      w: { shape: [outputs, p.perGroup, ...p.axes.map((a) => a.kernel)], fill: grid },
      ...(p.bias && { bias: { shape: [outputs], fill: grid } }),
    },
    build: ({ x, w, bias }) => ops.Conv(x as never, w as never, bias, attributes),
  };
};

const conv = (what: string, limits: Limits, runs = 8): GradientCase =>
  gradientCase('Conv', what, convolution(limits), (p) => convProblem(p), { stencil: 'exact', runs });

const auto = fc.constantFrom('SAME_UPPER', 'SAME_LOWER', 'VALID');

const one: [number, number] = [1, 1];

const none: [number, number] = [0, 0];

const transposed = (what: string, limits: Limits, runs = 8): GradientCase =>
  gradientCase(
    'ConvTranspose',
    what,
    fc.tuple(convolution(limits), fc.nat({ max: 2 })),
    ([p, extra]) => ({
      inputs: {
        x: {
          shape: [p.open ? 'N' : 2, p.group * p.perGroup, ...p.axes.map((a) => 2 + (a.spare % 2))],
          fill: grid,
        },
        w: { shape: [p.group * p.perGroup, p.outputsPerGroup, ...p.axes.map((a) => a.kernel)], fill: grid },
        ...(p.bias && { bias: { shape: [p.group * p.outputsPerGroup], fill: grid } }),
      },
      build: ({ x, w, bias }) => {
        const { pads, ...rest } = attributesOf(p);
        return ops.ConvTranspose(x as never, w as never, bias, {
          ...rest,
          // At most what the window covers, or nothing would be left.
          pads: (pads as number[]).map((pad, i) =>
            Math.min(pad, ((p.axes[i % limits.rank] as Axis).kernel - 1) >> 1),
          ),
          output_padding: p.axes.map((a) => Math.min(extra, a.stride - 1)),
        });
      },
    }),
    { stencil: 'exact', runs },
  );

export const convolutionCases: readonly GradientCase[] = [
  conv('1-D (weights: patches in one product)', { rank: 1 }),
  conv('2-D (weights: patches in one product)', { rank: 2 }, 16),
  conv(
    '3-D (weights: patches in one product)',
    { rank: 3, axis: { kernel: [1, 2], spare: [0, 1], dilation: one } },
    4,
  ),
  conv('2-D, groups (weights: patches in one product)', {
    rank: 2,
    group: [2, 3],
    perGroup: [2, 2],
    axis: { kernel: [1, 3] },
  }),
  conv('1-D and few channels, groups with several outputs each (weights: patches)', {
    rank: 1,
    group: [2, 3],
    perGroup: one,
    outputsPerGroup: [2, 2],
  }),
  conv('2-D, depthwise (weights: product and sum per tap)', {
    rank: 2,
    group: [2, 3],
    perGroup: one,
    outputsPerGroup: one,
    axis: { kernel: [1, 3] },
  }),
  conv('1-D, depthwise (weights: product and sum per tap)', {
    rank: 1,
    group: [2, 3],
    perGroup: one,
    outputsPerGroup: one,
  }),
  conv(
    '3-D, depthwise (weights: product and sum per tap)',
    { rank: 3, group: [2, 2], perGroup: one, outputsPerGroup: one, axis: { kernel: [1, 2], spare: [0, 1] } },
    3,
  ),
  // More than 32 weights per output channel, and more than 8 channels. The frame is as large as the output where the
  // padding is as wide as the kernel reaches.
  conv(
    '2-D, stride 1, many weights (weights: one flat frame)',
    {
      rank: 2,
      perGroup: [9, 9],
      outputsPerGroup: [1, 2],
      axis: { kernel: [3, 3], begin: [2, 2], end: [2, 2], stride: one, dilation: one, spare: [2, 4] },
    },
    8,
  ),
  conv(
    '2-D, kernels of one place, many channels (weights: one flat frame)',
    {
      rank: 2,
      perGroup: [34, 34],
      outputsPerGroup: one,
      axis: { kernel: one, begin: none, end: none, stride: one, dilation: one, spare: [0, 1] },
    },
    4,
  ),
  conv(
    '2-D, stride 1, many weights, a frame mostly of zeros (weights: one product per tap)',
    {
      rank: 2,
      perGroup: [9, 9],
      outputsPerGroup: [1, 2],
      axis: { kernel: [2, 3], begin: none, end: [0, 1], stride: one, dilation: one, spare: [0, 2] },
    },
    8,
  ),
  conv(
    '2-D, 4 × 4, three channels (weights: one product over joined patches)',
    { rank: 2, perGroup: [3, 3], axis: { kernel: [4, 4] } },
    8,
  ),
  conv(
    '1-D, few channels and a long kernel (weights: one product over joined patches)',
    { rank: 1, perGroup: [5, 8], axis: { kernel: [9, 10] } },
    4,
  ),
  conv(
    '2-D, strides and dilations, many weights (weights: one product per tap)',
    {
      rank: 2,
      perGroup: [9, 9],
      outputsPerGroup: [1, 2],
      axis: { kernel: [2, 3], stride: [1, 2], dilation: [2, 2], spare: [0, 1] },
    },
    6,
  ),
  conv(
    '1-D, many weights (weights: one product per tap)',
    { rank: 1, perGroup: [12, 12], axis: { kernel: [3, 4] } },
    6,
  ),
  conv(
    '3-D, many weights (weights: one product per tap)',
    {
      rank: 3,
      perGroup: [9, 9],
      outputsPerGroup: one,
      axis: { kernel: [2, 2], spare: [0, 1], begin: [0, 1], end: [0, 1] },
    },
    3,
  ),
  gradientCase(
    'Conv',
    'auto_pad',
    fc.tuple(
      convolution({ rank: 2, axis: { begin: [0, 0], end: [0, 0], dilation: one }, perGroup: [1, 3] }),
      auto,
    ),
    ([p, auto_pad]) => {
      const { pads: _, ...rest } = attributesOf(p);
      return convProblem(p, { ...rest, auto_pad });
    },
    { stencil: 'exact', runs: 10 },
  ),
  gradientCase(
    'Conv',
    'no attributes at all',
    convolution({ rank: 2, axis: { stride: one, dilation: one, begin: [0, 0], end: [0, 0] } }),
    (p) => convProblem(p, {}),
    { stencil: 'exact', runs: 4 },
  ),
  transposed('1-D with output padding', { rank: 1 }),
  transposed('2-D with output padding', { rank: 2 }, 12),
  transposed('2-D, groups', { rank: 2, group: [2, 3], axis: { kernel: [1, 3] } }),
  transposed('2-D, depthwise', {
    rank: 2,
    group: [2, 3],
    perGroup: one,
    outputsPerGroup: one,
    axis: { kernel: [1, 3] },
  }),
  transposed(
    '2-D, stride 1, many weights',
    { rank: 2, outputsPerGroup: [9, 9], axis: { kernel: [2, 3], stride: one, dilation: one } },
    5,
  ),
  transposed(
    '2-D, strides, many weights',
    { rank: 2, outputsPerGroup: [9, 9], axis: { kernel: [2, 3], stride: [2, 2] } },
    4,
  ),
  transposed(
    '2-D, stride 2, 4 × 4 (weights: joined patches and products per tap)',
    { rank: 2, outputsPerGroup: [8, 9], axis: { kernel: [4, 4], stride: [2, 2], dilation: one } },
    4,
  ),
  transposed('3-D', { rank: 3, axis: { kernel: [1, 2] } }, 3),
  gradientCase(
    'ConvTranspose',
    'auto_pad',
    fc.tuple(convolution({ rank: 2, axis: { dilation: one, kernel: [2, 4], stride: [1, 2] } }), auto),
    ([p, auto_pad]) => ({
      inputs: {
        x: { shape: ['N', p.perGroup, 3, 2], fill: grid },
        w: { shape: [p.perGroup, p.outputsPerGroup, ...p.axes.map((a) => a.kernel)], fill: grid },
      },
      build: ({ x, w }) =>
        ops.ConvTranspose(x as never, w as never, undefined, {
          auto_pad,
          strides: p.axes.map((a) => a.stride),
        }),
    }),
    { stencil: 'exact', runs: 10 },
  ),
  gradientCase(
    'ConvTranspose',
    'a given output shape',
    fc.tuple(
      convolution({ rank: 2, axis: { dilation: one, kernel: [2, 3], stride: [1, 3] } }),
      fc.nat({ max: 2 }),
      fc.constantFrom('NOTSET' as const, 'SAME_UPPER' as const, 'SAME_LOWER' as const),
    ),
    ([p, less, auto_pad]) => ({
      inputs: {
        x: { shape: ['N', p.perGroup, 3, 3], fill: grid },
        w: { shape: [p.perGroup, p.outputsPerGroup, ...p.axes.map((a) => a.kernel)], fill: grid },
      },
      build: ({ x, w }) =>
        ops.ConvTranspose(x as never, w as never, undefined, {
          auto_pad,
          strides: p.axes.map((a) => a.stride),
          output_shape: p.axes.map((a) => 2 * a.stride + a.kernel - Math.min(less, a.kernel - 1)),
        }),
    }),
    { stencil: 'exact', runs: 10 },
  ),
];
