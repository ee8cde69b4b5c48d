/** From finished tasks to the report. */

import { auditToJson } from '../config/config-text.ts';
import type { Dataset } from '../data/dataset.ts';
import { catalogEntry } from '../data/load-dataset.ts';
import { ROLES, splitQuarters } from '../data/split.ts';
import { resultId } from '../report/canonical.ts';
import { type Hole, type Metric, REPORT_SCHEMA_ID, type Report, type Result } from '../report/schema.ts';
import { membershipVerdict } from '../report/verdict/verdict.ts';
import { clopperPearson } from '../stats/binomial.ts';
import type { EvaluateResult } from '../study/kinds/evaluate.ts';
import type { QueryResult } from '../study/kinds/query.ts';
import type { TrainResult } from '../study/kinds/train.ts';
import type { FolderStore } from '../study/store/folder-store.ts';
import type { Hole as StudyHole } from '../study/study-events.ts';
import { type Cell, configOf } from './cell.ts';
import { type PlannedAttack, type PlannedCell, splitRef } from './plan-cells.ts';

export interface FinishedCell {
  readonly planned: PlannedCell;
  readonly data: Dataset;
  readonly store: FolderStore;
  /** The command that gives the report again. */
  readonly command: string;
  readonly holes: readonly StudyHole[];
  readonly version: string;
}

export const assembleReport = async (finished: FinishedCell): Promise<Report> => {
  const { data, planned, store, command, version, holes } = finished;
  const { cell } = planned;
  const missing = new Set(holes.map(({ task }) => task.key));
  const resultOf = <R>(key: string) => (missing.has(key) ? undefined : storedResult<R>(store, key));
  const trained = await resultOf<TrainResult>(planned.target.train.key);
  const queried = await resultOf<QueryResult>(planned.target.query.key);
  const results: Result[] = [];
  for (const attack of planned.attacks) {
    const found = await resultOf<EvaluateResult>(attack.evaluation.key);
    if (found) results.push(membershipResult(attack, found, cell));
  }
  const split = splitQuarters(data.size, splitRef(cell));
  const { id, source, licence } = catalogEntry(data.id);
  return {
    schema: REPORT_SCHEMA_ID,
    ...(cell.name !== undefined && { name: cell.name }),
    tool: { name: 'ml-doctor', version },
    command,
    config: auditToJson(configOf(cell)),
    seed: cell.seed,
    target: {
      name: cell.model.model,
      task: 'classification',
      classes: data.classes.length,
      parameters: trained?.parameters ?? null,
      trainAccuracy: accuracyOn(queried, 'target-train'),
      testAccuracy: accuracyOn(queried, 'target-test'),
    },
    data: {
      id,
      source,
      licence,
      contentHash: data.contentHash,
      splits: Object.fromEntries(ROLES.map((role) => [role, split[role].length])),
    },
    results,
    holes: groupHoles(holes),
  };
};

/** A result that is gone without a reason must not be passed over: throws `MLD_STORE_CORRUPT`. */
const storedResult = async <R>(store: FolderStore, key: string): Promise<R> =>
  (await store.finished(key)).result as R;

const accuracyOn = (queried: QueryResult | undefined, role: string): Metric | null => {
  const counts = queried?.correct[role];
  if (!counts) return null;
  const { right, records } = counts;
  return { value: right / records, ...clopperPearson(right, records), method: 'Clopper-Pearson, 95 %' };
};

const membershipResult = (attack: PlannedAttack, found: EvaluateResult, cell: Cell): Result => {
  const { access, auxiliary, output } = attack.configured.needs;
  const question = {
    attack: attack.name,
    threatModel: { access, auxiliary, output },
    params: attack.configured.params,
    defense: cell.defense,
  };
  return {
    id: resultId(question),
    ...question,
    source: attack.source,
    seed: cell.seed,
    queries: found.queries,
    records: found.records,
    metrics: found.metrics,
    curves: { roc: found.roc },
    slices: [],
    baselines: [],
    artifacts: [],
    verdict: membershipVerdict(found.metrics, found.records),
    notes: [...found.notes],
  };
};

/** One hole per failed task, with what it kept from running. */
export const groupHoles = (holes: readonly StudyHole[]): Hole[] =>
  holes
    .filter((hole) => hole.task === hole.failed)
    .map(({ task, failure }) => ({
      task: task.label,
      code: failure.code,
      message: failure.message,
      hint: failure.hint,
      blocked: holes.filter((h) => h.failed === task && h.task !== task).map((h) => h.task.label),
    }));
