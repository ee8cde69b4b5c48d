/** Task kind `evaluate`: the scores of a membership attack against the truth. */
import type { Dataset } from '../../data/dataset.ts';
import { splitQuarters } from '../../data/split.ts';
import { evaluateMembership, type MembershipArtifact } from '../../evaluate/membership.ts';
import { scoreTable } from '../../evaluate/score-table.ts';
import { evaluateSlices, type Grouping } from '../../evaluate/slices.ts';
import type { Metric } from '../../stats/metric.ts';
import type { FinishedTask, TaskHandler } from '../task.ts';
import type { AttackResult } from './attack/attack.ts';
import { type DataRef, loadRef, type SplitRef } from './data-ref.ts';
import { fromBytes } from './typed-bytes.ts';

export type EvaluateParams = {
  readonly data: DataRef;
  readonly split: SplitRef;
  /** Attributes whose categories are evaluated apart; classes always are. */
  readonly slices?: readonly string[];
};

type Metrics = { readonly [name: string]: { readonly [part in keyof Metric]: Metric[part] } };
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
    const data = await loadRef(params.data, places);
    const members = new Set(splitQuarters(data.size, params.split)['target-train']);
    const truth = Uint8Array.from(ids, (id) => (members.has(id) ? 1 : 0));
    const artifact: MembershipArtifact = { ids, scores, ...(threshold !== null && { threshold }) };
    const { metrics, curves, notes } = evaluateMembership(artifact, truth);
    const sliced = groupings(data, ids, params.slices ?? []).map((by) => evaluateSlices(artifact, truth, by));
    const count = truth.reduce((a, b) => a + b, 0);
    return {
      result: {
        metrics: metrics as Metrics,
        roc: { fpr: [...curves.roc.fpr], tpr: [...curves.roc.tpr] },
        slices: sliced.flatMap(({ slices }) => slices) as EvaluateResult['slices'],
        notes: [...ofAttack, ...notes, ...sliced.flatMap((one) => one.notes)],
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
