/** Stochastic gradient descent with momentum, Nesterov's form, and L2 weight decay, as PyTorch defines them. */
import { OnnxGradError, requireBelowOne, requireNotNegative } from '../errors.ts';
import { Add, Mul, Sub } from '../graph/ops/index.ts';
import type { Value } from '../graph/value.ts';
import type { Optimizer } from './optimizer.ts';

export interface SgdOptions {
  /** From 0. */
  readonly learningRate: number;
  /** μ, from 0 and below 1; 0 by default. */
  readonly momentum?: number;
  /** λ, from 0; 0 by default. */
  readonly weightDecay?: number;
  /** Needs momentum. */
  readonly nesterov?: boolean;
}

/**
 * g ← ∇ + λθ; v ← μv + g; θ ← θ − lr (g + μv if Nesterov, else v).
 * @throws OG_BAD_ARGUMENT naming the first setting out of its range
 */
export const sgd = (options: SgdOptions): Optimizer => {
  const momentum = options.momentum ?? 0;
  const weightDecay = options.weightDecay ?? 0;
  requireNotNegative('learningRate', options.learningRate);
  requireBelowOne('momentum', momentum);
  requireNotNegative('weightDecay', weightDecay);
  if (options.nesterov && momentum === 0)
    throw new OnnxGradError(
      'OG_BAD_ARGUMENT',
      "Nesterov's form was asked for without momentum",
      'Pass `momentum` above 0, or leave `nesterov` out.',
    );
  return {
    name: 'sgd',
    learningRate: options.learningRate,
    state: momentum > 0 ? ['velocity'] : [],
    scalars: ['learningRate'],
    scalarsAt: (_, learningRate) => ({ learningRate }),
    update: (parameter, gradient, state, scalars) => {
      const scaled = (value: Value, by: number) => Mul(value, value.graph.scalar(by));
      const terms = [gradient, ...(weightDecay > 0 ? [scaled(parameter, weightDecay)] : [])];
      const rate = scalars['learningRate'] as Value;
      const velocity = state['velocity'];
      if (!velocity) return { parameter: Sub(parameter, Mul(add(terms), rate)), state: {} };
      if (!options.nesterov) {
        const next = add([...terms, scaled(velocity, momentum)]);
        return { parameter: Sub(parameter, Mul(next, rate)), state: { velocity: next } };
      }
      const decayed = add(terms);
      const next = Add(decayed, scaled(velocity, momentum));
      const step = Add(decayed, scaled(next, momentum));
      return { parameter: Sub(parameter, Mul(step, rate)), state: { velocity: next } };
    },
  };
};

/** One after the other: onnxruntime's Sum, which adds the same in the same order, takes half as long again. */
const add = (terms: readonly Value[]): Value => terms.reduce((sum, term) => Add(sum, term));
