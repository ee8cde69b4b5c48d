/** How far a record lies from its neighbours, and how much farther than these lie from theirs. */
import type { Neighbours } from './neighbours.ts';

/** Keeps densities finite where k records or more are equal; in units of distance. */
const LEAST_REACH = 1e-10;

/** Mean distance to the k nearest others, a form of the distance-based outliers of Ramaswamy et al. (SIGMOD 2000). */
export function meanDistances({ k, distances }: Neighbours): Float64Array {
  return Float64Array.from({ length: distances.length / k }, (_, i) => {
    let sum = 0;
    for (let at = i * k; at < (i + 1) * k; at++) sum += distances[at]!;
    return sum / k;
  });
}

/**
 * Local outlier factor (Breunig et al., SIGMOD 2000, definitions 5–7): the mean density around the k nearest others, as a
 * multiple of the density around the record; about 1 inside a cluster of any density, larger outside. Of ties for the
 * k-th neighbour the first counts, where the paper counts all.
 */
export function localOutlierFactors({ k, places, distances }: Neighbours): Float64Array {
  const size = distances.length / k;
  const density = Float64Array.from({ length: size }, (_, i) => {
    let sum = 0;
    for (let at = i * k; at < (i + 1) * k; at++)
      sum += Math.max(distances[at]!, distances[places[at]! * k + k - 1]!);
    return 1 / (sum / k + LEAST_REACH);
  });
  return Float64Array.from({ length: size }, (_, i) => {
    let sum = 0;
    for (let at = i * k; at < (i + 1) * k; at++) sum += density[places[at]!]!;
    return sum / k / density[i]!;
  });
}
