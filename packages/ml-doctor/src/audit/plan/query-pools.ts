/** What a stealing attacker may ask about, and how often he asks where nobody says so. */

import type { ConfiguredStealing, PoolChoice } from '../../attacks/stealing/stealing-attack.ts';
import type { Dataset } from '../../data/dataset.ts';
import { roleSize } from '../../data/split.ts';
import { countIn } from '../../study/kinds/record-sets.ts';
import type { Datasets } from './plan-cells.ts';
import type { Home } from './plan-models.ts';

interface Where {
  readonly home: Home;
  readonly datasets: Datasets;
}

/** The pool by name, and how many records it holds; null where inputs are made up. */
export const poolOf = (
  { home, datasets }: Where,
  pool: PoolChoice,
): { readonly pool: string; readonly poolRecords: number | null } => {
  const perRole = roleSize(home.data.size, home.split);
  switch (pool.kind) {
    case 'shadow':
      return { pool: 'shadow', poolRecords: countIn('population', home.data.size, home.split) };
    case 'partial':
      return { pool: 'partial', poolRecords: Math.floor(perRole / 2) };
    case 'other':
      return { pool: pool.data, poolRecords: (datasets.get(pool.data) as Dataset).size };
    case 'uniform':
      return { pool: 'uniform', poolRecords: null };
  }
};

/** Shares of a pool; the last is all of it. */
const SHARES = [16, 8, 4, 2, 1] as const;

/** Of an attacker who makes up his inputs with a generator. */
const DATA_FREE = [25_000, 50_000, 100_000, 200_000] as const;

/**
 * A sixteenth of the pool, and doublings up to all of it. Where a pool is another data set or has no end, as many
 * queries as an attacker with shadow data could send, so that the two can be compared.
 */
export const defaultBudgets = (where: Where, { method }: ConfiguredStealing): readonly number[] => {
  if (method.kind === 'data-free') return DATA_FREE;
  const { home } = where;
  const { poolRecords } = poolOf(where, method.pool);
  const shadow = countIn('population', home.data.size, home.split);
  const most =
    method.pool.kind === 'partial' ? (poolRecords as number) : Math.min(shadow, poolRecords ?? shadow);
  return [...new Set(SHARES.map((share) => Math.max(1, Math.floor(most / share))))];
};
