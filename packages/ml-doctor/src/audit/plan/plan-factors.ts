/** What the most exposed records have in common, as tasks: how records lie, once for a split, and a look at each attack. */

import { elements } from '../../data/dataset.ts';
import { roleSizes } from '../../data/split.ts';
import { dataRef } from '../../study/kinds/data-ref.ts';
import type { TaskRef } from '../../study/plan.ts';
import type { PlannedAttack } from './plan-attack.ts';
import type { ModelPlan } from './plan-models.ts';

export interface PlannedFactors {
  /** Of the records, whatever the model. */
  readonly records: TaskRef;
  /** Parallel to the attacks; undefined of those that say nothing of single members. */
  readonly attacks: readonly (TaskRef | undefined)[];
}

/**
 * Undefined where the answers alone are known, and nothing of the records.
 *
 * @param answers of the target, on its members and non-members
 */
export const planFactors = (
  { builder, home, seed, name }: ModelPlan,
  answers: TaskRef,
  attacks: readonly PlannedAttack[],
): PlannedFactors | undefined => {
  const { data, split } = home;
  if (elements(data.recordShape) === 0) return undefined;
  const sizes = roleSizes(data.size, split);
  const params = { data: dataRef(data), split };
  const records = builder.add({
    kind: 'record-factors',
    label: `factors of records${name}`,
    effort: { like: `factors of records of ${data.id}`, units: sizes['target-train'] },
    ...{ seed, params, inputs: [] },
  });
  return {
    records,
    attacks: attacks.map((planned) =>
      planned.family !== 'membership' || planned.configured.tests
        ? undefined
        : builder.add({
            kind: 'explain',
            label: `explain ${planned.name}${planned.through ? ` on copy by ${planned.through.name}` : ''}${name}`,
            effort: { like: 'explain membership', units: sizes['target-train'] + sizes['target-test'] },
            ...{ seed, params, inputs: [planned.attack, records, answers] },
          }),
    ),
  };
};
