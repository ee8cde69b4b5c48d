/** What one noisy sum says for the presence of a record: a logarithm of two densities, and back. */

/**
 * ln(1 − q + q eᵛ), v = (2z − 1)/(2σ²): the mixture (1 − q) N(0, σ²) + q N(1, σ²) over N(0, σ²), at `z` (Mironov,
 * Talwar & Zhang 2019, section 3.1). Rises with z, from ln(1 − q). Accurate also where it is near 0.
 */
export const logRatio = (z: number, q: number, sigma: number): number => {
  const v = (z - 0.5) / (sigma * sigma);
  if (q === 1) return v;
  if (v > 30) return v + Math.log(q) + Math.log1p(((1 - q) / q) * Math.exp(-v));
  if (q > 0.5 && v < -0.5) return Math.log(1 - q + q * Math.exp(v));
  return Math.log1p(q * Math.expm1(v));
};

/** The z of a {@link logRatio}; −∞ at ln(1 − q) and below. */
export const whereLogRatio = (x: number, q: number, sigma: number): number => {
  const square = sigma * sigma;
  if (q === 1) return x * square + 0.5;
  if (x <= Math.log1p(-q)) return Number.NEGATIVE_INFINITY;
  if (x > 30) return (x - Math.log(q) + Math.log1p((q - 1) * Math.exp(-x))) * square + 0.5;
  const v = q > 0.5 && x < -0.5 ? Math.log((Math.exp(x) - (1 - q)) / q) : Math.log1p(Math.expm1(x) / q);
  return Number.isNaN(v) ? Number.NEGATIVE_INFINITY : v * square + 0.5;
};
