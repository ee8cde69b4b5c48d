/** From a grid to its cells: every combination of the axes, less what is excluded, plus what is included. */

import type { AttackChoice, GridRule, StudyConfig } from '../config/config.ts';
import { speaksOf } from '../config/rule-effects.ts';
import { namesData, namesModel } from '../config/rule-names.ts';
import type { Cell } from './cell.ts';

/** A combination without its attacks: what one target is. */
interface Place {
  readonly data: number;
  readonly model: number;
  readonly defense: number;
  readonly seed: number;
}

/**
 * Pure. Cells come in the order of the axes: data outermost, then model, defence and seed; what is included last.
 * Attacks through a copy stay with the attack that steals it: a rule that names that one speaks of them too.
 */
export const expandGrid = (study: StudyConfig): Cell[] => {
  const attacksAt = new Map<string, { place: Place; attacks: Set<AttackChoice> }>();
  const add = (place: Place, attack: AttackChoice) => {
    const key = `${place.data} ${place.model} ${place.defense} ${place.seed}`;
    const at = attacksAt.get(key) ?? { place, attacks: new Set() };
    at.attacks.add(attack);
    attacksAt.set(key, at);
  };
  for (const [place, attack] of combinations(study, {}))
    if (!study.exclude.some((rule) => matches(study, rule, place, attack))) add(place, attack);
  for (const rule of study.include)
    for (const [place, attack] of combinations(study, rule)) add(place, attack);
  return [...attacksAt.values()].map(({ place, attacks }) => cellAt(study, place, attacks));
};

function* combinations(study: StudyConfig, rule: GridRule): Generator<[Place, AttackChoice]> {
  const named = (names: readonly string[] | undefined, name: string) => names?.includes(name) ?? true;
  for (const [data, { catalog }] of study.data.entries()) {
    if (!(rule.data?.some((one) => namesData(one, catalog)) ?? true)) continue;
    for (const [model, { model: name }] of study.models.entries()) {
      if (!(rule.model?.some((one) => namesModel(one, name)) ?? true)) continue;
      for (const [defense, { name }] of study.defenses.entries()) {
        if (!named(rule.defense, name)) continue;
        for (const seed of rule.seed ?? study.seeds)
          for (const attack of study.attacks)
            if (speaksOf(rule.attack, attack)) yield [{ data, model, defense, seed }, attack];
      }
    }
  }
}

const matches = (study: StudyConfig, rule: GridRule, place: Place, attack: AttackChoice): boolean =>
  (rule.data?.some((one) => namesData(one, study.data[place.data]?.catalog ?? '')) ?? true) &&
  (rule.model?.some((one) => namesModel(one, study.models[place.model]?.model ?? '')) ?? true) &&
  (rule.defense?.includes(study.defenses[place.defense]?.name ?? '') ?? true) &&
  speaksOf(rule.attack, attack) &&
  (rule.seed?.includes(place.seed) ?? true);

const cellAt = (study: StudyConfig, place: Place, attacks: ReadonlySet<AttackChoice>): Cell => {
  const chosen = study.attacks.filter((attack) => attacks.has(attack));
  const origin: Cell['origin'] = {
    data: ['data', place.data],
    model: ['models', place.model],
    defense: ['defenses', place.defense],
    attacks: chosen.map((attack) => ['attacks', study.attacks.indexOf(attack)]),
  };
  return {
    ...(study.plugins && { plugins: study.plugins }),
    data: study.data[place.data] as Cell['data'],
    model: study.models[place.model] as Cell['model'],
    offers: study.offers,
    defense: study.defenses[place.defense] as Cell['defense'],
    // In the order of the study, whichever rule brought them.
    attacks: chosen,
    seed: place.seed,
    ...(study.explain && { explain: true }),
    origin,
  };
};
