/** Task kind `query`: a model's outputs on a set of records, saved once for every attack. */
import { decodeModel, predict } from 'onnx-grad';
import { batch, type Dataset } from '../../data/dataset.ts';
import { joinRows } from '../../data/join-rows.ts';
import { type Role, splitQuarters } from '../../data/split.ts';
import { type View, viewBatch } from '../../data/views.ts';
import { batchSource } from '../../models/batch-source.ts';
import { argmax } from '../../stats/argmax.ts';
import type { Answers } from '../../targets/access.ts';
import type { FinishedTask, TaskHandler, TaskOutput, TaskProgress } from '../task.ts';
import { CONNECT } from './connect.ts';
import { type DataRef, loadRef, type SplitRef } from './data-ref.ts';
import { type OpenTarget, openTarget } from './open-target.ts';
import { readSynthesis } from './read-synthesis.ts';
import { type NamedSet, ROLES_OF, recordsIn } from './record-sets.ts';
import { toBytes } from './typed-bytes.ts';

export type QueryParams = {
  readonly data: DataRef;
  readonly split: SplitRef;
  readonly set: NamedSet;
  /** The transformed copy that is sent; the records as they are when left out. */
  readonly view?: { readonly [K in keyof View]: View[K] };
};

export type QueryResult = {
  readonly classes: number;
  /** Records of each role whose largest output is at the label, and how many there are. */
  readonly correct: { readonly [role: string]: { readonly right: number; readonly records: number } };
};

/**
 * Inputs: the task that left the model (trained, opened or connected to), and the `synthesise` task where the records are made up. Blobs: `ids` (uint32)
 * and `logits` (float32, ids × classes), in ascending order of ids, so that the order says nothing about roles.
 */
export const query: TaskHandler<QueryParams, QueryResult> = {
  code: [
    'onnx-grad',
    'ml-doctor/data',
    'ml-doctor/models/batch-source',
    'ml-doctor/defenses/output',
    'ml-doctor/stats',
    'ml-doctor/targets',
    'ml-doctor/study/kinds/connect',
    'ml-doctor/study/kinds/open-target',
    'ml-doctor/study/kinds/query',
    'ml-doctor/study/kinds/data-ref',
    'ml-doctor/study/kinds/read-synthesis',
    'ml-doctor/study/kinds/record-sets',
    'ml-doctor/study/kinds/typed-bytes',
  ],
  run: async (params, [trained, synthesis], context) => {
    const { threads, device, signal, places, progress } = context;
    const named = await loadRef(params.data, places);
    const data = synthesis ? await readSynthesis(synthesis, named) : named;
    const { set, split, view } = params;
    const ids = recordsIn(set, data.size, split);
    progress({ fraction: 0 });
    const target = trained as FinishedTask;
    if (target.kind === CONNECT) {
      const seen = (some: Uint32Array) => (view ? viewBatch(data, some, view as View) : batch(data, some)).x;
      const live = await openTarget(target, data, context);
      try {
        return answered(params, data, ids, await askInParts(live, ids, seen, progress));
      } finally {
        await live.dispose();
      }
    }
    const model = decodeModel(await target.blob('model.onnx'));
    const plain = batchSource(data, ids);
    const seen = (positions: Uint32Array) => ({
      ...plain.batch(positions),
      inputs: {
        x: {
          dtype: 'float32' as const,
          dims: [positions.length, ...data.recordShape],
          data: viewBatch(
            data,
            positions.map((i) => ids[i] as number),
            view as View,
          ).x,
        },
      },
    });
    const source = view ? { size: plain.size, batch: seen } : plain;
    const output = await predict(model, source, { threads, device, signal });
    return answered(params, data, ids, {
      logits: output.data as Float32Array,
      classes: output.dims[1] as number,
    });
  },
};

/** Records of one question to a model that is elsewhere, between two signs of progress. */
const ROWS_PER_ASK = 1024;

const askInParts = async (
  live: OpenTarget,
  ids: Uint32Array,
  seen: (ids: Uint32Array) => Float32Array,
  progress: (event: TaskProgress) => void,
): Promise<Answers> => {
  const parts: Float32Array[] = [];
  let classes = 0;
  for (let start = 0; start < ids.length; start += ROWS_PER_ASK) {
    const some = ids.subarray(start, start + ROWS_PER_ASK);
    const found = await live.answers({ values: seen(some), rows: some.length });
    parts.push(found.logits);
    classes = found.classes;
    progress({ fraction: (start + some.length) / ids.length });
  }
  return { logits: joinRows(parts), classes };
};

const answered = (
  { set, split }: QueryParams,
  data: Dataset,
  ids: Uint32Array,
  { logits, classes }: Answers,
): TaskOutput<QueryResult> => {
  const right = new Map<number, boolean>();
  ids.forEach((id, i) => {
    const row = logits.subarray(i * classes, (i + 1) * classes);
    right.set(id, argmax(row) === data.y[id]);
  });
  const roles: readonly Role[] = set === 'all' ? [] : ROLES_OF[set];
  const members = set === 'all' ? undefined : splitQuarters(data.size, split);
  const correct = Object.fromEntries(
    roles.map((role) => {
      const own = members?.[role] ?? new Uint32Array(0);
      return [role, { right: own.filter((id) => right.get(id)).length, records: own.length }];
    }),
  );
  return { result: { classes, correct }, blobs: { ids: toBytes(ids), logits: toBytes(logits) } };
};
