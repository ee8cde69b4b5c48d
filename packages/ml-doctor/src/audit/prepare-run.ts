/** Everything about a run that can be known before anything runs: data read, combinations checked, tasks planned. */

import { loadOnnxruntime } from 'onnx-grad';
import { attackOf } from '../attacks/registry.ts';
import type { ConfigSource } from '../config/config.ts';
import type { Dataset } from '../data/dataset.ts';
import { loadDataset } from '../data/load-dataset.ts';
import { planEnvironment } from '../study/environment.ts';
import { handlers } from '../study/kinds/handlers.ts';
import type { TaskRef } from '../study/plan.ts';
import type { Places } from '../study/task.ts';
import type { Cell } from './cell.ts';
import { checkCells } from './check/check-cells.ts';
import { type Warning, warnCells } from './check/warn-cells.ts';
import { type CellsPlan, type Datasets, type PlannedCell, planCells } from './plan/plan-cells.ts';

export interface PreparedRun extends CellsPlan {
  readonly datasets: Datasets;
  /** The tasks whose results the reports read. */
  readonly targets: readonly TaskRef[];
  readonly warnings: readonly Warning[];
}

/**
 * Writes nothing.
 * @throws {AuditError} the errors of the data and of {@link checkCells}
 * @throws {OnnxGradError} OG_RUNTIME_MISSING
 */
export const prepareRun = async (
  cells: readonly Cell[],
  source: ConfigSource,
  places: Places,
): Promise<PreparedRun> => {
  // One clear message now, before any folder is made, instead of the same failure in every task.
  await loadOnnxruntime();
  const datasets = new Map<string, Dataset>();
  for (const id of cells.flatMap(dataSetsOf))
    if (!datasets.has(id)) datasets.set(id, await loadDataset(id, places));
  checkCells(cells, datasets, source);
  const warnings = warnCells(cells, datasets, source);
  const planned = planCells(cells, datasets, planEnvironment(handlers));
  const comparisons = planned.changes.flatMap(({ comparison }) => comparison ?? []);
  return { ...planned, warnings, datasets, targets: [...planned.cells.flatMap(targetsOf), ...comparisons] };
};

/** The target's data set, and those that attackers train models on, or ask about. */
const dataSetsOf = ({ data, attacks }: Cell): string[] => [
  data.catalog,
  ...attacks.flatMap(({ name, params }) => {
    const configured = attackOf(name).configure(params);
    if (configured.family === 'stealing') {
      const { method } = configured;
      return method.kind === 'pool' && method.pool.kind === 'other' ? [method.pool.data] : [];
    }
    if (configured.family !== 'membership') return [];
    const { pool } = configured.references;
    return pool.kind === 'other' ? [pool.data] : [];
  }),
];

/** The target's own tasks are wanted even where every attack on them is done, as the report reads them. */
export const targetsOf = ({ target, splitCheck, attacks }: PlannedCell): TaskRef[] => [
  target.train,
  target.query,
  splitCheck,
  ...attacks.flatMap((attack) =>
    // The report keeps the stolen model itself.
    attack.family === 'stealing' ? [attack.evaluation, attack.attack] : [attack.evaluation],
  ),
];
