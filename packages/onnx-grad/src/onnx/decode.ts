/** The bytes of an ONNX file to a graph: checked, sorted, and brought to one operator set. */
import { fromBinary } from '@bufbuild/protobuf';
import { OnnxGradError } from '../errors.ts';
import type { Dim, Shape } from '../graph/dim.ts';
import { type DType, dtypeFromNumber } from '../graph/dtype.ts';
import { Graph } from '../graph/graph.ts';
import { isOperator, operators } from '../graph/operators.ts';
import type { Tensor } from '../graph/tensor.ts';
import type { AttributeValue, Value } from '../graph/value.ts';
import {
  type AttributeProto,
  type GraphProto,
  type ModelProto,
  ModelProtoSchema,
  type NodeProto,
  type TypeProto,
} from '../proto/onnx_pb.ts';
import { decodeAttribute } from './attribute-proto.ts';
import { parametersKey } from './encode.ts';
import { sortNodes } from './sort.ts';
import { decodeTensor } from './tensor-proto.ts';
import { newestOpset, oldestOpset, type RawNode, upgradeNode } from './upgrade.ts';

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

  const scope = new Map<string, Value>();
  for (const tensor of proto.initializer) {
    const data = decodeTensor(tensor, `initializer '${tensor.name}'`);
    scope.set(tensor.name, graph.initializer(tensor.name, data));
  }
  const declared = new Map<string, Declared>();
  for (const info of [...proto.valueInfo, ...proto.output]) {
    const type = tensorType(info.type);
    if (type) declared.set(info.name, type);
  }
  for (const info of proto.input) {
    // Before format version 4 every initializer was listed as an input too.
    if (scope.has(info.name)) continue;
    const type = tensorType(info.type);
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

const tensorType = (type: TypeProto | undefined): Declared | undefined => {
  if (type?.value.case !== 'tensorType') return undefined;
  const { elemType, shape } = type.value.value;
  const dtype = dtypeFromNumber(elemType);
  if (!dtype) return undefined;
  return {
    dtype,
    shape: shape?.dim.map((dim, i): Dim => {
      if (dim.value.case === 'dimValue') return Number(dim.value.value);
      // Our own products survive a round trip; anything else with operator signs would be misread.
      const text = dim.value.case === 'dimParam' && dim.value.value !== '' ? dim.value.value : `unnamed${i}`;
      return /^[\w*]+$/.test(text) ? text : text.replace(/[^\w]/g, '_');
    }),
  };
};

const addNode = (
  graph: Graph,
  proto: NodeProto,
  opset: number,
  scope: Map<string, Value>,
  declared: ReadonlyMap<string, Declared>,
): void => {
  const inputs = proto.input.map((name) => (name === '' ? null : (scope.get(name) ?? null)));
  let raw: RawNode = {
    op: proto.opType,
    name: proto.name || graph.freshName(proto.opType),
    inputs,
    outputs: proto.output,
    attributes: new Map(proto.attribute.map((a) => [a.name, a])),
  };
  if (isOnnxDomain(proto.domain)) raw = upgradeNode(raw, opset, graph);
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
  if (node.op === 'Constant') return constantAttribute(node);
  const kinds = operators[node.op].attributes;
  const out: Record<string, AttributeValue> = {};
  for (const [name, proto] of node.attributes) {
    const value = decodeAttribute(proto, `${node.op} '${node.name}'`);
    if (!(name in kinds) || value === undefined) return undefined;
    out[name] = value;
  }
  return out;
};

/** Constant may hold a number or a list instead of a tensor. */
const constantAttribute = (node: RawNode): Record<string, AttributeValue> | undefined => {
  const [proto] = node.attributes.values() as Iterable<AttributeProto> as AttributeProto[] &
    Iterable<AttributeProto>;
  const value = proto && decodeAttribute(proto, `Constant '${node.name}'`);
  if (!proto || value === undefined) return undefined;
  const list = Array.isArray(value) ? value : [value];
  const dims = Array.isArray(value) ? [value.length] : [];
  const tensors: Record<string, () => Tensor> = {
    value: () => value as Tensor,
    value_int: () => ({ dtype: 'int64', dims, data: BigInt64Array.from(list as number[], BigInt) }),
    value_ints: () => ({ dtype: 'int64', dims, data: BigInt64Array.from(list as number[], BigInt) }),
    value_float: () => ({ dtype: 'float32', dims, data: Float32Array.from(list as number[]) }),
    value_floats: () => ({ dtype: 'float32', dims, data: Float32Array.from(list as number[]) }),
    value_string: () => ({ dtype: 'string', dims, data: list as string[] }),
    value_strings: () => ({ dtype: 'string', dims, data: list as string[] }),
  };
  const make = tensors[proto.name];
  return make && { value: make() };
};

/** Files of ours say which tensors are trainable. */
const markParameters = (graph: Graph, model: ModelProto): void => {
  const listed = model.metadataProps.find(({ key }) => key === parametersKey)?.value;
  if (listed === undefined) return;
  for (const name of JSON.parse(listed) as string[])
    if (graph.initializers.has(name)) graph.setTrainable(name, true);
};
