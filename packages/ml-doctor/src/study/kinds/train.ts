/** Task kind `train`: a fresh model of a named architecture, trained on one set of records. */
import { encodeModel } from 'onnx-grad';
import type { TrainingRecipe } from '../../models/recipe.ts';
import { trainModel } from '../../models/train-model.ts';
import type { TaskHandler } from '../task.ts';
import type { DataRef, SplitRef } from './data-ref.ts';
import { findArchitecture } from './find-architecture.ts';
import type { TrainingSet } from './record-sets.ts';
import { trainingCheckpoint } from './training-checkpoint.ts';
import { readTrainingSet } from './training-set.ts';

export type TrainParams = {
  readonly data: DataRef;
  readonly split: SplitRef;
  readonly on: TrainingSet;
  readonly architecture: string;
  /** Left out for an architecture that takes none. */
  readonly recipe?: TrainingRecipe;
};

export type TrainResult = {
  /** Trainable numbers in the model. */
  readonly parameters: number;
  /** Mean training loss of each epoch. */
  readonly losses: readonly number[];
  readonly steps: number;
};

/** Input: the `synthesise` task, where the records are made up. Blob `model.onnx`: the trained model, as plain ONNX. */
export const train: TaskHandler<TrainParams, TrainResult> = {
  code: [
    'onnx-grad',
    'ml-doctor/data',
    'ml-doctor/models',
    'ml-doctor/stats',
    'ml-doctor/study/kinds/train',
    'ml-doctor/targets/onnx',
    'ml-doctor/study/canonical-json',
    'ml-doctor/study/kinds/find-architecture',
    'ml-doctor/study/kinds/read-own-model',
    'ml-doctor/study/kinds/data-ref',
    'ml-doctor/study/kinds/training-checkpoint',
    'ml-doctor/study/kinds/training-set',
    'ml-doctor/study/kinds/read-synthesis',
    'ml-doctor/study/kinds/record-sets',
    'ml-doctor/study/kinds/typed-bytes',
  ],
  run: async (params, [synthesis], { seed, threads, device, signal, places, checkpoint, progress }) => {
    const { data, records } = await readTrainingSet(params, synthesis, places);
    const { model, ...result } = await trainModel({
      architecture: (await findArchitecture(params.architecture, places)).name,
      data,
      records,
      recipe: params.recipe,
      seed,
      threads,
      device,
      signal,
      checkpoint: trainingCheckpoint(checkpoint, places),
      progress,
    });
    return { result, blobs: { 'model.onnx': encodeModel(model) } };
  },
};
