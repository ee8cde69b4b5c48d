/** What a judge makes of records: its logits, and what its last layer receives, as the space in which they are compared. */

import { createSession, type Graph, type SessionOptions } from 'onnx-grad';
import { joinRows } from '../../../data/join-rows.ts';
import { ACTIVATIONS, withActivations } from '../../../targets/last-layer.ts';

export interface JudgeAnswers {
  /** `rows × classes`. */
  readonly judged: Float32Array;
  /** `rows × width of the last layer's input`. */
  readonly features: Float32Array;
}

export interface JudgeOptions extends SessionOptions {
  readonly recordShape: readonly number[];
  readonly signal: AbortSignal;
  readonly progress?: (fraction: number) => void;
}

const ROWS_PER_RUN = 256;

/** Asks the judge about parts of the records, each `rows × record length` and normalised, in their order. */
export const judgeAnswers = async (
  judge: Graph,
  parts: readonly { readonly values: Float32Array; readonly rows: number }[],
  { recordShape, signal, progress, ...session }: JudgeOptions,
): Promise<JudgeAnswers[]> => {
  await using opened = await createSession(withActivations(judge), session);
  const total = parts.reduce((sum, { rows }) => sum + rows, 0);
  let done = 0;
  const answered: JudgeAnswers[] = [];
  for (const { values, rows } of parts) {
    const found: Record<'logits' | typeof ACTIVATIONS, Float32Array[]> = { logits: [], [ACTIVATIONS]: [] };
    const length = values.length / Math.max(1, rows);
    for (let start = 0; start < rows; start += ROWS_PER_RUN) {
      signal.throwIfAborted();
      const count = Math.min(ROWS_PER_RUN, rows - start);
      const data = values.subarray(start * length, (start + count) * length);
      const outputs = await opened.run({ x: { dtype: 'float32', dims: [count, ...recordShape], data } }, [
        'logits',
        ACTIVATIONS,
      ]);
      found.logits.push(outputs['logits']?.data as Float32Array);
      found[ACTIVATIONS].push(outputs[ACTIVATIONS]?.data as Float32Array);
      done += count;
      progress?.(done / total);
    }
    answered.push({ judged: joinRows(found.logits), features: joinRows(found[ACTIVATIONS]) });
  }
  return answered;
};
