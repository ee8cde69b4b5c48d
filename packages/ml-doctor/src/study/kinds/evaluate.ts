/** Task kind `evaluate`: the scores of a membership attack against the truth. */
import { splitQuarters } from '../../data/split.ts';
import { evaluateMembership } from '../../evaluate/membership.ts';
import type { Metric } from '../../stats/metric.ts';
import type { FinishedTask, TaskHandler } from '../task.ts';
import type { AttackResult } from './attack.ts';
import { type DataRef, loadRef, type SplitRef } from './data-ref.ts';
import { fromBytes } from './typed-bytes.ts';

export type EvaluateParams = {
  readonly data: DataRef;
  readonly split: SplitRef;
};

export type EvaluateResult = {
  readonly metrics: { readonly [name: string]: { readonly [part in keyof Metric]: Metric[part] } };
  readonly roc: { readonly fpr: readonly number[]; readonly tpr: readonly number[] };
  readonly notes: readonly string[];
  readonly records: { readonly members: number; readonly nonMembers: number };
  readonly queries: number;
};

/** Input: the `attack` task. */
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
    const { threshold, queries } = scored.result as AttackResult;
    const ids = fromBytes(Uint32Array, await scored.blob('ids'));
    const scores = fromBytes(Float64Array, await scored.blob('scores'));
    const data = await loadRef(params.data, places);
    const members = new Set(splitQuarters(data.size, params.split)['target-train']);
    const truth = Uint8Array.from(ids, (id) => (members.has(id) ? 1 : 0));
    const { metrics, curves, notes } = evaluateMembership(
      { ids, scores, ...(threshold !== null && { threshold }) },
      truth,
    );
    const count = truth.reduce((a, b) => a + b, 0);
    return {
      result: {
        metrics: metrics as EvaluateResult['metrics'],
        roc: { fpr: [...curves.roc.fpr], tpr: [...curves.roc.tpr] },
        notes,
        records: { members: count, nonMembers: ids.length - count },
        queries,
      },
    };
  },
};
