/** What subgraphs (of If, Loop, Scan) read from the graph around them: by name, without being inputs of the node. */
import type { AttributeProto, GraphProto, NodeProto } from '../proto/onnx_pb.ts';
import type { Node, Value } from './value.ts';

export const subgraphsOf = (attributes: readonly AttributeProto[]): GraphProto[] =>
  attributes.flatMap((a) => [...(a.g ? [a.g] : []), ...a.graphs]);

/** Names a node of a file reads: its inputs, and the outer values of its subgraphs. */
export const readNames = (node: NodeProto): string[] => [...node.input, ...capturedNames(node.attribute)];

export const capturedNames = (attributes: readonly AttributeProto[]): string[] =>
  subgraphsOf(attributes).flatMap(outerReads);

const outerReads = (graph: GraphProto): string[] => {
  const own = new Set([
    ...graph.input.map((v) => v.name),
    ...graph.initializer.map((t) => t.name),
    ...graph.sparseInitializer.map((t) => t.values?.name ?? ''),
    ...graph.node.flatMap((n) => n.output),
  ]);
  return [...graph.node.flatMap(readNames), ...graph.output.map((v) => v.name)].filter(
    (name) => !own.has(name),
  );
};

/** Outer values the subgraphs of an opaque node read. */
export const capturedValues = (node: Node): Value[] => {
  if (!node.opaque || !node.outputs[0]) return [];
  const { graph } = node.outputs[0];
  return capturedNames(node.opaque).flatMap((name) => (graph.has(name) ? [graph.value(name)] : []));
};
