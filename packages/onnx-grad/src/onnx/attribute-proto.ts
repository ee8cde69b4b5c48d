/** Attributes between memory and the ONNX file. */
import { create } from '@bufbuild/protobuf';
import { OnnxGradError } from '../errors.ts';
import { type Tensor, toInt64 } from '../graph/tensor.ts';
import type { AttributeKind, AttributeValue } from '../graph/value.ts';
import {
  type AttributeProto,
  AttributeProtoSchema,
  AttributeProto_AttributeType as Type,
} from '../proto/onnx_pb.ts';
import { decodeTensor, encodeTensor } from './tensor-proto.ts';

const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

/** @throws OG_MODEL_INVALID when the attribute is not of the kind its operator has */
export const decodeAttribute = (
  proto: AttributeProto,
  kind: AttributeKind,
  where: string,
): AttributeValue => {
  if (proto.type !== Type.UNDEFINED && proto.type !== typeOf[kind]) return wrongKind(proto, kind, where);
  switch (kind) {
    case 'int':
      return Number(proto.i);
    case 'ints':
      return proto.ints.map(Number);
    case 'float':
      return proto.f;
    case 'floats':
      return [...proto.floats];
    case 'string':
      return text(proto.s);
    case 'strings':
      return proto.strings.map(text);
    case 'tensor':
      return proto.t
        ? decodeTensor(proto.t, `attribute '${proto.name}' of ${where}`)
        : wrongKind(proto, kind, where);
  }
};

/** The value of a Constant node, which may be a number or a list; undefined for sparse tensors. */
export const constantTensor = (proto: AttributeProto, where: string): Tensor | undefined => {
  const read = (kind: AttributeKind) => decodeAttribute(proto, kind, where);
  switch (proto.name) {
    case 'value':
      return read('tensor') as Tensor;
    case 'value_int':
      read('int');
      return { dtype: 'int64', dims: [], data: BigInt64Array.of(proto.i) };
    case 'value_ints':
      read('ints');
      return { dtype: 'int64', dims: [proto.ints.length], data: BigInt64Array.from(proto.ints) };
    case 'value_float':
      return { dtype: 'float32', dims: [], data: Float32Array.of(read('float') as number) };
    case 'value_floats': {
      const list = read('floats') as number[];
      return { dtype: 'float32', dims: [list.length], data: Float32Array.from(list) };
    }
    case 'value_string':
      return { dtype: 'string', dims: [], data: [read('string') as string] };
    case 'value_strings': {
      const list = read('strings') as string[];
      return { dtype: 'string', dims: [list.length], data: list };
    }
    default:
      return undefined;
  }
};

/** Old files leave the type out; then the operator says which field counts. */
const typeOf: Record<AttributeKind, Type> = {
  int: Type.INT,
  ints: Type.INTS,
  float: Type.FLOAT,
  floats: Type.FLOATS,
  string: Type.STRING,
  strings: Type.STRINGS,
  tensor: Type.TENSOR,
};

const wrongKind = (proto: AttributeProto, kind: AttributeKind, where: string): never => {
  throw new OnnxGradError(
    'OG_MODEL_INVALID',
    `attribute '${proto.name}' of ${where} is no ${kind}`,
    'The file breaks the ONNX format; export the model again.',
  );
};

export const encodeAttribute = (name: string, kind: AttributeKind, value: AttributeValue): AttributeProto => {
  switch (kind) {
    case 'int':
      return create(AttributeProtoSchema, { name, type: Type.INT, i: toInt64(value as number) });
    case 'ints':
      return create(AttributeProtoSchema, {
        name,
        type: Type.INTS,
        ints: (value as readonly number[]).map(toInt64),
      });
    case 'float':
      return create(AttributeProtoSchema, { name, type: Type.FLOAT, f: value as number });
    case 'floats':
      return create(AttributeProtoSchema, {
        name,
        type: Type.FLOATS,
        floats: [...(value as readonly number[])],
      });
    case 'string':
      return create(AttributeProtoSchema, {
        name,
        type: Type.STRING,
        s: new TextEncoder().encode(value as string),
      });
    case 'strings':
      return create(AttributeProtoSchema, {
        name,
        type: Type.STRINGS,
        strings: (value as readonly string[]).map((s) => new TextEncoder().encode(s)),
      });
    case 'tensor':
      return create(AttributeProtoSchema, { name, type: Type.TENSOR, t: encodeTensor(value as Tensor) });
  }
};
