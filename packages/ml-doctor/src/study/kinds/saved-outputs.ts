/** Task kind `saved-outputs`: answers that a user saved, in the place of a question to the model. */
import type { Dataset } from '../../data/dataset.ts';
import { type Split, splitQuarters } from '../../data/split.ts';
import { argmax } from '../../stats/argmax.ts';
import type { TaskHandler } from '../task.ts';
import { type DataRef, readOwnOutputs } from './data-ref.ts';
import type { QueryResult } from './query.ts';
import { ROLES_OF } from './record-sets.ts';
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
    'ml-doctor/study/kinds/record-sets',
    'ml-doctor/study/kinds/typed-bytes',
  ],
  run: async ({ data: ref, answers }, _inputs, { seed, places }) => {
    const { data, logits, sizes, kind } = await readOwnOutputs(ref, answers, places);
    const correct =
      kind === 'loss' ? {} : countRight(logits, data, splitQuarters(data.size, { seed, sizes }));
    const ids = Uint32Array.from({ length: data.size }, (_, i) => i);
    return {
      result: { classes: data.classes.length, correct },
      blobs: { ids: toBytes(ids), logits: toBytes(logits) },
    };
  },
};

const countRight = (logits: Float32Array, { y, classes }: Dataset, roles: Split): QueryResult['correct'] => {
  const width = classes.length;
  const isRight = (id: number) => argmax(logits.subarray(id * width, (id + 1) * width)) === y[id];
  return Object.fromEntries(
    ROLES_OF.candidates.map((role) => [
      role,
      { right: roles[role].filter(isRight).length, records: roles[role].length },
    ]),
  );
};
