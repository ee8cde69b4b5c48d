/** Which stored tensor an operand comes from, and which values depend on the model's input. */
import { isFloat } from '../../graph/dtype.ts';
import type { Graph } from '../../graph/graph.ts';
import type { Tensor } from '../../graph/tensor.ts';
import type { Node, Value } from '../../graph/value.ts';

export interface Stored {
  /** Of the initializer, or of the output of the Constant node. */
  readonly name: string;
  readonly tensor: Tensor;
  /** Whether only Identity lies between it and its use. */
  readonly direct: boolean;
}

/** Operators that hand on what is stored in their first input. */
const passing = new Set([
  'Identity',
  'Cast',
  'Transpose',
  'Reshape',
  'Flatten',
  'Squeeze',
  'Unsqueeze',
  'Expand',
  'Slice',
  'Gather',
]);

/** The tensor of floats behind an operand; undefined when it is computed in another way. */
export const storedBehind = (value: Value | null | undefined): Stored | undefined => {
  let direct = true;
  for (let at = value; at; at = at.node?.inputs[0]) {
    const tensor = tensorOf(at);
    if (tensor)
      return isFloat(tensor.dtype) || tensor.dtype === 'float16'
        ? { name: at.name, tensor, direct }
        : undefined;
    if (!at.node || at.node.opaque || !passing.has(at.node.op)) return undefined;
    direct &&= at.node.op === 'Identity';
  }
  return undefined;
};

/** A stored tensor of floats on the way to an operand, and the operator that computes with it. */
export interface Ingredient {
  readonly name: string;
  readonly tensor: Tensor;
  readonly reader: Node;
}

/** Every tensor of floats that an operand of `reader` is, or is computed from without the model's input. */
export const ingredients = (operand: Value, reader: Node): Ingredient[] => {
  const found: Ingredient[] = [];
  const seen = new Set<Value>();
  const visit = (value: Value, by: Node): void => {
    if (seen.has(value)) return;
    seen.add(value);
    const tensor = tensorOf(value);
    if (tensor) {
      if (isFloat(tensor.dtype) || tensor.dtype === 'float16')
        found.push({ name: value.name, tensor, reader: by });
      return;
    }
    const { node } = value;
    // A shape is a number of the architecture; behind it may lie the model's input.
    if (!node || (!node.opaque && node.op === 'Shape')) return;
    const hands = !node.opaque && passing.has(node.op);
    for (const input of node.inputs) if (input) visit(input, hands ? by : node);
  };
  visit(operand, reader);
  return found;
};

export const tensorOf = (value: Value): Tensor | undefined =>
  value.graph.initializers.get(value.name) ??
  (value.node?.op === 'Constant' && !value.node.opaque
    ? (value.node.attributes['value'] as Tensor)
    : undefined);

/** Values that depend on an input of the graph, and thereby differ from record to record. */
export const activations = (graph: Graph, nodes: readonly Node[]): ReadonlySet<Value> => {
  const found = new Set<Value>(graph.inputs);
  // A shape is a number of the architecture, not of the record.
  for (const node of nodes)
    if (node.op !== 'Shape' && node.inputs.some((input) => input && found.has(input)))
      for (const output of node.outputs) found.add(output);
  return found;
};

/** All elements the same number. */
export const isFill = ({ data }: Tensor, number?: number): boolean => {
  const first = number ?? data[0];
  return Array.prototype.every.call(data, (element: unknown) => element === first);
};
