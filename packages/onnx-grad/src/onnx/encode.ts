/** A graph to the bytes of an ONNX file: one operator-set version, everything in one file, dead nodes left out. */
import { create, toBinary } from '@bufbuild/protobuf';
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
  TensorShapeProto_DimensionSchema,
  type ValueInfoProto,
  ValueInfoProtoSchema,
} from '../proto/onnx_pb.ts';
import { encodeAttribute } from './attribute-proto.ts';
import { encodeTensor } from './tensor-proto.ts';

/** The operator set every file is written in, and the file-format version that goes with it (ONNX 1.16). */
export const writtenOpset = 21;
const irVersion = 10n;

/** Metadata key under which the names of the trainable tensors travel with the file. */
export const parametersKey = 'onnx-grad.parameters';

export const encodeModel = (graph: Graph): Uint8Array => {
  const nodes = liveNodes(graph);
  const used = new Set<string>();
  for (const node of nodes) for (const input of node.inputs) if (input) used.add(input.name);
  for (const value of graph.outputs.values()) used.add(value.name);
  const opaqueSubgraphs = nodes.some((node) => node.opaque?.some((a) => a.g || a.graphs.length > 0));
  const aliases: NodeProto[] = [];
  const outputs = [...graph.outputs].map(([name, value]) => {
    if (name !== value.name)
      aliases.push(create(NodeProtoSchema, { opType: 'Identity', input: [value.name], output: [name] }));
    return valueInfo(graph, value, name);
  });
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
      ...(graph.parameters.size > 0
        ? [{ key: parametersKey, value: JSON.stringify([...graph.parameters].filter((p) => used.has(p))) }]
        : []),
    ],
    graph: {
      name: graph.name,
      node: [...nodes.map((node) => encodeNode(node, used)), ...aliases],
      input: graph.inputs.map((value) => valueInfo(graph, value, value.name)),
      output: outputs,
      initializer: [...graph.initializers]
        // A subgraph reads outer values by name, which we do not follow: keep everything then.
        .filter(([name]) => opaqueSubgraphs || used.has(name))
        .map(([name, tensor]) => encodeTensor(tensor, name)),
    },
  });
  return toBinary(ModelProtoSchema, model);
};

const encodeNode = (node: Node, used: ReadonlySet<string>): NodeProto => {
  // Optional outputs nobody reads are left out: onnxruntime would spend time on them.
  const outputs = node.outputs.map((output, i) =>
    i === 0 || used.has(output.name) || node.opaque ? output.name : '',
  );
  while (outputs.length > 1 && outputs.at(-1) === '') outputs.pop();
  return create(NodeProtoSchema, {
    name: node.name,
    opType: node.op,
    domain: node.domain,
    input: node.inputs.map((input) => input?.name ?? ''),
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
