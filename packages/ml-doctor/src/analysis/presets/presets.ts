/** Bundled studies: what a paper did, in small and as published, and the figures that come of it. */

import { mlDoctorPaper, mlDoctorSmall } from './ml-doctor.ts';
import { mlLeaksPaper, mlLeaksSmall } from './ml-leaks.ts';
import { owner } from './owner.ts';
import { shokriPaper, shokriSmall } from './shokri.ts';

export interface PresetPart {
  /** Name of its folder in the output, and of its file: `presets/PRESET/PART.yaml`. */
  readonly name: string;
  readonly title: string;
}

export interface Preset {
  readonly name: string;
  readonly title: string;
  readonly source: string;
  /** Run one after the other, with one store. */
  readonly parts: readonly PresetPart[];
  /** Each over the audits of the parts it names. */
  readonly figures: readonly { readonly figure: string; readonly parts: readonly string[] }[];
}

export const PRESETS: Readonly<Record<string, Preset>> = {
  small: mlDoctorSmall,
  paper: mlDoctorPaper,
  'shokri-small': shokriSmall,
  'shokri-paper': shokriPaper,
  'ml-leaks-small': mlLeaksSmall,
  'ml-leaks-paper': mlLeaksPaper,
  owner,
};
