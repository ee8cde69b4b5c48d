/**
 * HopSkipJump (Chen, Jordan, Wainwright, S&P 2020), untargeted, for the L2 norm: from a point of another class down to
 * the decision boundary and along it towards the record, by predicted classes alone.
 *
 * Written as a coroutine: it yields the points it wants classified, so that the searches of many records share batches.
 */

/** Points to be classified. `write` puts them, `rows × record length`, into the buffer that is sent. */
export interface Question {
  readonly rows: number;
  readonly write: (into: Float32Array) => void;
}

export interface Verdict {
  /** The points as they were sent; only to be read, and only until the next question. */
  readonly points: Float32Array;
  /** Whether the class of each point is another than the record's. */
  readonly crossed: readonly boolean[];
}

export interface SearchOptions {
  /** The record, of the class the model gives it. */
  readonly from: Float32Array;
  /** A point to which the model gives another class. */
  readonly start: Float32Array;
  readonly bounds: { readonly low: Float32Array; readonly high: Float32Array };
  /** The most points it asks about. */
  readonly budget: number;
  /** Fills with standard normal draws from this place on of one endless sequence. */
  readonly normal: (out: Float32Array, offset: number) => Float32Array;
}

export interface Found {
  /** The nearest point found that the model gives another class, as it was sent. */
  readonly point: Float32Array;
  /** Its L2 distance from the record. */
  readonly distance: number;
}

export type Search = Generator<Question, Found, Verdict>;

/** Gradient estimate number t takes B₀ √t points (Algorithm 2 of the paper; B₀ is theirs). */
const FIRST_BATCH = 100;
/** The coarsest precision of a search along a line, where few dimensions would make the paper's d^(−3/2) coarse. */
const COARSEST = 1e-3;

/**
 * What is asked does not depend on the budget, which only cuts it off, and the nearest point found is kept: a larger
 * budget never finds a larger distance. A gradient that cannot be paid for in full is not begun.
 */
export function* hopSkipJump({ from, start, bounds, budget, normal }: SearchOptions): Search {
  const d = from.length;
  const precision = Math.min(d ** -1.5, COARSEST);
  let left = budget;
  let draws = 0;
  let best: Found = { point: start, distance: distanceBetween(from, start) };

  /** Whether the point is of another class; undefined when the budget is spent. */
  function* crossed(point: Float32Array): Generator<Question, boolean | undefined, Verdict> {
    if (left < 1) return undefined;
    left -= 1;
    const verdict = yield { rows: 1, write: (into) => into.set(point) };
    if (!verdict.crossed[0]) return false;
    const distance = distanceBetween(from, point);
    if (distance < best.distance) best = { point: point.slice(), distance };
    return true;
  }

  /** The point of another class next to the boundary, on the line from one that is. Undefined: budget spent. */
  function* toBoundary(beyond: Float32Array): Generator<Question, Float32Array | undefined, Verdict> {
    let [inside, outside] = [0, 1];
    let found = beyond;
    while (outside - inside > precision) {
      const middle = (inside + outside) / 2;
      const point = from.map((x, j) => x + middle * ((beyond[j] as number) - x));
      const answer = yield* crossed(point);
      if (answer === undefined) return undefined;
      if (answer) [outside, found] = [middle, point];
      else inside = middle;
    }
    return found;
  }

  /** A direction of length 1 into the other class: the paper's Monte Carlo estimate of the gradient, with its baseline. */
  function* direction(
    at: Float32Array,
    radius: number,
    rows: number,
  ): Generator<Question, Float64Array | undefined, Verdict> {
    if (left < rows) return undefined;
    left -= rows;
    const { points, crossed } = yield {
      rows,
      write: (into) => {
        normal(into, draws);
        for (let row = 0; row < rows; row++)
          placeAround(into.subarray(row * d, (row + 1) * d), at, radius, bounds);
      },
    };
    draws += rows * d;
    const share = crossed.filter(Boolean).length / rows;
    // Where all agree the baseline would leave nothing: the mean step itself, as far as it goes.
    const baseline = share === 0 || share === 1 ? 0 : 2 * share - 1;
    const sum = new Float64Array(d);
    for (let row = 0; row < rows; row++) {
      const weight = (crossed[row] ? 1 : -1) - baseline;
      for (let j = 0; j < d; j++)
        sum[j] = (sum[j] as number) + weight * ((points[row * d + j] as number) - (at[j] as number));
    }
    const length = Math.sqrt(sum.reduce((total, v) => total + v * v, 0));
    return length > 0 ? sum.map((v) => v / length) : sum;
  }

  let current = yield* toBoundary(start);
  for (let t = 1; current; t++) {
    const distance = distanceBetween(from, current);
    const radius = Math.sqrt(d) * precision * distance;
    const way: Float64Array | undefined = yield* direction(
      current,
      radius,
      Math.floor(FIRST_BATCH * Math.sqrt(t)),
    );
    if (!way || distance === 0) break;
    // A step shorter than the search along the line resolves would be no step.
    let next: Float32Array | undefined;
    for (let step = distance / Math.sqrt(t); step > precision * distance; step /= 2) {
      const point = current.map((x, j) => clip(x + step * (way[j] as number), bounds, j));
      const answer = yield* crossed(point);
      if (answer === undefined) return best;
      if (answer) {
        next = point;
        break;
      }
    }
    if (next) current = yield* toBoundary(next);
  }
  return best;
}

export const distanceBetween = (a: Float32Array, b: Float32Array): number => {
  let sum = 0;
  for (let j = 0; j < a.length; j++) sum += ((a[j] as number) - (b[j] as number)) ** 2;
  return Math.sqrt(sum);
};

const clip = (value: number, { low, high }: SearchOptions['bounds'], place: number): number =>
  Math.min(Math.max(value, low[place] as number), high[place] as number);

/** Turns normal draws into a point at this distance in a uniformly random direction, cut off at the bounds. */
const placeAround = (
  draws: Float32Array,
  at: Float32Array,
  radius: number,
  bounds: SearchOptions['bounds'],
): void => {
  let square = 0;
  for (const z of draws) square += z * z;
  const scale = radius / Math.max(Math.sqrt(square), Number.MIN_VALUE);
  for (let j = 0; j < draws.length; j++)
    draws[j] = clip((at[j] as number) + scale * (draws[j] as number), bounds, j);
};
