/** Gradient cases of element-by-element operators. */
import fc from 'fast-check';
import type { OperatorName } from '../../../src/graph/operators.ts';
import * as ops from '../../../src/graph/ops/index.ts';
import { int64, scalar } from '../../../src/graph/tensor.ts';
import type { Attributes, Value } from '../../../src/graph/value.ts';
import { awayFrom, between, distinct, type Fill, grid } from '../draws.ts';
import { type CaseOptions, type GradientCase, gradientCase } from '../oracle.ts';
import { broadcastable, shape, shapeAndAxis } from '../shapes.ts';

const unary = (
  op: OperatorName,
  fill: Fill,
  attributes: fc.Arbitrary<Attributes> = fc.constant({}),
  options: CaseOptions = {},
): GradientCase =>
  gradientCase(
    op,
    'random shapes and attributes',
    fc.record({ dims: shape(), attributes }),
    (p) => ({
      inputs: { x: { shape: p.dims, fill } },
      build: ({ x }, graph) => graph.node(op, [x as Value], p.attributes),
    }),
    options,
  );

const binary = (
  op: OperatorName,
  apply: (a: Value, b: Value) => Value,
  fills: readonly [Fill, Fill],
  options: CaseOptions = {},
): GradientCase =>
  gradientCase(
    op,
    'both inputs, broadcast either way',
    broadcastable(2),
    ([a, b]) => ({
      inputs: { a: { shape: a as number[], fill: fills[0] }, b: { shape: b as number[], fill: fills[1] } },
      build: (v) => apply(v['a'] as Value, v['b'] as Value),
    }),
    options,
  );

/** Some values in [0.2, 3] with the sign left open. */
const slope = fc.constantFrom(0.01, 0.25, 1.5, -0.5);
const optional = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });

const variadic = (op: 'Min' | 'Max' | 'Sum', fill: Fill): GradientCase =>
  gradientCase(
    op,
    'one to three inputs, broadcast; no ties',
    fc.integer({ min: 1, max: 3 }).chain(broadcastable),
    (shapes) => ({
      inputs: Object.fromEntries(
        shapes.map((dims, i) => [`x${i}`, { shape: dims, fill: shifted(fill, i / 16) }]),
      ),
      build: (v, graph) => graph.node(op, Object.values(v)),
    }),
    { stencil: 'exact', step: 1 / 64 },
  );

/** Inputs on grids that never meet. */
const shifted =
  (fill: Fill, by: number): Fill =>
  (count, draw) =>
    fill(count, draw).map((x) => x + by);

