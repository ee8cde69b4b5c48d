/** Task kind `query`: a model's outputs on the records of some roles, saved once for every attack. */
import { decodeModel, predict } from 'onnx-grad';
import { type Role, splitQuarters } from '../../data/split.ts';
import { batchSource } from '../../models/batch-source.ts';
import { argmax } from '../../stats/argmax.ts';
import type { FinishedTask, TaskHandler } from '../task.ts';
import { type DataRef, loadRef, type SplitRef } from './data-ref.ts';
import { toBytes } from './typed-bytes.ts';

export type QueryParams = {
  readonly data: DataRef;
  readonly split: SplitRef;
  readonly roles: readonly Role[];
};

export type QueryResult = {
  readonly classes: number;
  /** Records of each role whose largest output is at the label, and how many there are. */
  readonly correct: { readonly [role: string]: { readonly right: number; readonly records: number } };
};

/**
 * Input: the `train` task of the model. Blobs: `ids` (uint32) and `logits` (float32, ids × classes), in ascending
 * order of ids, so that the order says nothing about roles.
 */
export const query: TaskHandler<QueryParams, QueryResult> = {
  code: [
    'onnx-grad',
    'ml-doctor/data',
    'ml-doctor/models/batch-source',
    'ml-doctor/stats/argmax',
    'ml-doctor/study/kinds/query',
    'ml-doctor/study/kinds/data-ref',
    'ml-doctor/study/kinds/typed-bytes',
  ],
  run: async (params, [trained], { threads, device, signal, places, progress }) => {
    const data = await loadRef(params.data, places);
    const split = splitQuarters(data.size, params.split);
    const ids = Uint32Array.from(params.roles.flatMap((role) => [...split[role]])).sort();
    const model = decodeModel(await (trained as FinishedTask).blob('model.onnx'));
    progress({ fraction: 0 });
    const output = await predict(model, batchSource(data, ids), { threads, device, signal });
    const logits = output.data as Float32Array;
    const classes = output.dims[1] as number;
    const right = new Map<number, boolean>();
    ids.forEach((id, i) => {
      const row = logits.subarray(i * classes, (i + 1) * classes);
      right.set(id, argmax(row) === data.y[id]);
    });
    const correct = Object.fromEntries(
      params.roles.map((role) => [
        role,
        { right: split[role].filter((id) => right.get(id)).length, records: split[role].length },
      ]),
    );
    return { result: { classes, correct }, blobs: { ids: toBytes(ids), logits: toBytes(logits) } };
  },
};
