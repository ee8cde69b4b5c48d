/** How an operator function finds the graph to append to. */
import type { Graph } from '../graph.ts';
import type { OperatorName } from '../operators.ts';
import { int64 } from '../tensor.ts';
import type { Attributes, Value } from '../value.ts';

const graphOf = (inputs: readonly (Value | null | undefined)[]): Graph => {
  for (const input of inputs) if (input) return input.graph;
  throw new Error('internal: an operator without inputs needs a graph');
};

/** Append a node with one output to the graph of its inputs. Trailing absent inputs are dropped. */
export const apply = (
  op: OperatorName,
  inputs: readonly (Value | null | undefined)[],
  attributes: Attributes = {},
): Value => applyMany(op, inputs, attributes, 1)[0] as Value;

export const applyMany = (
  op: OperatorName,
  inputs: readonly (Value | null | undefined)[],
  attributes: Attributes,
  outputs: number,
): readonly Value[] => {
  const present = inputs.map((input) => input ?? null);
  while (present.at(-1) === null) present.pop();
  const given = Object.fromEntries(Object.entries(attributes).filter(([, value]) => value !== undefined));
  return graphOf(inputs).node(op, present, given, { outputs });
};

/** A constant list of integers, as axes, shapes and pads are passed. */
export const integers = (like: Value, values: readonly number[]): Value =>
  like.graph.constant(int64([values.length], values));
