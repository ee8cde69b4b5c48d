/** What an attribute attack came to, as the report tells it. */

import type { Result } from '../../report/schema.ts';
import { attributeVerdict, shiftedAttribute } from '../../report/verdict/attribute.ts';
import type { EvaluateAttributeResult } from '../../study/kinds/attribute/evaluate-attribute.ts';
import type { PlannedAttribute } from '../plan/plan-attribute.ts';
import { type Circumstances, questionOf } from './question.ts';

export const attributeResult = (
  attack: PlannedAttribute,
  found: EvaluateAttributeResult,
  circumstances: Circumstances,
): Result => {
  const { cell, check, shared } = circumstances;
  const { metrics, baselines, records } = found;
  const { name, kind, categories } = attack.attribute;
  const attribute = {
    ...{ name, kind, auxiliaryRecords: found.known },
    ...(categories && { categories: [...categories] }),
  };
  const graded = [metrics, baselines, records, attribute] as const;
  return {
    ...questionOf(attack, cell),
    source: attack.source,
    seed: cell.seed,
    references: { count: 0, pool: 'none' },
    attribute,
    queries: found.queries,
    records,
    metrics,
    curves: {},
    slices: found.slices,
    baselines,
    artifacts: [],
    verdict: check?.shifted ? shiftedAttribute(check.auc, ...graded) : attributeVerdict(...graded),
    notes: [...found.notes, ...held(attack), ...shared],
  };
};

/** An embedding of records that hold the attribute is made from it: that it can be read there is no surprise. */
const held = ({ attribute: { name, inRecord }, configured }: PlannedAttribute): readonly string[] =>
  inRecord && configured.needs.record === 'none'
    ? [
        `The model is given “${name}” in every record, so that what it makes of a record is made from it, too.`,
      ]
    : [];
