/** Targets that differ in one number alone, put in order of it. */

import { canonicalText } from '../../../report/canonical.ts';
import { labelsFor } from '../../../report/labels.ts';

/** What all rungs of a ladder have in common. */
export interface Common {
  readonly name: string;
  readonly params: Readonly<Record<string, unknown>>;
  /** What else must be alike; told where it tells two ladders of one name apart. */
  readonly also: Readonly<Record<string, unknown>>;
}

export interface LadderOf<Rung> {
  readonly name: string;
  /** The name, with what tells equal names apart. */
  readonly label: string;
  /** Two or more, ascending. */
  readonly rungs: readonly Rung[];
}

/** In the order in which their first rungs come. Of rungs at one height the first counts. */
export function ladders<Rung>(
  all: readonly Rung[],
  commonOf: (rung: Rung) => Common,
  heightOf: (rung: Rung) => number,
): LadderOf<Rung>[] {
  const groups = new Map<string, { readonly common: Common; readonly at: Map<number, Rung> }>();
  for (const rung of all) {
    const common = commonOf(rung);
    const key = canonicalText(common);
    const group = groups.get(key) ?? { common, at: new Map<number, Rung>() };
    const height = heightOf(rung);
    if (!group.at.has(height)) group.at.set(height, rung);
    groups.set(key, group);
  }
  const several = [...groups.values()].filter(({ at }) => at.size > 1);
  const choiceOf = ({ name, params, also }: Common) => ({ name, params, setting: also });
  const labelOf = labelsFor(several.map(({ common }) => choiceOf(common)));
  return several.map(({ common, at }) => ({
    name: common.name,
    label: labelOf(choiceOf(common)),
    rungs: [...at].sort(([a], [b]) => a - b).map(([, rung]) => rung),
  }));
}
