/** All figures, by name. */

import type { FigureKind } from '../figure.ts';
import { relations } from './general/relations.ts';
import { ML_DOCTOR_2022 } from './ml-doctor/ml-doctor-2022.ts';
import { ML_LEAKS_2019 } from './ml-leaks/ml-leaks-2019.ts';
import { ownerDefences } from './owner/defences.ts';
import { ownerFactors } from './owner/factors.ts';
import { SHOKRI_2017 } from './shokri/shokri-2017.ts';

const ALL: readonly FigureKind[] = [
  relations,
  ...ML_DOCTOR_2022,
  ...SHOKRI_2017,
  ...ML_LEAKS_2019,
  ownerDefences,
  ownerFactors,
];

export const figures: Readonly<Record<string, FigureKind>> = Object.fromEntries(
  ALL.map((figure) => [figure.name, figure]),
);
