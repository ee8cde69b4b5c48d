/** A graph to the bytes of an ONNX file: one operator-set version, everything in one file, dead nodes left out. */
import { create, toBinary } from '@bufbuild/protobuf';
import { OnnxGradError } from '../errors.ts';
import { capturedValues } from '../graph/captures.ts';
import type { Shape } from '../graph/dim.ts';
import { dtypeNumber } from '../graph/dtype.ts';
import type { Graph } from '../graph/graph.ts';
import { isOperator, operators } from '../graph/operators.ts';
import { liveNodes } from '../graph/prune.ts';
import type { Node, Value } from '../graph/value.ts';
import {
  ModelProtoSchema,
  type NodeProto,
  NodeProtoSchema,
  type TensorProto,
  TensorShapeProto_DimensionSchema,
  type ValueInfoProto,
  ValueInfoProtoSchema,
} from '../proto/onnx_pb.ts';
import { encodeAttribute } from './attribute-proto.ts';
import { guardStatistics, trainsStatistics } from './statistics-guard.ts';
import { encodeTensor } from './tensor-proto.ts';

/** The operator set every file is written in, and the file-format version that goes with it (ONNX 1.16). */
export const writtenOpset = 21;
const irVersion = 10n;

/** Metadata key under which the names of the trainable tensors travel with the file. */
export const parametersKey = 'onnx-grad.parameters';

/** @throws OG_BAD_ARGUMENT when an output has the name of an input it is not */
export const encodeModel = (graph: Graph): Uint8Array => {
  const nodes = liveNodes(graph);
  const captured = new Set(nodes.flatMap(capturedValues));
  const used = new Set<Value>([...captured, ...graph.outputs.values()]);
  for (const node of nodes) for (const input of node.inputs) if (input) used.add(input);
  const named = writtenNames(graph, captured);
  const readers = countReaders(nodes);
  const written: NodeProto[] = [];
  const scratch: TensorProto[] = [];
  for (const node of nodes) {
    const proto = encodeNode(node, used, named);
    const guard = trainsStatistics(node) ? guardStatistics(node, graph, readers, named) : undefined;
    if (guard) {
      written.push(...guard.nodes);
      scratch.push(...guard.initializers);
      for (const i of [3, 4]) proto.input[i] = guard.copies.get(node.inputs[i] as Value) as string;
    }
    written.push(proto);
  }
  const aliases: NodeProto[] = [];
  const outputs = [...graph.outputs].map(([name, value]) => {
    if (name !== named(value))
      aliases.push(create(NodeProtoSchema, { opType: 'Identity', input: [named(value)], output: [name] }));
    return valueInfo(graph, value, name);
  });
  const stored = [...graph.initializers].flatMap(([name, tensor]) => {
    const value = graph.value(name);
    return used.has(value) ? [{ name: named(value), tensor, trainable: graph.parameters.has(name) }] : [];
  });
  const parameters = stored.flatMap(({ name, trainable }) => (trainable ? [name] : []));
  const model = create(ModelProtoSchema, {
    irVersion,
    producerName: 'onnx-grad',
    opsetImport: [
      { domain: '', version: BigInt(writtenOpset) },
      ...[...graph.domains].map(([domain, version]) => ({ domain, version: BigInt(version) })),
    ],
    functions: graph.functions,
    metadataProps: [
      ...[...graph.metadata].map(([key, value]) => ({ key, value })),
      ...(parameters.length > 0 ? [{ key: parametersKey, value: JSON.stringify(parameters) }] : []),
    ],
    graph: {
      name: graph.name,
      node: [...written, ...aliases],
      input: graph.inputs.map((value) => valueInfo(graph, value, value.name)),
      output: outputs,
      initializer: [...stored.map(({ name, tensor }) => encodeTensor(tensor, name)), ...scratch],
    },
  });
  return toBinary(ModelProtoSchema, model);
};

const countReaders = (nodes: readonly Node[]): Map<Value, number> => {
  const readers = new Map<Value, number>();
  for (const node of nodes)
    for (const value of [...node.inputs, ...capturedValues(node)])
      if (value) readers.set(value, (readers.get(value) ?? 0) + 1);
  return readers;
};

/**
 * Values go by their own names, except one that is an output under another name, and one whose name an output of the
 * graph has that is another value.
 */
const writtenNames = (graph: Graph, captured: ReadonlySet<Value>): ((value: Value) => string) => {
  const renamed = new Map<Value, string>();
  for (const [name, output] of graph.outputs) {
    if (!graph.has(name) || graph.value(name) === output) continue;
    const inner = graph.value(name);
    if (inner.origin === 'input' || captured.has(inner))
      throw new OnnxGradError(
        'OG_BAD_ARGUMENT',
        `the output '${name}' has the name of ${inner.origin === 'input' ? 'an input' : 'a value that a subgraph reads'}`,
        'Give the output another name.',
      );
    renamed.set(inner, graph.freshName(name));
  }
  // An inner value takes the name of its output: under two names onnxruntime would copy it.
  const taken = new Set([...graph.outputs].flatMap(([name, value]) => (value.name === name ? [value] : [])));
  for (const [name, output] of graph.outputs) {
    const own = taken.has(output) || renamed.has(output);
    if (own || output.origin !== 'node' || captured.has(output)) continue;
    renamed.set(output, name);
  }
  return (value) => renamed.get(value) ?? value.name;
};

/** Operators whose outputs after the first may be left out. Those of the others (Split) must all have a name. */
const optionalOutputs = new Set(['Dropout', 'LayerNormalization', 'MaxPool']);

const encodeNode = (node: Node, used: ReadonlySet<Value>, named: (value: Value) => string): NodeProto => {
  // The training form of batch normalisation must have all three.
  if (trainsStatistics(node)) (node.outputs[0] as Value).graph.extraOutput(node, 2);
  // Optional outputs nobody reads are left out: onnxruntime would spend time on them.
  const mayDrop = !node.opaque && optionalOutputs.has(node.op);
  const outputs = node.outputs.map((output, i) =>
    i > 0 && mayDrop && !used.has(output) ? '' : named(output),
  );
  while (outputs.length > 1 && outputs.at(-1) === '') outputs.pop();
  return create(NodeProtoSchema, {
    name: node.name,
    opType: node.op,
    domain: node.domain,
    input: node.inputs.map((input) => (input ? named(input) : '')),
    output: outputs,
    attribute: node.opaque ? [...node.opaque] : attributes(node),
  });
};

const attributes = (node: Node) => {
  if (!isOperator(node.op)) throw new Error(`internal: '${node.op}' is not an operator`);
  const kinds = operators[node.op].attributes;
  return Object.entries(node.attributes).flatMap(([name, value]) => {
    const kind = kinds[name];
    return kind && value !== undefined ? [encodeAttribute(name, kind, value)] : [];
  });
};

const valueInfo = (graph: Graph, value: Value, name: string): ValueInfoProto => {
  const foreign = graph.foreignTypes.get(value.name);
  if (foreign) return create(ValueInfoProtoSchema, { name, type: foreign });
  return create(ValueInfoProtoSchema, {
    name,
    type: {
      value: {
        case: 'tensorType',
        value: {
          elemType: dtypeNumber(value.dtype),
          ...(value.shape && { shape: { dim: dims(value.shape) } }),
        },
      },
    },
  });
};

const dims = (shape: Shape) =>
  shape.map((dim) =>
    create(TensorShapeProto_DimensionSchema, {
      value:
        typeof dim === 'number' ? { case: 'dimValue', value: BigInt(dim) } : { case: 'dimParam', value: dim },
    }),
  );
