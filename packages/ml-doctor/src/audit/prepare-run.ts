/** Everything about a run that can be known before anything runs: data read, combinations checked, tasks planned. */

import { loadOnnxruntime } from 'onnx-grad';
import { attackOf } from '../attacks/registry.ts';
import type { ConfigSource } from '../config/config.ts';
import type { Dataset } from '../data/dataset.ts';
import { loadDataset } from '../data/load-dataset.ts';
import type { DecodingOptions } from '../data/pictures/decoding.ts';
import { keepDataset } from '../data/pictures/kept-datasets.ts';
import { planEnvironment } from '../study/environment.ts';
import { handlers } from '../study/kinds/handlers.ts';
import type { TaskRef } from '../study/plan.ts';
import type { Places } from '../study/task.ts';
import type { Cell, Wanted } from './cell.ts';
import { checkCells } from './check/check-cells.ts';
import { type Warning, warnCells, warnData } from './check/warn-cells.ts';
import { chooseAttacks } from './own/choose-attacks.ts';
import type { FirstLook } from './own/first-look.ts';
import { resolveOwn } from './own/resolve-own.ts';
import { type CellsPlan, type Datasets, type PlannedCell, planCells } from './plan/plan-cells.ts';

export interface PreparedRun extends CellsPlan {
  readonly datasets: Datasets;
  /** The tasks whose results the reports read. */
  readonly targets: readonly TaskRef[];
  readonly warnings: readonly Warning[];
  /** As given, and where a user's own records and model are. */
  readonly places: Places;
  /** Of a model that is not trained here and costs nothing to ask. */
  readonly firstLook?: FirstLook;
}

/**
 * Writes nothing but decoded pictures, where `given` has a place for them; those that are there are held against their
 * sha256 here, and taken as they are by every task.
 * @throws {AuditError} the errors of the data and of {@link checkCells}
 * @throws {OnnxGradError} OG_RUNTIME_MISSING
 */
export const prepareRun = async (
  wanted: readonly Wanted[],
  source: ConfigSource,
  given: Places,
  watch: Pick<DecodingOptions, 'signal' | 'onProgress'> = {},
): Promise<PreparedRun> => {
  // One clear message now, before any folder is made, instead of the same failure in every task.
  await loadOnnxruntime();
  const datasets = new Map<string, Dataset>();
  const { cells: read, places, firstLook } = await resolveAll(wanted, source, given, datasets);
  const cells = read.map((cell) => chooseAttacks(cell, datasets));
  const { dataDir, dataCache, skipBroken } = places;
  const loading = {
    ...{ ...watch, checkCache: true },
    ...(dataDir !== undefined && { dataDir }),
    ...(dataCache !== undefined && { cache: dataCache }),
    ...(skipBroken && { skipBroken }),
  };
  for (const id of cells.flatMap(dataSetsOf))
    if (!datasets.has(id)) {
      const data = await loadDataset(id, loading);
      if (dataCache !== undefined) await keepDataset(data, dataCache);
      datasets.set(id, data);
    }
  checkCells(cells, datasets, source);
  const warnings = [...warnData(datasets), ...warnCells(cells, datasets, source)];
  const planned = planCells(cells, datasets, planEnvironment(handlers));
  const comparisons = planned.changes.flatMap(({ comparison }) => comparison ?? []);
  const looked = firstLook && { firstLook };
  return {
    ...planned,
    ...looked,
    places,
    warnings,
    datasets,
    targets: [...planned.cells.flatMap(targetsOf), ...comparisons],
  };
};

/** Of at most one user's own model; its records join the data sets. */
const resolveAll = async (
  wanted: readonly Wanted[],
  source: ConfigSource,
  places: Places,
  datasets: Map<string, Dataset>,
): Promise<{
  readonly cells: readonly Cell[];
  readonly places: Places;
  readonly firstLook?: FirstLook;
}> => {
  const [only] = wanted;
  if (only === undefined || !('ownAudit' in only)) return { cells: wanted as readonly Cell[], places };
  const { cell, data, places: own, firstLook } = await resolveOwn(only.ownAudit, source, places);
  datasets.set(data.id, data);
  return { cells: [cell], places: { ...places, own }, ...(firstLook && { firstLook }) };
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
export const targetsOf = ({ target, splitCheck, attacks, factors }: PlannedCell): TaskRef[] => [
  target.train,
  target.query,
  ...(splitCheck ? [splitCheck] : []),
  ...attacks.flatMap((attack) =>
    // The report keeps the stolen model itself.
    attack.family === 'stealing' ? [attack.evaluation, attack.attack] : [attack.evaluation],
  ),
  ...(factors ? [factors.records, ...factors.attacks.filter((task) => task !== undefined)] : []),
];
