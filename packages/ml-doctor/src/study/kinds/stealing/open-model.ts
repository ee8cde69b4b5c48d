/** A target, or a copy of one, that is sent inputs and no records. */
import { decodeModel } from 'onnx-grad';
import type { Dataset } from '../../../data/dataset.ts';
import { OpenModel } from '../../../targets/live-model.ts';
import type { FinishedTask, TaskContext } from '../../task.ts';

export const openModel = async (
  task: FinishedTask,
  { recordShape }: Dataset,
  { threads, device, signal }: TaskContext,
): Promise<OpenModel> =>
  new OpenModel({
    model: decodeModel(await task.blob('model.onnx')),
    recordShape,
    inputs: () => {
      throw new Error('internal: who steals a model sends it inputs, not records');
    },
    ...{ threads, device, signal },
  });
