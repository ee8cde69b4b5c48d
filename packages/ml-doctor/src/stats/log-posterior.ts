/**
 * Posteriors and losses from logits in double precision, with an exponential and a logarithm of our own: what is
 * stored must not depend on which engine computed it, and the loss of a confident prediction must not round to 0.
 */

const LN2_HIGH = 0.6931471803691238;
const LN2_LOW = 1.9082149292705877e-10;

/** eˣ for x ≤ 0, to about 1 ulp; 0 below −745. */
export const expNegative = (x: number): number => {
  if (x < -745) return 0;
  const k = Math.round(x / Math.LN2);
  const r = x - k * LN2_HIGH - k * LN2_LOW;
  // Taylor's series from its end (Horner), so that only the last sum rounds to the result's own precision.
  let sum = 1;
  for (let i = 14; i >= 1; i--) sum = 1 + (r / i) * sum;
  return scaleByPowerOfTwo(sum, k);
};

/** Exact scaling by 2ᵏ (k ≤ 0), in two steps where 2ᵏ itself would underflow. */
const scaleByPowerOfTwo = (value: number, k: number): number =>
  k < -1000 ? value * powerOfTwo(-1000) * powerOfTwo(k + 1000) : value * powerOfTwo(k);

const view = new DataView(new ArrayBuffer(8));
const powerOfTwo = (k: number): number => {
  view.setBigUint64(0, BigInt(k + 1023) << 52n);
  return view.getFloat64(0);
};

/** ln(1 + s) for s ≥ 0, within 2 ulp also where s is tiny. */
export const logOnePlus = (s: number): number => {
  // Below 2⁻⁵⁴ the next term, s²/2, is under the last bit; and dividing the smallest doubles would lose bits.
  if (s === Number.POSITIVE_INFINITY || s < 2 ** -54) return s;
  if (s < 0.5) return 2 * atanhSeries(s / (2 + s));
  const sum = 1 + s;
  // What rounding took from the sum, as ln(a + b) ≈ ln a + b / a.
  const rest = (s < 1 ? s - (sum - 1) : 1 - (sum - s)) / sum;
  // sum = m 2ᵉ with m in [√½, √2].
  view.setFloat64(0, sum);
  const bits = view.getBigUint64(0);
  let e = Number((bits >> 52n) & 0x7ffn) - 1023;
  view.setBigUint64(0, (bits & 0xfffffffffffffn) | (1023n << 52n));
  let m = view.getFloat64(0);
  if (m > Math.SQRT2) {
    m /= 2;
    e += 1;
  }
  return e * LN2_HIGH + (e * LN2_LOW + rest + 2 * atanhSeries((m - 1) / (m + 1)));
};

/** artanh(t) = t + t³/3 + …, for |t| ≤ .21. */
const atanhSeries = (t: number): number => {
  const square = t * t;
  let tail = 0;
  for (let i = 27; i >= 3; i -= 2) tail = square * (1 / i + tail);
  return t + t * tail;
};

/**
 * Cross-entropy −ln softmax(z)_label of one row: ln(1 + Σ_{j≠label} e^{z_j − z_label}), without cancellation. Infinite
 * for a label whose logit is −∞, the logarithm of a posterior that is 0.
 */
export const crossEntropyLoss = (row: ArrayLike<number>, label: number): number => {
  const own = row[label] as number;
  let top = Number.NEGATIVE_INFINITY;
  for (let j = 0; j < row.length; j++) if (j !== label) top = Math.max(top, row[j] as number);
  if (top === Number.NEGATIVE_INFINITY) return 0;
  if (own === Number.NEGATIVE_INFINITY) return Number.POSITIVE_INFINITY;
  const shift = Math.max(0, top - own);
  let others = 0;
  for (let j = 0; j < row.length; j++)
    if (j !== label) others += expNegative((row[j] as number) - own - shift);
  // ln(e⁻ˢ + others) + s = s + ln(1 + (e⁻ˢ − 1 + others)); for s = 0 this is ln(1 + others).
  return shift === 0 ? logOnePlus(others) : shift + logOnePlus(others - 1 + expNegative(-shift));
};

/** softmax of one row. */
export const posterior = (row: ArrayLike<number>): Float64Array => {
  let top = Number.NEGATIVE_INFINITY;
  for (let j = 0; j < row.length; j++) top = Math.max(top, row[j] as number);
  const weights = Float64Array.from(row, (z) => expNegative(z - top));
  const total = weights.reduce((a, b) => a + b, 0);
  return weights.map((w) => w / total);
};
