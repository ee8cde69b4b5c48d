/**
 * erf, erfc and the scaled erfcx to within a few units in the last place over the whole line.
 *
 * Like everything here that goes through `Math.exp` or `Math.log`, the last bit may differ between JavaScript
 * engines; a value that enters a content hash must not depend on it. Reports print six digits.
 */

/**
 * Where the Chebyshev variable is 0; balances the coefficients (Shepherd & Laframboise, Math. Comp. 36,
 * 1981).
 */
const MIDDLE = 3.75;

/** Chebyshev coefficients of (1 + 2x) exp(x²) erfc(x) in (x - 3.75)/(x + 3.75), computed with 60 digits. */
const COEFFICIENTS = [
  1.1775789345674017, -0.004590054580646478, -0.08424913336651792, 0.05920993999819189, -0.026658668435305753,
  0.009074997670705265, -0.002413163540417608, 0.0004907758365258086, -6.916973302501207e-5,
  4.13902798607301e-6, 7.74038306619849e-7, -2.1886401049234397e-7, 1.076499946567091e-8,
  4.521959811218287e-9, -7.754400208831351e-10, -6.318088340886684e-11, 2.86879501093067e-11,
  1.9455868545777347e-13, -9.65469674843344e-13, 3.25254814814874e-14, 3.3478119482868056e-14,
  -1.864562880419313e-15, -1.2507950530688648e-15, 7.418235256624044e-17, 5.068148904796111e-17,
  -2.2370566594359995e-18, -2.187342944303018e-18,
] as const;

/** exp(x²) erfc(x), which neither underflows nor loses digits for large x; `x` ≥ 0. */
export function erfcx(x: number): number {
  if (x === Number.POSITIVE_INFINITY) return 0;
  // The same as (x - 3.75)/(x + 3.75), written so that 1e308 does not overflow.
  const t2 = 2 * (1 - (2 * MIDDLE) / (x + MIDDLE));
  let current = 0;
  let next = 0;
  for (let k = COEFFICIENTS.length - 1; k > 0; k--) {
    [current, next] = [t2 * current - next + COEFFICIENTS[k]!, current];
  }
  return (0.5 * t2 * current - next + COEFFICIENTS[0]) / (1 + 2 * x);
}

/** exp(-x²/2) with full relative precision: x² alone would lose as many digits as it has before the point. */
export function expMinusHalfSquare(x: number): number {
  const magnitude = Math.abs(x);
  if (magnitude > 40) return 0;
  const head = Math.trunc(magnitude * 16) / 16;
  return Math.exp(-0.5 * head * head) * Math.exp(-0.5 * (magnitude - head) * (magnitude + head));
}

/** The complementary error function, 2/√π ∫ₓ^∞ exp(-t²) dt. */
export function erfc(x: number): number {
  if (Math.abs(x) < 0.5) return 1 - erf(x);
  const magnitude = Math.abs(x);
  const head = Math.trunc(magnitude * 16) / 16;
  const decay =
    magnitude > 28 ? 0 : Math.exp(-head * head) * Math.exp(-(magnitude - head) * (magnitude + head));
  const tail = erfcx(magnitude) * decay;
  return x > 0 ? tail : 2 - tail;
}

/** The error function, 2/√π ∫₀ˣ exp(-t²) dt. */
export function erf(x: number): number {
  if (Math.abs(x) >= 0.5) return 1 - erfc(x);
  const square = x * x;
  let term = x;
  let sum = x;
  for (let k = 1; Math.abs(term) > 1e-18 * Math.abs(sum); k++) {
    term *= -square / k;
    sum += term / (2 * k + 1);
  }
  return (2 / Math.sqrt(Math.PI)) * sum;
}
