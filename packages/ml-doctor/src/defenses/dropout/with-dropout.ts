/** A network with dropout put before its layers: the same weights and, at inference, the same answers. */
import {
  copyGraph,
  findParameters,
  type Graph,
  isOperator,
  type Node,
  type Tensor,
  type Value,
} from 'onnx-grad';

export interface DropoutRates {
  /** Share of the numbers that reach the first layer with weights which is dropped, from 0 and below 1. */
  readonly input: number;
  /** The same for every later dense layer. */
  readonly hidden: number;
}

/** Where a network's dropout is to change: rates by node. */
export interface DropoutPlan {
  /** Layers that get dropout before them. */
  readonly before: ReadonlyMap<Node, number>;
  /** Dropout that is there already, at a lower rate. */
  readonly raised: ReadonlyMap<Node, number>;
}

/**
 * Dropout before the first layer with weights, of whatever kind, and before every dense layer after it. Where dropout
 * feeds a layer already, the larger of the two rates counts, once.
 *
 * Convolutions after the first get none. Neighbouring outputs of a convolution say much the same, so that what is
 * dropped singly is still known (Ghiasi et al., DropBlock, NeurIPS 2018), and the batch normalisation that
 * often follows would keep statistics that do not hold at inference (Li et al., CVPR 2019). ML-Leaks
 * speaks of input and hidden layers of a network; its networks keep most weights in dense ones.
 */
export const planDropout = (model: Graph, { input, hidden }: DropoutRates): DropoutPlan => {
  const before = new Map<Node, number>();
  const raised = new Map<Node, number>();
  layersOf(model).forEach((layer, i) => {
    if (i > 0 && !DENSE.has(layer.op)) return;
    const rate = i === 0 ? input : hidden;
    const there = dropoutBefore(layer.inputs[0]);
    if (rate === 0) return;
    if (!there) before.set(layer, rate);
    else if (rateOf(model, there) < rate) raised.set(there, Math.max(rate, raised.get(there) ?? 0));
  });
  return { before, raised };
};

export const withDropout = (model: Graph, { before, raised }: DropoutPlan): Graph => {
  const names = [
    ...model.initializers.keys(),
    ...model.nodes.flatMap(({ name, outputs }) => [name, ...outputs.map((output) => output.name)]),
  ];
  return copyGraph(model, {
    node: (node, inputs, target) => {
      const [x = null, ...rest] = inputs;
      const [insert, raise] = [before.get(node), raised.get(node)];
      target.reserve(names);
      if (insert !== undefined) {
        const [dropped = null] = target.node('Dropout', [x, target.scalar(insert)], {}, { outputs: 2 });
        return again(target, node, [dropped, ...rest]);
      }
      if (raise !== undefined) return again(target, node, [x, target.scalar(raise), ...rest.slice(1)]);
      return undefined;
    },
  });
};

const DENSE: ReadonlySet<string> = new Set(['Gemm', 'MatMul']);
const LAYERS: ReadonlySet<string> = new Set([...DENSE, 'Conv', 'ConvTranspose']);

/** Nodes that multiply by weights which are trained, in the order they run in. */
const layersOf = (model: Graph): readonly Node[] => {
  const weighted = new Set(
    findParameters(model)
      .filter(({ kind }) => kind === 'weight')
      .map(({ node }) => node),
  );
  return model.nodes.filter(({ name, op }) => weighted.has(name) && LAYERS.has(op));
};

/** What only moves numbers: dropout before it is dropout behind it. */
const MOVES: ReadonlySet<string> = new Set([
  'Flatten',
  'Identity',
  'Reshape',
  'Squeeze',
  'Transpose',
  'Unsqueeze',
]);

const dropoutBefore = (x: Value | null | undefined): Node | undefined => {
  const node = x?.node;
  if (!node || node.op === 'Dropout') return node;
  return MOVES.has(node.op) ? dropoutBefore(node.inputs[0]) : undefined;
};

/** ONNX's own rate is .5 where a node gives none. */
const rateOf = (model: Graph, { inputs: [, ratio] }: Node): number => {
  const stored =
    ratio && (model.initializers.get(ratio.name) ?? (ratio.node?.attributes['value'] as Tensor | undefined));
  return stored ? Number(stored.data[0]) : 0.5;
};

/** The node as it was, over other inputs. */
const again = (target: Graph, node: Node, inputs: readonly (Value | null)[]): readonly Value[] => {
  if (!isOperator(node.op)) throw new Error(`internal: '${node.name}' is opaque`);
  return target.node(node.op, inputs, node.attributes, {
    name: node.name,
    outputNames: node.outputs.map(({ name }) => name),
  });
};
