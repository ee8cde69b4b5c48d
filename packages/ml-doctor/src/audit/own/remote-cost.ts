/** What a run sends to a model that is elsewhere, as far as it is known before it begins. */

import { attackOf } from '../../attacks/registry.ts';
import { batch, type Dataset } from '../../data/dataset.ts';
import { type View, viewBatch } from '../../data/views.ts';
import type { AttackParams } from '../../study/kinds/attack/attack.ts';
import { CONNECT, type ConnectParams } from '../../study/kinds/connect.ts';
import type { QueryParams } from '../../study/kinds/query.ts';
import { recordsIn } from '../../study/kinds/record-sets.ts';
import type { Task } from '../../study/task.ts';
import { DRIFT_RECORDS } from '../../targets/http/drift-limits.ts';
import type { Endpoint } from '../../targets/http/endpoint.ts';
import { SERVICE_MODEL } from '../plan/plan-models.ts';
import { inventedQueries, targetsAsked } from '../plan/planned-queries.ts';
import type { PreparedRun } from '../prepare-run.ts';

export interface RemoteCost {
  /** Records that the tasks name, and the ledger has no answers of: each counted once. */
  readonly known: number;
  /** Records to be sent to the target: those, what attacks make up, and what is asked twice to see whether answers vary. */
  readonly records: number;
  /** Attacks that ask more while they run; how much is known to nobody beforehand. */
  readonly open: readonly string[];
  /** Models that a training service trains at most, and records that are sent to those at most. */
  readonly trainings: number;
  readonly atTrained: number;
}

export const remoteCost = (
  prepared: PreparedRun,
  missing: readonly Task[],
  endpoint: Pick<Endpoint, 'unanswered'>,
): RemoteCost => {
  const asked = targetsAsked(prepared);
  const queries = missing.filter(({ kind }) => kind === 'query');
  const atTarget = queries.filter(({ inputs }) => asked.has(inputs[0] ?? ''));
  const known = unanswered(atTarget, prepared, endpoint) + madeUp(atTarget);
  const sent = known + inventedQueries(prepared, missing);
  const open = [...new Set(missing.flatMap((task) => (asksMore(task) ? [attackName(task)] : [])))];
  const trained = new Set(
    prepared.plan.tasks
      .filter(
        ({ kind, params }) => kind === CONNECT && (params as ConnectParams).target.startsWith(SERVICE_MODEL),
      )
      .map(({ key }) => key),
  );
  const atModels = missing.filter(({ inputs }) => inputs.some((key) => trained.has(key)));
  return {
    known,
    records: sent > 0 || open.length > 0 ? sent + DRIFT_RECORDS : 0,
    open,
    trainings: new Set(atModels.flatMap(({ inputs }) => inputs.filter((key) => trained.has(key)))).size,
    atTrained: atModels.reduce(
      (sum, { kind, effort }) => sum + (kind === 'query' ? (effort?.units ?? 0) : 0),
      0,
    ),
  };
};

/** Inputs looked up at once. */
const PART = 1024;

const unanswered = (
  queries: readonly Task[],
  { datasets }: PreparedRun,
  endpoint: Pick<Endpoint, 'unanswered'>,
): number => {
  const inputs = new Set<string>();
  for (const { params } of queries) {
    const { data: ref, split, set, view } = params as QueryParams;
    if (set === 'all') continue;
    const data = datasets.get(ref.id) as Dataset;
    const ids = recordsIn(set, data.size, split);
    for (let start = 0; start < ids.length; start += PART) {
      const some = ids.subarray(start, start + PART);
      const { x } = view ? viewBatch(data, some, view as View) : batch(data, some);
      for (const key of endpoint.unanswered({ values: x, rows: some.length })) inputs.add(key);
    }
  }
  return inputs.size;
};

/** Synthetic records are nowhere yet. */
const madeUp = (queries: readonly Task[]): number =>
  queries.reduce(
    (sum, { params, effort }) => sum + ((params as QueryParams).set === 'all' ? (effort?.units ?? 0) : 0),
    0,
  );

const attackName = ({ params }: Task): string => (params as AttackParams).attack;

const asksMore = (task: Task): boolean => {
  if (task.kind !== 'attack') return false;
  const configured = attackOf(attackName(task)).configure((task.params as AttackParams).params);
  if (configured.family !== 'membership') return false;
  return configured.needs.inputs === 'any' || configured.references.pool.kind === 'synthetic';
};
