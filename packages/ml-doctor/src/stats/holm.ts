/** Holm's guard against finding something because much was tested. */

/**
 * Adjusted p-values (Holm, Scand. J. Stat. 6, 1979), in the order given: to call those below α findings makes a false one,
 * however the tests depend on each other, with a probability of α at most.
 */
export function holm(pValues: readonly number[]): readonly number[] {
  const order = pValues.map((_, i) => i).sort((a, b) => pValues[a]! - pValues[b]!);
  const adjusted = new Array<number>(pValues.length);
  let most = 0;
  order.forEach((place, rank) => {
    most = Math.min(1, Math.max(most, (pValues.length - rank) * pValues[place]!));
    adjusted[place] = most;
  });
  return adjusted;
}
