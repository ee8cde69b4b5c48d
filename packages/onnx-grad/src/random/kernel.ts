/** What a random kernel does: fill a small block of words, and turn the words into numbers in place. */

/** Words in a kernel's memory: 16 KiB, which stays in the processor's first-level cache. */
export const KERNEL_WORDS = 4096;
/** Words a kernel makes at a time. */
export const KERNEL_STEP = 32;

/**
 * The generator, up to `KERNEL_WORDS` at a time. Both views are the same memory, overwritten by each call. A count is in
 * [1, KERNEL_WORDS]. Two kernels given the same calls hold the same bits.
 */
export interface RandomKernel {
  readonly name: 'wasm' | 'typescript';
  readonly words: Uint32Array;
  readonly floats: Float32Array;
  /**
   * Words 4i .. 4i + 3 become the Philox block of counter (counter0 + i, counter1, counter2, counter3). The count is
   * rounded up to a multiple of `KERNEL_STEP`; the caller keeps counter0 + count / 4 within 2^32.
   */
  generate(
    key0: number,
    key1: number,
    counter0: number,
    counter1: number,
    counter2: number,
    counter3: number,
    count: number,
  ): void;
  // The methods below replace at least the first `count` words; what they leave in later ones is undefined.

  /** The upper 24 bits of each word, times 2^-24. */
  uniform(count: number): void;
  /** In every eight words, word i (radius) and i + 4 (angle) become normals i and i + 4, for i = 0 .. 3. */
  normal(count: number): void;
  /**
   * `generate` and `normal` in one, in another order that saves moving words about: of blocks i = 0 .. 3 of every four,
   * words 0 and 1 become normals i and i + 4, words 2 and 3 normals i + 8 and i + 12; the radius is multiplied by
   * `deviation` in float32.
   */
  noise(
    key0: number,
    key1: number,
    counter0: number,
    counter1: number,
    counter2: number,
    counter3: number,
    count: number,
    deviation: number,
  ): void;
  /** `scale` where the word is below `threshold`, an integer in [0, 2^32); 0 elsewhere. */
  bernoulli(count: number, threshold: number, scale: number): void;
  /** Bit j of word i tells whether word 32i + j was below `threshold`, an integer in [0, 2^32). */
  flags(count: number, threshold: number): void;
}
