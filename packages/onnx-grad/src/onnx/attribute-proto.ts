/** Attributes between memory and the ONNX file. */
import { create } from '@bufbuild/protobuf';
import type { Tensor } from '../graph/tensor.ts';
import type { AttributeKind, AttributeValue } from '../graph/value.ts';
import {
  type AttributeProto,
  AttributeProtoSchema,
  AttributeProto_AttributeType as Type,
} from '../proto/onnx_pb.ts';
import { decodeTensor, encodeTensor } from './tensor-proto.ts';

const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

/** Undefined for the kinds no operator of ours has: subgraphs, sparse tensors, types. */
export const decodeAttribute = (proto: AttributeProto, where: string): AttributeValue | undefined => {
  switch (kindOf(proto)) {
    case Type.INT:
      return Number(proto.i);
    case Type.INTS:
      return proto.ints.map(Number);
    case Type.FLOAT:
      return proto.f;
    case Type.FLOATS:
      return [...proto.floats];
    case Type.STRING:
      return text(proto.s);
    case Type.STRINGS:
      return proto.strings.map(text);
    case Type.TENSOR:
      return proto.t && decodeTensor(proto.t, `attribute '${proto.name}' of ${where}`);
    default:
      return undefined;
  }
};

/** Old files leave the type out; then whichever field is set tells. */
const kindOf = (proto: AttributeProto): Type => {
  if (proto.type !== Type.UNDEFINED) return proto.type;
  if (proto.t) return Type.TENSOR;
  if (proto.ints.length > 0) return Type.INTS;
  if (proto.floats.length > 0) return Type.FLOATS;
  if (proto.strings.length > 0) return Type.STRINGS;
  if (proto.s.length > 0) return Type.STRING;
  if (proto.f !== 0) return Type.FLOAT;
  return Type.INT;
};

export const encodeAttribute = (name: string, kind: AttributeKind, value: AttributeValue): AttributeProto => {
  switch (kind) {
    case 'int':
      return create(AttributeProtoSchema, { name, type: Type.INT, i: BigInt(value as number) });
    case 'ints':
      return create(AttributeProtoSchema, {
        name,
        type: Type.INTS,
        ints: (value as readonly number[]).map(BigInt),
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
