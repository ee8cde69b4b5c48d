/** Element types of tensors: ONNX's numbering, and the typed array that holds each in memory. */

export type DType =
  | 'float32'
  | 'uint8'
  | 'int8'
  | 'uint16'
  | 'int16'
  | 'int32'
  | 'int64'
  | 'string'
  | 'bool'
  | 'float16'
  | 'float64'
  | 'uint32'
  | 'uint64'
  | 'bfloat16';

/** ONNX `TensorProto.DataType` numbers of the types above. */
const onnxNumber: Record<DType, number> = {
  float32: 1,
  uint8: 2,
  int8: 3,
  uint16: 4,
  int16: 5,
  int32: 6,
  int64: 7,
  string: 8,
  bool: 9,
  float16: 10,
  float64: 11,
  uint32: 12,
  uint64: 13,
  bfloat16: 16,
};

const byNumber = new Map(Object.entries(onnxNumber).map(([name, number]) => [number, name as DType]));

export type NumericArray =
  | Float32Array
  | Float64Array
  | Int8Array
  | Uint8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | BigInt64Array
  | BigUint64Array;

export type TensorData = NumericArray | readonly string[];

const arrays = {
  float32: Float32Array,
  uint8: Uint8Array,
  int8: Int8Array,
  uint16: Uint16Array,
  int16: Int16Array,
  int32: Int32Array,
  int64: BigInt64Array,
  bool: Uint8Array,
  // 16-bit floats are carried as raw bits: nothing here computes with them.
  float16: Uint16Array,
  float64: Float64Array,
  uint32: Uint32Array,
  uint64: BigUint64Array,
  bfloat16: Uint16Array,
} as const;

export type NumericDType = keyof typeof arrays;

export const dtypeNumber = (dtype: DType): number => onnxNumber[dtype];

/** The type with this ONNX number, or undefined for those not supported (complex, 8- and 4-bit floats). */
export const dtypeFromNumber = (number: number): DType | undefined => byNumber.get(number);

export const arrayType = (dtype: NumericDType) => arrays[dtype];

export const isFloat = (dtype: DType): boolean => dtype === 'float32' || dtype === 'float64';

export const isInteger = (dtype: DType): boolean => /^u?int/.test(dtype);
