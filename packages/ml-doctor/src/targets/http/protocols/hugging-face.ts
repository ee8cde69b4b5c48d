/**
 * Hugging Face inference: for each input a list of {label, score}, of which the pipeline shows only the first unless
 * `top_k` asks for all (https://huggingface.co/docs/inference-providers/tasks/text-classification;
 * specification in @huggingface/tasks, text-classification/spec/input.json and output.json).
 */
import type { ProtocolForm } from './protocol.ts';

export const huggingFace: ProtocolForm = {
  request: (classes) => ({ inputs: '{{inputs}}', parameters: { top_k: classes.length } }),
  answers: (response) => response,
  address: 'https://NAME.endpoints.huggingface.cloud',
};
