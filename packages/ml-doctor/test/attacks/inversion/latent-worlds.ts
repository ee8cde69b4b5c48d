/** Generators, discriminators and targets so small that their gradients are written down by hand. */
import { float32, Graph, ops, stream } from 'onnx-grad';
import type { InversionInput } from '../../../src/attacks/inversion/inversion-attack.ts';
import type { Generator } from '../../../src/generators/generator.ts';
import type { Counted, WhiteBoxAccess } from '../../../src/targets/access.ts';

/** Row-major. */
export type Matrix = readonly (readonly number[])[];

export const drawn = (seed: number, what: string, rows: number, columns: number): Matrix =>
  Array.from({ length: rows }, (_, i) => [
    ...stream(seed, 'world', what).normal(new Float32Array(columns), i * columns),
  ]);

const stored = (graph: Graph, m: Matrix) => graph.constant(float32([m.length, m[0]!.length], m.flat()));

export interface LinearParts {
  /** `latent × width`: x = z A + offsets[y]. */
  readonly a: Matrix;
  /** One row, or one for each class. */
  readonly offsets: Matrix;
  /** `width`: the score is x · d. */
  readonly d: readonly number[];
}

/** Conditional when there is an offset for each class. */
export const linearGenerator = ({ a, offsets, d }: LinearParts): Generator => {
  const conditional = offsets.length > 1;
  const generator = new Graph('generator');
  const z = generator.input('z', 'float32', ['N', a.length]);
  const shift = stored(generator, offsets);
  const offset = conditional ? ops.Gather(shift, generator.input('y', 'int64', ['N'])) : shift;
  generator.output('x', ops.Add(ops.MatMul(z, stored(generator, a)), offset));
  const discriminator = new Graph('discriminator');
  const x = discriminator.input('x', 'float32', ['N', d.length]);
  discriminator.output(
    'score',
    ops.MatMul(
      x,
      stored(
        discriminator,
        d.map((value) => [value]),
      ),
    ),
  );
  return { generator, discriminator, latent: a.length, conditional };
};

/** Logits x W + v. */
export const linearTarget = (w: Matrix, v: readonly number[]): Graph => {
  const graph = new Graph('target');
  const x = graph.input('x', 'float32', ['N', w.length]);
  graph.output('logits', ops.Add(ops.MatMul(x, stored(graph, w)), stored(graph, [v])));
  return graph;
};

/** Logits ½ − 4 |x − cⱼ|² of each centre, and 0 of a reject class behind them. */
export const rbfTarget = (centres: Matrix): Graph => {
  const graph = new Graph('target');
  const x = graph.input('x', 'float32', ['N', centres[0]!.length]);
  const apart = ops.Sub(
    ops.Unsqueeze(x, [1]),
    graph.constant(float32([1, centres.length, centres[0]!.length], centres.flat())),
  );
  const squares = ops.ReduceSum(ops.Mul(apart, apart), [2], { keepdims: false });
  const near = ops.Sub(graph.scalar(0.5), ops.Mul(squares, graph.scalar(4)));
  const reject = ops.Mul(ops.ReduceSum(x, [1], { keepdims: true }), graph.scalar(0));
  graph.output('logits', ops.Concat([near, reject], 1));
  return graph;
};

export const inputFor = (
  generator: Generator,
  model: Graph,
  wanted: readonly number[],
  width: number,
): InversionInput<WhiteBoxAccess> => ({
  target: { model, classes: 0, queries: 0 } as unknown as WhiteBoxAccess & Counted,
  wanted: Int32Array.from(wanted),
  space: {
    recordShape: [width],
    features: 'numeric',
    bounds: { low: new Float32Array(width).fill(-9), high: new Float32Array(width).fill(9) },
    oneHot: [],
  },
  population: { values: new Float32Array(0), labels: new Int32Array(0) },
  generator,
});

export const times = (row: readonly number[], m: Matrix): number[] =>
  m[0]!.map((_, j) => row.reduce((sum, value, i) => sum + value * m[i]![j]!, 0));

/** m · column. */
export const against = (m: Matrix, column: readonly number[]): number[] =>
  m.map((row) => row.reduce((sum, value, j) => sum + value * column[j]!, 0));

export const plus = (a: readonly number[], b: readonly number[]): number[] => a.map((x, i) => x + b[i]!);

export const distance = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  Math.sqrt(Array.from(a).reduce((sum, x, i) => sum + (x - b[i]!) ** 2, 0));

/** Rows of a flat matrix. */
export const rowsOf = (values: Float32Array, width: number): number[][] =>
  Array.from({ length: values.length / width }, (_, i) => [...values.subarray(i * width, (i + 1) * width)]);
