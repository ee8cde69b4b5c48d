/** Task kind `steal`: a copy that learns what a transfer set says. */
import { encodeModel } from 'onnx-grad';
import type { StudentRecipe } from '../../../attacks/stealing/stealing-attack.ts';
import { trainStudent } from '../../../attacks/stealing/train-student.ts';
import { elements } from '../../../data/dataset.ts';
import type { FinishedTask, TaskHandler } from '../../task.ts';
import { type DataRef, loadRef, type SplitRef } from '../data-ref.ts';
import { findArchitecture } from '../find-architecture.ts';
import { trainingCheckpoint } from '../training-checkpoint.ts';
import { freshCopy } from './fresh-copy.ts';
import { openPool, type PoolRef } from './pool-ref.ts';
import { readTransferSet } from './read-transfer-set.ts';

export type StealParams = {
  readonly data: DataRef;
  readonly split: SplitRef;
  readonly pool: PoolRef;
  /** Seed of inputs that were made up: that of the transfer set. */
  readonly poolSeed: number;
  readonly architecture: string;
  readonly recipe: StudentRecipe;
};

export type StealResult = {
  readonly parameters: number;
  /** Mean loss of each epoch. */
  readonly losses: readonly number[];
  readonly steps: number;
};

/** Inputs are kept ready up to this size; more are made for each batch anew. */
const KEPT_BYTES = 256 * 2 ** 20;

/** Input: the `transfer-set` task. Blob `model.onnx`: the copy, as plain ONNX. */
export const steal: TaskHandler<StealParams, StealResult> = {
  code: [
    'onnx-grad',
    'ml-doctor/data',
    'ml-doctor/stats',
    'ml-doctor/models',
    'ml-doctor/attacks/stealing/train-student',
    'ml-doctor/study/kinds/stealing/steal',
    'ml-doctor/study/kinds/stealing/fresh-copy',
    'ml-doctor/study/kinds/stealing/read-transfer-set',
    'ml-doctor/study/kinds/stealing/pool-ref',
    'ml-doctor/targets/onnx',
    'ml-doctor/study/canonical-json',
    'ml-doctor/study/kinds/find-architecture',
    'ml-doctor/study/kinds/read-own-model',
    'ml-doctor/study/kinds/data-ref',
    'ml-doctor/study/kinds/training-checkpoint',
    'ml-doctor/study/kinds/record-sets',
    'ml-doctor/study/kinds/typed-bytes',
  ],
  run: async (params, [set], { seed, threads, device, signal, places, checkpoint, progress }) => {
    const data = await loadRef(params.data, places);
    const { positions, beliefs } = await readTransferSet(set as FinishedTask);
    const pool = await openPool(params.pool, data, params.split, params.poolSeed, places);
    const width = elements(data.recordShape);
    const made = (rows: ArrayLike<number>) =>
      pool.inputs(Uint32Array.from(rows, (row) => positions[row] as number));
    // Records are normalised as fast as they are copied; what is resized or made up is not.
    const slow = params.pool.kind === 'other' || params.pool.kind === 'uniform';
    const kept = slow && positions.length * width * 4 <= KEPT_BYTES ? pool.inputs(positions) : undefined;
    const { model, ...result } = await trainStudent({
      model: freshCopy(await findArchitecture(params.architecture, places), data, seed),
      recordShape: data.recordShape,
      size: positions.length,
      inputs: kept ? rowsOf(kept, width) : made,
      beliefs,
      recipe: params.recipe,
      ...{ seed, threads, device, signal },
      progress: (fraction, figures) => progress({ fraction, ...(figures && { figures }) }),
      checkpoint: trainingCheckpoint(checkpoint, places),
    });
    return { result, blobs: { 'model.onnx': encodeModel(model) } };
  },
};

const rowsOf =
  (values: Float32Array, width: number) =>
  (rows: ArrayLike<number>): Float32Array => {
    const out = new Float32Array(rows.length * width);
    for (let i = 0; i < rows.length; i++) {
      const row = rows[i] as number;
      out.set(values.subarray(row * width, (row + 1) * width), i * width);
    }
    return out;
  };
