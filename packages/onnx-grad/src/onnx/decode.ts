/** The bytes of an ONNX file to a graph: checked, sorted, and brought to one operator set. */
import { fromBinary } from '@bufbuild/protobuf';
import { OnnxGradError } from '../errors.ts';
import { type Dim, multiplyDims, type Shape } from '../graph/dim.ts';
import { type DType, dtypeFromNumber } from '../graph/dtype.ts';
import { Graph } from '../graph/graph.ts';
import { isOperator, operators } from '../graph/operators.ts';
import type { AttributeValue, Value } from '../graph/value.ts';
import {
  type GraphProto,
  type ModelProto,
  ModelProtoSchema,
  type NodeProto,
  type ValueInfoProto,
} from '../proto/onnx_pb.ts';
import { constantTensor, decodeAttribute } from './attribute-proto.ts';
import { parametersKey } from './encode.ts';
import { sortNodes } from './sort.ts';
import { decodeTensor } from './tensor-proto.ts';
import { newestOpset, oldestOpset, type RawNode, refuseOldSubgraphs, upgradeNode } from './upgrade.ts';

interface Declared {
  readonly dtype: DType;
  readonly shape: Shape | undefined;
}

/**
 * Read an ONNX model.
 * @throws OG_MODEL_UNREADABLE, OG_MODEL_OPSET, OG_MODEL_CYCLIC, OG_MODEL_INVALID, OG_MODEL_EXTERNAL_DATA,
 *   OG_SHAPE_MISMATCH
 */
export const decodeModel = (bytes: Uint8Array): Graph => {
  const model = parse(bytes);
  const proto = model.graph as GraphProto;
  const opset = onnxOpset(model);
  const graph = new Graph(proto.name || 'graph');
  for (const { domain, version } of model.opsetImport)
    if (!isOnnxDomain(domain)) graph.domains.set(domain, Number(version));
  graph.functions.push(...model.functions);
  for (const { key, value } of model.metadataProps) if (key !== parametersKey) graph.metadata.set(key, value);

  // What is made on the way (constants of upgrades, unnamed outputs) must not take a name that comes later.
  graph.reserve(proto.node.flatMap((node) => [node.name, ...node.output]));
  graph.reserve([...proto.input, ...proto.output, ...proto.initializer].map(({ name }) => name));

  const scope = new Map<string, Value>();
  for (const tensor of proto.initializer) {
    const data = decodeTensor(tensor, `initializer '${tensor.name}'`);
    scope.set(tensor.name, graph.initializer(tensor.name, data));
  }
  const declared = new Map<string, Declared>();
  for (const info of [...proto.valueInfo, ...proto.output]) {
    const type = tensorType(info);
    if (type) declared.set(info.name, type);
  }
  for (const info of proto.input) {
    // Before format version 4 every initializer was listed as an input too.
    if (scope.has(info.name)) continue;
    const type = tensorType(info);
    if (!type?.shape) return invalid(`input '${info.name}' is not a tensor of known rank`);
    scope.set(info.name, graph.input(info.name, type.dtype, type.shape));
  }
  for (const node of sortNodes(proto.node, new Set(scope.keys())))
    addNode(graph, node, opset, scope, declared);
  for (const info of proto.output) {
    const value = scope.get(info.name);
    if (!value) return invalid(`output '${info.name}' is made by no node`);
    if (info.type && info.type.value.case !== 'tensorType' && info.type.value.case !== undefined)
      graph.foreignTypes.set(value.name, info.type);
    graph.output(info.name, value);
  }
  markParameters(graph, model);
  return graph;
};

const invalid = (what: string): never => {
  throw new OnnxGradError(
    'OG_MODEL_INVALID',
    what,
    'The file breaks the ONNX format; export the model again.',
  );
};

const parse = (bytes: Uint8Array): ModelProto => {
  let model: ModelProto;
  try {
    model = fromBinary(ModelProtoSchema, bytes);
  } catch (cause) {
    throw new OnnxGradError(
      'OG_MODEL_UNREADABLE',
      `this is no complete ONNX file (${bytes.length} bytes: ${(cause as Error).message})`,
      'Check that the file is an .onnx model and that it was copied completely.',
      { cause },
    );
  }
  if (!model.graph || model.opsetImport.length === 0)
    throw new OnnxGradError(
      'OG_MODEL_UNREADABLE',
      `this is no ONNX model (${bytes.length} bytes without ${model.graph ? 'an operator set' : 'a graph'})`,
      'Check that the file is an .onnx model and that it was copied completely.',
    );
  return model;
};

const isOnnxDomain = (domain: string): boolean => domain === '' || domain === 'ai.onnx';

const onnxOpset = (model: ModelProto): number => {
  const entry = model.opsetImport.find(({ domain }) => isOnnxDomain(domain));
  // A model of operators from other domains only (a forest) need not import ONNX's own.
  const version = entry ? Number(entry.version) : newestOpset;
  if (version < oldestOpset || version > newestOpset)
    throw new OnnxGradError(
      'OG_MODEL_OPSET',
      `the model uses opset ${version}; opsets ${oldestOpset} to ${newestOpset} can be read`,
      `Export it with an opset in that range (17 is a good choice).`,
    );
  return version;
};

