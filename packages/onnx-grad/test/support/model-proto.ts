/** ONNX files written by hand for tests: bytes that our own encoder had no part in. */
import { create, toBinary } from '@bufbuild/protobuf';
import { type DType, dtypeNumber } from '../../src/graph/dtype.ts';
import {
  type AttributeProto,
  AttributeProtoSchema,
  type GraphProto,
  GraphProtoSchema,
  ModelProtoSchema,
  type NodeProto,
  NodeProtoSchema,
  type TensorProto,
  TensorProtoSchema,
  AttributeProto_AttributeType as Type,
  type ValueInfoProto,
  ValueInfoProtoSchema,
} from '../../src/proto/onnx_pb.ts';

type Attribute = (name: string) => AttributeProto;

const attribute =
  (
    fields: Omit<Parameters<typeof create<typeof AttributeProtoSchema>>[1] & object, '$typeName'>,
  ): Attribute =>
  (name) =>
    create(AttributeProtoSchema, { ...fields, name } as never);

export const int = (i: number | bigint): Attribute => attribute({ type: Type.INT, i: BigInt(i) });
export const ints = (...list: readonly (number | bigint)[]): Attribute =>
  attribute({ type: Type.INTS, ints: list.map(BigInt) });
export const float = (f: number): Attribute => attribute({ type: Type.FLOAT, f });
export const floats = (...list: readonly number[]): Attribute =>
  attribute({ type: Type.FLOATS, floats: [...list] });
export const text = (s: string): Attribute =>
  attribute({ type: Type.STRING, s: new TextEncoder().encode(s) });
export const held = (t: TensorProto): Attribute => attribute({ type: Type.TENSOR, t });
export const subgraph = (g: GraphProto): Attribute => attribute({ type: Type.GRAPH, g });

export const node = (
  opType: string,
  input: readonly string[],
  output: readonly string[],
  attributes: Readonly<Record<string, Attribute>> = {},
  domain = '',
): NodeProto =>
  create(NodeProtoSchema, {
    opType,
    name: `${opType}_making_${output[0]}`,
    domain,
    input: [...input],
    output: [...output],
    attribute: Object.entries(attributes).map(([name, make]) => make(name)),
  });

export type Size = number | string | undefined;

export const info = (
  name: string,
  dims: readonly Size[] | undefined,
  dtype: DType = 'float32',
): ValueInfoProto =>
  create(ValueInfoProtoSchema, {
    name,
    type: {
      value: {
        case: 'tensorType',
        value: {
          elemType: dtypeNumber(dtype),
          ...(dims && {
            shape: {
              dim: dims.map((dim) =>
                dim === undefined
                  ? {}
                  : {
                      value:
                        typeof dim === 'number'
                          ? { case: 'dimValue' as const, value: BigInt(dim) }
                          : { case: 'dimParam' as const, value: dim },
                    },
              ),
            },
          }),
        },
      },
    },
  } as never);

export const floatTensor = (name: string, dims: readonly number[], data: readonly number[]): TensorProto =>
  create(TensorProtoSchema, { name, dims: dims.map(BigInt), dataType: 1, floatData: [...data] });

export const intTensor = (
  name: string,
  dims: readonly number[],
  data: readonly (number | bigint)[],
): TensorProto =>
  create(TensorProtoSchema, { name, dims: dims.map(BigInt), dataType: 7, int64Data: data.map(BigInt) });

export const graphProto = (fields: {
  nodes: readonly NodeProto[];
  inputs?: readonly ValueInfoProto[];
  outputs: readonly ValueInfoProto[];
  initializers?: readonly TensorProto[];
  valueInfo?: readonly ValueInfoProto[];
}): GraphProto =>
  create(GraphProtoSchema, {
    name: 'by_hand',
    node: [...fields.nodes],
    input: [...(fields.inputs ?? [])],
    output: [...fields.outputs],
    initializer: [...(fields.initializers ?? [])],
    valueInfo: [...(fields.valueInfo ?? [])],
  });

export const modelBytes = (
  graph: GraphProto,
  opset: number,
  options: {
    domains?: Readonly<Record<string, number>>;
    ir?: number;
    metadata?: Readonly<Record<string, string>>;
  } = {},
): Uint8Array =>
  toBinary(
    ModelProtoSchema,
    create(ModelProtoSchema, {
      irVersion: BigInt(options.ir ?? 8),
      opsetImport: [
        { domain: '', version: BigInt(opset) },
        ...Object.entries(options.domains ?? {}).map(([domain, version]) => ({
          domain,
          version: BigInt(version),
        })),
      ],
      metadataProps: Object.entries(options.metadata ?? {}).map(([key, value]) => ({ key, value })),
      graph,
    }),
  );
