/** Random contents for gradient tests that keep clear of kinks and ties by construction. */

/** Uniform on [0, 1). */
export type Draw = () => number;

/** `count` values, row-major. */
export type Fill = (count: number, draw: Draw) => number[];

/** A small generator (Marsaglia's xorshift): the tests must not rest on the random room they do not test. */
export const draws = (seed: number): Draw => {
  let state = (Math.imul(seed, 2654435761) + 1) >>> 0 || 1;
  const next = () => {
    state ^= state << 13;
    state >>>= 0;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state / 2 ** 32;
  };
  for (let i = 0; i < 8; i++) next();
  return next;
};

const fillWith =
  (one: (draw: Draw) => number): Fill =>
  (count, draw) =>
    Array.from({ length: count }, () => one(draw));

/** Multiples of 1/8 in [−2, 2]: sums of their products are exact in float32. */
export const grid: Fill = fillWith((draw) => Math.floor(draw() * 33 - 16) / 8);

export const between = (low: number, high: number): Fill => fillWith((draw) => low + (high - low) * draw());

/** Anywhere in [−limit, limit] but further than `gap` from each of `kinks`. */
export const awayFrom = (kinks: readonly number[], gap = 0.25, limit = 2): Fill =>
  fillWith((draw) => {
    for (;;) {
      const x = (2 * draw() - 1) * limit;
      if (kinks.every((kink) => Math.abs(x - kink) > gap)) return x;
    }
  });

/** All different, 1/4 apart, in random order: no ties, and none within a step of 1/16. */
export const distinct: Fill = (count, draw) => {
  const values = Array.from({ length: count }, (_, i) => (i - Math.floor(count / 2)) / 4);
  for (let i = count - 1; i > 0; i--) {
    const j = Math.floor(draw() * (i + 1));
    [values[i], values[j]] = [values[j] as number, values[i] as number];
  }
  return values;
};

/** As `distinct`, offset by 1/8: none is zero either. */
export const distinctNonZero: Fill = (count, draw) => distinct(count, draw).map((x) => x + 1 / 8);