const tensorType = ({ name, type }: ValueInfoProto): Declared | undefined => {
  if (type?.value.case !== 'tensorType') return undefined;
  const { elemType, shape } = type.value.value;
  const dtype = dtypeFromNumber(elemType);
  if (!dtype) return undefined;
  return {
    dtype,
    shape: shape?.dim.map(({ value }, i): Dim => {
      // A negative size is how some exporters write an unknown one.
      if (value.case === 'dimValue' && value.value >= 0n) return Number(value.value);
      // Sizes without a name may all differ.
      return value.case === 'dimParam' && value.value !== '' ? symbol(value.value) : symbol(`${name}_${i}`);
    }),
  };
};

/** Products such as `49*N` survive a round trip; any other name loses the characters that mean something here. */
const symbol = (text: string): Dim =>
  /^(\d+\*)?[A-Za-z_]\w*(\*[A-Za-z_]\w*)*$/.test(text)
    ? multiplyDims([text])
    : text.replace(/[^\w]/g, '_').replace(/^\d/, '_$&');

const addNode = (
  graph: Graph,
  proto: NodeProto,
  opset: number,
  scope: Map<string, Value>,
  declared: ReadonlyMap<string, Declared>,
): void => {
  const inputs = proto.input.map((name) =>
    name === ''
      ? null
      : (scope.get(name) ??
        invalid(`${proto.opType} '${proto.name}' reads '${name}', an output its operator does not have`)),
  );
  let raw: RawNode = {
    op: proto.opType,
    name: proto.name || graph.freshName(proto.opType),
    inputs,
    outputs: proto.output,
    attributes: new Map(proto.attribute.map((a) => [a.name, a])),
  };
  if (isOnnxDomain(proto.domain)) raw = upgradeNode(raw, opset, graph);
  refuseOldSubgraphs(proto, opset);
  const attributes = isOnnxDomain(proto.domain) ? knownAttributes(raw) : undefined;
  const outputs =
    attributes && isOperator(raw.op)
      ? graph.node(raw.op, trimmed(raw.inputs), attributes, {
          name: raw.name,
          outputNames: withoutEmptyTail(raw.outputs),
          declared,
        })
      : graph.opaqueNode({
          op: raw.op,
          domain: isOnnxDomain(proto.domain) ? '' : proto.domain,
          name: raw.name,
          inputs: raw.inputs,
          outputs: raw.outputs.map((name) => ({
            name,
            ...(declared.get(name) ?? { dtype: 'float32', shape: undefined }),
          })),
          attributes: [...raw.attributes.values()],
        });
  raw.outputs.forEach((name, i) => {
    const value = outputs[i];
    if (name !== '' && value) scope.set(name, value);
  });
};

const trimmed = (inputs: readonly (Value | null)[]): (Value | null)[] => {
  const out = [...inputs];
  while (out.at(-1) === null) out.pop();
  return out;
};

const withoutEmptyTail = (names: readonly string[]): string[] => {
  const out = [...names];
  while (out.length > 1 && out.at(-1) === '') out.pop();
  return out;
};

/** The attributes of an operator we know; undefined when the node has one we do not, which makes it opaque. */
const knownAttributes = (node: RawNode): Record<string, AttributeValue> | undefined => {
  if (!isOperator(node.op)) return undefined;
  const where = `${node.op} '${node.name}'`;
  if (node.op === 'Constant') return constantAttribute(node, where);
  const kinds = operators[node.op].attributes;
  const out: Record<string, AttributeValue> = {};
  for (const [name, proto] of node.attributes) {
    const kind = Object.hasOwn(kinds, name) ? kinds[name] : undefined;
    if (!kind) return undefined;
    out[name] = decodeAttribute(proto, kind, where);
  }
  return out;
};

/** Constant may hold a number or a list instead of a tensor. */
const constantAttribute = (node: RawNode, where: string): Record<string, AttributeValue> | undefined => {
  const [proto] = [...node.attributes.values()];
  const value = proto && constantTensor(proto, where);
  return value && { value };
};

/** Files of ours say which tensors are trainable. */
const markParameters = (graph: Graph, model: ModelProto): void => {
  const listed = model.metadataProps.find(({ key }) => key === parametersKey)?.value;
  if (listed === undefined) return;
  const names = parsedList(listed) ?? invalid(`its metadata '${parametersKey}' is not a list of names`);
  for (const name of names)
    if (typeof name === 'string' && graph.initializers.has(name)) graph.setTrainable(name, true);
};

const parsedList = (text: string): unknown[] | undefined => {
  try {
    const parsed: unknown = JSON.parse(text);
    return Array.isArray(parsed) ? parsed : undefined;
  } catch {
    return undefined;
  }
};
