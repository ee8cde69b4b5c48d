/** Task kind `judge`: what the judge of reconstructions makes of every record that has a role. */
import { decodeModel } from 'onnx-grad';
import { batch } from '../../../data/dataset.ts';
import { argmax } from '../../../stats/argmax.ts';
import type { FinishedTask, TaskHandler } from '../../task.ts';
import { type DataRef, loadRef, type SplitRef } from '../data-ref.ts';
import { JUDGE_TRAINING, recordsIn, trainingRecords } from '../record-sets.ts';
import { toBytes } from '../typed-bytes.ts';
import { judgeAnswers } from './judge-answers.ts';

export type JudgeParams = { readonly data: DataRef; readonly split: SplitRef };

export type JudgeResult = {
  /** Of the records that it did not learn from, those it is right about. */
  readonly right: number;
  readonly records: number;
};

/**
 * Input: the `train` task of the judge. Blobs: `ids` (uint32, ascending) and `features` (float32, ids × width): what the
 * judge's last layer receives.
 */
export const judge: TaskHandler<JudgeParams, JudgeResult> = {
  code: [
    'onnx-grad',
    'ml-doctor/data',
    'ml-doctor/stats',
    'ml-doctor/targets/last-layer',
    'ml-doctor/study/kinds/inversion/judge',
    'ml-doctor/study/kinds/inversion/judge-answers',
    'ml-doctor/study/kinds/data-ref',
    'ml-doctor/study/kinds/record-sets',
    'ml-doctor/study/kinds/typed-bytes',
  ],
  run: async ({ data: ref, split }, [trained], { threads, device, signal, places, progress }) => {
    const data = await loadRef(ref, places);
    const model = decodeModel(await (trained as FinishedTask).blob('model.onnx'));
    const ids = recordsIn('roles', data.size, split);
    const [answers] = await judgeAnswers(model, [{ values: batch(data, ids).x, rows: ids.length }], {
      ...{ recordShape: data.recordShape, threads, device, signal },
      progress: (fraction) => progress({ fraction }),
    });
    if (!answers) throw new Error('internal: the judge said nothing');
    const learnt = new Set(trainingRecords(JUDGE_TRAINING, data.size, split));
    const classes = answers.judged.length / ids.length;
    const judgedAs = (i: number) => argmax(answers.judged.subarray(i * classes, (i + 1) * classes));
    const right = ids.filter((id, i) => !learnt.has(id) && judgedAs(i) === data.y[id]).length;
    return {
      result: { right, records: ids.length - learnt.size },
      blobs: { ids: toBytes(ids), features: toBytes(answers.features) },
    };
  },
};
