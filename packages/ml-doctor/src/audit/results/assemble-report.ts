/** From finished tasks to the report. */

import { attackOf } from '../../attacks/registry.ts';
import type { Dataset } from '../../data/dataset.ts';
import { catalogEntry } from '../../data/load-dataset.ts';
import { ROLES, splitQuarters } from '../../data/split.ts';
import { type Hole, type Metric, REPORT_SCHEMA_ID, type Report, type Result } from '../../report/schema.ts';
import type { ReportFile } from '../../report/write.ts';
import { clopperPearson } from '../../stats/binomial.ts';
import type { EvaluateAttributeResult } from '../../study/kinds/attribute/evaluate-attribute.ts';
import type { CheckSplitResult } from '../../study/kinds/check-split.ts';
import type { EvaluateResult } from '../../study/kinds/evaluate.ts';
import type { ExplainResult } from '../../study/kinds/factors/explain.ts';
import type { RecordFactorsResult } from '../../study/kinds/factors/record-factors.ts';
import type {
  EvaluateInversionResult,
  GalleryEntry,
} from '../../study/kinds/inversion/evaluate-inversion.ts';
import type { QueryResult } from '../../study/kinds/query.ts';
import { countIn } from '../../study/kinds/record-sets.ts';
import type { EvaluateStealingResult } from '../../study/kinds/stealing/evaluate-stealing.ts';
import type { TrainDefendedResult } from '../../study/kinds/train-defended.ts';
import type { FolderStore } from '../../study/store/folder-store.ts';
import type { Hole as StudyHole } from '../../study/study-events.ts';
import { cellToJson } from '../cell.ts';
import { leftOutNotes } from '../check/warn-cells.ts';
import type { PlannedAttack } from '../plan/plan-attack.ts';
import { type PlannedCell, splitRef } from '../plan/plan-cells.ts';
import { attributeResult } from './attribute-result.ts';
import { exposedRecords, type ShownRecords } from './exposed-records.ts';
import { factorsPart } from './factors-part.ts';
import { inversionResult } from './inversion-result.ts';
import { membershipResult } from './membership-result.ts';
import { overlapNotes } from './overlap-notes.ts';
import { ownNotes } from './own-notes.ts';
import type { Circumstances } from './question.ts';
import { type Artifact, artifactOf } from './report-files.ts';
import { stealingResult } from './stealing-result.ts';
import { trainingNotes } from './training-notes.ts';

export interface FinishedCell {
  readonly planned: PlannedCell;
  readonly data: Dataset;
  readonly store: FolderStore;
  /** The command that gives the report again. */
  readonly command: string;
  readonly holes: readonly StudyHole[];
  readonly version: string;
  /** Of the run itself, as what a model that is elsewhere was asked. */
  readonly notes: readonly string[];
  /** What is told of the most exposed records besides their numbers. */
  readonly records?: ShownRecords;
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
  const trained = await resultOf<TrainDefendedResult>(planned.target.train.key);
  const queried = await resultOf<QueryResult>(planned.target.query.key);
  const check = planned.splitCheck && (await resultOf<CheckSplitResult>(planned.splitCheck.key));
  const shared = [...leftOutNotes(data), ...overlapNotes(data, splitRef(cell))];
  const told = cell.own
    ? await ownNotes(planned, cell.own, finished.notes, queried, resultOf)
    : trainingNotes(cell, data, trained);
  const { privacy } = told;
  const exposedOf = exposedRecords(data, finished.records);
  const results: Result[] = [];
  const files: ReportFile[] = [];
  const { factors } = planned;
  for (const [index, attack] of planned.attacks.entries()) {
    const { key } = attack.evaluation;
    if (missing.has(key)) continue;
    const circumstances = { cell, check, shared, ...(privacy && { privacy }) };
    const { result, files: own } = await answered(attack, store, circumstances, data, exposedOf);
    const explained = factors?.attacks[index];
    const common = explained && (await resultOf<ExplainResult>(explained.key));
    results.push({
      ...result,
      ...factorsPart(common, result),
      artifacts: own.map(({ artifact }) => artifact),
    });
    files.push(...own);
  }
  const split = splitQuarters(data.size, splitRef(cell));
  const { id } = data;
  const measured = factors && (await resultOf<RecordFactorsResult>(factors.records.key));
  const { source, licence } = cell.own
    ? { source: cell.own.source, licence: 'your own data' }
    : catalogEntry(id);
  const report: Report = {
    schema: REPORT_SCHEMA_ID,
    ...(cell.name !== undefined && { name: cell.name }),
    tool: { name: 'ml-doctor', version },
    command,
    config: cellToJson(cell),
    seed: cell.seed,
    target: {
      name: cell.own?.name ?? cell.model.model,
      task: 'classification',
      classes: data.classes.length,
      ...(cell.own?.subject.kind === 'onnx' && { sha256: cell.own.subject.sha256 }),
      parameters: trained?.parameters ?? null,
      trainAccuracy: accuracyOn(queried, 'target-train'),
      testAccuracy: accuracyOn(queried, 'target-test'),
      ...told,
    },
    data: {
      id,
      source,
      licence,
      contentHash: data.contentHash,
      splits: Object.fromEntries(ROLES.map((role) => [role, split[role].length])),
      ...(measured && {
        complexity: {
          ...measured.complexity,
          records: measured.members,
          reference: measured.reference,
        },
      }),
    },
    results,
    ...(cell.own && cell.own.notRun.length > 0 && { notRun: [...cell.own.notRun] }),
    holes: groupHoles(holes),
  };
  return { report, files };
};

