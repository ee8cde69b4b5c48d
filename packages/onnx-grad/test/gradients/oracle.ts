/**
 * The oracle of every gradient test: the gradient graph of a small problem against central differences of its forward
 * graph, which is run by itself so that nothing of the differentiation can leak into the expected numbers.
 */
import fc from 'fast-check';
import { expect } from 'vitest';
import { gradients } from '../../src/autodiff/gradients.ts';
import type { Dim, Shape } from '../../src/graph/dim.ts';
import { Graph } from '../../src/graph/graph.ts';
import type { OperatorName } from '../../src/graph/operators.ts';
import { Mul, ReduceSum, Sum } from '../../src/graph/ops/index.ts';
import { elementCount, type Tensor } from '../../src/graph/tensor.ts';
import type { Value } from '../../src/graph/value.ts';
import { createSession, type Feeds, type Session } from '../../src/runtime/session.ts';
import { draws, type Fill, grid } from './draws.ts';

export type Float = 'float32' | 'float64';

export interface ProblemInput {
  /** A string dimension is symbolic; the problem is then checked at two sizes. */
  readonly shape: Shape;
  readonly fill: Fill;
}

export interface Problem {
  /** Everything that is differentiated. */
  readonly inputs: Readonly<Record<string, ProblemInput>>;
  /** Appends the operator; its float outputs. */
  readonly build: (inputs: Readonly<Record<string, Value>>, graph: Graph) => Value | readonly Value[];
}

export interface CaseOptions {
  readonly runs?: number;
  /**
   * `exact`: along every single coordinate the outputs are linear within the step (linear, bilinear and piecewise
   * linear operators), so that a coarse step on grid data leaves no error but rounding.
   */
  readonly stencil?: 'smooth' | 'exact';
  /** Half-width of the difference; only for `exact`. */
  readonly step?: number;
  /** Only where the forward kernel or a kernel of the gradient has no float64 form. */
  readonly precision?: Float;
  /** Factor on the allowed error, for kernels that approximate. */
  readonly slack?: number;
}

export interface GradientCase {
  readonly op: OperatorName;
  readonly what: string;
  readonly check: () => Promise<void>;
}

/** One property: over random `parameters`, the problem they describe has the gradient that differences say. */
export const gradientCase = <P>(
  op: OperatorName,
  what: string,
  parameters: fc.Arbitrary<P>,
  problem: (parameters: P) => Problem,
  options: CaseOptions = {},
): GradientCase => ({
  op,
  what,
  check: async () => {
    // What the kernels support does not depend on the parameters: found out once.
    let precision: Float = options.precision ?? 'float64';
    await fc.assert(
      fc.asyncProperty(parameters, fc.nat(), async (drawn, seed) => {
        const make = () => problem(drawn);
        try {
          await checkProblem(op, make, seed, precision, options);
        } catch (error) {
          if (precision === 'float32' || !lacksDouble(error)) throw error;
          precision = 'float32';
          await checkProblem(op, make, seed, precision, options);
        }
      }),
      { numRuns: Math.ceil((options.runs ?? 12) * effort) },
    );
  },
});

const lacksDouble = (error: unknown): boolean =>
  /NOT_IMPLEMENTED|Could not find an implementation|tensor\(double\)/.test((error as Error).message);

/** Set to 20 or so to search longer. */
const effort = Number(process.env['GRADIENT_EFFORT'] ?? 1);

const symbolicSizes = [2, 3];

const checkProblem = async (
  op: OperatorName,
  make: () => Problem,
  seed: number,
  precision: Float,
  options: CaseOptions,
): Promise<void> => {
  const { inputs } = make();
  const forward = forwardGraph(make(), precision);
  expect(forward.nodes.map((node) => node.op)).toContain(op);
  const backward = backwardGraph(make(), precision);
  const run = await createSession(forward);
  const differentiate = await createSession(backward);
  try {
    const open = Object.values(inputs).some(({ shape }) => shape.some((dim) => typeof dim === 'string'));
    for (const size of open ? symbolicSizes : [0]) {
      const draw = draws(seed + size);
      const feeds: Record<string, Tensor> = {};
      for (const [name, { shape, fill }] of Object.entries(inputs)) {
        const dims = shape.map((dim) => (typeof dim === 'string' ? size : dim));
        feeds[name] = floatTensor(precision, dims, fill(elementCount(dims), draw));
      }
      const base = await run.run(feeds);
      const cotangents: Record<string, Tensor> = {};
      for (const [name, y] of Object.entries(base)) {
        expectInferred(forward, name, y.dims);
        cotangents[`d${name}`] = floatTensor(precision, y.dims, grid(elementCount(y.dims), draw));
      }
      const found = await differentiate.run({ ...feeds, ...cotangents });
      for (const name of Object.keys(inputs)) {
        const gradient = found[`grad_${name}`] as Tensor;
        expect(gradient.dims, `shape of the gradient of ${name}`).toEqual(feeds[name]?.dims);
        const expected = await differences(run, feeds, name, cotangents, precision, options);
        compare(gradient, expected, name, precision, options);
      }
    }
  } finally {
    await run.dispose();
    await differentiate.dispose();
  }
};

