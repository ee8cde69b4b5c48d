/** Whether a figure of ours agrees with the published one: one rule for all. */

import type { Metric } from '../../report/schema.ts';
import type { Comparison, Published } from '../figure.ts';

export interface CompareOptions {
  /** Why the two are not of the same thing, where they are not: another data set, model or number of epochs. */
  readonly unlike?: string;
  /** What the figure would be if there were nothing to see, as 0 of a correlation; none when left out. */
  readonly nothing?: number;
}

/** See docs/relations.md for the rule. */
export function compare(
  _what: string,
  _published: Published,
  _ours: Metric | null,
  _options: CompareOptions = {},
): Comparison {
  throw new Error('internal: to be written');
}