export const elementwiseCases: readonly GradientCase[] = [
  binary('Add', ops.Add, [grid, grid], { stencil: 'exact' }),
  binary('Sub', ops.Sub, [grid, grid], { stencil: 'exact' }),
  binary('Mul', ops.Mul, [grid, grid], { stencil: 'exact' }),
  binary('Div', ops.Div, [grid, awayFrom([0], 0.5)]),
  binary('Pow', ops.Pow, [between(0.4, 2), between(-2, 3)]),
  gradientCase(
    'Pow',
    'whole exponents of either sign, negative bases',
    fc.record({
      dims: shape(),
      exponent: fc.integer({ min: -2, max: 4 }),
      type: fc.constantFrom('same', 'int64'),
    }),
    ({ dims, exponent, type }) => ({
      inputs: { x: { shape: dims, fill: awayFrom([0], 0.6) } },
      build: (v, graph) => {
        const x = v['x'] as Value;
        return ops.Pow(x, type === 'int64' ? graph.constant(int64([], [exponent])) : like(x, exponent));
      },
    }),
  ),
  gradientCase(
    'Pow',
    'bases that include zero, exponents 1 to 3',
    fc.record({ dims: shape(), exponent: fc.integer({ min: 1, max: 3 }) }),
    ({ dims, exponent }) => ({
      inputs: { x: { shape: dims, fill: (count) => Array.from({ length: count }, (_, i) => i % 2) } },
      build: (v) => ops.Pow(v['x'] as Value, like(v['x'] as Value, exponent)),
    }),
  ),
  variadic('Min', distinct),
  variadic('Max', distinct),
  variadic('Sum', grid),
  unary('Neg', grid, undefined, { stencil: 'exact' }),
  unary('Abs', awayFrom([0])),
  unary('Sqrt', between(0.5, 3)),
  unary('Reciprocal', awayFrom([0], 0.6)),
  unary('Exp', between(-2, 1.5)),
  unary('Log', between(0.5, 3)),
  unary('Erf', between(-2, 2), undefined, { slack: 3 }),
  unary('Relu', awayFrom([0])),
  unary('LeakyRelu', awayFrom([0]), fc.record({ alpha: optional(slope) })),
  unary('Elu', awayFrom([0]), fc.record({ alpha: optional(fc.constantFrom(0.5, 1, 2)) })),
  unary(
    'Selu',
    awayFrom([0]),
    fc.record({ alpha: optional(fc.constantFrom(0.5, 1, 2)), gamma: optional(fc.constantFrom(0.5, 1.1)) }),
  ),
  // Kinks where alpha x + beta is 0 or 1: at −2.5, 2.5 by default, at −1, 1 with the others.
  unary('HardSigmoid', awayFrom([-2.5, 2.5], 0.25, 4)),
  unary('HardSigmoid', awayFrom([-1, 1], 0.25, 3), fc.constant({ alpha: 0.5, beta: 0.5 })),
  unary('HardSwish', awayFrom([-3, 3], 0.25, 5)),
  unary('Softplus', between(-3, 3)),
  unary('Sigmoid', between(-3, 3)),
  unary('Tanh', between(-2, 2)),
  unary('Gelu', between(-3, 3), fc.record({ approximate: optional(fc.constantFrom('none', 'tanh')) }), {
    slack: 3,
  }),
  gradientCase(
    'PRelu',
    'slopes that broadcast',
    shape().chain((dims) =>
      fc.tuple(
        fc.constant(dims),
        broadcastable(1).map(() => dims),
        fc.nat({ max: 3 }),
      ),
    ),
    ([dims, , dropped]) => ({
      inputs: {
        x: { shape: dims, fill: awayFrom([0]) },
        slope: { shape: dims.slice(dropped).map((d, i) => (i % 2 ? 1 : d)), fill: grid },
      },
      build: (v) => ops.PRelu(v['x'] as Value, v['slope'] as Value),
    }),
  ),
  ...(['Softmax', 'LogSoftmax'] as const).map((op) =>
    gradientCase(op, 'every axis', fc.tuple(shapeAndAxis(), fc.boolean()), ([{ dims, axis }, given]) => ({
      inputs: { x: { shape: dims, fill: between(-2, 2) } },
      build: (v) => ops[op](v['x'] as Value, given ? { axis } : {}),
    })),
  ),
  gradientCase(
    'Clip',
    'with either, both or no bounds, which have gradients too',
    fc.record({ dims: shape(), low: fc.boolean(), high: fc.boolean() }),
    ({ dims, low, high }) => ({
      inputs: {
        x: { shape: dims, fill: awayFrom([-0.8, 0.8], 0.3) },
        low: { shape: [], fill: () => [-0.8] },
        high: { shape: [], fill: () => [0.8] },
      },
      build: (v) => ops.Clip(v['x'] as Value, low ? v['low'] : undefined, high ? v['high'] : undefined),
    }),
  ),
  gradientCase(
    'Where',
    'all three broadcast',
    broadcastable(3),
    ([condition, a, b]) => ({
      inputs: { a: { shape: a as number[], fill: grid }, b: { shape: b as number[], fill: grid } },
      build: (v, graph) => {
        const dims = condition as number[];
        const count = dims.reduce((x, y) => x * y, 1);
        const data = Uint8Array.from({ length: count }, (_, i) => (i * 7 + count) % 2);
        return ops.Where(graph.constant({ dtype: 'bool', dims, data }), v['a'] as Value, v['b'] as Value);
      },
    }),
    { stencil: 'exact' },
  ),
  unary('Identity', grid, undefined, { stencil: 'exact' }),
  gradientCase(
    'Cast',
    'to the other float type and back',
    shape(),
    (dims) => ({
      inputs: { x: { shape: dims, fill: grid } },
      build: (v) => {
        const x = v['x'] as Value;
        return ops.Cast(ops.Cast(x, x.dtype === 'float32' ? 'float64' : 'float32'), x.dtype);
      },
    }),
    { stencil: 'exact' },
  ),
  gradientCase(
    'Dropout',
    'not training: nothing is dropped, whatever the ratio',
    fc.record({ dims: shape(), said: fc.boolean() }),
    ({ dims, said }) => ({
      inputs: { x: { shape: dims, fill: grid } },
      build: (v, graph) =>
        ops.Dropout(
          v['x'] as Value,
          like(v['x'] as Value, 0.5),
          said ? graph.constant(scalar(0, 'bool')) : undefined,
        ).y,
    }),
    { stencil: 'exact' },
  ),
];

/** A scalar constant of the type of x. */
const like = (x: Value, value: number): Value => x.graph.scalar(value, x.dtype as 'float32' | 'float64');
