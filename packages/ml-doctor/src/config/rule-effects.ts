/** What the rules of a study do to its grid: all combinations, less what `exclude` drops, plus what `include` adds. */

import type { GridRule, StudyConfig } from './config.ts';

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
}

/** Names by which rules speak of the values of an axis; values that differ in parameters only share one. */
export const axisNames = (study: StudyConfig): { readonly [A in Axis]: readonly (string | number)[] } => ({
  data: study.data.map(({ catalog }) => catalog),
  model: study.models.map(({ model }) => model),
  defense: study.defenses.map(({ name }) => name),
  attack: study.attacks.map(({ name }) => name),
  seed: study.seeds,
});

/** Combinations of all values there are, seeds that only `include` names among them. */
export const gridSize = (study: StudyConfig): number =>
  axesOf(study).reduce((product, names) => product * names.length, 1);

/** At most {@link MAX_COMBINATIONS}. */
export function ruleEffects(study: StudyConfig): RuleEffect[] {
  const axes = axesOf(study);
  const present = new Uint8Array(gridSize(study));

  const indices = axes.map(indicesByName);

  /** Sets the cells that a rule matches; returns how many were not so before. */
  const mark = (rule: GridRule, to: 0 | 1): number => {
    let cells = [0];
    AXES.forEach((axis, a) => {
      const { length } = axes[a]!;
      const wanted = rule[axis] ?? (axis === 'seed' ? study.seeds : indices[a]!.keys());
      const steps = [...wanted].flatMap((name) => indices[a]!.get(name) ?? []);
      cells = cells.flatMap((cell) => steps.map((step) => cell * length + step));
    });
    const changed = cells.filter((cell) => present[cell] !== to);
    for (const cell of changed) present[cell] = to;
    return changed.length;
  };

  let left = mark({}, 1);
  const apply = (kind: RuleEffect['kind']): RuleEffect[] =>
    study[kind].map((rule, index) => {
      const changed = mark(rule, kind === 'exclude' ? 0 : 1);
      left += kind === 'exclude' ? -changed : changed;
      return { kind, index, changed, left };
    });
  return [...apply('exclude'), ...apply('include')];
}

const axesOf = (study: StudyConfig): (readonly (string | number)[])[] => {
  const names = axisNames(study);
  const newSeeds = study.include.flatMap((rule) => rule.seed ?? []);
  return AXES.map((axis) => (axis === 'seed' ? [...new Set([...study.seeds, ...newSeeds])] : names[axis]));
};

const indicesByName = (
  names: readonly (string | number)[],
): ReadonlyMap<string | number, readonly number[]> =>
  names.reduce(
    (map, name, index) => map.set(name, [...(map.get(name) ?? []), index]),
    new Map<string | number, readonly number[]>(),
  );
