/** Task kind `check-split`: whether the target's members and non-members differ without any model. */
import { batch, elements } from '../../data/dataset.ts';
import { splitQuarters } from '../../data/split.ts';
import { checkSplit as check } from '../../evaluate/split-check.ts';
import type { Metric } from '../../stats/metric.ts';
import type { TaskHandler } from '../task.ts';
import { type DataRef, loadRef, type SplitRef } from './data-ref.ts';
import { recordsIn } from './record-sets.ts';

export type CheckSplitParams = { readonly data: DataRef; readonly split: SplitRef };

export type CheckSplitResult = {
  /** Of a classifier that sees inputs and labels only. */
  readonly auc: { readonly [part in keyof Metric]: Metric[part] };
  /** Whether it beats chance. */
  readonly shifted: boolean;
};

export const checkSplit: TaskHandler<CheckSplitParams, CheckSplitResult> = {
  code: [
    'onnx-grad/random',
    'ml-doctor/data',
    'ml-doctor/stats',
    'ml-doctor/evaluate',
    'ml-doctor/study/kinds/check-split',
    'ml-doctor/study/kinds/data-ref',
    'ml-doctor/study/kinds/record-sets',
  ],
  run: async (params, _inputs, { seed, places }) => {
    const data = await loadRef(params.data, places);
    const ids = recordsIn('candidates', data.size, params.split);
    const members = new Set(splitQuarters(data.size, params.split)['target-train']);
    const { x: inputs, y: labels } = batch(data, ids);
    const truth = Uint8Array.from(ids, (id) => (members.has(id) ? 1 : 0));
    return { result: check({ inputs, labels, truth, width: elements(data.recordShape) }, seed) };
  },
};
