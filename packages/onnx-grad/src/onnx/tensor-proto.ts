/** Tensors between memory and the ONNX file. */
import { create } from '@bufbuild/protobuf';
import { OnnxGradError } from '../errors.ts';
import {
  arrayType,
  type DType,
  dtypeFromNumber,
  dtypeNumber,
  type NumericArray,
  type NumericDType,
} from '../graph/dtype.ts';
import { elementCount, type Tensor } from '../graph/tensor.ts';
import { type TensorProto, TensorProto_DataLocation, TensorProtoSchema } from '../proto/onnx_pb.ts';

export const decodeTensor = (proto: TensorProto, where: string): Tensor => {
  if (proto.dataLocation === TensorProto_DataLocation.EXTERNAL || proto.externalData.length > 0)
    throw new OnnxGradError(
      'OG_MODEL_EXTERNAL_DATA',
      `${where} keeps its data in another file`,
      'Save the model with all data in one file (in Python: onnx.save(model, path, save_as_external_data=False)).',
    );
  const dtype = dtypeFromNumber(proto.dataType);
  if (!dtype)
    throw new OnnxGradError(
      'OG_MODEL_INVALID',
      `${where} has element type number ${proto.dataType}, which is not supported`,
      'Export the model with 32-bit floats.',
    );
  const dims = proto.dims.map(Number);
  if (dims.some((dim) => dim < 0))
    throw new OnnxGradError(
      'OG_MODEL_INVALID',
      `${where} has the negative size ${Math.min(...dims)}`,
      'The file is damaged; copy or export it again.',
    );
  const count = elementCount(dims);
  const data = dtype === 'string' ? texts(proto) : elements(proto, dtype, count);
  if (data.length !== count)
    throw new OnnxGradError(
      'OG_MODEL_INVALID',
      `${where} has shape [${dims.join(', ')}] but holds ${data.length} elements`,
      'The file is damaged or incomplete; copy or export it again.',
    );
  return { dtype, dims, data };
};

const texts = (proto: TensorProto): string[] =>
  proto.stringData.map((bytes) => new TextDecoder().decode(bytes));

const elements = (proto: TensorProto, dtype: NumericDType, count: number): NumericArray => {
  const type = arrayType(dtype);
  if (proto.rawData.length > 0 || count === 0) {
    // Copied: a typed array needs an aligned start, and the file's buffer should not be kept alive.
    const bytes = new Uint8Array(proto.rawData);
    if (bytes.length % type.BYTES_PER_ELEMENT !== 0) return new type(0);
    return new type(bytes.buffer, 0, bytes.length / type.BYTES_PER_ELEMENT);
  }
  if (dtype === 'float32') return Float32Array.from(proto.floatData);
  if (dtype === 'float64') return Float64Array.from(proto.doubleData);
  if (dtype === 'int64') return BigInt64Array.from(proto.int64Data);
  if (dtype === 'uint64') return BigUint64Array.from(proto.uint64Data);
  if (dtype === 'uint32') return Uint32Array.from(proto.uint64Data, Number);
  return (type as unknown as Int32ArrayConstructor).from(proto.int32Data);
};

export const encodeTensor = (tensor: Tensor, name = ''): TensorProto => {
  const proto = create(TensorProtoSchema, {
    name,
    dims: tensor.dims.map(BigInt),
    dataType: dtypeNumber(tensor.dtype as DType),
  });
  if (tensor.dtype === 'string') {
    proto.stringData = (tensor.data as readonly string[]).map((text) => new TextEncoder().encode(text));
  } else {
    const { buffer, byteOffset, byteLength } = tensor.data as NumericArray;
    proto.rawData = new Uint8Array(buffer as ArrayBuffer, byteOffset, byteLength);
  }
  return proto;
};
