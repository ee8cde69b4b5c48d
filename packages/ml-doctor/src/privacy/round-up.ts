/** Six digits, upwards: a bound stays a bound, and reads the same on every engine. */

/**
 * The least number of six significant digits that is not below `x`. The last bits of `Math.exp` and `Math.log` differ
 * between engines; what is stored must not.
 *
 * @param x 0, positive or ∞
 */
export const roundUp = (x: number): number => {
  if (x === 0 || !Number.isFinite(x)) return x;
  const [digits, exponent] = x.toExponential(5).split('e') as [string, string];
  const nearest = Number(`${digits}e${exponent}`);
  if (nearest >= x) return nearest;
  return Number(`${Math.round(Number(digits) * 1e5) + 1}e${Number(exponent) - 5}`);
};
