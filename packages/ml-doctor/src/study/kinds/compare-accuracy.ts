/** Task kind `compare-accuracy`: what a defence changes of the target's test accuracy, on the same records both times. */
import { splitQuarters } from '../../data/split.ts';
import { argmax } from '../../stats/argmax.ts';
import type { Metric } from '../../stats/metric.ts';
import { pairedProportions } from '../../stats/paired-proportions.ts';
import type { OutputTable } from '../../targets/saved-outputs.ts';
import type { TaskHandler } from '../task.ts';
import { type DataRef, loadRef, type SplitRef } from './data-ref.ts';
import { readOutputs } from './read-outputs.ts';

export type CompareAccuracyParams = {
  readonly data: DataRef;
  readonly split: SplitRef;
};

export type CompareAccuracyResult = {
  /** Defended less undefended. */
  readonly testAccuracy: { readonly [part in keyof Metric]: Metric[part] };
  readonly records: number;
};

/** Inputs: the `query` tasks of the undefended target and of the defended one on its candidates, in this order. */
export const compareAccuracy: TaskHandler<CompareAccuracyParams, CompareAccuracyResult> = {
  code: [
    'onnx-grad/random',
    'ml-doctor/data',
    'ml-doctor/stats',
    'ml-doctor/study/kinds/compare-accuracy',
    'ml-doctor/study/kinds/data-ref',
    'ml-doctor/study/kinds/read-outputs',
    'ml-doctor/study/kinds/typed-bytes',
  ],
  run: async (params, inputs, { places, signal }) => {
    const [undefended, defended] = await Promise.all(inputs.map(readOutputs));
    if (!undefended || !defended) throw new Error(`internal: ${inputs.length} targets to compare`);
    const data = await loadRef(params.data, places);
    signal.throwIfAborted();
    const before = rightOf(undefended, data.y);
    const after = rightOf(defended, data.y);
    const counts = { both: 0, onlyFirst: 0, onlySecond: 0, neither: 0 };
    const records = splitQuarters(data.size, params.split)['target-test'];
    for (const id of records) {
      const [first, second] = [before.get(id), after.get(id)];
      if (first === undefined || second === undefined)
        throw new Error(`internal: record ${id} was not put to both targets`);
      if (first) counts[second ? 'both' : 'onlyFirst']++;
      else counts[second ? 'onlySecond' : 'neither']++;
    }
    return { result: { testAccuracy: pairedProportions(counts), records: records.length } };
  },
};

/** Whether the largest output of a record is at its label, as a `query` task counts it. */
const rightOf = ({ ids, logits, classes }: OutputTable, labels: ArrayLike<number>): Map<number, boolean> =>
  new Map(
    Array.from(ids, (id, i) => [
      id,
      argmax((logits as Float32Array).subarray(i * classes, (i + 1) * classes)) === labels[id],
    ]),
  );
