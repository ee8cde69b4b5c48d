/** What a membership attack came to, as the report tells it. */

import type { EpsilonTest } from '../../attacks/membership/membership-attack.ts';
import { claimsOf } from '../../report/privacy.ts';
import type { Privacy, Result } from '../../report/schema.ts';
import { oneRunVerdict } from '../../report/verdict/one-run.ts';
import { shiftedVerdict } from '../../report/verdict/shifted.ts';
import { verdictThrough } from '../../report/verdict/through.ts';
import { membershipVerdict } from '../../report/verdict/verdict.ts';
import type { EvaluateResult } from '../../study/kinds/evaluate.ts';
import type { PlannedMembership } from '../plan/plan-membership.ts';
import { type Circumstances, questionOf } from './question.ts';

/** @param audited what was spent on the model that is audited in place of the target */
export const membershipResult = (
  attack: PlannedMembership,
  found: EvaluateResult,
  circumstances: Circumstances,
  audited?: Privacy,
): Result => {
  const { cell, check, shared } = circumstances;
  const { tests } = attack.configured;
  if (tests) return oneRunResult(attack, found, circumstances, tests, audited);
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

/**
 * Coins decide who is in: no shift between the roles, and no record that both have, can make it look like a leak. Its
 * figures are of the canaries of another model: no curve, no slice and no metric that an attack on the target has.
 */
const oneRunResult = (
  attack: PlannedMembership,
  { metrics, records, notes, queries }: EvaluateResult,
  { cell, privacy }: Circumstances,
  { guesses, delta }: EpsilonTest,
  spent: Privacy | undefined,
): Result => {
  const { references } = attack.configured;
  const figure = (name: string) => {
    const metric = metrics[name];
    if (!metric) throw new Error(`internal: no ${name} of ${attack.name}`);
    return metric.value;
  };
  const audited = {
    ...{ guesses, delta },
    epsilon: figure('epsilonLowerBound'),
    reach: figure('epsilonReach'),
    guessAccuracy: figure('guessAccuracy'),
  };
  return {
    ...questionOf(attack, cell),
    source: attack.source,
    seed: cell.seed,
    references: { count: references.count, pool: references.pool.kind },
    ...(spent && { privacy: spent }),
    ...{ queries, records, metrics, notes },
    curves: {},
    slices: [],
    baselines: [],
    artifacts: [],
    verdict: oneRunVerdict(audited, claimsOf(privacy, spent)),
  };
};

/** The attacker who has no model at all. */
const NO_MODEL = 'inputs and labels alone, without the model';
