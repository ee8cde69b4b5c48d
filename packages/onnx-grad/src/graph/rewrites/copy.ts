/** Copy a graph into another one, changing nodes, inputs and stored tensors on the way. Shapes are inferred anew. */
import type { Shape } from '../dim.ts';
import { Graph } from '../graph.ts';
import { isOperator } from '../operators.ts';
import { liveNodes } from '../prune.ts';
import type { Node, Value } from '../value.ts';

export interface CopyOptions {
  /** Values of the target that stand in for values of the source; what lies before them is not copied. */
  readonly bindings?: ReadonlyMap<Value, Value>;
  /** The shape an input gets in the copy; its own by default. */
  readonly inputShape?: (input: Value) => Shape;
  /**
   * Replace a node: given its inputs in the target, return what its outputs become. Undefined copies the node as it
   * is. An entry may be left out for an output nobody reads.
   */
  readonly node?: (
    node: Node,
    inputs: readonly (Value | null)[],
    target: Graph,
  ) => readonly Value[] | undefined;
  /** Source values to make available besides those the outputs need. */
  readonly roots?: readonly Value[];
}

/** @returns the value of the target that each copied value of the source became */
export const copyInto = (target: Graph, source: Graph, options: CopyOptions = {}): Map<Value, Value> => {
  const map = new Map<Value, Value>(options.bindings);
  for (const [domain, version] of source.domains) target.domains.set(domain, version);
  if (target.functions.length === 0) target.functions.push(...source.functions);
  for (const input of source.inputs)
    if (!map.has(input))
      map.set(
        input,
        target.input(input.name, input.dtype, options.inputShape?.(input) ?? (input.shape as Shape)),
      );
  const nodes = liveNodes(source, [...source.outputs.values(), ...(options.roots ?? [])]);
  const lookup = (value: Value): Value => {
    const found = map.get(value);
    if (found) return found;
    const stored = source.initializers.get(value.name);
    if (!stored) throw new Error(`internal: '${value.name}' was not copied`);
    const name = target.has(value.name) ? target.freshName(value.name) : value.name;
    const copy = target.initializer(name, stored, { trainable: source.parameters.has(value.name) });
    map.set(value, copy);
    return copy;
  };
  for (const node of nodes) {
    const inputs = node.inputs.map((input) => input && lookup(input));
    const replaced = options.node?.(node, inputs, target);
    const outputs = replaced ?? copyNode(target, node, inputs);
    node.outputs.forEach((output, i) => {
      const value = outputs[i];
      if (value && !map.has(output)) map.set(output, value);
      const foreign = source.foreignTypes.get(output.name);
      // A replacement is a tensor, whatever the node it stands in for made.
      if (value && foreign && !replaced) target.foreignTypes.set(value.name, foreign);
    });
  }
  for (const value of [...source.outputs.values(), ...(options.roots ?? [])]) lookup(value);
  return map;
};

/** The node as it is, with its attributes and output names, over inputs of the target. */
export const copyNode = (target: Graph, node: Node, inputs: readonly (Value | null)[]): readonly Value[] => {
  const names = node.outputs.map((output) =>
    target.has(output.name) ? target.freshName(output.name) : output.name,
  );
  if (node.opaque || !isOperator(node.op))
    return target.opaqueNode({
      op: node.op,
      domain: node.domain,
      name: node.name,
      inputs,
      outputs: node.outputs.map(({ dtype, shape }, i) => ({ name: names[i] as string, dtype, shape })),
      attributes: node.opaque ?? [],
    });
  // What the file says of an output still holds where inference cannot tell (behind an operator we do not know).
  const declared = new Map(names.map((name, i) => [name, node.outputs[i] as Value]));
  return target.node(node.op, inputs, node.attributes, { name: node.name, outputNames: names, declared });
};

/** A whole new graph with the same outputs. */
export const copyGraph = (source: Graph, options: CopyOptions = {}): Graph => {
  const target = new Graph(source.name);
  for (const [key, value] of source.metadata) target.metadata.set(key, value);
  const map = copyInto(target, source, options);
  for (const [name, value] of source.outputs) target.output(name, map.get(value) as Value);
  return target;
};
