/** A transfer set as its task left it. */
import type { FinishedTask } from '../../task.ts';
import { fromBytes } from '../typed-bytes.ts';
import type { TransferSetResult } from './transfer-set.ts';

export interface TransferSet {
  /** In the pool, in the order in which they were asked. */
  readonly positions: Uint32Array;
  /** `positions.length × classes`. */
  readonly beliefs: Float32Array;
  readonly queries: number;
}

export const readTransferSet = async (task: FinishedTask): Promise<TransferSet> => ({
  positions: fromBytes(Uint32Array, await task.blob('positions')),
  beliefs: fromBytes(Float32Array, await task.blob('beliefs')),
  queries: (task.result as TransferSetResult).queries,
});
