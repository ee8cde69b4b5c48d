/** Task kind `train-defended`: a fresh model of a named architecture, trained under a defence. */
import { decodeModel, encodeModel } from 'onnx-grad';
import type { DefenseParameters } from '../../defenses/defense.ts';
import { defenseOf, pluggedDefenseDigest } from '../../defenses/registry.ts';
import type { TrainingRecipe } from '../../models/recipe.ts';
import type { PrivacySpent } from '../../privacy/setting.ts';
import type { FinishedTask, TaskHandler } from '../task.ts';
import type { TrainParams, TrainResult } from './train.ts';
import { trainingCheckpoint } from './training-checkpoint.ts';
import { readTrainingSet } from './training-set.ts';

export type TrainDefendedParams = TrainParams & {
  /** Under the defence. */
  readonly recipe: TrainingRecipe;
  readonly defense: { readonly name: string; readonly params: DefenseParameters };
};

export type TrainDefendedResult = TrainResult & {
  /** Of a private training. */
  readonly privacy?: PrivacySpent;
};

/**
 * Inputs: the `train` task of the teacher, where the defence wants one; the `synthesise` task, where the records are
 * made up. Blob `model.onnx`: the trained model, as plain ONNX.
 */
export const trainDefended: TaskHandler<TrainDefendedParams, TrainDefendedResult> = {
  code: [
    'onnx-grad',
    'ml-doctor/data',
    'ml-doctor/defenses',
    'ml-doctor/models',
    'ml-doctor/privacy',
    'ml-doctor/stats',
    'ml-doctor/targets',
    'ml-doctor/study/kinds/train-defended',
    'ml-doctor/study/kinds/data-ref',
    'ml-doctor/study/kinds/training-checkpoint',
    'ml-doctor/study/kinds/training-set',
    'ml-doctor/study/kinds/read-synthesis',
    'ml-doctor/study/kinds/record-sets',
    'ml-doctor/study/kinds/typed-bytes',
  ],
  userCode: ({ defense }) => pluggedDefenseDigest(defense.name),
  run: async (params, inputs, { seed, threads, device, signal, places, checkpoint, progress }) => {
    const { learner } = defenseOf(params.defense.name).configure(params.defense.params);
    if (!learner) throw new Error(`internal: ${params.defense.name} does not change how a model is trained`);
    const [teacher, synthesis] = learner.teacher ? inputs : [undefined, ...inputs];
    const { data, records } = await readTrainingSet(params, synthesis, places);
    const { model, privacy, ...result } = await learner.train({
      architecture: params.architecture,
      ...{ data, records, recipe: params.recipe, seed, threads, device, signal, progress },
      checkpoint: trainingCheckpoint(checkpoint, places),
      ...(learner.teacher && { teacher: decodeModel(await (teacher as FinishedTask).blob('model.onnx')) }),
    });
    return {
      result: { ...result, ...(privacy && { privacy }) },
      blobs: { 'model.onnx': encodeModel(model) },
    };
  },
};
