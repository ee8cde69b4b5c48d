/** Queries in random order. */
import { stream } from 'onnx-grad';
import type { SelectionContext, SelectionInput } from '../select-queries.ts';

/**
 * The next of one permutation of the pool, drawn by the seed alone: under one seed a smaller budget asks about the
 * first inputs of a larger one.
 */
export const atRandom = (
  { size, asked, count }: Pick<SelectionInput, 'size' | 'asked' | 'count'>,
  { seed, progress }: Pick<SelectionContext, 'seed' | 'progress'>,
): Uint32Array => {
  const before = new Set(asked);
  // Among so many of the permutation's first, at least `count` were not asked about.
  const first = stream(seed, 'queries').sample(size, asked.length + count);
  const chosen = first.filter((position) => !before.has(position)).slice(0, count);
  progress(1);
  return chosen;
};
