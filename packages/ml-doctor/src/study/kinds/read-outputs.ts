/** The saved outputs of a finished `query` task. */
import type { OutputTable } from '../../targets/saved-outputs.ts';
import type { FinishedTask } from '../task.ts';
import type { QueryResult } from './query.ts';
import { fromBytes } from './typed-bytes.ts';

export const readOutputs = async (task: FinishedTask): Promise<OutputTable> => ({
  ids: fromBytes(Uint32Array, await task.blob('ids')),
  logits: fromBytes(Float32Array, await task.blob('logits')),
  classes: (task.result as QueryResult).classes,
});
