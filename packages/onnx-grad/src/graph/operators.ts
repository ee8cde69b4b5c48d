/** The operators this package knows: one total table. Every other operator in a file is opaque. */
import { elementwise } from './infer/elementwise.ts';
import { indexing } from './infer/indexing.ts';
import type { OperatorSpec } from './infer/infer.ts';
import { products } from './infer/matmul.ts';
import { normalizations } from './infer/normalization.ts';
import { reductions } from './infer/reduce.ts';
import { reshaping } from './infer/reshaping.ts';
import { windows } from './infer/window.ts';

const table = {
  ...elementwise,
  ...indexing,
  ...normalizations,
  ...products,
  ...reductions,
  ...reshaping,
  ...windows,
};

export type OperatorName = keyof typeof table;

export const operators: Readonly<Record<OperatorName, OperatorSpec>> = table;

export const isOperator = (op: string): op is OperatorName => Object.hasOwn(table, op);
