/** Task kind `saved-outputs`: answers that a user saved, in the place of a question to the model. */
import type { Dataset } from '../../data/dataset.ts';
import { argmax } from '../../stats/argmax.ts';
import type { TaskHandler } from '../task.ts';
import { type DataRef, readOwnOutputs } from './data-ref.ts';
import type { QueryResult } from './query.ts';
import { toBytes } from './typed-bytes.ts';

export type SavedOutputsParams = {
  readonly data: DataRef;
  /** sha256 of the answers. */
  readonly answers: string;
};

/** Blobs `ids` (uint32) and `logits` (float32, ids × classes): what a `query` task leaves. */
export const savedOutputs: TaskHandler<SavedOutputsParams, QueryResult> = {
  code: [
    'onnx-grad/random',
    'ml-doctor/data',
    'ml-doctor/stats/argmax',
    'ml-doctor/study/kinds/saved-outputs',
    'ml-doctor/study/kinds/data-ref',
    'ml-doctor/study/kinds/typed-bytes',
  ],
  run: async ({ data: ref, answers }, _inputs, { places }) => {
    const { data, logits, sizes, kind } = await readOwnOutputs(ref, answers, places);
    const correct = kind === 'loss' ? {} : countRight(logits, data, sizes.members);
    const ids = Uint32Array.from({ length: data.size }, (_, i) => i);
    return {
      result: { classes: data.classes.length, correct },
      blobs: { ids: toBytes(ids), logits: toBytes(logits) },
    };
  },
};

/** Of each role; the members come first. */
const countRight = (
  logits: Float32Array,
  { y, classes }: Dataset,
  members: number,
): QueryResult['correct'] => {
  const width = classes.length;
  const right = (from: number, to: number) => {
    let count = 0;
    for (let i = from; i < to; i++) if (argmax(logits.subarray(i * width, (i + 1) * width)) === y[i]) count++;
    return { right: count, records: to - from };
  };
  return { 'target-train': right(0, members), 'target-test': right(members, y.length) };
};
