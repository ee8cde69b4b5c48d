/** Stochastic gradient descent with momentum, Nesterov's form, and L2 weight decay, as PyTorch defines them. */
import { Add, Mul, Sub, Sum } from '../graph/ops/index.ts';
import type { Value } from '../graph/value.ts';
import type { Optimizer } from './optimizer.ts';

export interface SgdOptions {
  readonly learningRate: number;
  readonly momentum?: number;
  readonly weightDecay?: number;
  readonly nesterov?: boolean;
}

/** g ← ∇ + λθ; v ← μv + g; θ ← θ − lr (g + μv if Nesterov, else v). */
export const sgd = (options: SgdOptions): Optimizer => {
  const momentum = options.momentum ?? 0;
  const weightDecay = options.weightDecay ?? 0;
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

const add = (terms: readonly Value[]): Value => (terms.length === 1 ? (terms[0] as Value) : Sum(...terms));
