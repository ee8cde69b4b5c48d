/** The figures of Shokri et al. (S&P 2017), in the order of the paper. */

import type { FigureKind } from '../../figure.ts';
import { numberOfClasses } from './classes.ts';
import { dataSets } from './data-sets.ts';
import { mitigations } from './mitigations.ts';
import { perClass } from './per-class.ts';
import { shadowData } from './shadow-data.ts';
import { trainingSize } from './training-size.ts';

export const SHOKRI_2017: readonly FigureKind[] = [
  perClass,
  trainingSize,
  dataSets,
  numberOfClasses,
  shadowData,
  mitigations,
];
