/** Short names for what was chosen: parameters show only where they tell two choices of one name apart. */

import { canonicalText } from './canonical.ts';
import type { Named } from './identity.ts';
import type { Result } from './schema.ts';

/** A choice that also has a setting, which is told where the parameters alone leave two choices alike. */
export interface Choice extends Named {
  readonly setting?: Named['params'];
}

type Asked = Pick<Result, 'attack' | 'threatModel' | 'params' | 'attribute' | 'through'>;

/**
 * An attack as it was asked. What the attacker may do follows from the parameters as a rule. The attribute to guess is
 * among them also where the data set's own was left to be taken, and so is the attack whose copy stands for the target.
 */
export function attackChoice({ attack, threatModel, params, attribute, through }: Asked): Choice {
  const settled = {
    ...params,
    ...(attribute && { attribute: attribute.name }),
    ...(through && { through: through.attack }),
  };
  return {
    name: attack,
    params: settled,
    setting: { ...threatModel, ...(through && { copy: through.params }) },
  };
}

/** The attack without the copy it is made on, for where that has a place of its own. */
export function attackItself(asked: Asked): Choice {
  const { through: _, ...itself } = asked;
  return attackChoice(itself);
}

/** {@link attackItself} without the attribute it guesses, for where that has a place of its own, too. */
export function attackAlone(asked: Asked): Choice {
  if (asked.attribute === undefined) return attackItself(asked);
  const { attribute: _, ...params } = asked.params;
  return { name: asked.attack, params, setting: asked.threatModel };
}

/** Names for the attacks of a report, with what tells equal names apart, and always with the copy they are made on. */
export function attackLabels(results: readonly Asked[]): (result: Asked) => string {
  const labelOf = labelsFor(results.map(attackItself));
  return (result) =>
    `${labelOf(attackItself(result))}${result.through === undefined ? '' : ` through ${result.through.attack}`}`;
}

/** As {@link Named}, and whether attackers know of it. */
type Defended = Named & { readonly adaptive?: false | undefined };

/** Names for some defences, with what tells equal names apart: `l2 (lambda 0.01)`, `l2 (lambda 0.01, attackers unaware)`. */
export function defenseLabels(defenses: readonly Defended[]): (defense: Defended) => string {
  const choiceOf = ({ name, params, adaptive }: Defended): Choice => ({
    ...{ name, params },
    ...(adaptive === false && { setting: { attackers: 'unaware' } }),
  });
  const labelOf = labelsFor(defenses.map(choiceOf));
  return (defense) => labelOf(choiceOf(defense));
}

/** Names for some choices; of equal names with what tells them apart: `l2 (lambda 0.01)`. */
export function labelsFor(choices: readonly Choice[]): (choice: Choice) => string {
  const variantOf = variantsFor(choices);
  return (choice) => {
    const variant = variantOf(choice);
    return variant === '' ? choice.name : `${choice.name} (${variant})`;
  };
}

/**
 * What tells a choice from the others of its name, empty where nothing needs to. Parameters that all of them have come
 * first, since options of one kind follow from the choice of that kind; then those that some have; then the setting.
 * Equal for equal choices only.
 */
export function variantsFor(choices: readonly Choice[]): (choice: Choice) => string {
  const byName = new Map<string, Map<string, Leaves>>();
  for (const choice of choices) {
    const sameName = byName.get(choice.name) ?? new Map<string, Leaves>();
    sameName.set(canonicalText({ params: choice.params, setting: choice.setting ?? {} }), leavesOf(choice));
    byName.set(choice.name, sameName);
  }
  const telling = new Map([...byName].map(([name, sameName]) => [name, tellingKeys([...sameName.values()])]));
  return (choice) => textOf(leavesOf(choice), telling.get(choice.name) ?? []);
}

/** Values as text; inner ones as `outer.inner`, those of the setting apart from parameters of the same name. */
type Leaves = ReadonlyMap<string, string>;

const SETTING = '\u0000';

function tellingKeys(choices: readonly Leaves[]): readonly string[] {
  const all = [...new Set(choices.flatMap((leaves) => [...leaves.keys()]))].sort();
  const differing = all.filter((key) => new Set(choices.map((leaves) => leaves.get(key))).size > 1);
  const params = differing.filter((key) => !key.startsWith(SETTING));
  const shared = params.filter((key) => choices.every((leaves) => leaves.has(key)));
  const tells = (keys: readonly string[]) =>
    new Set(choices.map((leaves) => textOf(leaves, keys))).size === choices.length;
  return [shared, params].find(tells) ?? [...params, ...differing.filter((key) => key.startsWith(SETTING))];
}

function textOf(leaves: Leaves, keys: readonly string[]): string {
  return keys
    .filter((key) => leaves.has(key))
    .map((key) => `${key.replace(SETTING, '')} ${leaves.get(key)}`)
    .join(', ');
}

function leavesOf({ params, setting = {} }: Choice): Leaves {
  return new Map([...flattened(params, ''), ...flattened(setting, SETTING)]);
}

function flattened(values: object, prefix: string): [string, string][] {
  return Object.entries(values).flatMap(([key, value]): [string, string][] =>
    value !== null && typeof value === 'object' && !Array.isArray(value)
      ? flattened(value, `${prefix}${key}.`)
      : [[prefix + key, typeof value === 'string' ? value : JSON.stringify(value)]],
  );
}
