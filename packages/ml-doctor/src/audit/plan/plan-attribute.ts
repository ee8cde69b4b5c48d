/** An attribute attack of a cell as tasks: its run, what others guess without the target, and how they compare. */

import type { AttributeAttack, ConfiguredAttribute } from '../../attacks/attribute/attribute-attack.ts';
import type { Sensitive } from '../../data/sensitive.ts';
import { canonicalJson, type Json } from '../../study/canonical-json.ts';
import {
  type AttributeRecords,
  attributeRecords,
  involved,
  knownFrom,
  questionsOf,
} from '../../study/kinds/attribute/attribute-records.ts';
import type { ImputeParams } from '../../study/kinds/attribute/impute.ts';
import { dataRef } from '../../study/kinds/data-ref.ts';
import type { TaskRef } from '../../study/plan.ts';
import { chosenAttribute } from '../chosen-attribute.ts';
import { type ModelPlan, planQuery } from './plan-models.ts';
import type { Planned } from './planned.ts';

export interface PlannedAttribute extends Planned {
  readonly family: 'attribute';
  readonly configured: ConfiguredAttribute;
  readonly attribute: Pick<Sensitive, 'name' | 'kind' | 'categories' | 'inRecord'>;
}

export const planAttribute = (
  plan: ModelPlan,
  target: TaskRef,
  { name, title, source, configure }: AttributeAttack,
  given: unknown,
  label: string,
): PlannedAttribute => {
  const { builder, home, seed, architecture } = plan;
  const attribute = chosenAttribute(configure(given), home.data);
  // Named, so that it is one question whether the configuration says it or the data set does.
  const configured = configure({ ...(given as object), attribute: attribute.name });
  const { needs, params } = configured;
  const from = knownFrom(needs.auxiliary);
  const roles = attributeRecords(home.data.size, home.split, from);
  const common = { data: dataRef(home.data), split: home.split, attribute: attribute.name };
  const model = { task: target, architecture };
  const about = setsOf(configured);
  const answers = about.map((set) =>
    planQuery(plan, home, set === 'candidates' ? 'target' : 'target on population', model, set),
  );
  const attack = builder.add({
    kind: 'infer',
    label: `attack ${label}${plan.name}`,
    effort: {
      like: `infer from ${architecture} on ${home.data.id} by ${name} ${canonicalJson(params as Json)}`,
      units: involved(roles),
    },
    seed,
    params: { ...common, attack: name, params } as Json,
    inputs: [target, ...answers],
  });
  const knows = needs.record === 'rest' ? 'record' : 'label';
  const imputations = [
    planImputation(plan, roles, { ...common, from, knows }),
    ...(knows === 'label' ? [planImputation(plan, roles, { ...common, from, knows: 'record' })] : []),
  ];
  const evaluation = builder.add({
    kind: 'evaluate-attribute',
    label: `evaluate ${label}${plan.name}`,
    effort: {
      like: `evaluate attribute of ${attribute.categories?.length ?? 'any number'} categories`,
      units: involved(roles),
    },
    seed,
    params: { ...common, from },
    inputs: [attack, ...imputations],
  });
  return { family: 'attribute', name, title, source, configured, attribute, attack, evaluation };
};

/** The records that the target's own answers are read of: those asked about, and those whose attribute is known. */
const setsOf = ({ answers, needs }: ConfiguredAttribute): readonly ('candidates' | 'population')[] => {
  if (answers === 'none') return [];
  const known = needs.auxiliary === 'shadow' ? 'population' : 'candidates';
  return answers === 'known' ? [known] : [...new Set(['candidates', known] as const)];
};

/** What the same auxiliary data gives away without a target: one task for all attackers who know as much. */
const planImputation = (
  { builder, seed, name }: ModelPlan,
  roles: AttributeRecords,
  params: ImputeParams,
): TaskRef => {
  const { data, attribute, knows } = params;
  return builder.add({
    kind: 'impute',
    label: `impute ${attribute} from the ${knows}${name}`,
    effort: {
      like: `impute ${attribute} of ${data.id} from the ${knows}`,
      units: questionsOf(roles).reduce((sum, { known }) => sum + known.length, 0),
    },
    seed,
    params,
  });
};
