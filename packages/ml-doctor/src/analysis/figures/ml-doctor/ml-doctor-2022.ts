/** The figures and tables of ML-Doctor (Liu et al., USENIX Security 2022), in their order. */

import type { FigureKind } from '../../figure.ts';
import { figure2 } from './figure-2.ts';
import { figure3 } from './figure-3.ts';
import { figure4 } from './figure-4.ts';
import { figure5 } from './figure-5.ts';
import { figure6 } from './figure-6.ts';
import { figure7 } from './figure-7.ts';
import { figure8 } from './figure-8.ts';
import { figure9 } from './figure-9.ts';
import { table3 } from './table-3.ts';
import { table4 } from './table-4.ts';
import { table5 } from './table-5.ts';

export const ML_DOCTOR_2022: readonly FigureKind[] = [
  ...[figure2, figure3, figure4, figure5, figure6, figure7, figure8, figure9],
  ...[table3, table4, table5],
];
