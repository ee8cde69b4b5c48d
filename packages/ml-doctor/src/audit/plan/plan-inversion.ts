/** An inversion attack of a cell as tasks: the generator it wants, its run, and what a judge makes of what it shows. */

import {
  type ConfiguredInversion,
  chosenClasses,
  type InversionAttack,
} from '../../attacks/inversion/inversion-attack.ts';
import { canonicalJson, type Json } from '../../study/canonical-json.ts';
import { dataRef } from '../../study/kinds/data-ref.ts';
import type { TaskRef } from '../../study/plan.ts';
import { type ModelPlan, planGenerator, planJudge, planQuery } from './plan-models.ts';
import type { Planned } from './planned.ts';

export interface PlannedInversion extends Planned {
  readonly family: 'inversion';
  readonly configured: ConfiguredInversion;
}

export const planInversion = (
  plan: ModelPlan,
  target: TaskRef,
  { name, title, source, configure }: InversionAttack,
  given: unknown,
  label: string,
): PlannedInversion => {
  const { builder, home, seed, architecture, subject = 'target' } = plan;
  const configured = configure(given);
  const params = configured.params as Json;
  const common = { data: dataRef(home.data), split: home.split };
  const classes = home.data.classes.length;
  const units = chosenClasses(configured.classes, classes).length * configured.perClass;
  const generator = configured.generator && planGenerator(plan, configured.generator, target);
  const { classes: _, perClass: __, ...pace } = configured.params;
  const attack = builder.add({
    kind: 'invert',
    label: `attack ${label}${plan.name}`,
    effort: {
      like: `invert ${architecture} on ${home.data.id} by ${name} ${canonicalJson(pace as Json)}`,
      units,
    },
    seed,
    params: { ...common, attack: name, params } as Json,
    inputs: [target, ...(generator ? [generator] : [])],
  });
  const judge = planJudge(plan);
  const onPopulation = planQuery(
    plan,
    home,
    `${subject} on population`,
    { task: target, architecture },
    'population',
  );
  const evaluation = builder.add({
    kind: 'evaluate-inversion',
    label: `evaluate ${label}${plan.name}`,
    effort: { like: `evaluate inversion on ${home.data.id}`, units },
    seed,
    params: { ...common, guided: configured.generator?.guided !== undefined },
    inputs: [attack, judge.train, judge.judged, onPopulation],
  });
  return { family: 'inversion', name, title, source, configured, attack, evaluation };
};
