/** What the comparisons of a study found, by the results that they are about. */

import type { ResultChange } from '../../report/study/changes.ts';
import type { CompareResult } from '../../study/kinds/compare.ts';
import type { CompareAccuracyResult } from '../../study/kinds/compare-accuracy.ts';
import type { FolderStore } from '../../study/store/folder-store.ts';
import type { PlannedCell } from '../plan/plan-cells.ts';
import type { PlannedChange } from '../plan/plan-changes.ts';
import { questionOf } from './question.ts';

/** @param missing keys of the tasks that are not done; their comparisons are left out */
export const storedChanges = async (
  changes: readonly PlannedChange[],
  cells: readonly PlannedCell[],
  store: FolderStore,
  missing: ReadonlySet<string>,
): Promise<readonly ResultChange[]> => {
  const byId = new Map(cells.map((planned) => [planned.id, planned.cell]));
  const done = changes.filter(({ comparison }) => comparison === undefined || !missing.has(comparison.key));
  return Promise.all(
    done.map(async ({ from, to, attack, comparison }): Promise<ResultChange> => {
      const cell = byId.get(to);
      if (cell === undefined) throw new Error(`internal: a change of ${to}, which is no cell`);
      const about = { from, audit: to, ...(attack && { result: questionOf(attack, cell).id }) };
      if (comparison === undefined) return { ...about, metrics: 'same' };
      const { result } = await store.finished(comparison.key);
      if (attack) return { ...about, metrics: (result as CompareResult).metrics };
      const { testAccuracy } = result as CompareAccuracyResult;
      return { ...about, metrics: { testAccuracy } };
    }),
  );
};
