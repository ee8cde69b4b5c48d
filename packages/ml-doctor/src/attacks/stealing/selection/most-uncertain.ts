/** Queries about what the copy is least sure of. */
import { logOnePlus } from '../../../stats/log-posterior.ts';
import type { InformedInput, SelectionContext } from '../select-queries.ts';
import { consultCopy } from './consult-copy.ts';
import { unasked } from './unasked.ts';

/**
 * Uncertainty selection of Pal et al. (ActiveThief, AAAI 2020): the inputs on which the entropy of the copy's
 * posterior, −Σ_c p_c ln p_c, is largest, the largest first; of equal ones the lower position.
 */
export const mostUncertain = async (
  input: InformedInput,
  { signal, progress }: SelectionContext,
): Promise<Uint32Array> => {
  const rest = unasked(input.size, input.asked);
  const entropies = new Float64Array(rest.length);
  await consultCopy(rest, input, { signal, progress }, (beliefs, first) => {
    const rows = beliefs.length / input.classes;
    for (let row = 0; row < rows; row++)
      entropies[first + row] = entropy(beliefs, row * input.classes, input.classes);
  });
  return rest
    .map((_, place) => place)
    .sort((a, b) => (entropies[b] as number) - (entropies[a] as number) || a - b)
    .slice(0, input.count)
    .map((place) => rest[place] as number);
};

/** In nats, of the distribution that begins at `from`; the same on every engine. */
const entropy = (beliefs: Float32Array, from: number, classes: number): number => {
  let sum = 0;
  for (let c = 0; c < classes; c++) {
    const p = beliefs[from + c] as number;
    // ln(1/p), which is ln(1 + (1 − p)/p).
    if (p > 0) sum += p * logOnePlus((1 - p) / p);
  }
  return sum;
};
