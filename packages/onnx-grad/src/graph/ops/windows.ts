/** Convolutions and poolings over `[batch, channels, ...spatial]`. */
import type { Value } from '../value.ts';
import { apply, applyMany } from './apply.ts';

export interface ConvAttributes {
  readonly auto_pad?: 'NOTSET' | 'SAME_UPPER' | 'SAME_LOWER' | 'VALID';
  readonly dilations?: readonly number[];
  readonly group?: number;
  readonly kernel_shape?: readonly number[];
  /** All begins, then all ends. */
  readonly pads?: readonly number[];
  readonly strides?: readonly number[];
}

export interface ConvTransposeAttributes extends ConvAttributes {
  readonly output_padding?: readonly number[];
  readonly output_shape?: readonly number[];
}

export interface PoolAttributes {
  readonly auto_pad?: 'NOTSET' | 'SAME_UPPER' | 'SAME_LOWER' | 'VALID';
  readonly ceil_mode?: 0 | 1;
  readonly kernel_shape: readonly number[];
  readonly pads?: readonly number[];
  readonly strides?: readonly number[];
}

/** Cross-correlation; w `[out, in / group, ...kernel]`, bias `[out]`. */
export const Conv = (x: Value, w: Value, bias?: Value, attributes: ConvAttributes = {}): Value =>
  apply('Conv', [x, w, bias], { ...attributes });

/** The transpose of Conv; w `[in, out / group, ...kernel]`, bias `[out]`. */
export const ConvTranspose = (
  x: Value,
  w: Value,
  bias?: Value,
  attributes: ConvTransposeAttributes = {},
): Value => apply('ConvTranspose', [x, w, bias], { ...attributes });

export const MaxPool = (x: Value, attributes: PoolAttributes & { dilations?: readonly number[] }): Value =>
  apply('MaxPool', [x], { ...attributes });

/** MaxPool with the flat position of each maximum in the whole input tensor (int64). */
export const MaxPoolIndices = (
  x: Value,
  attributes: PoolAttributes & { dilations?: readonly number[] },
): { y: Value; indices: Value } => {
  const [y, indices] = applyMany('MaxPool', [x], { ...attributes }, 2) as [Value, Value];
  return { y, indices };
};

/** Puts each element back at its recorded position, zeros elsewhere. `shape` where the default would be ambiguous. */
export const MaxUnpool = (
  x: Value,
  indices: Value,
  attributes: { kernel_shape: readonly number[]; pads?: readonly number[]; strides?: readonly number[] },
  shape?: Value,
): Value => apply('MaxUnpool', [x, indices, shape], { ...attributes });

export const AveragePool = (
  x: Value,
  attributes: PoolAttributes & { count_include_pad?: 0 | 1; dilations?: readonly number[] },
): Value => apply('AveragePool', [x], { ...attributes });

export const GlobalAveragePool = (x: Value): Value => apply('GlobalAveragePool', [x]);
export const GlobalMaxPool = (x: Value): Value => apply('GlobalMaxPool', [x]);
