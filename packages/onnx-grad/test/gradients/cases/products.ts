/** Gradient cases of matrix products. */
import fc from 'fast-check';
import type { Shape } from '../../../src/graph/dim.ts';
import * as ops from '../../../src/graph/ops/index.ts';
import { grid } from '../draws.ts';
import { type CaseOptions, type GradientCase, gradientCase } from '../oracle.ts';
import { broadcastingTo, size } from '../shapes.ts';

const exact: CaseOptions = { stencil: 'exact' };

const product = (
  what: string,
  shapes: fc.Arbitrary<{ a: Shape; b: Shape }>,
  options: CaseOptions = {},
): GradientCase =>
  gradientCase(
    'MatMul',
    what,
    shapes,
    ({ a, b }) => ({
      inputs: { a: { shape: a, fill: grid }, b: { shape: b, fill: grid } },
      build: (v) => ops.MatMul(v['a'] as never, v['b'] as never),
    }),
    { ...exact, ...options },
  );

const sizes = fc.record({ m: size, k: size, n: size });

/** Leading dimensions of two operands that broadcast. */
const leading = fc
  .array(size, { minLength: 1, maxLength: 2 })
  .chain((whole) => fc.tuple(broadcastingTo(whole), broadcastingTo(whole)));

export const productCases: readonly GradientCase[] = [
  product(
    'two matrices',
    sizes.map(({ m, k, n }) => ({ a: [m, k], b: [k, n] })),
  ),
  product(
    'open batch of rows',
    sizes.map(({ k, n }) => ({ a: ['N', k], b: [k, n] })),
    { runs: 4 },
  ),
  product(
    'two vectors',
    sizes.map(({ k }) => ({ a: [k], b: [k] })),
    { runs: 4 },
  ),
  product(
    'vector and matrix',
    sizes.map(({ k, n }) => ({ a: [k], b: [k, n] })),
    { runs: 4 },
  ),
  product(
    'matrix and vector',
    sizes.map(({ m, k }) => ({ a: [m, k], b: [k] })),
    { runs: 4 },
  ),
  product(
    'stacks of matrices and vectors',
    fc
      .tuple(sizes, size, fc.boolean())
      .map(([{ m, k, n }, s, left]) => (left ? { a: [k], b: [s, k, n] } : { a: [s, m, k], b: [k] })),
  ),
  product(
    'a stack and one matrix',
    fc
      .tuple(sizes, fc.array(size, { minLength: 1, maxLength: 2 }), fc.boolean())
      .map(([{ m, k, n }, s, left]) =>
        left ? { a: [m, k], b: [...s, k, n] } : { a: [...s, m, k], b: [k, n] },
      ),
  ),
  product(
    'stacks that broadcast',
    fc.tuple(sizes, leading).map(([{ m, k, n }, [a, b]]) => ({ a: [...a, m, k], b: [...b, k, n] })),
    { runs: 20 },
  ),
  product(
    'open stacks',
    fc.tuple(sizes, fc.boolean()).map(([{ m, k, n }, both]) => ({
      a: ['N', m, k],
      b: both ? ['N', k, n] : [1, k, n],
    })),
    { runs: 6 },
  ),
  product(
    'an open stack of open matrices and one matrix',
    sizes.map(({ k, n }) => ({ a: ['N', 'N', k], b: [k, n] })),
    {
      runs: 4,
    },
  ),
  gradientCase(
    'Gemm',
    'all transposes, alpha, beta and every way the bias broadcasts',
    fc.record({
      sizes,
      transA: fc.constantFrom(0 as const, 1 as const),
      transB: fc.constantFrom(0 as const, 1 as const),
      alpha: fc.constantFrom(1, 0.5, -2),
      beta: fc.constantFrom(1, 0.5, -2),
      bias: fc.constantFrom('none', 'scalar', 'row', 'flat', 'column', 'full', 'one'),
      given: fc.boolean(),
    }),
    (p) => {
      const { m, k, n } = p.sizes;
      const biases: Record<string, Shape> = {
        scalar: [],
        one: [1],
        row: [1, n],
        flat: [n],
        column: [m, 1],
        full: [m, n],
      };
      const bias = biases[p.bias];
      return {
        inputs: {
          a: { shape: p.transA ? [k, m] : [m, k], fill: grid },
          b: { shape: p.transB ? [n, k] : [k, n], fill: grid },
          ...(bias && { c: { shape: bias, fill: grid } }),
        },
        build: (v) =>
          ops.Gemm(v['a'] as never, v['b'] as never, v['c'], {
            transA: p.transA,
            transB: p.transB,
            ...(p.given && { alpha: p.alpha, beta: p.beta }),
          }),
      };
    },
    { ...exact, runs: 60 },
  ),
  gradientCase(
    'Gemm',
    'open batch with a bias',
    sizes,
    ({ k, n }) => ({
      inputs: {
        a: { shape: ['N', k], fill: grid },
        b: { shape: [n, k], fill: grid },
        c: { shape: [n], fill: grid },
      },
      build: (v) => ops.Gemm(v['a'] as never, v['b'] as never, v['c'], { transB: 1 }),
    }),
    { ...exact, runs: 4 },
  ),
];
