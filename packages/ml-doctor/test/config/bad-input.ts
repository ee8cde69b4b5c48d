/** One row of the corpus of bad configurations. */

import { auditWith } from './samples.ts';

export interface BadInput {
  readonly title: string;
  readonly text: string;
  /** `MLD_CONFIG` unless said otherwise. */
  readonly code?: string;
  /** Parts of the message after the place. */
  readonly says: readonly string[];
  /** Parts of the hint. */
  readonly hints: readonly string[];
}

/** An audit whose target is trained with these fields. */
export const train = (fields: string): string =>
  auditWith({ target: `target: { train: { model: mlp, ${fields} } }` });

/** An audit with this list of attacks. */
export const attacks = (list: string): string => auditWith({ attacks: `attacks: ${list}` });

/** A mark ▸ in the text shows the place that must be named. */
export const row = (
  title: string,
  text: string,
  says: string | readonly string[],
  hints: string | readonly string[],
  code?: string,
): BadInput => ({
  title,
  text,
  says: [says].flat(),
  hints: [hints].flat(),
  ...(code !== undefined && { code }),
});
