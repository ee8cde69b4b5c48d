/** Two random words to two standard normals in float32, by arithmetic that gives the same bits on every machine. */

const f32 = Math.fround;

/** -2 ln 2, the weight of the binary exponent in -2 log(u). */
export const MINUS_TWO_LN_2 = f32(-2 * Math.LN2);
/** Bits of sqrt(1/2): mantissas are reduced to [sqrt(1/2), sqrt(2)). */
export const SQRT_HALF_BITS = 0x3f3504f3;
/** atanh(s) = s + s z (1/3 + z/5 + z²/7 + z³/9), z = s² <= 0.0295; what is left out is under 3e-9 of the value. */
export const ATANH = [1 / 3, 1 / 5, 1 / 7, 1 / 9].map(f32);
/** sin(x) = x + x z (-1/3! + z/5! - z²/7! + z³/9!), z = x² <= (pi/4)²; left out: under 3e-9. */
export const SIN = [-1 / 6, 1 / 120, -1 / 5040, 1 / 362880].map(f32);
/** cos(x) = 1 - z/2 + z² (1/4! - z/6! + z²/8! - z³/10!); left out: under 3e-10. */
export const COS = [1 / 24, -1 / 720, 1 / 40320, -1 / 3628800].map(f32);
/** One step of the 32-bit angle, as a part of the quarter turn it spans. */
export const ANGLE_STEP = f32((Math.PI / 2) * 2 ** -32);
export const WORD_STEP = 2 ** -32;

const bits = new Int32Array(1);
const value = new Float32Array(bits.buffer);

/** c0 + c1 z + c2 z² + c3 z³ by Horner's rule, each step rounded to float32. */
function cubic(coefficients: readonly number[], z: number): number {
  let sum = coefficients[3]!;
  for (let i = 2; i >= 0; i--) sum = f32(f32(sum * z) + coefficients[i]!);
  return sum;
}

/**
 * -2 log(U) for U = (word + 1/2) / 2^32, positive for every word.
 *
 * The upper half of the words goes through 1 - U, exact in float32 where U itself would round to 1: so the result has
 * full relative precision both in the tail (at most 2 · 33 ln 2, a normal of 6.76) and next to 0.
 */
export function minusTwoLog(word: number): number {
  const upper = word >> 31;
  const u = f32(f32(f32(word ^ upper) + 0.5) * WORD_STEP);
  value[0] = upper === 0 ? u : f32(1 - u);
  const exponent = (bits[0]! - SQRT_HALF_BITS) >> 23;
  bits[0] = bits[0]! - (exponent << 23);
  // Exponent 0 is reached from the upper half only, where the fraction is known exactly: log(1 - u).
  const fraction = exponent === 0 ? -u : f32(value[0]! - 1);
  const s = f32(fraction / f32(2 + fraction));
  const z = f32(s * s);
  const atanh = f32(s + f32(f32(s * z) * cubic(ATANH, z)));
  return f32(f32(exponent * MINUS_TWO_LN_2) - f32(4 * atanh));
}

/** Cosine and sine of the angle x in [-pi/4, pi/4]. */
export function cosSin(x: number): readonly [cos: number, sin: number] {
  const z = f32(x * x);
  const sin = f32(x + f32(f32(x * z) * cubic(SIN, z)));
  const cos = f32(f32(1 - f32(0.5 * z)) + f32(f32(z * z) * cubic(COS, z)));
  return [cos, sin];
}

/**
 * The Box-Muller transform: a point whose squared length is -2 log U and whose direction is uniform.
 *
 * Of `angleWord`, 30 bits place the direction in a quarter turn, symmetric about 0; one bit mirrors it at the diagonal
 * and one turns it by half, which together cover the circle evenly. No draw is exactly 0 and none exceeds 6.77, both
 * times the deviation; 1 changes no bit.
 *
 * G. Box, M. Muller: A Note on the Generation of Random Normal Deviates. Ann. Math. Stat. 29 (1958).
 */
export function boxMuller(radiusWord: number, angleWord: number, deviation = 1): readonly [number, number] {
  const length = f32(f32(Math.sqrt(minusTwoLog(radiusWord))) * f32(deviation));
  const radius = (angleWord & 0x40000000) === 0 ? length : -length;
  const [cos, sin] = cosSin(f32(f32((angleWord << 2) | 2) * ANGLE_STEP));
  const mirrored = angleWord >> 31 !== 0;
  return [f32(radius * (mirrored ? sin : cos)), f32(radius * (mirrored ? cos : sin))];
}
