/** Random words to unbiased integers below a bound, and to random selections without replacement. */

import { multiplyHigh } from './philox.ts';
import { DOMAIN, type Domain, type WordStream } from './word-stream.ts';

/**
 * Element `index`: uniform on {0, .., below - 1}, for `below` in [1, 2^32]. Rejected words are replaced by words that
 * belong to this element alone, so that no element shifts another.
 *
 * D. Lemire: Fast Random Integer Generation in an Interval. ACM TOMACS 29 (2019), algorithm 5.
 */
function boundedInteger(
  source: WordStream,
  domain: Domain,
  index: number,
  word: number,
  below: number,
): number {
  let accepted = word;
  if (Math.imul(accepted, below) >>> 0 < below) {
    const surplus = (2 ** 32 - below) % below;
    for (let attempt = 1; Math.imul(accepted, below) >>> 0 < surplus; attempt++) {
      accepted = source.retry(domain, index, attempt);
    }
  }
  return multiplyHigh(accepted, below);
}

/** Fills `out` with elements `offset ..` uniform on {0, .., below - 1}. */
export function fillIntegers(source: WordStream, out: Uint32Array, below: number, offset: number): void {
  const { words } = source.kernel;
  source.forEachPiece(DOMAIN.integers, offset, out.length, (at, count, done) => {
    for (let i = 0; i < count; i++) {
      out[done + i] = boundedInteger(source, DOMAIN.integers, offset + done + i, words[at + i]!, below);
    }
  });
}

/** Above this ratio of population to sample, the few moved entries are kept in a map instead of the whole list. */
const SPARSE_RATIO = 16;

/**
 * The first `size` entries of a Fisher-Yates shuffle of 0 .. population - 1; `size = population` is the whole shuffle.
 * Step j swaps entry j with one of the entries j .. population - 1, all equally likely.
 *
 * R. Durstenfeld: Algorithm 235: Random Permutation. Comm. ACM 7 (1964).
 */
export function shuffledPrefix(
  source: WordStream,
  population: number,
  size: number,
): Uint32Array<ArrayBuffer> {
  const { words } = source.kernel;
  const chosen = new Uint32Array(size);
  const swaps = (swap: (step: number, other: number) => void) =>
    source.forEachPiece(DOMAIN.shuffle, 0, size, (at, count, done) => {
      for (let i = 0; i < count; i++) {
        const step = done + i;
        swap(step, step + boundedInteger(source, DOMAIN.shuffle, step, words[at + i]!, population - step));
      }
    });
  if (population > SPARSE_RATIO * size) {
    const moved = new Map<number, number>();
    swaps((step, other) => {
      chosen[step] = moved.get(other) ?? other;
      moved.set(other, moved.get(step) ?? step);
    });
    return chosen;
  }
  const list = new Uint32Array(population);
  for (let i = 0; i < population; i++) list[i] = i;
  swaps((step, other) => {
    const taken = list[other]!;
    list[other] = list[step]!;
    list[step] = taken;
  });
  chosen.set(list.subarray(0, size));
  return chosen;
}
