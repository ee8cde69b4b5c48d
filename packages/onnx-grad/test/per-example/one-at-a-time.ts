/** The oracle of per-example gradients: the ordinary gradient of a batch that holds one example. */
import { expect } from 'vitest';
import { gradients } from '../../src/autodiff/gradients.ts';
import { perExampleGradients } from '../../src/autodiff/per-example/per-example.ts';
import type { Dim } from '../../src/graph/dim.ts';
import { Graph } from '../../src/graph/graph.ts';
import { Mul, ReduceSum, Sub } from '../../src/graph/ops/index.ts';
import { elementCount, float32, type Tensor } from '../../src/graph/tensor.ts';
import type { Value } from '../../src/graph/value.ts';
import { createSession, type Feeds } from '../../src/runtime/session.ts';
import { between, draws } from '../gradients/draws.ts';

export interface PerExampleProblem {
  /** Shape of one example. */
  readonly example: readonly number[];
  /** Integers below this instead of floats. */
  readonly below?: number;
  readonly examples: number;
  /** Write the batch size into the graph instead of leaving it open. */
  readonly fixed?: boolean;
  readonly seed: number;
  /** From the input `[N, ...example]` to any output `[N, ...]`. */
  readonly model: (x: Value) => Value;
  /** Factor on the allowed relative error. */
  readonly slack?: number;
}

/** Loss of each example: the squared distance to a target of the output's shape, so that no cotangent is constant. */
const lossesOf = (y: Value): Value => {
  const difference = Sub(y, y.graph.input('target', 'float32', y.shape as readonly Dim[]));
  const axes = (y.shape as readonly Dim[]).flatMap((_, i) => (i > 0 ? [i] : []));
  const square = Mul(difference, difference);
  return axes.length > 0 ? ReduceSum(square, axes, { keepdims: false }) : square;
};

const build = ({ example, below, model }: PerExampleProblem, batch: Dim): { graph: Graph; losses: Value } => {
  const graph = new Graph();
  const x = graph.input('x', below ? 'int64' : 'float32', [batch, ...example]);
  return { graph, losses: lossesOf(model(x)) };
};

/** Trainable tensors of a graph, by name. */
export const parametersOf = (graph: Graph): Map<string, Value> =>
  new Map([...graph.parameters].map((name) => [name, graph.value(name)]));

const sliceRow = ({ dtype, dims, data }: Tensor, row: number): Tensor => {
  const size = elementCount(dims.slice(1));
  const part = (data as Float32Array).subarray(row * size, (row + 1) * size);
  return { dtype, dims: [1, ...dims.slice(1)], data: part };
};

/** Compares `squaredNorms`, `weightedSums` and `each` with one-example batches, for every parameter of the model. */
export const checkPerExample = async (problem: PerExampleProblem): Promise<void> => {
  const { examples } = problem;
  const draw = draws(problem.seed);
  const one = build(problem, 1);
  const names = [...parametersOf(one.graph).keys()];
  const slopes = gradients(
    ReduceSum(one.losses, undefined, { keepdims: false }),
    names.map((name) => one.graph.value(name)),
  );
  slopes.forEach((slope, i) => {
    one.graph.output(`gradient.${names[i]}`, slope);
  });

  const many = build(problem, problem.fixed ? examples : 'N');
  const parameters = names.map((name) => many.graph.value(name));
  const found = perExampleGradients(many.losses, parameters);
  const factors = many.graph.input('factors', 'float32', [problem.fixed ? examples : 'N']);
  many.graph.output('squaredNorms', found.squaredNorms());
  many.graph.output('norms', found.norms());
  found.weightedSums(factors).forEach((sum, i) => {
    many.graph.output(`sum.${names[i]}`, sum);
  });
  parameters.forEach((parameter, i) => {
    many.graph.output(`each.${names[i]}`, found.each(parameter));
  });

  const fill = (dims: readonly number[]): Tensor => float32(dims, between(-1, 1)(elementCount(dims), draw));
  const target = many.graph.value('target').shape as readonly Dim[];
  const xDims = [examples, ...problem.example];
  const whole: Feeds = {
    x: problem.below
      ? {
          dtype: 'int64',
          dims: xDims,
          data: BigInt64Array.from({ length: elementCount(xDims) }, () =>
            BigInt(Math.floor(draw() * (problem.below as number))),
          ),
        }
      : fill(xDims),
    target: fill([examples, ...(target.slice(1) as number[])]),
  };
  const weights = fill([examples]);
  const [single, batch] = [await createSession(one.graph), await createSession(many.graph)];
  try {
    const results = await batch.run({ ...whole, factors: weights });
    const squares = new Float64Array(examples);
    const sums = new Map(names.map((name) => [name, undefined as Float64Array | undefined]));
    // Examples may cancel in a weighted sum: its rounding is that of the terms, not of what is left of them.
    const terms = new Map(names.map((name) => [name, 0]));
    for (let row = 0; row < examples; row++) {
      const expected = await single.run(
        Object.fromEntries(Object.entries(whole).map(([name, tensor]) => [name, sliceRow(tensor, row)])),
      );
      for (const name of names) {
        const gradient = expected[`gradient.${name}`] as Tensor;
        const each = results[`each.${name}`] as Tensor;
        expect(each.dims, `shape of each ${name}`).toEqual([examples, ...gradient.dims]);
        expectClose(sliceRow(each, row).data, gradient.data, `each ${name}, example ${row}`, problem);
        const sum = sums.get(name) ?? new Float64Array(gradient.data.length);
        sums.set(name, sum);
        (gradient.data as Float32Array).forEach((value, i) => {
          squares[row] = (squares[row] as number) + value * value;
          const term = value * (weights.data[row] as number);
          sum[i] = (sum[i] as number) + term;
          terms.set(name, Math.max(terms.get(name) as number, Math.abs(term)));
        });
      }
    }
    const squaredNorms = results['squaredNorms'] as Tensor;
    expect(squaredNorms.dims).toEqual([examples]);
    squares.forEach((square, row) => {
      expectClose([squaredNorms.data[row] as number], [square], `squared norm of example ${row}`, problem);
      const norm = (results['norms'] as Tensor).data[row] as number;
      expectClose([norm], [Math.sqrt(square)], `norm of example ${row}`, problem);
    });
    for (const name of names) {
      const sum = results[`sum.${name}`] as Tensor;
      expect(sum.dims, `shape of the weighted sum of ${name}`).toEqual(many.graph.value(name).shape);
      expectClose(
        sum.data,
        sums.get(name) as Float64Array,
        `weighted sum of ${name}`,
        problem,
        terms.get(name),
      );
    }
  } finally {
    await single.dispose();
    await batch.dispose();
  }
};

/**
 * Equal to float32 rounding of sums the size of the largest element. Terms are of order 1 and may cancel (the cotangents
 * of a softmax sum to 0), so 1e-6 is always allowed.
 */
const expectClose = (
  actual: ArrayLike<unknown>,
  expected: ArrayLike<unknown>,
  what: string,
  { slack = 1 }: PerExampleProblem,
  terms = 0,
): void => {
  let worst = 0;
  let size = Math.max(0.05, terms);
  for (let i = 0; i < expected.length; i++) {
    const difference = Math.abs((actual[i] as number) - (expected[i] as number));
    worst = difference > worst || Number.isNaN(difference) ? difference : worst;
    size = Math.max(size, Math.abs(expected[i] as number));
  }
  expect(worst / size, what).toBeLessThan(2e-5 * slack);
};
