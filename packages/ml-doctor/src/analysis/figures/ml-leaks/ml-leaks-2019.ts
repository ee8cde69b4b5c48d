/** The figures of ML-Leaks (Salem et al., NDSS 2019), in the order of the paper. */

import type { FigureKind } from '../../figure.ts';
import { dataSets } from './data-sets.ts';
import { defences } from './defences.ts';
import { epochs } from './epochs.ts';
import { gap } from './gap.ts';
import { posteriors } from './posteriors.ts';
import { shadowModels } from './shadow-models.ts';
import { transfer } from './transfer.ts';

export const ML_LEAKS_2019: readonly FigureKind[] = [
  dataSets,
  gap,
  epochs,
  posteriors,
  shadowModels,
  transfer,
  defences,
];