const floatTensor = (dtype: Float, dims: readonly number[], values: readonly number[]): Tensor => ({
  dtype,
  dims,
  data: dtype === 'float64' ? Float64Array.from(values) : Float32Array.from(values),
});

/** Graph inputs, then whatever the problem appends to them. */
const outputsOf = (
  problem: Problem,
  precision: Float,
): { graph: Graph; values: Record<string, Value>; outputs: readonly Value[] } => {
  const graph = new Graph();
  const values = Object.fromEntries(
    Object.entries(problem.inputs).map(([name, { shape }]) => [name, graph.input(name, precision, shape)]),
  );
  const built = problem.build(values, graph);
  return { graph, values, outputs: Array.isArray(built) ? built : [built as Value] };
};

const forwardGraph = (problem: Problem, precision: Float): Graph => {
  const { graph, outputs } = outputsOf(problem, precision);
  outputs.forEach((output, i) => {
    graph.output(`y${i}`, output);
  });
  return graph;
};

/** loss = Σ over outputs of Σ y · dy, and its gradients. */
const backwardGraph = (problem: Problem, precision: Float): Graph => {
  const { graph, values, outputs } = outputsOf(problem, precision);
  const losses = outputs.map((y, i) =>
    ReduceSum(Mul(y, graph.input(`dy${i}`, precision, y.shape as readonly Dim[])), undefined, {
      keepdims: false,
    }),
  );
  const loss = losses.length === 1 ? (losses[0] as Value) : Sum(...losses);
  const names = Object.keys(values);
  gradients(loss, Object.values(values)).forEach((gradient, i) => {
    graph.output(`grad_${names[i]}`, gradient);
  });
  return graph;
};

/** What shape inference said of an output must hold of the one that came out. */
const expectInferred = (graph: Graph, name: string, dims: readonly number[]): void => {
  const { shape } = graph.outputs.get(name) as Value;
  expect(shape?.length, `rank of ${name}`).toBe(dims.length);
  shape?.forEach((dim, i) => {
    if (typeof dim === 'number') expect(dims[i], `dimension ${i} of ${name}`).toBe(dim);
  });
};

/** ∂(Σ y · dy)/∂x by differences, one coordinate at a time; sums in double whatever the kernels compute in. */
const differences = async (
  run: Session,
  feeds: Feeds,
  name: string,
  cotangents: Feeds,
  precision: Float,
  options: CaseOptions,
): Promise<{ value: number; size: number }[]> => {
  const x = feeds[name] as Tensor;
  const at = async (i: number, by: number): Promise<Record<string, Tensor>> => {
    const data = (x.data as Float64Array).slice();
    data[i] = (data[i] as number) + by;
    return run.run({ ...feeds, [name]: { ...x, data } });
  };
  const smooth = options.stencil !== 'exact';
  const h = smooth ? (precision === 'float64' ? 2 ** -10 : 2 ** -4) : (options.step ?? 0.5);
  const out: { value: number; size: number }[] = [];
  for (let i = 0; i < x.data.length; i++) {
    const near = [await at(i, h), await at(i, -h)] as const;
    const far = smooth ? ([await at(i, 2 * h), await at(i, -2 * h)] as const) : undefined;
    let value = 0;
    let size = 0;
    for (const [output, dy] of Object.entries(cotangents)) {
      const part = (run: Record<string, Tensor>, j: number) =>
        (run[output.slice(1)] as Tensor).data[j] as number;
      for (let j = 0; j < dy.data.length; j++) {
        const close = part(near[0], j) - part(near[1], j);
        // Five points: the error is of the fourth order in h.
        const slope = far ? (8 * close - (part(far[0], j) - part(far[1], j))) / (12 * h) : close / (2 * h);
        value += slope * (dy.data[j] as number);
        size +=
          Math.abs(slope * (dy.data[j] as number)) +
          (precision === 'float32' ? Math.abs(part(near[0], j)) / 8 : 0);
      }
    }
    out.push({ value, size });
  }
  return out;
};

const compare = (
  gradient: Tensor,
  expected: readonly { value: number; size: number }[],
  name: string,
  precision: Float,
  options: CaseOptions,
): void => {
  const exact = options.stencil === 'exact';
  const relative = (precision === 'float64' ? 1e-7 : exact ? 2e-6 : 2e-4) * (options.slack ?? 1);
  const wrong = expected.flatMap(({ value, size }, i) => {
    const got = gradient.data[i] as number;
    const allowed = relative * (0.1 + size);
    return Math.abs(got - value) <= allowed ? [] : [`[${i}] ${got}, differences say ${value} ± ${allowed}`];
  });
  expect(wrong, `gradient of ${name} in ${precision}`).toEqual([]);
};
