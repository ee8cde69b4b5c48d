/** From finished tasks to the report. */

import { createHash } from 'node:crypto';
import { auditToJson } from '../config/config-text.ts';
import type { Dataset } from '../data/dataset.ts';
import { catalogEntry } from '../data/load-dataset.ts';
import { ROLES, splitQuarters } from '../data/split.ts';
import { resultId } from '../report/canonical.ts';
import { type Hole, type Metric, REPORT_SCHEMA_ID, type Report, type Result } from '../report/schema.ts';
import { shiftedVerdict } from '../report/verdict/shifted.ts';
import { membershipVerdict } from '../report/verdict/verdict.ts';
import type { ReportFile } from '../report/write.ts';
import { clopperPearson } from '../stats/binomial.ts';
import type { CheckSplitResult } from '../study/kinds/check-split.ts';
import type { EvaluateResult } from '../study/kinds/evaluate.ts';
import type { QueryResult } from '../study/kinds/query.ts';
import type { TrainResult } from '../study/kinds/train.ts';
import type { FolderStore } from '../study/store/folder-store.ts';
import type { Hole as StudyHole } from '../study/study-events.ts';
import { type Cell, configOf } from './cell.ts';
import { overlapNotes } from './overlap-notes.ts';
import type { PlannedAttack } from './plan-attack.ts';
import { type PlannedCell, splitRef } from './plan-cells.ts';

export interface FinishedCell {
  readonly planned: PlannedCell;
  readonly data: Dataset;
  readonly store: FolderStore;
  /** The command that gives the report again. */
  readonly command: string;
  readonly holes: readonly StudyHole[];
  readonly version: string;
}

/** A report, and the files that belong beside it. */
export interface AssembledReport {
  readonly report: Report;
  readonly files: readonly ReportFile[];
}

export const assembleReport = async (finished: FinishedCell): Promise<AssembledReport> => {
  const { data, planned, store, command, version, holes } = finished;
  const { cell } = planned;
  const missing = new Set(holes.map(({ task }) => task.key));
  const resultOf = <R>(key: string) => (missing.has(key) ? undefined : storedResult<R>(store, key));
  const trained = await resultOf<TrainResult>(planned.target.train.key);
  const queried = await resultOf<QueryResult>(planned.target.query.key);
  const check = await resultOf<CheckSplitResult>(planned.splitCheck.key);
  const shared = overlapNotes(data, splitRef(cell));
  const results: Result[] = [];
  const files: ReportFile[] = [];
  for (const attack of planned.attacks) {
    const { key } = attack.evaluation;
    const found = await resultOf<EvaluateResult>(key);
    if (!found) continue;
    const result = membershipResult(attack, found, cell, check, shared);
    const file = await scoresFile(store, key, result.id);
    results.push({ ...result, artifacts: [file.artifact] });
    files.push(file);
  }
  const split = splitQuarters(data.size, splitRef(cell));
  const { id, source, licence } = catalogEntry(data.id);
  const report: Report = {
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
  return { report, files };
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

const membershipResult = (
  attack: PlannedAttack,
  found: EvaluateResult,
  cell: Cell,
  check: CheckSplitResult | undefined,
  shared: readonly string[],
): Result => {
  const { needs, references, params } = attack.configured;
  const { access, auxiliary, output } = needs;
  const question = {
    attack: attack.name,
    threatModel: { access, auxiliary, output },
    params: { ...params },
    defense: cell.defense,
  };
  const verdict = membershipVerdict(found.metrics, found.records);
  return {
    id: resultId(question),
    ...question,
    source: attack.source,
    seed: cell.seed,
    references: { count: references.count, pool: references.count > 0 ? references.pool.kind : 'none' },
    queries: found.queries,
    records: found.records,
    metrics: found.metrics,
    curves: { roc: found.roc },
    slices: found.slices,
    baselines: check ? [{ name: NO_MODEL, metrics: { auc: check.auc } }] : [],
    artifacts: [],
    verdict: check?.shifted ? shiftedVerdict(verdict, check.auc) : verdict,
    notes: [...found.notes, ...shared],
  };
};

/** The attacker who has no model at all. */
const NO_MODEL = 'inputs and labels alone, without the model';

const scoresFile = async (store: FolderStore, key: string, id: string) => {
  const read = async () => (await store.finished(key)).blob('scores.parquet');
  const path = `artifacts/${id.replace(/[^a-z0-9-]+/g, '_')}.parquet`;
  const sha256 = createHash('sha256')
    .update(await read())
    .digest('hex');
  // Scores and truth of single records, by their numbers in the data set.
  const artifact = { path, kind: 'scores', sha256, containsTrainingRecords: true };
  return { path, read, artifact };
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
