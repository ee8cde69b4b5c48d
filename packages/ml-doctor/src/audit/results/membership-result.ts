/** What a membership attack came to, as the report tells it. */

import type { Result } from '../../report/schema.ts';
import { shiftedVerdict } from '../../report/verdict/shifted.ts';
import { verdictThrough } from '../../report/verdict/through.ts';
import { membershipVerdict } from '../../report/verdict/verdict.ts';
import type { EvaluateResult } from '../../study/kinds/evaluate.ts';
import type { PlannedMembership } from '../plan/plan-membership.ts';
import { type Circumstances, questionOf } from './question.ts';

export const membershipResult = (
  attack: PlannedMembership,
  found: EvaluateResult,
  circumstances: Circumstances,
): Result => {
  const { cell, check, shared } = circumstances;
  const { references } = attack.configured;
  const verdict = membershipVerdict(found.metrics, found.records);
  const graded = check?.shifted ? shiftedVerdict(verdict, check.auc) : verdict;
  const question = questionOf(attack, cell);
  return {
    ...question,
    source: attack.source,
    seed: cell.seed,
    references: { count: references.count, pool: references.count > 0 ? references.pool.kind : 'none' },
    queries: attack.through?.budget ?? found.queries,
    records: found.records,
    metrics: found.metrics,
    curves: { roc: found.roc },
    slices: found.slices,
    baselines: check ? [{ name: NO_MODEL, metrics: { auc: check.auc } }] : [],
    artifacts: [],
    verdict: question.through ? verdictThrough(graded, question.through) : graded,
    notes: [...found.notes, ...shared],
  };
};

/** The attacker who has no model at all. */
const NO_MODEL = 'inputs and labels alone, without the model';
