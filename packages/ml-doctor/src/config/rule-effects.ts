/** What the rules of a study do to its grid: all combinations, less what `exclude` drops, plus what `include` adds. */

import type { AttackChoice, GridRule, StudyConfig } from './config.ts';
import { namesData, namesModel } from './rule-names.ts';

export const AXES = ['data', 'model', 'defense', 'attack', 'seed'] as const;
export type Axis = (typeof AXES)[number];

/** Many more than a machine can work through: a grid beyond is a slip. */
export const MAX_COMBINATIONS = 1_000_000;

/** What a rule did when its turn came: excludes first, then includes, each in the order of the file. */
export interface RuleEffect {
  readonly kind: 'exclude' | 'include';
  readonly index: number;
  /** Combinations it dropped or added. */
  readonly changed: number;
  /** Combinations in the grid after it. */
  readonly left: number;
  /** Position of an attack that it added where, after all rules, the copy is missing that the attack goes through. */
  readonly orphan?: number;
}

/** Names by which rules speak of the values of an axis; values that differ in parameters only share one. */
export const axisNames = (study: StudyConfig): { readonly [A in Axis]: readonly (string | number)[] } => ({
  data: study.data.map(({ catalog }) => catalog),
  model: study.models.map(({ model }) => model),
  defense: study.defenses.map(({ name }) => name),
  attack: study.attacks.map(({ name }) => name),
  seed: study.seeds,
});

/** Whether a rule that names `names` speaks of an attack: by its own name, or by that of the copy it goes through. */
export const speaksOf = (
  names: readonly string[] | undefined,
  { name, through = name }: AttackChoice,
): boolean => names === undefined || names.includes(name) || names.includes(through);

/** Whether a rule that names `wanted` on an axis but that of attacks speaks of one of its values. */
export const speaksOfValue = (axis: Axis, wanted: string | number, value: string | number): boolean => {
  if (axis === 'data') return namesData(String(wanted), String(value));
  if (axis === 'model') return namesModel(String(wanted), String(value));
  return wanted === value;
};

/** Combinations of all values there are, seeds that only `include` names among them. */
export const gridSize = (study: StudyConfig): number =>
  axesOf(study).reduce((product, names) => product * names.length, 1);

/** At most {@link MAX_COMBINATIONS}. */
export function ruleEffects(study: StudyConfig): RuleEffect[] {
  const axes = axesOf(study);
  const present = new Uint8Array(gridSize(study));

  const attackPlace = AXES.indexOf('attack');

  /** Positions on an axis that a rule speaks of. */
  const wanted = (rule: GridRule, axis: Axis, a: number): number[] => {
    if (axis === 'attack')
      return study.attacks.flatMap((attack, index) => (speaksOf(rule.attack, attack) ? [index] : []));
    const names = rule[axis] ?? (axis === 'seed' ? study.seeds : undefined);
    return axes[a]!.flatMap((value, index) =>
      names === undefined || names.some((name) => speaksOfValue(axis, name, value)) ? [index] : [],
    );
  };

  /** Sets the cells that a rule matches; returns those that were not so before. */
  const mark = (rule: GridRule, to: 0 | 1): number[] => {
    let cells = [0];
    AXES.forEach((axis, a) => {
      const { length } = axes[a]!;
      const steps = wanted(rule, axis, a);
      cells = cells.flatMap((cell) => steps.map((step) => cell * length + step));
    });
    const changed = cells.filter((cell) => present[cell] !== to);
    for (const cell of changed) present[cell] = to;
    return changed;
  };

  /** Cells of one combination but for the attack lie so far apart. */
  const apart = axes.slice(attackPlace + 1).reduce((product, { length }) => product * length, 1);
  const thiefOf = study.attacks.map(({ through }) =>
    through === undefined ? undefined : study.attacks.findIndex(({ name }) => name === through),
  );
  const orphanIn = (cells: readonly number[]): number | undefined => {
    const attackOf = (cell: number) => Math.floor(cell / apart) % study.attacks.length;
    const cell = cells.find((one) => {
      const thief = thiefOf[attackOf(one)];
      return (
        thief !== undefined && present[one] === 1 && present[one + (thief - attackOf(one)) * apart] !== 1
      );
    });
    return cell === undefined ? undefined : attackOf(cell);
  };

  let left = mark({}, 1).length;
  const apply = (kind: RuleEffect['kind']) =>
    study[kind].map((rule, index) => {
      const cells = mark(rule, kind === 'exclude' ? 0 : 1);
      left += kind === 'exclude' ? -cells.length : cells.length;
      return { kind, index, cells, left };
    });
  return [...apply('exclude'), ...apply('include')].map(({ cells, ...effect }) => {
    const orphan = effect.kind === 'include' ? orphanIn(cells) : undefined;
    return { ...effect, changed: cells.length, ...(orphan !== undefined && { orphan }) };
  });
}

const axesOf = (study: StudyConfig): (readonly (string | number)[])[] => {
  const names = axisNames(study);
  const newSeeds = study.include.flatMap((rule) => rule.seed ?? []);
  return AXES.map((axis) => (axis === 'seed' ? [...new Set([...study.seeds, ...newSeeds])] : names[axis]));
};
