/** Which nodes the outputs need. */
import type { Graph } from './graph.ts';
import type { Node, Value } from './value.ts';

/** The nodes some output (or one of `roots`) depends on, in topological order. */
export const liveNodes = (graph: Graph, roots: Iterable<Value> = graph.outputs.values()): Node[] => {
  const live = new Set<Node>();
  const stack: Value[] = [...roots];
  // Subgraphs of opaque nodes read outer values by name; while one is present nothing is dropped.
  if (graph.nodes.some((node) => node.opaque?.some((a) => a.g || a.graphs.length > 0)))
    return [...graph.nodes];
  for (let value = stack.pop(); value; value = stack.pop()) {
    if (!value.node || live.has(value.node)) continue;
    live.add(value.node);
    for (const input of value.node.inputs) if (input) stack.push(input);
  }
  return graph.nodes.filter((node) => live.has(node));
};
