/** Adam (Kingma & Ba 2015, Algorithm 1) as PyTorch computes it; `decoupled` decay makes it AdamW. */
import { requireBelowOne, requireNotNegative, requireNumber } from '../errors.ts';
import { Add, Div, Mul, Sqrt, Sub } from '../graph/ops/index.ts';
import type { Value } from '../graph/value.ts';
import type { Optimizer } from './optimizer.ts';

export interface AdamOptions {
  /** From 0. */
  readonly learningRate: number;
  /** β₁ and β₂, from 0 and below 1; .9 and .999 by default. */
  readonly betas?: readonly [number, number];
  /** ε, above 0 as a 32-bit float; 1e-8 by default. */
  readonly epsilon?: number;
  /** From 0; 0 by default. */
  readonly weightDecay?: number;
  /** Decay the weights directly instead of through the gradient (Loshchilov & Hutter 2019). */
  readonly decoupled?: boolean;
}

/**
 * m ← β₁m + (1−β₁)g; v ← β₂v + (1−β₂)g²; θ ← θ − lr/(1−β₁ᵗ) · m / (√v/√(1−β₂ᵗ) + ε).
 * @throws OG_BAD_ARGUMENT naming the first setting out of its range
 */
export const adam = (options: AdamOptions): Optimizer => {
  const [beta1, beta2] = options.betas ?? [0.9, 0.999];
  const epsilon = options.epsilon ?? 1e-8;
  const weightDecay = options.weightDecay ?? 0;
  requireNotNegative('learningRate', options.learningRate);
  requireBelowOne('betas[0]', beta1);
  requireBelowOne('betas[1]', beta2);
  const usable = Number.isFinite(epsilon) && Math.fround(epsilon) > 0;
  requireNumber('epsilon', epsilon, usable, 'a finite number that is above 0 as a 32-bit float');
  requireNotNegative('weightDecay', weightDecay);
  return {
    name: 'adam',
    learningRate: options.learningRate,
    state: ['mean', 'square'],
    scalars: ['stepSize', 'squareScale', 'decay'],
    scalarsAt: (step, learningRate) => ({
      stepSize: learningRate / (1 - power(beta1, step)),
      squareScale: 1 / Math.sqrt(1 - power(beta2, step)),
      decay: 1 - learningRate * weightDecay,
    }),
    update: (parameter, raw, state, scalars) => {
      const k = (value: number) => parameter.graph.scalar(value);
      const coupled = weightDecay > 0 && !options.decoupled;
      const gradient = coupled ? Add(raw, Mul(parameter, k(weightDecay))) : raw;
      const mean = Add(Mul(state['mean'] as Value, k(beta1)), Mul(gradient, k(1 - beta1)));
      const square = Add(Mul(state['square'] as Value, k(beta2)), Mul(Mul(gradient, gradient), k(1 - beta2)));
      const denominator = Add(Mul(Sqrt(square), scalars['squareScale'] as Value), k(epsilon));
      const step = Mul(Div(mean, denominator), scalars['stepSize'] as Value);
      const kept =
        weightDecay > 0 && options.decoupled ? Mul(parameter, scalars['decay'] as Value) : parameter;
      return { parameter: Sub(kept, step), state: { mean, square } };
    },
  };
};

/** By repeated squaring: products are the same on every engine, `Math.pow` need not be. */
const power = (base: number, exponent: number): number => {
  let result = 1;
  let square = base;
  for (let e = exponent; e > 0; e = Math.floor(e / 2)) {
    if (e % 2 === 1) result *= square;
    square *= square;
  }
  return result;
};
