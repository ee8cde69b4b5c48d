/** Where the optimisation of a reconstruction starts. */
import { stream } from 'onnx-grad';
import type { RecordSpace } from './inversion-attack.ts';

export const STARTS = ['zero', 'noise'] as const;

export interface StartOptions {
  /** Name of the attack. */
  readonly attack: string;
  readonly seed: number;
  readonly start: (typeof STARTS)[number];
  /** Whether a zero outside the bounds is moved to the nearer one. */
  readonly clamp: boolean;
}

/** Which start: of a class, among the reconstructions of the class, among the restarts of a reconstruction. */
export interface StartPlace {
  readonly label: number;
  readonly copy: number;
  readonly restart: number;
}

/**
 * From `zero` starts one search of each class, the first: all zeros as the model receives them. Every other start is
 * noise, uniform between the bounds of each place, so that no two searches of a class are the same. A start depends on
 * its own place alone, not on what else is asked for.
 */
export const startAt = (
  { label, copy, restart }: StartPlace,
  { bounds: { low, high } }: Pick<RecordSpace, 'bounds'>,
  { attack, seed, start, clamp }: StartOptions,
): Float32Array => {
  if (start === 'zero' && copy === 0 && restart === 0)
    return low.map((least, j) => (clamp ? Math.min(Math.max(0, least), high[j] as number) : 0));
  const unit = stream(seed, attack, 'start', label, copy, restart).uniform(new Float32Array(low.length));
  return unit.map((u, j) => (1 - u) * (low[j] as number) + u * (high[j] as number));
};

/** How many of the same class come before each of the wanted reconstructions. */
export const copiesOf = (wanted: Int32Array): Int32Array => {
  const seen = new Map<number, number>();
  return wanted.map((label) => {
    const copy = seen.get(label) ?? 0;
    seen.set(label, copy + 1);
    return copy;
  });
};
