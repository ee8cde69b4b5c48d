/** What an optimiser is: update nodes for each parameter, state tensors, and scalars fed at each step. */
import type { Value } from '../graph/value.ts';

export interface ParameterUpdate {
  readonly parameter: Value;
  /** New state, by the names of `state`. */
  readonly state: Readonly<Record<string, Value>>;
}

export interface Optimizer {
  readonly name: string;
  readonly learningRate: number;
  /** Names of the state tensors kept per parameter, each of the parameter's shape and zero at first. */
  readonly state: readonly string[];
  /** Names of the scalars the update reads. */
  readonly scalars: readonly string[];
  /** Their values at a step; `step` counts from 1, `learningRate` comes from the schedule. */
  readonly scalarsAt: (step: number, learningRate: number) => Readonly<Record<string, number>>;
  readonly update: (
    parameter: Value,
    gradient: Value,
    state: Readonly<Record<string, Value>>,
    scalars: Readonly<Record<string, Value>>,
  ) => ParameterUpdate;
}
