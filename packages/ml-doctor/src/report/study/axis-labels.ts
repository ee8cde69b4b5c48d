/** Short names for what was chosen on an axis: parameters show only where they tell two choices apart. */

import { canonicalText } from '../canonical.ts';
import type { Named } from '../identity.ts';

/** Names for some choices; of equal names, those parameters are added in which they differ: `l2 (lambda 0.01)`. */
export function labelsFor(choices: readonly Named[]): (choice: Named) => string {
  const byName = new Map<string, Map<string, ReadonlyMap<string, string>>>();
  for (const choice of choices) {
    const sameName = byName.get(choice.name) ?? new Map<string, ReadonlyMap<string, string>>();
    const key = canonicalText({ params: choice.params });
    if (!sameName.has(key)) sameName.set(key, leavesOf(choice.params));
    byName.set(choice.name, sameName);
  }
  const telling = new Map([...byName].map(([name, sameName]) => [name, tellingKeys([...sameName.values()])]));
  return ({ name, params }) => {
    const leaves = leavesOf(params);
    const shown = (telling.get(name) ?? []).filter((key) => leaves.has(key));
    return shown.length === 0
      ? name
      : `${name} (${shown.map((key) => `${key} ${leaves.get(key)}`).join(', ')})`;
  };
}

function tellingKeys(choices: readonly ReadonlyMap<string, string>[]): string[] {
  const keys = [...new Set(choices.flatMap((leaves) => [...leaves.keys()]))].sort();
  return keys.filter((key) => new Set(choices.map((leaves) => leaves.get(key))).size > 1);
}

/** Parameters with their values as text; inner ones as `outer.inner`. */
function leavesOf(params: object, prefix = ''): Map<string, string> {
  return new Map(
    Object.entries(params).flatMap(([key, value]): [string, string][] =>
      value !== null && typeof value === 'object' && !Array.isArray(value)
        ? [...leavesOf(value, `${prefix}${key}.`)]
        : [[prefix + key, typeof value === 'string' ? value : JSON.stringify(value)]],
    ),
  );
}
