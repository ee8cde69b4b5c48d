/** Gradient cases of reading and writing at computed positions. */
import fc from 'fast-check';
import * as ops from '../../../src/graph/ops/index.ts';
import { int64 } from '../../../src/graph/tensor.ts';
import type { Value } from '../../../src/graph/value.ts';
import { grid } from '../draws.ts';
import { type CaseOptions, type GradientCase, gradientCase } from '../oracle.ts';
import { shape, shapeAndAxis } from '../shapes.ts';

const exact: CaseOptions = { stencil: 'exact' };
const count = (dims: readonly number[]): number => dims.reduce((a, b) => a * b, 1);

/** Indices into `size` elements, repeated and counted from either end. */
const indices = (size: number, dims: readonly number[]): fc.Arbitrary<number[]> =>
  fc.array(fc.integer({ min: -size, max: size - 1 }), { minLength: count(dims), maxLength: count(dims) });

const gathered = shapeAndAxis().chain(({ dims, axis }) =>
  shape(0, 2).chain((at) =>
    fc.record({
      dims: fc.constant(dims),
      axis: fc.constant(axis),
      at: fc.constant(at),
      index: indices(dims.at(axis) as number, at),
    }),
  ),
);

/** Indices of the data's rank, no larger than the data off the axis. */
const alongAxis = (unique: boolean) =>
  shapeAndAxis().chain(({ dims, axis }) =>
    fc.tuple(...dims.map((dim) => fc.integer({ min: 1, max: dim }))).chain((at) => {
      const along = axis < 0 ? axis + dims.length : axis;
      const size = dims[along] as number;
      const rows = at[along] as number;
      const index = unique
        ? // Row r of every line is written from a different place.
          fc.nat({ max: size - 1 }).map((by) => {
            const inner = count(at.slice(along + 1));
            return Array.from({ length: count(at) }, (_, i) => (Math.floor(i / inner) % rows) + by)
              .map((i) => i % size)
              .map((i, j) => (j % 2 ? i - size : i));
          })
        : indices(size, at);
      return fc.record({ dims: fc.constant(dims), axis: fc.constant(axis), at: fc.constant(at), index });
    }),
  );

/** Index tuples into the first `depth` axes. */
const tuples = (unique: boolean) =>
  shape(1, 3).chain((dims) =>
    fc.integer({ min: 1, max: dims.length }).chain((depth) => {
      const places = count(dims.slice(0, depth));
      const flat = unique
        ? fc.uniqueArray(fc.nat({ max: places - 1 }), { minLength: 1, maxLength: 4 })
        : fc.array(fc.nat({ max: places - 1 }), { minLength: 1, maxLength: 4 });
      return fc.record({ dims: fc.constant(dims), depth: fc.constant(depth), flat });
    }),
  );

/** A flat position as one index per axis, every other one counted from the end. */
const unravel = (flat: number, dims: readonly number[]): number[] => {
  const out: number[] = [];
  let rest = flat;
  for (const dim of [...dims].reverse()) {
    out.unshift((rest % dim) - (rest % 2 ? dim : 0));
    rest = Math.floor(rest / dim);
  }
  return out;
};

const tupleTensor = (x: Value, dims: readonly number[], depth: number, flat: readonly number[]): Value =>
  x.graph.constant(
    int64(
      [flat.length, depth],
      flat.flatMap((at) => unravel(at, dims.slice(0, depth))),
    ),
  );

const reductions = ['none', 'add'] as const;

export const indexingCases: readonly GradientCase[] = [
  gradientCase(
    'Gather',
    'every axis, repeated and negative indices of every rank',
    gathered,
    (p) => ({
      inputs: { x: { shape: p.dims, fill: grid } },
      build: (v, graph) =>
        ops.Gather(v['x'] as Value, graph.constant(int64(p.at, p.index)), { axis: p.axis }),
    }),
    { ...exact, runs: 30 },
  ),
  gradientCase(
    'Gather',
    'open batch',
    fc.constantFrom(1, -1, 2),
    (axis) => ({
      inputs: { x: { shape: ['N', 2, 3], fill: grid } },
      build: (v, graph) => ops.Gather(v['x'] as Value, graph.constant(int64([3], [1, -1, 1])), { axis }),
    }),
    { ...exact, runs: 4 },
  ),
  gradientCase(
    'GatherElements',
    'every axis, repeated and negative indices',
    alongAxis(false),
    (p) => ({
      inputs: { x: { shape: p.dims, fill: grid } },
      build: (v, graph) =>
        ops.GatherElements(v['x'] as Value, graph.constant(int64(p.at, p.index)), { axis: p.axis }),
    }),
    { ...exact, runs: 20 },
  ),
  gradientCase(
    'GatherND',
    'tuples of every length, repeated and negative',
    tuples(false),
    (p) => ({
      inputs: { x: { shape: p.dims, fill: grid } },
      build: (v) => ops.GatherND(v['x'] as Value, tupleTensor(v['x'] as Value, p.dims, p.depth, p.flat)),
    }),
    { ...exact, runs: 20 },
  ),
  ...reductions.flatMap((reduction) => [
    gradientCase(
      'ScatterElements',
      `data and updates, reduction ${reduction}`,
      alongAxis(reduction === 'none'),
      (p) => ({
        inputs: { x: { shape: p.dims, fill: grid }, updates: { shape: p.at, fill: grid } },
        build: (v, graph) =>
          ops.ScatterElements(v['x'] as Value, graph.constant(int64(p.at, p.index)), v['updates'] as Value, {
            axis: p.axis,
            reduction,
          }),
      }),
      { ...exact, runs: 20 },
    ),
    gradientCase(
      'ScatterND',
      `data and updates, reduction ${reduction}`,
      tuples(reduction === 'none'),
      (p) => ({
        inputs: {
          x: { shape: p.dims, fill: grid },
          updates: { shape: [p.flat.length, ...p.dims.slice(p.depth)], fill: grid },
        },
        build: (v) =>
          ops.ScatterND(
            v['x'] as Value,
            tupleTensor(v['x'] as Value, p.dims, p.depth, p.flat),
            v['updates'] as Value,
            {
              reduction,
            },
          ),
      }),
      { ...exact, runs: 20 },
    ),
  ]),
];
