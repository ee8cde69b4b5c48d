/** Philox4x32-10, the counter-based generator every random number here comes from, in plain TypeScript. */

/** First and third multiplier of the round function (Salmon et al., SC 2011, table 2). */
export const PHILOX_M0 = 0xd2511f53;
export const PHILOX_M1 = 0xcd9e8d57;
/** Weyl increments that turn one round's key into the next: golden ratio and sqrt(3) - 1. */
export const PHILOX_W0 = 0x9e3779b9;
export const PHILOX_W1 = 0xbb67ae85;
export const PHILOX_ROUNDS = 10;

/** Upper 32 bits of a 64-bit product, through 16-bit halves so that every step is exact in a double. */
export function multiplyHigh(a: number, b: number): number {
  const low = (a & 0xffff) * b;
  const high = (a >>> 16) * b;
  return Math.floor((high + Math.floor(low / 0x10000)) / 0x10000);
}

/**
 * Writes one block of four 32-bit words to `out[at .. at + 3]`.
 *
 * The block is a bijective, well-mixed function of the 128-bit counter for every 64-bit key, so any block can be
 * computed without those before it. Not a cryptographic generator.
 *
 * J. Salmon, M. Moraes, R. Dror, D. Shaw: Parallel Random Numbers: As Easy as 1, 2, 3. SC 2011, section 3.3.
 */
export function philox4x32(
  counter0: number,
  counter1: number,
  counter2: number,
  counter3: number,
  key0: number,
  key1: number,
  out: Uint32Array,
  at = 0,
): void {
  let a = counter0 >>> 0;
  let b = counter1;
  let c = counter2 >>> 0;
  let d = counter3;
  let k0 = key0;
  let k1 = key1;
  for (let round = 0; round < PHILOX_ROUNDS; round++) {
    const high0 = multiplyHigh(a, PHILOX_M0);
    const high1 = multiplyHigh(c, PHILOX_M1);
    const low0 = Math.imul(a, PHILOX_M0);
    const low1 = Math.imul(c, PHILOX_M1);
    a = (high1 ^ b ^ k0) >>> 0;
    b = low1;
    c = (high0 ^ d ^ k1) >>> 0;
    d = low0;
    k0 = (k0 + PHILOX_W0) | 0;
    k1 = (k1 + PHILOX_W1) | 0;
  }
  out[at] = a;
  out[at + 1] = b;
  out[at + 2] = c;
  out[at + 3] = d;
}
