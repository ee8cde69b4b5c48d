/** Task kind `open-onnx`: a user's model in the form that all others here have. */
import { encodeModel } from 'onnx-grad';
import type { TaskHandler } from '../task.ts';
import { readOwnModel } from './read-own-model.ts';

export type OpenOnnxParams = {
  /** Of the file and of how it is read. */
  readonly model: string;
};

export type OpenOnnxResult = { readonly parameters: number | null };

/** Blob `model.onnx`: one input `x` `[N, ...recordShape]`, one output `logits` `[N, classes]`. */
export const openOnnx: TaskHandler<OpenOnnxParams, OpenOnnxResult> = {
  code: [
    'onnx-grad',
    'ml-doctor/targets/onnx',
    'ml-doctor/study/kinds/open-onnx',
    'ml-doctor/study/canonical-json',
    'ml-doctor/data',
    'ml-doctor/stats',
    'ml-doctor/study/kinds/read-own-model',
  ],
  run: async ({ model }, _inputs, { places, signal }) => {
    const { graph, parameters } = await readOwnModel(model, places);
    signal.throwIfAborted();
    return { result: { parameters }, blobs: { 'model.onnx': encodeModel(graph) } };
  },
};
