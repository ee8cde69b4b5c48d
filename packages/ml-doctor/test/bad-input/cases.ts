/** The whole corpus. */

import type { BadCase } from './bad-case.ts';
import { AFTER_CASES } from './cases-after.ts';
import { ARRAY_CASES } from './cases-arrays.ts';
import { CONFIG_CASES } from './cases-config.ts';
import { DATASET_CASES } from './cases-datasets.ts';
import { ENDPOINT_CASES } from './cases-endpoint.ts';
import { FIGURE_CASES } from './cases-figures.ts';
import { ONNX_CASES } from './cases-onnx.ts';
import { OUTPUT_CASES } from './cases-outputs.ts';
import { TABLE_CASES } from './cases-tables.ts';

export const CASES: readonly BadCase[] = [
  ...ARRAY_CASES,
  ...TABLE_CASES,
  ...DATASET_CASES,
  ...ONNX_CASES,
  ...OUTPUT_CASES,
  ...CONFIG_CASES,
  ...ENDPOINT_CASES,
  ...AFTER_CASES,
  ...FIGURE_CASES,
];
