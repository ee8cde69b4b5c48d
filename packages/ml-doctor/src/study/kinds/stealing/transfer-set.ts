/** Task kind `transfer-set`: inputs that a target was asked about, and what its answers say: what a copy learns from. */
import { beliefsFrom } from '../../../attacks/stealing/beliefs.ts';
import { selectQueries } from '../../../attacks/stealing/select-queries.ts';
import type { Selection } from '../../../attacks/stealing/stealing-attack.ts';
import type { Dataset } from '../../../data/dataset.ts';
import type { QueryPool } from '../../../data/query-pool.ts';
import { posterior } from '../../../stats/log-posterior.ts';
import { modelAccess } from '../../../targets/model-access.ts';
import { openOracle, type ReplyForm } from '../../../targets/oracle.ts';
import type { FinishedTask, TaskContext, TaskHandler } from '../../task.ts';
import { type DataRef, loadRef, type SplitRef } from '../data-ref.ts';
import { openTarget } from '../open-target.ts';
import { toBytes } from '../typed-bytes.ts';
import { openPool, type PoolRef } from './pool-ref.ts';
import { readTransferSet } from './read-transfer-set.ts';

export type TransferSetParams = {
  readonly data: DataRef;
  readonly split: SplitRef;
  readonly pool: PoolRef;
  readonly selection: Selection;
  /** What an answer shows; `own-labels`: nobody is asked, the records' true classes stand for answers. */
  readonly reply: ReplyForm | 'own-labels';
  /** Inputs in the set, those of the sets before among them. */
  readonly budget: number;
};

export type TransferSetResult = {
  /** Rows sent to the target for this set and those before. */
  readonly queries: number;
};

/** Rows of one ask: large enough to keep the kernels busy, small enough to show progress. */
const ROWS_PER_ASK = 1024;

/**
 * Inputs: the `train` task of the target, none for own labels; the `transfer-set` task of the budget before; and the
 * `steal` task of that budget, where the selection reads its copy. Blobs: `positions` (uint32, in the pool, in the
 * order in which they were asked) and `beliefs` (float32, positions × classes).
 */
export const transferSet: TaskHandler<TransferSetParams, TransferSetResult> = {
  code: [
    'onnx-grad',
    'ml-doctor/data',
    'ml-doctor/stats',
    'ml-doctor/targets',
    'ml-doctor/attacks/stealing/beliefs',
    'ml-doctor/attacks/stealing/select-queries',
    'ml-doctor/attacks/stealing/selection',
    'ml-doctor/study/kinds/stealing/transfer-set',
    'ml-doctor/study/kinds/stealing/read-transfer-set',
    'ml-doctor/study/kinds/stealing/pool-ref',
    'ml-doctor/defenses/output',
    'ml-doctor/study/kinds/connect',
    'ml-doctor/study/kinds/open-target',
    'ml-doctor/study/kinds/data-ref',
    'ml-doctor/study/kinds/record-sets',
    'ml-doctor/study/kinds/typed-bytes',
  ],
  run: async (params, inputs, context) => {
    const { seed, places, signal, progress } = context;
    const { reply, budget, selection } = params;
    const [trained, previous, copy] = reply === 'own-labels' ? [] : inputs;
    const data = await loadRef(params.data, places);
    const pool = await openPool(params.pool, data, params.split, seed, places);
    const before = previous && (await readTransferSet(previous));
    const asked = before?.positions ?? new Uint32Array(0);
    const classes = data.classes.length;
    const chosen = await withCopy(copy, data, pool, context, (believes) =>
      selectQueries(
        {
          ...{ selection, size: pool.size, asked, count: budget - asked.length, classes },
          ...(believes && { believes }),
        },
        { seed, signal, progress: (part) => progress({ fraction: part / 2 }) },
      ),
    );
    const found =
      reply === 'own-labels'
        ? { beliefs: ownLabels(pool, chosen, classes), queries: 0 }
        : await ask(trained as FinishedTask, reply, data, pool, chosen, context);
    return {
      result: { queries: (before?.queries ?? 0) + found.queries },
      blobs: {
        positions: toBytes(joined(Uint32Array, asked, chosen)),
        beliefs: toBytes(joined(Float32Array, before?.beliefs ?? new Float32Array(0), found.beliefs)),
      },
    };
  },
};

const joined = <T extends Uint32Array | Float32Array>(
  type: new (length: number) => T,
  first: T,
  second: T,
): T => {
  const out = new type(first.length + second.length);
  out.set(first);
  out.set(second, first.length);
  return out;
};

/** With what the copy of the budget before believes, where there is one. */
const withCopy = async <T>(
  copy: FinishedTask | undefined,
  data: Dataset,
  pool: QueryPool,
  context: TaskContext,
  use: (believes: ((positions: Uint32Array) => Promise<Float32Array>) | undefined) => Promise<T>,
): Promise<T> => {
  if (!copy) return use(undefined);
  const model = await openTarget(copy, data, context);
  const classes = data.classes.length;
  try {
    return await use(async (positions) => {
      const out = new Float32Array(positions.length * classes);
      for (let start = 0; start < positions.length; start += ROWS_PER_ASK) {
        const some = positions.subarray(start, start + ROWS_PER_ASK);
        const { logits } = await model.answers({ values: pool.inputs(some), rows: some.length });
        for (let i = 0; i < some.length; i++)
          out.set(posterior(logits.subarray(i * classes, (i + 1) * classes)), (start + i) * classes);
      }
      return out;
    });
  } finally {
    await model.dispose();
  }
};

const ask = async (
  target: FinishedTask,
  reply: ReplyForm,
  data: Dataset,
  pool: QueryPool,
  positions: Uint32Array,
  context: TaskContext,
): Promise<{ readonly beliefs: Float32Array; readonly queries: number }> => {
  const classes = data.classes.length;
  const live = await openTarget(target, data, context);
  try {
    const oracle = openOracle(modelAccess({ classes, saved: [], live }), reply, positions.length);
    const beliefs = new Float32Array(positions.length * classes);
    for (let start = 0; start < positions.length; start += ROWS_PER_ASK) {
      const some = positions.subarray(start, start + ROWS_PER_ASK);
      const replies = await oracle.ask({ values: pool.inputs(some), rows: some.length });
      beliefs.set(beliefsFrom(replies, classes), start * classes);
      context.progress({ fraction: (1 + (start + some.length) / positions.length) / 2 });
    }
    return { beliefs, queries: oracle.queries };
  } finally {
    await live.dispose();
  }
};

const ownLabels = (pool: QueryPool, positions: Uint32Array, classes: number): Float32Array => {
  if (!pool.labels) throw new Error('internal: the records of this pool have no labels of the target’s kind');
  const beliefs = new Float32Array(positions.length * classes);
  pool.labels(positions).forEach((label, i) => {
    beliefs[i * classes + label] = 1;
  });
  return beliefs;
};
