/** Which published column a defended target of ours stands beside, and in what its defence is another. */

import { quantity } from '../../../report/format.ts';
import type { Target } from '../../evidence/evidence.ts';
import type { PaperData } from '../../published/ml-doctor-2022/names.ts';
import { PRIVATE_TRAININGS } from '../../published/ml-doctor-2022/private-trainings.ts';

export type PrivateColumn = 'epsilon1' | 'epsilon2';

export interface Beside<Column extends string> {
  readonly column: Column;
  /** Absent where the defence is the paper's own. */
  readonly unlike?: string;
}

/**
 * Of DP-SGD: the column with the same noise; else, of two trainings of ours, the stronger beside the stronger, unless the
 * other has just the noise of that column.
 */
export function privateColumn(
  target: Target,
  all: readonly Target[],
  data: PaperData,
): Beside<PrivateColumn> | undefined {
  const noise = noiseOf(target);
  const published = PRIVATE_TRAININGS[data];
  const columns = (['epsilon1', 'epsilon2'] as const).toSorted(
    (a, b) => published[b].noiseMultiplier - published[a].noiseMultiplier,
  );
  const same = columns.find((column) => published[column].noiseMultiplier === noise);
  if (same !== undefined) return { column: same };
  const strongest = [...all].sort((a, b) => (noiseOf(b) ?? 0) - (noiseOf(a) ?? 0));
  const column = all.length === 2 ? columns[strongest.indexOf(target)] : undefined;
  if (column === undefined || noise === undefined) return undefined;
  const { noiseMultiplier, epsilon } = published[column];
  if (all.some((other) => noiseOf(other) === noiseMultiplier)) return undefined;
  const own = target.runs[0].audit.privacy?.epsilon;
  const claim = own === undefined || own === null ? '' : ` (epsilon ${quantity(own)})`;
  return {
    column,
    unlike: `noise multiplier ${quantity(noise)}${claim}, not ${noiseMultiplier} (epsilon ${epsilon.value})`,
  };
}

/** The larger, the stronger: as given, or as what was found to keep the epsilon that was. */
export function noiseOf({ defense, runs }: Target): number | undefined {
  const given = defense.params.noiseMultiplier ?? runs[0].report.target.privacy?.noiseMultiplier;
  return typeof given === 'number' ? given : undefined;
}

/** Of the paper: T and α. */
const DISTILLATION = { temperature: 20, alpha: 0.7 } as const;

export function distilledColumn({ defense: { params } }: Target): Beside<'distillation'> {
  const unlike = Object.entries(DISTILLATION).flatMap(([key, theirs]) =>
    (params[key] ?? theirs) === theirs ? [] : [`${key} ${JSON.stringify(params[key])}, not ${theirs}`],
  );
  return { column: 'distillation', ...(unlike.length > 0 && { unlike: unlike.join(', ') }) };
}
