/** "Did you mean …?": a known name only when it is near enough to be what was meant. */

import { nearestName } from '../data/nearest-name.ts';

/** Longer than any name, and short enough to compare with all of them in no time. */
const MAX_COMPARED = 64;

/** Hints list so many names at most. */
const MAX_LISTED = 12;

/**
 * The known name that was probably meant: one within a third of the letters, else the only one that has `wanted` as a
 * part; undefined when none is near.
 */
export function nearName(wanted: string, known: readonly string[]): string | undefined {
  if (wanted === '' || wanted.length > MAX_COMPARED) return undefined;
  // A rival exactly as far away as is allowed, and last, so that it wins against everything farther only.
  const rival = wanted + '\0'.repeat(Math.floor(wanted.length / 3) + 1);
  const nearest = nearestName(wanted, [...known, rival]);
  if (nearest !== rival) return nearest;
  const around = known.filter((name) => name.toLowerCase().includes(wanted.toLowerCase()));
  return wanted.length > 1 && around.length === 1 ? around[0] : undefined;
}

/** A sentence that names the nearest known name, or all of them. `what` is their plural, as "keys". */
export function suggestion(wanted: string, known: readonly string[], what: string): string {
  const near = nearName(wanted, known);
  return near === undefined ? `Known ${what}: ${listed(known)}.` : `Did you mean ${JSON.stringify(near)}?`;
}

/** Names with commas between them; the end of a long list is cut off. */
export function listed(names: readonly string[]): string {
  return names.length <= MAX_LISTED
    ? names.join(', ')
    : `${names.slice(0, MAX_LISTED).join(', ')} and ${names.length - MAX_LISTED} more`;
}
