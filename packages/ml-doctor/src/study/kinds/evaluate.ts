/** Task kind `evaluate`: the scores of a membership attack against the truth. */
import { type CanaryLabels, drawCanaries, withCanaryLabels } from '../../data/canaries.ts';
import type { Dataset } from '../../data/dataset.ts';
import { splitQuarters } from '../../data/split.ts';
import { evaluateMembership, type MembershipArtifact } from '../../evaluate/membership.ts';
import { mostExposed } from '../../evaluate/most-exposed.ts';
import { evaluateOneRun } from '../../evaluate/one-run.ts';
import { scoreTable } from '../../evaluate/score-table.ts';
import { evaluateSlices, type Grouping } from '../../evaluate/slices.ts';
import type { FinishedTask, TaskHandler } from '../task.ts';
import type { AttackResult } from './attack/attack.ts';
import { type DataRef, loadRef, type SplitRef } from './data-ref.ts';
import { fromBytes } from './typed-bytes.ts';

export type EvaluateParams = {
  readonly data: DataRef;
  readonly split: SplitRef;
  /** Attributes whose categories are evaluated apart; classes always are. */
  readonly slices?: readonly string[];
  /** Of an audit with canaries: the truth is whether they were in, and how many guesses test which claim. */
  readonly canaries?: {
    readonly count: number;
    readonly labels: CanaryLabels;
    readonly guesses: number;
    readonly delta: number;
  };
};

/** As many as a report takes. */
const MOST_EXPOSED = 200;

/** A limit is null where there is none. */
type Metrics = {
  readonly [name: string]: {
    readonly value: number;
    readonly low: number | null;
    readonly high: number | null;
    readonly method: string;
  };
};
type Counts = { readonly members: number; readonly nonMembers: number };

export type EvaluateResult = {
  readonly metrics: Metrics;
  readonly roc: { readonly fpr: readonly number[]; readonly tpr: readonly number[] };
  readonly slices: readonly {
    readonly by: string;
    readonly value: string;
    readonly records: Counts;
    readonly metrics: Metrics;
  }[];
  /** The members that the attack is surest of; none of an audit with canaries, whose records are those of another model. */
  readonly exposed: readonly {
    readonly record: number;
    readonly class: string;
    readonly score: number;
    /** Non-members that score at least as high. */
    readonly falsePositives: number;
  }[];
  readonly notes: readonly string[];
  readonly records: Counts;
  readonly queries: number;
};

/** Input: the `attack` task. Blob `scores.parquet`: every record that was attacked, with its score. */
export const evaluate: TaskHandler<EvaluateParams, EvaluateResult> = {
  code: [
    'onnx-grad/random',
    'ml-doctor/data',
    'ml-doctor/stats',
    'ml-doctor/evaluate',
    'ml-doctor/study/kinds/evaluate',
    'ml-doctor/study/kinds/data-ref',
    'ml-doctor/study/kinds/typed-bytes',
  ],
  run: async (params, inputs, { places }) => {
    const scored = inputs[0] as FinishedTask;
    const { threshold, queries, notes: ofAttack } = scored.result as AttackResult;
    const ids = fromBytes(Uint32Array, await scored.blob('ids'));
    const scores = fromBytes(Float64Array, await scored.blob('scores'));
    const { data, members } = withTruth(await loadRef(params.data, places), params);
    const truth = Uint8Array.from(ids, (id) => (members.has(id) ? 1 : 0));
    const artifact: MembershipArtifact = { ids, scores, ...(threshold !== null && { threshold }) };
    const { metrics, curves, notes } = evaluateMembership(artifact, truth);
    const oneRun = params.canaries && evaluateOneRun(artifact, truth, params.canaries);
    // Canaries are judged as a whole: classes are those of wrong labels, and records those of another model.
    const by = params.canaries ? [] : groupings(data, ids, params.slices ?? []);
    const sliced = by.map((grouping) => evaluateSlices(artifact, truth, grouping));
    const count = truth.reduce((a, b) => a + b, 0);
    return {
      result: {
        metrics: (oneRun ? { ...oneRun.metrics, canaryAuc: metrics.auc } : metrics) as Metrics,
        roc: { fpr: [...curves.roc.fpr], tpr: [...curves.roc.tpr] },
        slices: sliced.flatMap(({ slices }) => slices) as EvaluateResult['slices'],
        exposed: params.canaries
          ? []
          : mostExposed(artifact, truth, MOST_EXPOSED).map(({ index, ...entry }) => {
              const record = ids[index] as number;
              return { record, class: data.classes[data.y[record] as number] as string, ...entry };
            }),
        notes: [...ofAttack, ...(oneRun?.notes ?? notes), ...sliced.flatMap((one) => one.notes)],
        records: { members: count, nonMembers: ids.length - count },
        queries,
      },
      blobs: {
        'scores.parquet': scoreTable(
          artifact,
          truth,
          Int32Array.from(ids, (id) => data.y[id] as number),
        ),
      },
    };
  },
};

/** The labels as the attack was told them, and who is a member: of the target, or of the model that audits its training. */
const withTruth = (
  data: Dataset,
  { split, canaries }: EvaluateParams,
): { readonly data: Dataset; readonly members: ReadonlySet<number> } => {
  if (!canaries) return { data, members: new Set(splitQuarters(data.size, split)['target-train']) };
  const { ids, included } = drawCanaries(data.size, split, canaries.count);
  return {
    data: withCanaryLabels(data, ids, canaries.labels, split.seed),
    members: new Set(ids.filter((_, i) => included[i] === 1)),
  };
};

/** By class, and by the attributes that were asked for. */
const groupings = (data: Dataset, ids: Uint32Array, slices: readonly string[]): readonly Grouping[] => [
  { by: 'class', values: data.classes, of: Int32Array.from(ids, (id) => data.y[id] as number) },
  ...slices.map((name): Grouping => {
    const attribute = data.attributes?.[name];
    if (!attribute?.categories) throw new Error(`internal: ${data.id} has no categories of ${name}`);
    const { values, categories } = attribute;
    return { by: name, values: categories, of: Int32Array.from(ids, (id) => values[id] as number) };
  }),
];
