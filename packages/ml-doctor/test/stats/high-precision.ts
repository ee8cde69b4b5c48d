/** Exponential, logarithm and cross-entropy to hundreds of digits, in fixed-point BigInt: the oracle for our doubles. */

/** Fractional bits. The smallest double is 2⁻¹⁰⁷⁴, so 300 bits are left to be exact in. */
const BITS = 1400n;
const ONE = 1n << BITS;

const view = new DataView(new ArrayBuffer(8));

/** A finite double as a fixed-point number, exactly. */
export function exact(x: number): bigint {
  view.setFloat64(0, x);
  const bits = view.getBigUint64(0);
  const exponent = (bits >> 52n) & 0x7ffn;
  const mantissa = (bits & 0xfffffffffffffn) | (exponent === 0n ? 0n : 1n << 52n);
  const magnitude = mantissa << (BITS - 1075n + (exponent === 0n ? 1n : exponent));
  return bits >> 63n === 1n ? -magnitude : magnitude;
}

/** eˣ for x ≤ 0: the Taylor series of x / 2¹², squared twelve times. */
export function exp(x: bigint): bigint {
  // Below 2⁻²⁸⁰⁰, far under the last bit.
  if (x < -2000n * ONE) return 0n;
  const reduced = x >> 12n;
  let sum = ONE;
  for (let term = ONE, i = 1n; term !== 0n && term !== -1n; i++) {
    term = ((term * reduced) >> BITS) / i;
    sum += term;
  }
  for (let i = 0; i < 12; i++) sum = (sum * sum) >> BITS;
  return sum;
}

/** ln y for y ≥ 1, as e·ln 2 + 2 artanh((m − 1)/(m + 1)) with y = m·2ᵉ and 1 ≤ m < 2. */
export function ln(y: bigint): bigint {
  let e = 0n;
  while (y >> e >= 2n * ONE) e++;
  const scale = ONE << e;
  return e * LN2 + 2n * artanh(((y - scale) << BITS) / (y + scale));
}

function artanh(t: bigint): bigint {
  const square = (t * t) >> BITS;
  let sum = 0n;
  for (let power = t, i = 1n; power !== 0n; i += 2n) {
    sum += power / i;
    power = (power * square) >> BITS;
  }
  return sum;
}

const LN2 = 2n * artanh(ONE / 3n);

/** ln Σⱼ e^(zⱼ − z_label), through the largest logit. */
export function crossEntropy(row: ArrayLike<number>, label: number): bigint {
  const z = Array.from(row, exact);
  const [top = 0n] = [...z].sort((a, b) => (a < b ? 1 : -1));
  const total = z.reduce((sum, logit) => sum + exp(logit - top), 0n);
  return top - (z[label] as bigint) + ln(total);
}

/** |found − truth| in units of the last place of `found`. */
export function errorInUlps(found: number, truth: bigint): number {
  view.setFloat64(0, found);
  const exponent = (view.getBigUint64(0) >> 52n) & 0x7ffn;
  const ulp = 1n << (BITS - 1075n + (exponent === 0n ? 1n : exponent));
  return ratio(magnitude(exact(found) - truth), ulp);
}

/** |found − truth| / truth, 0 when both are 0. */
export function relativeError(found: number, truth: bigint): number {
  const error = magnitude(exact(found) - truth);
  return error === 0n ? 0 : ratio(error, magnitude(truth));
}

const magnitude = (x: bigint): bigint => (x < 0n ? -x : x);

/** Enough digits to judge an error by. */
const ratio = (a: bigint, b: bigint): number => Number((a << 40n) / b) / 2 ** 40;
