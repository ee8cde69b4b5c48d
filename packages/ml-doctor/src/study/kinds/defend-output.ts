/** Task kind `defend-output`: a trained model with an output defence behind it, for those who may only ask. */
import { decodeModel, encodeModel } from 'onnx-grad';
import type { OutputForm } from '../../defenses/output/output-form.ts';
import { withOutput } from '../../defenses/output/with-output.ts';
import type { FinishedTask, TaskHandler } from '../task.ts';

export type DefendOutputParams = { readonly output: OutputForm };

export type DefendOutputResult = Record<string, never>;

/** Input: the task that trained the model. Blob `model.onnx`: the same model, whose `logits` are what is shown. */
export const defendOutput: TaskHandler<DefendOutputParams, DefendOutputResult> = {
  code: ['onnx-grad', 'ml-doctor/defenses/output', 'ml-doctor/study/kinds/defend-output'],
  run: async ({ output }, [trained], { signal }) => {
    const model = decodeModel(await (trained as FinishedTask).blob('model.onnx'));
    signal.throwIfAborted();
    return { result: {}, blobs: { 'model.onnx': encodeModel(withOutput(model, output)) } };
  },
};
