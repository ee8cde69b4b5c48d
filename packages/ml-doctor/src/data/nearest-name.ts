/** Finds what the user probably meant: the known name with the fewest single-letter edits. */

/**
 * The nearest of `names` by Levenshtein distance, ignoring case; the first of equally near ones, `undefined`
 * for none.
 */
export function nearestName(wanted: string, names: readonly string[]): string | undefined {
  return nearestNames(wanted, names, 1)[0];
}

/** The nearest `count` of `names`, or all if there are fewer, the best first and equally near ones in their order. */
export function nearestNames(wanted: string, names: readonly string[], count: number): readonly string[] {
  const lower = wanted.toLowerCase();
  return names
    .map((name) => ({ name, distance: editDistance(lower, name.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance)
    .slice(0, count)
    .map(({ name }) => name);
}

function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const current = [i];
    for (let j = 1; j <= b.length; j++) {
      const substituted = previous[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      current.push(Math.min(substituted, previous[j]! + 1, current[j - 1]! + 1));
    }
    previous = current;
  }
  return previous[b.length]!;
}
