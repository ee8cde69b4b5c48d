/** Layers with weights: products of what changes with the input and what is stored in the model. */
import type { Graph, Node, Value } from 'onnx-grad';

/** Operators that multiply their first two inputs; stored numbers are the weights. */
const PRODUCTS = new Set(['Gemm', 'MatMul', 'Conv', 'ConvTranspose']);

/** Operators of ONNX's classical models that keep the weights of a linear layer in their attributes. */
const LINEAR = new Set(['LinearClassifier', 'LinearRegressor']);

/**
 * The values that differ between records: the inputs and whatever is computed from them. A shape is none, as it tells
 * how many records there are and not what they hold; what contains a graph of its own may read anything, and is one.
 */
export const changingValues = (graph: Graph): ReadonlySet<Value> => {
  const changing = new Set<Value>(graph.inputs);
  for (const node of graph.nodes) {
    const isShape = node.op === 'Shape' || node.op === 'Size';
    const reads = node.inputs.some((input) => input && changing.has(input));
    const contains = node.opaque?.some(({ g, graphs }) => g || graphs.length > 0);
    if ((reads && !isShape) || contains) for (const output of node.outputs) changing.add(output);
  }
  return changing;
};

/** What a layer with weights receives; undefined for a node that is none, such as a product of two activations. */
export const layerInput = (node: Node, changing: ReadonlySet<Value>): Value | undefined => {
  const [first, second] = node.inputs;
  const holds = (value: Value | null | undefined): value is Value => !!value && changing.has(value);
  if (node.opaque) return LINEAR.has(node.op) && holds(first) ? first : undefined;
  if (!PRODUCTS.has(node.op) || holds(first) === holds(second)) return undefined;
  return holds(first) ? first : (second as Value);
};
