/** Words of a stream by their index: how (key, domain, index) is laid out in Philox's key and counter. */

import { KERNEL_STEP, KERNEL_WORDS, type RandomKernel } from './kernel.ts';
import type { StreamKey } from './key.ts';
import { philox4x32 } from './philox.ts';

/**
 * Each kind of draw reads words of its own, so that the normals and the masks of one stream are independent.
 * The numbers are part of every result ever computed: never change one, only append.
 */
export const DOMAIN = {
  uint32: 0,
  uniform32: 1,
  uniform64: 2,
  normal: 3,
  bernoulli: 4,
  integers: 5,
  shuffle: 6,
  noise: 7,
} as const;
export type Domain = (typeof DOMAIN)[keyof typeof DOMAIN];

/**
 * Word i of a domain is word i mod 4 of the Philox block at counter (lo, hi, counter2, domain) under key (key0, key1),
 * where hi · 2^32 + lo = floor(i / 4).
 */
export interface WordStream {
  readonly kernel: RandomKernel;
  /**
   * Brings the words [first, first + length) into the kernel's memory, piece by piece and in order, and calls
   * `visit` with the place of a piece in that memory, its length, and how many words came before it. `first + length`
   * is at most 2^53. Nothing else may use the kernel during a visit. `fill` brings in something else made of the same
   * words.
   */
  forEachPiece(
    domain: Domain,
    first: number,
    length: number,
    visit: (at: number, count: number, done: number) => void,
    fill?: RandomKernel['generate'],
  ): void;
  /** A further word for element `index`, for draws that reject; `attempt` counts from 1. */
  retry(domain: Domain, index: number, attempt: number): number;
}

const TWO_32 = 2 ** 32;

export function wordStream(kernel: RandomKernel, { key0, key1, counter2 }: StreamKey): WordStream {
  const block = new Uint32Array(4);
  return {
    kernel,
    forEachPiece(domain, first, length, visit, fill = kernel.generate) {
      let done = 0;
      while (done < length) {
        const at = (first + done) % KERNEL_STEP;
        const blockIndex = (first + done - at) / 4;
        const low = blockIndex % TWO_32;
        // The kernel does not carry from the first counter word into the second.
        const room = Math.min(KERNEL_WORDS, 4 * (TWO_32 - low));
        const count = Math.min(room - at, length - done);
        fill(key0, key1, low, Math.floor(blockIndex / TWO_32), counter2, domain, at + count);
        visit(at, count, done);
        done += count;
      }
    },
    retry(domain, index, attempt) {
      // The attempt makes the fourth counter word differ from that of any first attempt.
      philox4x32(index, Math.floor(index / TWO_32), counter2, domain | (attempt << 8), key0, key1, block);
      return block[0]!;
    },
  };
}
