/** Stand-ins for the tasks of inversion attacks. */

import { encodeModel, stream } from 'onnx-grad';
import { inversionAttackOf } from '../../attacks/inversion/registry.ts';
import { boundsOf } from '../../data/bounds.ts';
import { type Dataset, elements } from '../../data/dataset.ts';
import { featureKind } from '../../data/feature-kind.ts';
import { untrainedPair } from '../../generators/networks.ts';
import type { GeneratorRecipe } from '../../generators/recipe.ts';
import { architecture } from '../../models/architectures.ts';
import { untrainedModel } from '../../models/train-model.ts';
import type { StandIn } from '../../study/estimate/measure.ts';
import { type InvertParams, wantedClasses } from '../../study/kinds/inversion/invert.ts';
import type { JudgeParams } from '../../study/kinds/inversion/judge.ts';
import { recordsIn } from '../../study/kinds/record-sets.ts';
import type { TrainGeneratorParams } from '../../study/kinds/train-generator.ts';
import { toBytes } from '../../study/kinds/typed-bytes.ts';
import type { FinishedTask, Task } from '../../study/task.ts';
import { ACTIVATIONS, withActivations } from '../../targets/last-layer.ts';
import { made, modelNameOf, outputs, untrained } from './stand-in-parts.ts';

/** @param inputs the tasks that the task reads */
export const inversionStandIn = async (
  task: Task,
  inputs: readonly Task[],
  data: Dataset,
  units: number,
): Promise<StandIn> => {
  const nameOf = (input: Task | undefined) => modelNameOf(input as Task);
  const { params, kind } = task;
  if (kind === 'evaluate-inversion') {
    const [inverted, judge] = inputs;
    return { params, inputs: await evaluated(inverted as Task, nameOf(judge), data), units };
  }
  const made = inputs.map((input) =>
    input.kind === 'train-generator'
      ? pair((input.params as TrainGeneratorParams).recipe, data)
      : untrained(nameOf(input), data),
  );
  return { params, inputs: await Promise.all(made), units };
};

/** A generator that has learnt nothing. */
const pair = (recipe: GeneratorRecipe, data: Dataset): FinishedTask => {
  const { recordShape, classes, oneHot = [] } = data;
  const bounds = boundsOf(data);
  const flat = (value: number) => new Float32Array(elements(recordShape)).fill(value);
  const { generator, discriminator } = untrainedPair({
    space: { recordShape, bounds, oneHot, features: featureKind(data) },
    view: { centre: flat(0), gain: flat(1) },
    ...{ latent: recipe.latent, width: recipe.width, seed: 0 },
    ...(recipe.guided && { classes: classes.length }),
  });
  return made({
    result: { latent: recipe.latent, conditional: recipe.guided !== undefined },
    blobs: { 'generator.onnx': encodeModel(generator), 'discriminator.onnx': encodeModel(discriminator) },
  });
};

/** Noise in place of reconstructions, and what an untrained judge would say. */
const evaluated = async (inverted: Task, judge: string, data: Dataset): Promise<FinishedTask[]> => {
  const { attack, params, split } = inverted.params as InvertParams & JudgeParams;
  const wanted = wantedClasses(inversionAttackOf(attack).configure(params), data);
  const noise = (purpose: string, length: number) =>
    toBytes(stream(0, 'stand-in', purpose).normal(new Float32Array(length)));
  const length = wanted.length * elements(data.recordShape);
  const options = { recordShape: data.recordShape, classes: data.classes.length, seed: 0 };
  const model = await untrainedModel(architecture(judge), options);
  const width = withActivations(model).outputs.get(ACTIVATIONS)?.shape?.[1] as number;
  const ids = recordsIn('roles', data.size, split);
  return [
    made({
      result: { reconstructions: wanted.length, queries: 0, notes: [] },
      blobs: {
        wanted: toBytes(wanted),
        values: noise('values', length),
        starts: noise('starts', length),
        confidence: toBytes(new Float64Array(wanted.length).fill(0.5)),
      },
    }),
    made({ result: {}, blobs: { 'model.onnx': encodeModel(model) } }),
    made({
      result: { right: 1, records: ids.length },
      blobs: { ids: toBytes(ids), features: noise('features', ids.length * width) },
    }),
    outputs(recordsIn('population', data.size, split), data),
  ];
};
