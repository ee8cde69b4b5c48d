/** Operators that read or write at computed positions. Indices are int64. */
import type { Value } from '../value.ts';
import { apply } from './apply.ts';

/** Whole slices of `data` along `axis` (0 by default) at `indices` of any shape. */
export const Gather = (data: Value, indices: Value, attributes: { axis?: number } = {}): Value =>
  apply('Gather', [data, indices], attributes);

/** One element per index along `axis`; indices has data's rank. */
export const GatherElements = (data: Value, indices: Value, attributes: { axis?: number } = {}): Value =>
  apply('GatherElements', [data, indices], attributes);

/** A copy of `data` with `updates` written, or with `reduction` combined, at `indices` along `axis`. */
export const ScatterElements = (
  data: Value,
  indices: Value,
  updates: Value,
  attributes: { axis?: number; reduction?: 'none' | 'add' | 'mul' | 'max' | 'min' } = {},
): Value => apply('ScatterElements', [data, indices, updates], attributes);

/** Slices of `data` at the index tuples in `indices`' last axis. */
export const GatherND = (data: Value, indices: Value): Value => apply('GatherND', [data, indices]);

/** A copy of `data` with slices written, or with `reduction` combined, at the index tuples in `indices`' last axis. */
export const ScatterND = (
  data: Value,
  indices: Value,
  updates: Value,
  attributes: { reduction?: 'none' | 'add' | 'mul' | 'max' | 'min' } = {},
): Value => apply('ScatterND', [data, indices, updates], attributes);

/** `values` holds [off, on]; the new axis is the last by default. */
export const OneHot = (
  indices: Value,
  depth: Value,
  values: Value,
  attributes: { axis?: number } = {},
): Value => apply('OneHot', [indices, depth, values], attributes);
