/** Update rules, run through real sessions, against PyTorch and against its documented formulas in double precision. */
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { distance } from '../../test/evaluate.ts';
import { gradients } from '../autodiff/gradients.ts';
import { Graph } from '../graph/graph.ts';
import * as ops from '../graph/ops/index.ts';
import { float32, floats, scalar, type Tensor } from '../graph/tensor.ts';
import type { Value } from '../graph/value.ts';
import { createSession } from '../runtime/session.ts';
import { type AdamOptions, adam } from './adam.ts';
import type { Optimizer } from './optimizer.ts';
import { type SgdOptions, sgd } from './sgd.ts';

interface Quadratic {
  readonly matrix: readonly (readonly number[])[];
  readonly vector: readonly number[];
  readonly start: readonly number[];
}

/** Each step's parameters on ½ θᵀAθ − bᵀθ; the learning rate may change from step to step. */
const run = async (
  optimizer: Optimizer,
  problem: Quadratic,
  rates: readonly number[],
): Promise<Float32Array[]> => {
  const { matrix, vector, start } = problem;
  const size = start.length;
  const graph = new Graph();
  const theta = graph.input('theta', 'float32', [size, 1]);
  const a = graph.constant(float32([size, size], matrix.flat()));
  const b = graph.constant(float32([size, 1], vector));
  const curved = ops.Mul(theta, ops.MatMul(a, theta));
  const loss = ops.ReduceSum(ops.Sub(ops.Mul(curved, graph.scalar(0.5)), ops.Mul(b, theta)), undefined, {
    keepdims: false,
  });
  const [gradient] = gradients(loss, [theta]) as [Value];
  const named = (names: readonly string[], shape: readonly number[]) =>
    Object.fromEntries(names.map((name) => [name, graph.input(name, 'float32', shape)]));
  const update = optimizer.update(
    theta,
    gradient,
    named(optimizer.state, [size, 1]),
    named(optimizer.scalars, []),
  );
  graph.output('new theta', update.parameter);
  for (const name of optimizer.state) graph.output(`new ${name}`, update.state[name] as Value);
  await using session = await createSession(graph);
  let state: Record<string, Tensor> = { theta: float32([size, 1], start) };
  for (const name of optimizer.state) state[name] = float32([size, 1], new Float32Array(size));
  const path: Float32Array[] = [];
  for (const [i, rate] of rates.entries()) {
    const scalars = Object.entries(optimizer.scalarsAt(i + 1, rate)).map(([name, value]) => [
      name,
      scalar(value),
    ]);
    const results = await session.run({ ...state, ...Object.fromEntries(scalars) });
    state = Object.fromEntries(Object.keys(state).map((name) => [name, results[`new ${name}`] as Tensor]));
    path.push(floats(state['theta'] as Tensor));
  }
  return path;
};

interface TorchOptions {
  readonly lr: number;
  readonly momentum?: number;
  readonly weight_decay?: number;
  readonly nesterov?: boolean;
  readonly betas?: readonly [number, number];
  readonly eps?: number;
}

interface Golden {
  readonly quadratic: Quadratic;
  readonly optimizers: readonly {
    readonly name: 'sgd' | 'adam' | 'adamw';
    readonly options: TorchOptions;
    readonly path: readonly number[][];
  }[];
}

const golden = JSON.parse(
  readFileSync(new URL('../../test/fixtures/torch-training.json', import.meta.url), 'utf8'),
) as Golden;

const ofTorch = (
  name: string,
  { lr, momentum = 0, weight_decay, nesterov = false, betas, eps }: TorchOptions,
): Optimizer => {
  const shared = { learningRate: lr, weightDecay: weight_decay ?? 0 };
  if (name === 'sgd') return sgd({ ...shared, momentum, nesterov });
  return adam({
    ...shared,
    decoupled: name === 'adamw',
    ...(betas && { betas }),
    ...(eps && { epsilon: eps }),
  });
};

describe('against PyTorch', () => {
  it.each(golden.optimizers.map((c) => [`${c.name} ${JSON.stringify(c.options)}`, c] as const))(
    '%s',
    async (_, c) => {
      const optimizer = ofTorch(c.name, c.options);
      const path = await run(
        optimizer,
        golden.quadratic,
        c.path.map(() => optimizer.learningRate),
      );
      c.path.forEach((want, step) => {
        expect(distance(path[step] as Float32Array, want)).toBeLessThan(1e-5);
      });
    },
  );
});

/** The formulas of torch.optim.SGD's page. */
const sgdByHand = (o: SgdOptions, p: Quadratic, rates: readonly number[]): number[][] => {
  const mu = o.momentum ?? 0;
  let theta = [...p.start];
  let v: number[] | undefined;
  return rates.map((rate) => {
    const g = gradientOf(p, theta).map((d, i) => d + (o.weightDecay ?? 0) * (theta[i] as number));
    const previous = v;
    v = previous ? previous.map((vi, i) => mu * vi + (g[i] as number)) : g;
    const step = mu === 0 ? g : o.nesterov ? g.map((gi, i) => gi + mu * ((v as number[])[i] as number)) : v;
    theta = theta.map((t, i) => t - rate * (step[i] as number));
    return theta;
  });
};

