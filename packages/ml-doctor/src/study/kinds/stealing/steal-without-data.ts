/** Task kind `steal-without-data`: a copy that learns on inputs a generator makes, up to one budget of queries. */
import { encodeModel } from 'onnx-grad';
import { stealWithoutData } from '../../../attacks/stealing/data-free/steal-without-data.ts';
import type { DataFreeRecipe } from '../../../attacks/stealing/stealing-attack.ts';
import { boundsOf } from '../../../data/bounds.ts';
import { featureKind } from '../../../data/feature-kind.ts';
import { modelAccess } from '../../../targets/model-access.ts';
import { openOracle, type ReplyForm } from '../../../targets/oracle.ts';
import type { FinishedTask, TaskHandler } from '../../task.ts';
import { type DataRef, loadRef } from '../data-ref.ts';
import { findArchitecture } from '../find-architecture.ts';
import { openTarget } from '../open-target.ts';
import { trainingCheckpoint } from '../training-checkpoint.ts';
import { freshCopy } from './fresh-copy.ts';

export type StealWithoutDataParams = {
  readonly data: DataRef;
  readonly reply: ReplyForm;
  readonly architecture: string;
  readonly recipe: DataFreeRecipe;
  /** Queries of the budget before; 0 at the first. */
  readonly from: number;
  /** Queries that are never exceeded, those of the budgets before among them. */
  readonly budget: number;
  /** The last budget of the curve. */
  readonly total: number;
};

export type StealWithoutDataResult = {
  readonly parameters: number;
  /** Of the copy, over all budgets so far. */
  readonly steps: number;
  /** Rows sent to the target, over all budgets so far. */
  readonly queries: number;
  /** Sentences for the reader of the report. */
  readonly notes: readonly string[];
};

/** Inputs: the `train` task of the target, and this task of the budget before. Blobs: `model.onnx`, the copy; `state`. */
export const stealWithoutDataTask: TaskHandler<StealWithoutDataParams, StealWithoutDataResult> = {
  code: [
    'onnx-grad',
    'ml-doctor/data',
    'ml-doctor/stats',
    'ml-doctor/targets',
    'ml-doctor/models',
    'ml-doctor/generators',
    'ml-doctor/attacks/stealing/data-free',
    'ml-doctor/study/kinds/stealing/steal-without-data',
    'ml-doctor/study/kinds/stealing/fresh-copy',
    'ml-doctor/defenses/output',
    'ml-doctor/study/kinds/connect',
    'ml-doctor/study/kinds/open-target',
    'ml-doctor/targets/onnx',
    'ml-doctor/study/canonical-json',
    'ml-doctor/study/kinds/find-architecture',
    'ml-doctor/study/kinds/read-own-model',
    'ml-doctor/study/kinds/data-ref',
    'ml-doctor/study/kinds/training-checkpoint',
    'ml-doctor/study/kinds/typed-bytes',
  ],
  run: async (params, [trained, previous], context) => {
    const { seed, threads, device, signal, places, checkpoint, progress } = context;
    const { reply, recipe, budget, total } = params;
    const data = await loadRef(params.data, places);
    const before = (previous?.result as StealWithoutDataResult | undefined)?.queries ?? 0;
    const live = await openTarget(trained as FinishedTask, data, context);
    try {
      const access = modelAccess({ classes: data.classes.length, saved: [], live });
      const oracle = openOracle(access, reply, budget - before);
      const { model, state, parameters, steps, queries, notes } = await stealWithoutData({
        oracle,
        space: {
          recordShape: data.recordShape,
          features: featureKind(data),
          bounds: boundsOf(data),
          oneHot: data.oneHot ?? [],
        },
        student: freshCopy(await findArchitecture(params.architecture, places), data, seed),
        ...{ recipe, total, seed, threads, device, signal },
        ...(previous && { state: await previous.blob('state') }),
        progress: (fraction, figures) => progress({ fraction, ...(figures && { figures }) }),
        checkpoint: trainingCheckpoint(checkpoint, places),
      });
      return {
        result: { parameters, steps, queries, notes },
        blobs: { 'model.onnx': encodeModel(model), state },
      };
    } finally {
      await live.dispose();
    }
  },
};
