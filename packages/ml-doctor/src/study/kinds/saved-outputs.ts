/** Task kind `saved-outputs`: answers that a user saved, in the place of a question to the model. */
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
    const { data, logits, correct } = await readOwnOutputs(ref, answers, places);
    const ids = Uint32Array.from({ length: data.size }, (_, i) => i);
    return {
      result: { classes: data.classes.length, correct },
      blobs: { ids: toBytes(ids), logits: toBytes(logits) },
    };
  },
};