/** The formulas of torch.optim.Adam's and AdamW's pages, with bias-corrected moments. */
const adamByHand = (o: AdamOptions, p: Quadratic, rates: readonly number[]): number[][] => {
  const [b1, b2] = o.betas ?? [0.9, 0.999];
  const decay = o.weightDecay ?? 0;
  let theta = [...p.start];
  let m = theta.map(() => 0);
  let v = theta.map(() => 0);
  return rates.map((rate, t) => {
    const raw = gradientOf(p, theta);
    const g = o.decoupled ? raw : raw.map((d, i) => d + decay * (theta[i] as number));
    if (o.decoupled) theta = theta.map((x) => x - rate * decay * x);
    m = m.map((mi, i) => b1 * mi + (1 - b1) * (g[i] as number));
    v = v.map((vi, i) => b2 * vi + (1 - b2) * (g[i] as number) ** 2);
    theta = theta.map((x, i) => {
      const mHat = (m[i] as number) / (1 - b1 ** (t + 1));
      const vHat = (v[i] as number) / (1 - b2 ** (t + 1));
      return x - (rate * mHat) / (Math.sqrt(vHat) + (o.epsilon ?? 1e-8));
    });
    return theta;
  });
};

const gradientOf = ({ matrix, vector }: Quadratic, theta: readonly number[]): number[] =>
  matrix.map(
    (row, i) => row.reduce((sum, a, j) => sum + a * (theta[j] as number), 0) - (vector[i] as number),
  );

describe('against the documented formulas, for drawn settings and changing learning rates', () => {
  const problem = fc.record({
    start: fc.array(fc.double({ min: -2, max: 2, noNaN: true }), { minLength: 2, maxLength: 2 }),
    vector: fc.array(fc.double({ min: -2, max: 2, noNaN: true }), { minLength: 2, maxLength: 2 }),
    matrix: fc
      .tuple(fc.double({ min: 0.2, max: 1, noNaN: true }), fc.double({ min: -0.1, max: 0.1, noNaN: true }))
      .map(([d, o]) => [
        [d, o],
        [o, 1.2 - d],
      ]),
  });
  const rates = [0.1, 0.1, 0.05, 0.05, 0.2, 0.01];
  const unit = fc.double({ min: 0, max: 0.95, noNaN: true });
  const closest = (path: readonly Float32Array[], want: readonly number[][]): number =>
    Math.max(...want.map((theta, i) => distance(path[i] as Float32Array, theta)));

  it('SGD', async () => {
    await fc.assert(
      fc.asyncProperty(problem, unit, unit, fc.boolean(), async (p, momentum, weightDecay, flag) => {
        const options = { learningRate: 0.1, momentum, weightDecay, nesterov: flag && momentum > 0 };
        expect(closest(await run(sgd(options), p, rates), sgdByHand(options, p, rates))).toBeLessThan(1e-5);
      }),
      { numRuns: 25, seed: 1 },
    );
  });

  it('Adam and AdamW', async () => {
    await fc.assert(
      fc.asyncProperty(
        problem,
        unit,
        unit,
        unit,
        fc.boolean(),
        async (p, beta1, beta2, weightDecay, decoupled) => {
          // Where a gradient is zero the step is 0/ε: rounding decides, in any implementation.
          const options = {
            learningRate: 0.1,
            betas: [beta1, beta2] as const,
            weightDecay,
            decoupled,
            epsilon: 1e-3,
          };
          expect(closest(await run(adam(options), p, rates), adamByHand(options, p, rates))).toBeLessThan(
            2e-5,
          );
        },
      ),
      { numRuns: 25, seed: 2 },
    );
  });
});

describe('what an optimiser keeps', () => {
  it('no state without momentum, one tensor with it, two for Adam', () => {
    expect(sgd({ learningRate: 1 }).state).toEqual([]);
    expect(sgd({ learningRate: 1, momentum: 0.9 }).state).toHaveLength(1);
    expect(adam({ learningRate: 1 }).state).toHaveLength(2);
  });
});

describe('settings that cannot be meant are refused', () => {
  const lr = { learningRate: 0.1 };
  const none = [-0.1, Number.NaN, Number.POSITIVE_INFINITY];
  const refused: Readonly<Record<string, readonly (() => Optimizer)[]>> = {
    learningRate: none.flatMap((learningRate) => [() => sgd({ learningRate }), () => adam({ learningRate })]),
    weightDecay: none.flatMap((weightDecay) => [
      () => sgd({ ...lr, weightDecay }),
      () => adam({ ...lr, weightDecay }),
    ]),
    momentum: [...none, 1].map((momentum) => () => sgd({ ...lr, momentum })),
    'betas[0]': [...none, 1].map((beta) => () => adam({ ...lr, betas: [beta, 0.9] })),
    'betas[1]': [...none, 1].map((beta) => () => adam({ ...lr, betas: [0.9, beta] })),
    // 1e-50 is 0 as a 32-bit float.
    epsilon: [...none, 0, 1e-50].map((epsilon) => () => adam({ ...lr, epsilon })),
    "Nesterov's form": [
      () => sgd({ ...lr, nesterov: true }),
      () => sgd({ ...lr, nesterov: true, momentum: 0 }),
    ],
  };
  it.each(Object.entries(refused))('%s', (name, makes) => {
    for (const make of makes) {
      expect(make).toThrow(expect.objectContaining({ code: 'OG_BAD_ARGUMENT' }));
      expect(make).toThrow(name);
    }
  });
  it('the ends of the ranges are not', () => {
    expect(sgd({ learningRate: 0, momentum: 0, weightDecay: 0 }).learningRate).toBe(0);
    expect(adam({ learningRate: 0, betas: [0, 0], epsilon: 1e-30, weightDecay: 0 }).learningRate).toBe(0);
  });
});
