/** Nodes of a file in an order that runs; a cycle or a dangling input is found here. */
import { OnnxGradError } from '../errors.ts';
import { readNames } from '../graph/captures.ts';
import type { NodeProto } from '../proto/onnx_pb.ts';

/** Kahn's algorithm, stable: nodes already in order stay where they are. */
export const sortNodes = (nodes: readonly NodeProto[], available: ReadonlySet<string>): NodeProto[] => {
  const makers = new Map<string, NodeProto>();
  for (const node of nodes)
    for (const name of node.output) {
      if (name === '') continue;
      if (makers.has(name) || available.has(name))
        throw new OnnxGradError(
          'OG_MODEL_INVALID',
          `the value '${name}' is made twice`,
          'The file breaks the ONNX format; export the model again.',
        );
      makers.set(name, node);
    }
  const state = new Map<NodeProto, 'open' | 'done'>();
  const sorted: NodeProto[] = [];
  for (const root of nodes) visit(root, { makers, available, state, sorted });
  return sorted;
};

interface Walk {
  readonly makers: ReadonlyMap<string, NodeProto>;
  readonly available: ReadonlySet<string>;
  readonly state: Map<NodeProto, 'open' | 'done'>;
  readonly sorted: NodeProto[];
}

/** Depth first with its own stack: a model may be deeper than JavaScript's. */
const visit = (root: NodeProto, walk: Walk): void => {
  if (walk.state.has(root)) return;
  const stack: { node: NodeProto; needs: Iterator<string> }[] = [];
  const open = (node: NodeProto) => {
    walk.state.set(node, 'open');
    stack.push({ node, needs: readNames(node)[Symbol.iterator]() });
  };
  open(root);
  for (let top = stack.at(-1); top; top = stack.at(-1)) {
    const next = top.needs.next();
    if (next.done) {
      walk.state.set(top.node, 'done');
      walk.sorted.push(top.node);
      stack.pop();
      continue;
    }
    if (next.value === '' || walk.available.has(next.value)) continue;
    const maker = walk.makers.get(next.value);
    if (!maker) throw dangling(top.node, next.value);
    const state = walk.state.get(maker);
    if (state === 'open')
      throw cyclic(stack.map(({ node }) => node).slice(stack.findIndex((s) => s.node === maker)));
    if (state === undefined) open(maker);
  }
};

const label = (node: NodeProto): string => `${node.opType} '${node.name || node.output[0]}'`;

const dangling = (node: NodeProto, name: string) =>
  new OnnxGradError(
    'OG_MODEL_INVALID',
    `${label(node)} reads '${name}', which nothing makes`,
    'The file is incomplete; export the model again.',
  );

const cyclic = (nodes: readonly NodeProto[]) =>
  new OnnxGradError(
    'OG_MODEL_CYCLIC',
    `the graph has a cycle: ${[...nodes, nodes[0] as NodeProto].map(label).join(' -> ')}`,
    'An ONNX graph must not feed back into itself; export the model again.',
  );
