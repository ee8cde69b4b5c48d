/**
 * BatchNormalization in training mode lets onnxruntime (1.30, its issue 29790) write the new running statistics over
 * the old ones, whatever those are: a tensor of the file, which others may share, or the caller's own array. So unless
 * the new ones are outputs of the graph, which have memory of their own, the node is given copies.
 */
import { create } from '@bufbuild/protobuf';
import { dtypeNumber } from '../graph/dtype.ts';
import type { Graph } from '../graph/graph.ts';
import type { Node, Value } from '../graph/value.ts';
import {
  type NodeProto,
  NodeProtoSchema,
  type TensorProto,
  AttributeProto_AttributeType as Type,
} from '../proto/onnx_pb.ts';
import { encodeTensor } from './tensor-proto.ts';

export interface Guard {
  /** Nodes to put before the guarded one. */
  readonly nodes: readonly NodeProto[];
  readonly initializers: readonly TensorProto[];
  /** Names that stand in for the node's inputs 3 and 4. */
  readonly copies: ReadonlyMap<Value, string>;
}

export const trainsStatistics = (node: Node): boolean =>
  !node.opaque && node.op === 'BatchNormalization' && node.attributes['training_mode'] === 1;

/** @param readers how many nodes read a value */
export const guardStatistics = (
  node: Node,
  graph: Graph,
  readers: ReadonlyMap<Value, number>,
  named: (value: Value) => string,
): Guard | undefined => {
  const exposed = (value: Value | undefined) => value && graph.outputs.get(named(value)) === value;
  const running = [3, 4].map((i) => node.inputs[i] as Value);
  // An intermediate value that nobody else reads may be written over.
  const own = running.every((v) => v.origin === 'node' && readers.get(v) === 1 && !exposed(v));
  if (own || (exposed(node.outputs[1]) && exposed(node.outputs[2]))) return undefined;
  return copied(node, graph, running, named);
};

/**
 * Old statistics plus a zero that comes from x by way of a truth value: never NaN, and nothing that onnxruntime's
 * optimiser could compute beforehand, merge with an equal constant, or leave out.
 */
const copied = (
  node: Node,
  graph: Graph,
  running: readonly Value[],
  named: (value: Value) => string,
): Guard => {
  const x = node.inputs[0] as Value;
  const float = running[0]?.dtype === 'float64' ? 'float64' : 'float32';
  const nodes: NodeProto[] = [];
  const initializers: TensorProto[] = [];
  const store = (values: BigInt64Array | Float64Array | Float32Array): string => {
    const name = graph.freshName(`${node.name}_guard`);
    const dtype = values instanceof BigInt64Array ? 'int64' : float;
    initializers.push(encodeTensor({ dtype, dims: [values.length], data: values }, name));
    return name;
  };
  const make = (opType: string, input: string[], to?: number): string => {
    const output = graph.freshName(`${node.name}_guard`);
    const attribute = to === undefined ? [] : [{ name: 'to', type: Type.INT, i: BigInt(to) }];
    nodes.push(create(NodeProtoSchema, { opType, name: output, input, output: [output], attribute }));
    return output;
  };
  const flat = make('Reshape', [named(x), store(BigInt64Array.of(-1n))]);
  const first = make('Slice', [flat, store(BigInt64Array.of(0n)), store(BigInt64Array.of(1n))]);
  const truth = make('Cast', [first], dtypeNumber('bool'));
  const number = make('Cast', [truth], dtypeNumber(float));
  const zero = make('Mul', [number, store(float === 'float64' ? Float64Array.of(0) : Float32Array.of(0))]);
  return {
    nodes,
    initializers,
    copies: new Map(running.map((value) => [value, make('Add', [named(value), zero])])),
  };
};
