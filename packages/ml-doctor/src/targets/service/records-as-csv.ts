/** Training data as the CSV that SageMaker's and Vertex AI's containers read: no header, the class index first. */
import type { TrainingData } from './service.ts';

/** Rows turned to text at a time: one string of everything could be longer than an engine allows. */
const ROWS_AT_ONCE = 1000;

/** Numbers print with as many digits as single precision needs to come back as they were. */
export const recordsAsCsv = ({ values, labels }: TrainingData): Uint8Array<ArrayBuffer> => {
  const length = values.length / labels.length;
  const parts: Buffer[] = [];
  for (let start = 0; start < labels.length; start += ROWS_AT_ONCE) {
    let text = '';
    for (let i = start; i < Math.min(labels.length, start + ROWS_AT_ONCE); i++)
      text += `${labels[i]},${values.subarray(i * length, (i + 1) * length).join(',')}\n`;
    parts.push(Buffer.from(text));
  }
  return new Uint8Array(Buffer.concat(parts));
};
