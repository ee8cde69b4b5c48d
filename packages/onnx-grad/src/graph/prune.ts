/** Which nodes the outputs need. */
import { capturedValues } from './captures.ts';
import type { Graph } from './graph.ts';
import type { Node, Value } from './value.ts';

/** The nodes some output (or one of `roots`) depends on, in topological order. */
export const liveNodes = (graph: Graph, roots: Iterable<Value> = graph.outputs.values()): Node[] => {
  const live = new Set<Node>();
  const stack: Value[] = [...roots];
  for (let value = stack.pop(); value; value = stack.pop()) {
    if (!value.node || live.has(value.node)) continue;
    live.add(value.node);
    for (const input of value.node.inputs) if (input) stack.push(input);
    stack.push(...capturedValues(value.node));
  }
  return graph.nodes.filter((node) => live.has(node));
};
