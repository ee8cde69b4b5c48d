/** Ranks of values among each other. */

/** Places of values, ascending. Infinities are values like others. @param values no NaN */
export function ascending(values: ArrayLike<number>): Uint32Array {
  const places = Uint32Array.from({ length: values.length }, (_, i) => i);
  return places.sort((a, b) => (values[a]! < values[b]! ? -1 : values[a]! > values[b]! ? 1 : a - b));
}

/** The share of values below each, equal ones half: between 0 and 1, ½ on average. */
export function midRanks(values: ArrayLike<number>): Float64Array {
  const places = ascending(values);
  const ranks = new Float64Array(places.length);
  for (let start = 0; start < places.length; ) {
    let end = start + 1;
    while (end < places.length && values[places[end]!] === values[places[start]!]) end++;
    for (let i = start; i < end; i++) ranks[places[i]!] = (start + end) / 2 / places.length;
    start = end;
  }
  return ranks;
}
