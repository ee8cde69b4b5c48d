/**
 * What a stealing attack's metrics mean for the owner of the model: how good a copy its answers buy, beyond what the
 * attacker could have had without those queries.
 *
 * Grades confidence bounds only. That a copy agrees often proves nothing: two models of one task agree where both are
 * right, so what needs no queries has to be taken off first.
 */

import type { BudgetPoint, Copy, Result, Verdict } from '../schema.ts';
import { advise } from './stealing-advice.ts';
import { type Baselines, gradeCopies, type Metrics } from './stealing-grade.ts';
import {
  budgetFacts,
  copyFacts,
  doubts,
  earlierFacts,
  easyTaskFacts,
  opening,
  qualityFacts,
} from './stealing-words.ts';

/**
 * Grades one stealing attack, by A, the agreement of its last copy with the model; G, its gain over the best baseline;
 * and S = G / (1 − agreement of that baseline), the part of the remaining disagreement that is gone.
 *
 * | level | when |
 * | --- | --- |
 * | high | A ≥ .9 and S ≥ .5 at the lower ends |
 * | moderate | A ≥ .75 and S ≥ .25 at the lower ends |
 * | low | G > 0 at the lower end |
 * | none-found | none of these, and the upper end of G excludes .05 |
 * | inconclusive | none of these, but there is room |
 *
 * An earlier copy of the curve that is surely better than the last decides in its place; see {@link gradeCopies}.
 *
 * All of it is measured on records that the model was not trained on, so a split whose members and non-members differ
 * takes nothing from it. Each bound of a two-sided 95 % interval is wrong by chance once in 40 times, so queries that
 * buy nothing are called `low` about that often.
 *
 * @param records that the copy was judged on
 * @param budget what so many queries buy, ascending, 1 point or more; `metrics` are those of the last
 */
export function stealingVerdict(
  metrics: Metrics,
  baselines: Baselines,
  records: Result['records'],
  copy: Copy,
  budget: readonly BudgetPoint[],
): Verdict {
  const { level, earlier } = gradeCopies(metrics, baselines, budget);
  const parts = [
    opening(level),
    ...earlierFacts(earlier, baselines),
    ...copyFacts(metrics, baselines, records, budget),
    ...qualityFacts(metrics),
    ...budgetFacts(earlier ? undefined : level, baselines, budget),
    ...easyTaskFacts(level, baselines),
    ...(level === 'inconclusive' ? doubts(metrics, records) : []),
  ];
  return { level, sentence: parts.join(' '), advice: advise(level, copy, baselines, budget) };
}
