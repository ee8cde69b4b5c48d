/** Bundled studies: what a paper did, in small and as published, and the figures that come of it. */

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

export const PRESETS: Readonly<Record<string, Preset>> = {};
