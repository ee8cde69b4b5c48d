/** A network trained by a recipe, with word of its progress. */
import type { Graph } from 'onnx-grad';
import { type Learning, type TrainingRecipe, trainClassifier } from './recipe.ts';
import type { TrainedModel, TrainModelOptions } from './train-model.ts';
import { trainableNumbers } from './train-on.ts';

export interface TrainNetworkOptions extends TrainModelOptions, Learning {
  readonly recipe: TrainingRecipe;
  /** As it is before its first step. */
  readonly model: Graph;
}

/** A sign of progress after so many steps at most, of large batches sooner: the pace of a slow training is told by it. */
const STEPS_PER_PROGRESS = 10;
const RECORDS_PER_PROGRESS = 640;

/** @throws what `fit` of onnx-grad throws */
export const trainNetwork = async ({ progress, ...options }: TrainNetworkOptions): Promise<TrainedModel> => {
  const { records, recipe, source } = options;
  const soon = Math.max(1, Math.floor(RECORDS_PER_PROGRESS / recipe.batchSize));
  const stepsPerProgress = Math.min(STEPS_PER_PROGRESS, soon);
  const total = Math.ceil((source?.size ?? records.length) / recipe.batchSize) * recipe.epochs;
  let loss: number | undefined;
  const { model, history, steps, privacy } = await trainClassifier({
    ...options,
    onEvent: (event) => {
      if (event.type === 'start' && event.resumedAt > 0) progress({ fraction: event.resumedAt / total });
      if (event.type === 'epoch') loss = event.loss;
      if (event.type === 'early-stop') progress({ fraction: 1 });
      if (event.type !== 'step' || event.step % stepsPerProgress !== 0) return;
      progress({
        fraction: event.step / total,
        figures: { epoch: event.epoch + 1, ...(loss !== undefined && { loss }) },
      });
    },
  });
  return {
    model,
    parameters: trainableNumbers(model),
    losses: history.map((epoch) => epoch.loss),
    steps,
    ...(privacy && { sampling: privacy }),
  };
};
