/** Gradient cases of reductions. Inputs of extremes have no ties; ties are tested apart. */
import fc from 'fast-check';
import * as ops from '../../../src/graph/ops/index.ts';
import { int64 } from '../../../src/graph/tensor.ts';
import { distinct, type Fill, grid } from '../draws.ts';
import { type CaseOptions, type GradientCase, gradientCase } from '../oracle.ts';
import { shapeAndAxes } from '../shapes.ts';

type Reduction = 'ReduceSum' | 'ReduceMean' | 'ReduceMax' | 'ReduceMin' | 'ReduceSumSquare';

const reduction = (op: Reduction, fill: Fill, options: CaseOptions): GradientCase[] => [
  gradientCase(
    op,
    'any axes, kept or not; none given means all',
    fc.record({ given: shapeAndAxes(), keepdims: fc.boolean() }),
    ({ given: { dims, axes }, keepdims }) => ({
      inputs: { x: { shape: dims, fill } },
      build: (v) => ops[op](v['x'] as never, axes, { keepdims }),
    }),
    { runs: 20, ...options },
  ),
  gradientCase(
    op,
    'no axes and noop_with_empty_axes',
    fc.record({ given: shapeAndAxes(), empty: fc.boolean() }),
    ({ given: { dims }, empty }) => ({
      inputs: { x: { shape: dims, fill } },
      build: ({ x }, graph) =>
        graph.node(op, empty ? [x as never, graph.constant(int64([0], []))] : [x as never], {
          noop_with_empty_axes: 1,
        }),
    }),
    { runs: 6, ...options },
  ),
  gradientCase(
    op,
    'an open batch, reduced or not',
    fc.record({ batch: fc.boolean(), keepdims: fc.boolean() }),
    ({ batch, keepdims }) => ({
      inputs: { x: { shape: ['N', 3, 2], fill } },
      build: (v) => ops[op](v['x'] as never, batch ? [0, 2] : [-1], { keepdims }),
    }),
    { runs: 6, ...options },
  ),
];

export const reductionCases: readonly GradientCase[] = [
  ...reduction('ReduceSum', grid, { stencil: 'exact' }),
  ...reduction('ReduceMean', grid, { stencil: 'exact' }),
  ...reduction('ReduceMax', distinct, { stencil: 'exact', step: 1 / 16 }),
  ...reduction('ReduceMin', distinct, { stencil: 'exact', step: 1 / 16 }),
  // Along one coordinate a square is a parabola, for which a central difference has no error.
  ...reduction('ReduceSumSquare', grid, { stencil: 'exact' }),
];
