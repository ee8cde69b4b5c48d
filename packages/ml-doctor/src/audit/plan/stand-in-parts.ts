/** Made-up results of tasks, in place of those that are still to come. */

import { encodeModel, stream } from 'onnx-grad';
import type { Dataset } from '../../data/dataset.ts';
import { architecture } from '../../models/architectures.ts';
import { untrainedModel } from '../../models/train-model.ts';
import { toBytes } from '../../study/kinds/typed-bytes.ts';
import type { FinishedTask, TaskOutput } from '../../study/task.ts';

export const made = ({ result, blobs = {} }: TaskOutput): FinishedTask => ({
  key: 'stand-in',
  kind: 'stand-in',
  label: 'stand-in',
  params: {},
  result,
  blobNames: Object.keys(blobs),
  blob: async (name) => (blobs[name] as Uint8Array).slice(),
});

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
