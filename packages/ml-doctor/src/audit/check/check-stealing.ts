/** Stealing attacks that do not suit the records or the model of a cell, found before the first query. */

import type { ConfiguredStealing, PoolChoice } from '../../attacks/stealing/stealing-attack.ts';
import { parseDataName } from '../../data/data-name.ts';
import type { Dataset } from '../../data/dataset.ts';
import { otherPool, refuseSmallPool } from '../../data/query-pool.ts';
import { sameRecords } from '../../data/same-records.ts';
import { sharedInputs } from '../../data/shared-inputs.ts';
import { roleSize } from '../../data/split.ts';
import { AuditError } from '../../errors.ts';
import { architecture, architectures } from '../../models/architectures.ts';
import { countIn, recordsIn } from '../../study/kinds/record-sets.ts';
import type { Cell } from '../cell.ts';
import { copyArchitecture } from '../copy-cell.ts';
import { type Datasets, splitRef } from '../plan/plan-cells.ts';
import { refuseUngeneratable } from './check-inversion.ts';
import { unsuited } from './check-membership.ts';

/** @throws {AuditError} MLD_ATTACK_UNSUITED, MLD_POOL_SMALL, MLD_POOL_SHAPE, MLD_POOL_RANGE, MLD_OVERLAP, MLD_CONFIG */
export const refuseUnsuitedStealing = (
  name: string,
  configured: ConfiguredStealing,
  cell: Cell,
  datasets: Datasets,
): void => {
  const data = datasets.get(cell.data.catalog) as Dataset;
  refuseUnsuitedCopy(name, configured, cell, data);
  const { method, budgets = [1], reply } = configured;
  if (reply.k !== undefined && reply.k > data.classes.length)
    throw new AuditError(
      'MLD_CONFIG',
      `${name}: k is ${reply.k}; ${data.id} has ${data.classes.length} classes`,
      `Set k to ${data.classes.length} at most.`,
    );
  if (method.kind === 'data-free') refuseUngeneratable(data);
  else refuseUnsuitedPool(name, method.pool, Math.max(...budgets), cell, datasets);
};

const refuseUnsuitedCopy = (
  name: string,
  configured: ConfiguredStealing,
  cell: Cell,
  data: Dataset,
): void => {
  const copy = architecture(copyArchitecture(cell, configured));
  if (copy.trains !== 'gradient') {
    const networks = Object.values(architectures).filter(({ trains }) => trains === 'gradient');
    throw unsuited(
      `${name} trains a copy of the target's architecture, and ${copy.name} cannot learn posteriors`,
      `Name a network for the copy, as architecture: ${networks.map((one) => one.name).join(', ')}.`,
    );
  }
  copy.build({ recordShape: data.recordShape, classes: data.classes.length, seed: 0 });
};

/** A pool with the target's own records under another name is no data of another kind. */
const refuseSharedRecords = (name: string, home: Dataset, other: Dataset, cell: Cell): void => {
  if (cell.data.overlap === 'allow') return;
  const hint = 'Take another pool, or accept it with `overlap: allow` under `data`.';
  if (sameRecords(cell.data.catalog, other.id))
    throw new AuditError(
      'MLD_OVERLAP',
      `${name}: the pool ${other.id} is of the same records as ${home.id}: a copy would be judged on what it asked about`,
      hint,
    );
  if (home.recordShape.join() !== other.recordShape.join()) return;
  const candidates = recordsIn('candidates', home.size, splitRef(cell));
  const shared = sharedInputs(home, candidates, other);
  if (shared === 0) return;
  throw new AuditError(
    'MLD_OVERLAP',
    `${name}: ${shared} of ${candidates.length} members and non-members of ${home.id} are in the pool ${other.id} too: a copy would be judged on what it asked about`,
    hint,
  );
};

const refuseUnsuitedPool = (
  name: string,
  pool: PoolChoice,
  budget: number,
  cell: Cell,
  datasets: Datasets,
): void => {
  const home = datasets.get(cell.data.catalog) as Dataset;
  const records = roleSize(home.size, splitRef(cell));
  if (pool.kind === 'shadow')
    refuseSmallPool(countIn('population', home.size, splitRef(cell)), budget, 'the shadow data');
  else if (pool.kind === 'partial') refuseSmallPool(Math.floor(records / 2), budget, 'half of the members');
  else if (pool.kind === 'other') {
    if (parseDataName(pool.data).id === parseDataName(cell.data.catalog).id)
      throw unsuited(
        `${name} asks about another data set; ${pool.data} is the target’s own`,
        'Name another pool, or use stealing/posterior-matching, which asks about records like those of the target.',
      );
    const other = datasets.get(pool.data) as Dataset;
    const { size } = otherPool(home, other, { resize: pool.resize });
    refuseSmallPool(size, budget, `the records of ${pool.data}`);
    if (pool.resize && home.recordShape.join() === other.recordShape.join())
      throw new AuditError(
        'MLD_POOL_SHAPE',
        `${name}: resize is set, and records of ${pool.data} have the target's shape already`,
        'Leave out resize.',
      );
    refuseSharedRecords(name, home, other, cell);
  }
};
