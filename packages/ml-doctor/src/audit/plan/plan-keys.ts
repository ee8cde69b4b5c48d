/** The keys of every task that cells lead to: what a store must keep to answer them again. */

import type { ConfigSource } from '../../config/config.ts';
import type { Places } from '../../study/task.ts';
import type { Wanted } from '../cell.ts';
import { prepareRun } from '../prepare-run.ts';

/** Throws the errors of {@link prepareRun}. */
export const planKeys = async (
  cells: readonly Wanted[],
  source: ConfigSource,
  places: Places,
): Promise<ReadonlySet<string>> => {
  const { plan } = await prepareRun(cells, source, places);
  return new Set(plan.tasks.map(({ key }) => key));
};
