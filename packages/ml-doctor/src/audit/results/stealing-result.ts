/** What a stealing attack came to, as the report tells it. */

import type { BudgetPoint, Result } from '../../report/schema.ts';
import { stealingVerdict } from '../../report/verdict/stealing.ts';
import type { EvaluateStealingResult } from '../../study/kinds/stealing/evaluate-stealing.ts';
import type { PlannedStealing } from '../plan/plan-stealing.ts';
import { type Circumstances, questionOf } from './question.ts';

export const stealingResult = (
  attack: PlannedStealing,
  found: EvaluateStealingResult,
  { cell, shared }: Circumstances,
): Result => {
  const { perQuery, queriesPerSecond } = attack.configured.price;
  const budget = found.points.map(
    ({ queries, metrics }): BudgetPoint => ({
      queries,
      cost: perQuery === undefined ? null : perQuery * queries,
      seconds: queriesPerSecond === undefined ? null : queries / queriesPerSecond,
      metrics,
    }),
  );
  const last = budget.at(-1) as BudgetPoint;
  const { metrics, baselines, records } = found;
  return {
    ...questionOf(attack, cell),
    source: attack.source,
    seed: cell.seed,
    references: { count: 0, pool: 'none' },
    copy: attack.copy,
    queries: last.queries,
    records,
    metrics,
    curves: { budget },
    slices: found.slices,
    baselines,
    artifacts: [],
    verdict: stealingVerdict(metrics, baselines, records, attack.copy, budget),
    notes: [...found.notes, ...shared],
  };
};
