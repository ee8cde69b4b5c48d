/** Gradient cases of normalisations. */
import fc from 'fast-check';
import type { Shape } from '../../../src/graph/dim.ts';
import * as ops from '../../../src/graph/ops/index.ts';
import type { Value } from '../../../src/graph/value.ts';
import { between, type Fill, grid } from '../draws.ts';
import { type GradientCase, gradientCase } from '../oracle.ts';
import { broadcastingTo, size } from '../shapes.ts';

const epsilon = fc.constantFrom(undefined, 1e-3, 0.1);
const withEpsilon = (value: number | undefined) => (value === undefined ? {} : { epsilon: value });
const image = (minRank: number): fc.Arbitrary<Shape> =>
  fc
    .tuple(
      fc.constantFrom<(number | string)[]>(2, 3, 'N'),
      size,
      fc.array(size, { minLength: minRank - 2, maxLength: 3 }),
    )
    .map(([batch, channels, spatial]) => [batch, channels, ...spatial]);

/** Spread wide enough that no group of values has a vanishing variance beside epsilon. */
const spread: Fill = (count, draw) => Array.from({ length: count }, (_, i) => ((i * 5) % 7) - 3 + draw());
const positive = between(0.5, 2);

export const normalizationCases: readonly GradientCase[] = [
  gradientCase(
    'BatchNormalization',
    'inference: every input, the statistics too',
    fc.record({ dims: image(2), epsilon }),
    ({ dims, epsilon }) => {
      const channels = [dims[1] as number];
      return {
        inputs: {
          x: { shape: dims, fill: grid },
          scale: { shape: channels, fill: grid },
          bias: { shape: channels, fill: grid },
          mean: { shape: channels, fill: grid },
          variance: { shape: channels, fill: positive },
        },
        build: (v) => {
          const { x, scale, bias, mean, variance } = v as Record<string, Value>;
          return ops.BatchNormalization(
            x as Value,
            { scale, bias, mean, variance } as never,
            withEpsilon(epsilon),
          );
        },
      };
    },
  ),
  gradientCase(
    'BatchNormalization',
    'training: statistics of the batch, none with respect to the running ones',
    fc.record({ dims: image(2), epsilon, momentum: fc.constantFrom(undefined, 0.5, 0) }),
    ({ dims, epsilon, momentum }) => {
      const channels = [dims[1] as number];
      return {
        inputs: {
          x: { shape: dims, fill: spread },
          scale: { shape: channels, fill: grid },
          bias: { shape: channels, fill: grid },
          mean: { shape: channels, fill: grid },
          variance: { shape: channels, fill: positive },
        },
        build: (v) => {
          const { x, scale, bias, mean, variance } = v as Record<string, Value>;
          return ops.BatchNormalizationTraining(x as Value, { scale, bias, mean, variance } as never, {
            ...withEpsilon(epsilon),
            ...(momentum !== undefined && { momentum }),
          }).y;
        },
      };
    },
    { slack: 5 },
  ),
  gradientCase(
    'InstanceNormalization',
    'all inputs',
    fc.record({ dims: image(3), epsilon: fc.constantFrom(1e-3, 0.1) }),
    ({ dims, epsilon }) => ({
      inputs: {
        x: { shape: dims, fill: spread },
        scale: { shape: [dims[1] as number], fill: grid },
        bias: { shape: [dims[1] as number], fill: grid },
      },
      build: (v) =>
        ops.InstanceNormalization(v['x'] as Value, v['scale'] as Value, v['bias'] as Value, { epsilon }),
    }),
    { slack: 5 },
  ),
  gradientCase(
    'LayerNormalization',
    'every axis, with or without bias, scales that broadcast',
    image(2).chain((dims) =>
      fc
        .record({
          axis: fc.integer({ min: 1, max: dims.length - 1 }),
          fromEnd: fc.boolean(),
          biased: fc.boolean(),
          epsilon,
        })
        .chain((p) => {
          const inner = dims.slice(p.axis) as number[];
          return fc.record({
            dims: fc.constant(dims),
            axis: fc.constant(p.fromEnd ? p.axis - dims.length : p.axis),
            biased: fc.constant(p.biased),
            epsilon: fc.constant(p.epsilon),
            scale: broadcastingTo(inner),
            bias: broadcastingTo(inner),
          });
        }),
    ),
    (p) => ({
      inputs: {
        x: { shape: p.dims, fill: spread },
        scale: { shape: p.scale, fill: grid },
        ...(p.biased && { bias: { shape: p.bias, fill: grid } }),
      },
      build: (v) =>
        ops.LayerNormalization(v['x'] as Value, v['scale'] as Value, v['bias'], {
          axis: p.axis,
          ...withEpsilon(p.epsilon),
        }),
    }),
    // The kernel's statistics are float32 whatever the input is.
    { runs: 20, slack: 5, precision: 'float32' },
  ),
];
