/** A pool of inputs as a task's parameters name it. */
import { stream } from 'onnx-grad';
import type { Dataset } from '../../../data/dataset.ts';
import { otherPool, type QueryPool, recordPool, uniformPool } from '../../../data/query-pool.ts';
import { splitQuarters } from '../../../data/split.ts';
import type { Places } from '../../task.ts';
import { type DataRef, loadRef, type SplitRef } from '../data-ref.ts';
import { recordsIn } from '../record-sets.ts';

export type PoolRef =
  | { readonly kind: 'shadow' }
  | { readonly kind: 'partial' }
  | { readonly kind: 'other'; readonly data: DataRef; readonly resize: boolean }
  /** So many inputs are made up to choose from. */
  | { readonly kind: 'uniform'; readonly size: number };

/** The half of the target's training records that its attacker has, ascending. */
export const partialHalf = (data: Dataset, split: SplitRef): Uint32Array => {
  const members = splitQuarters(data.size, split)['target-train'].slice().sort();
  const order = stream(split.seed, 'stealing', 'half of the members').permutation(members.length);
  return Uint32Array.from(
    order.subarray(0, Math.floor(members.length / 2)),
    (i) => members[i] as number,
  ).sort();
};

/** @param seed of inputs that are made up */
export const openPool = async (
  pool: PoolRef,
  home: Dataset,
  split: SplitRef,
  seed: number,
  places: Places,
): Promise<QueryPool> => {
  switch (pool.kind) {
    case 'shadow':
      return recordPool(home, recordsIn('population', home.size, split));
    case 'partial':
      return recordPool(home, partialHalf(home, split));
    case 'other':
      return otherPool(home, await loadRef(pool.data, places), pool);
    case 'uniform':
      return uniformPool(home, pool.size, seed);
  }
};
