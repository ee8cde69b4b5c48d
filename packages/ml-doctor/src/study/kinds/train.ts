/** Task kind `train`: a fresh model of a named architecture, trained on one role of a split. */
import { encodeModel } from 'onnx-grad';
import { type Role, splitQuarters } from '../../data/split.ts';
import { architecture } from '../../models/architectures.ts';
import { type TrainingRecipe, trainClassifier } from '../../models/recipe.ts';
import type { TaskHandler } from '../task.ts';
import { type DataRef, loadRef, type SplitRef } from './data-ref.ts';

export type TrainParams = {
  readonly data: DataRef;
  readonly split: SplitRef;
  readonly role: Role;
  readonly architecture: string;
  readonly recipe: TrainingRecipe;
};

export type TrainResult = {
  /** Trainable numbers in the model. */
  readonly parameters: number;
  /** Mean training loss of each epoch. */
  readonly losses: readonly number[];
  readonly steps: number;
};

/** Between two checkpoints: little to lose, and saving takes a small part of it even for a large model. */
const CHECKPOINT_SECONDS = 30;

/** Blob `model.onnx`: the trained model, as plain ONNX. */
export const train: TaskHandler<TrainParams, TrainResult> = {
  code: [
    'onnx-grad',
    'ml-doctor/data',
    'ml-doctor/models',
    'ml-doctor/study/kinds/train',
    'ml-doctor/study/kinds/data-ref',
  ],
  run: async (params, _inputs, { seed, threads, device, signal, places, checkpoint, progress }) => {
    const data = await loadRef(params.data, places);
    const records = splitQuarters(data.size, params.split)[params.role];
    const model = architecture(params.architecture).build({
      recordShape: data.recordShape,
      classes: data.classes.length,
      seed,
    });
    const stepsPerEpoch = Math.ceil(records.length / params.recipe.batchSize);
    const total = stepsPerEpoch * params.recipe.epochs;
    let loss = Number.NaN;
    const trained = await trainClassifier({
      model,
      data,
      records,
      recipe: params.recipe,
      seed,
      threads,
      device,
      signal,
      checkpoint: {
        load: () => checkpoint.load(),
        save: (bytes) => checkpoint.save(bytes),
        seconds: places.checkpointSeconds ?? CHECKPOINT_SECONDS,
      },
      onEvent: (event) => {
        if (event.type === 'start' && event.resumedAt > 0) progress({ fraction: event.resumedAt / total });
        if (event.type === 'epoch') loss = event.loss;
        if (event.type !== 'step' || event.step % 10 !== 0) return;
        progress({
          fraction: event.step / total,
          figures: { epoch: event.epoch + 1, ...(Number.isFinite(loss) && { loss }) },
        });
      },
    });
    const sizes = [...trained.model.parameters].map(
      (name) => trained.model.initializers.get(name)?.data.length ?? 0,
    );
    return {
      result: {
        parameters: sizes.reduce((a, b) => a + b, 0),
        losses: trained.history.map((epoch) => epoch.loss),
        steps: trained.steps,
      },
      blobs: { 'model.onnx': encodeModel(trained.model) },
    };
  },
};