/** The result of an attack, and the files that go with it. */
const answered = async (
  attack: PlannedAttack,
  store: FolderStore,
  circumstances: Circumstances,
  data: Dataset,
  exposedOf: ReturnType<typeof exposedRecords>,
): Promise<{ readonly result: Result; readonly files: readonly Artifact[] }> => {
  const { key } = attack.evaluation;
  if (attack.family === 'inversion') {
    const found = await storedResult<EvaluateInversionResult>(store, key);
    const gallery = await storedGallery(store, key);
    const result = inversionResult(attack, found, gallery, {
      ...circumstances,
      classes: data.classes.length,
      attacks: circumstances.cell.attacks.filter(({ name }) => attackOf(name).family === 'inversion').length,
      auxiliaryRecords: countIn('population', data.size, splitRef(circumstances.cell)),
    });
    const blob = { blob: 'reconstructions.parquet', kind: 'reconstructions' };
    return { result, files: [await artifactOf(store, key, result.id, blob)] };
  }
  if (attack.family === 'attribute') {
    const found = await storedResult<EvaluateAttributeResult>(store, key);
    const result = attributeResult(attack, found, circumstances);
    const blob = { blob: 'guesses.parquet', kind: 'guesses' };
    return { result, files: [await artifactOf(store, key, result.id, blob)] };
  }
  if (attack.family === 'stealing') {
    const found = await storedResult<EvaluateStealingResult>(store, key);
    const result = stealingResult(attack, found, circumstances);
    const table = { blob: 'copies.parquet', kind: 'copies' };
    const model = { blob: 'model.onnx', kind: 'model' };
    return {
      result,
      files: [
        await artifactOf(store, key, result.id, table),
        await artifactOf(store, attack.attack.key, result.id, model),
      ],
    };
  }
  const found = await storedResult<EvaluateResult>(store, key);
  const audited =
    attack.audited && (await storedResult<TrainDefendedResult>(store, attack.audited.key)).privacy;
  const exposed = exposedOf(found);
  const result = {
    ...membershipResult(attack, found, circumstances, audited),
    ...(exposed.length > 0 && { exposed }),
  };
  const blob = { blob: 'scores.parquet', kind: 'scores' };
  return { result, files: [await artifactOf(store, key, result.id, blob)] };
};

const storedGallery = async (store: FolderStore, key: string): Promise<readonly GalleryEntry[]> => {
  const bytes = await (await store.finished(key)).blob('gallery.json');
  return JSON.parse(new TextDecoder().decode(bytes));
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
