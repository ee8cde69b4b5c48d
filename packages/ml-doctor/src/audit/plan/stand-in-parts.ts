/** Made-up results of tasks, in place of those that are still to come. */

import { encodeModel, stream } from 'onnx-grad';
import type { Dataset } from '../../data/dataset.ts';
import { architecture } from '../../models/architectures.ts';
import { ownArchitecture, ownArchitectureName } from '../../models/own-architectures.ts';
import { untrainedModel } from '../../models/train-model.ts';
import type { OpenOnnxParams } from '../../study/kinds/open-onnx.ts';
import type { TrainParams } from '../../study/kinds/train.ts';
import { toBytes } from '../../study/kinds/typed-bytes.ts';
import type { FinishedTask, Task, TaskOutput } from '../../study/task.ts';

export const made = ({ result, blobs = {} }: TaskOutput): FinishedTask => ({
  key: 'stand-in',
  kind: 'stand-in',
  label: 'stand-in',
  params: {},
  result,
  blobNames: Object.keys(blobs),
  blob: async (name) => (blobs[name] as Uint8Array).slice(),
});

/**
 * The architecture of what a task leaves. A user's own model that cannot be had with fresh weights is as slow as a forest
 * may be: how fast it really is shows when it runs.
 */
export const modelNameOf = ({ kind, params }: Task): string => {
  if (kind !== 'open-onnx') return (params as TrainParams).architecture;
  const name = ownArchitectureName((params as OpenOnnxParams).model);
  return ownArchitecture(name) === undefined ? 'random-forest' : name;
};

/** A model of an architecture by its name. */
export const untrained = async (name: string, { recordShape, classes }: Dataset): Promise<FinishedTask> => {
  const model = await untrainedModel(architecture(name), { recordShape, classes: classes.length, seed: 0 });
  return made({ result: {}, blobs: { 'model.onnx': encodeModel(model) } });
};

/** Random answers. */
export const outputs = (ids: Uint32Array, data: Dataset): FinishedTask => {
  const classes = data.classes.length;
  const logits = stream(0, 'stand-in', 'logits').normal(new Float32Array(ids.length * classes));
  return made({ result: { classes }, blobs: { ids: toBytes(ids), logits: toBytes(logits) } });
};
