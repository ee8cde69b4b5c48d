/** A dense tensor in memory: element type, dimensions, row-major data. */
import { OnnxGradError } from '../errors.ts';
import { arrayType, type DType, type NumericArray, type NumericDType, type TensorData } from './dtype.ts';

export interface Tensor {
  readonly dtype: DType;
  readonly dims: readonly number[];
  readonly data: TensorData;
}

export const elementCount = (dims: readonly number[]): number => dims.reduce((a, b) => a * b, 1);

/** Check that data fits dims and pack them. Throws OG_BAD_ARGUMENT when the lengths differ. */
export const tensor = (dtype: DType, dims: readonly number[], data: TensorData): Tensor => {
  if (elementCount(dims) !== data.length)
    throw new OnnxGradError(
      'OG_BAD_ARGUMENT',
      `a tensor of shape [${dims.join(', ')}] needs ${elementCount(dims)} elements but was given ${data.length}`,
      'Pass data whose length is the product of the dimensions.',
    );
  return { dtype, dims, data };
};

export const float32 = (dims: readonly number[], data: Float32Array | readonly number[]): Tensor =>
  tensor('float32', dims, data instanceof Float32Array ? data : Float32Array.from(data));

export const int64 = (dims: readonly number[], data: readonly number[]): Tensor =>
  tensor('int64', dims, BigInt64Array.from(data, toInt64));

/** A number beyond 64 bits becomes the nearest that fits: 2⁶³ − 1, which files use for "to the end", is 2⁶³ as a number. */
export const toInt64 = (value: number): bigint =>
  value >= 2 ** 63 ? 2n ** 63n - 1n : value < -(2 ** 63) ? -(2n ** 63n) : BigInt(value);

export const scalar = (
  value: number,
  dtype: 'float32' | 'float64' | 'int64' | 'bool' = 'float32',
): Tensor => {
  if (dtype === 'int64') return int64([], [value]);
  const data = new (arrayType(dtype) as Float32ArrayConstructor)(1).fill(value);
  return tensor(dtype, [], data as NumericArray);
};

export const zeros = (dtype: NumericDType, dims: readonly number[]): Tensor =>
  tensor(dtype, dims, new (arrayType(dtype))(elementCount(dims)));

/** The elements as JavaScript numbers. Meant for small integer tensors such as shapes and axes. */
export const toNumbers = (value: Tensor): number[] =>
  Array.from(value.data as ArrayLike<number | bigint>, Number);

export const floats = (value: Tensor): Float32Array => {
  if (!(value.data instanceof Float32Array))
    throw new Error(`internal: expected float32, found ${value.dtype}`);
  return value.data;
};
