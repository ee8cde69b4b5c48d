/** LiRA's two tests (Carlini et al., S&P 2022, Algorithm 1) on the confidences of a target and its shadow models. */
import { logOnePlus } from '../../../stats/log-posterior.ts';
import { normalLogCdf, normalLogPdf } from '../../../stats/normal.ts';

export interface Observed {
  /** `views × records`: the target's φ. */
  readonly target: readonly Float64Array[];
  /** `models × views × records`: the shadow models' φ. */
  readonly shadows: readonly (readonly Float64Array[])[];
  /** `models × records`: 1 where the model was trained on the record. */
  readonly inside: readonly Uint8Array[];
}

/** How far φ spreads: `per-example`, estimated for each record and view; `fixed`, one figure for all. */
export type Variance = 'per-example' | 'fixed';

/** φ of one record under one view: by the models trained on it, and by the others. */
interface Groups {
  readonly inside: readonly number[];
  readonly outside: readonly number[];
}

interface Normal {
  readonly centre: number;
  readonly deviation: number;
}

/** Differences of float32 logits below this are rounding; a smaller deviation would be a guess. */
const LEAST_DEVIATION = 1e-6;

/**
 * ln N(φ; μ_in, σ_in²) − ln N(φ; μ_out, σ_out²), the mean over the views (the authors' code; the sum, which the
 * paper's spherical Gaussian gives, ranks the same). Each centre is the median of its group, as in that code. With one
 * σ for both groups the ranking does not depend on it.
 * Wants a model trained on it, and another, for each record; two of each where the variance is per example.
 */
export const onlineScores = (observed: Observed, variance: Variance): Float64Array => {
  const shared =
    variance === 'fixed' ? pooledDeviation(observed, ({ inside, outside }) => [inside, outside]) : undefined;
  return meanOverViews(observed, (phi, { inside, outside }) => {
    return logDensity(phi, fit(inside, shared)) - logDensity(phi, fit(outside, shared));
  });
};

/**
 * The one-sided test Λ = 1 − P[Z > φ] = Φ((φ − μ_out) / σ_out) as its log odds ln(Λ / (1 − Λ)): the same ranking, but
 * as far from ties at 1, where the surest members are, as at 0. Over several views the mean of the log odds. (The
 * authors' code takes −ln N(φ; μ_out, σ_out²) instead, which also calls a record a member that is far below μ_out.)
 */
export const offlineScores = (observed: Observed, variance: Variance): Float64Array => {
  const shared = variance === 'fixed' ? pooledDeviation(observed, ({ outside }) => [outside]) : undefined;
  return meanOverViews(observed, (phi, { outside }) => {
    const { centre, deviation } = fit(outside, shared);
    const z = (phi - centre) / deviation;
    return normalLogCdf(z) - normalLogCdf(-z);
  });
};

const meanOverViews = (observed: Observed, score: (phi: number, groups: Groups) => number): Float64Array => {
  const { target } = observed;
  const scores = new Float64Array(target[0]?.length ?? 0);
  target.forEach((values, view) => {
    values.forEach((phi, record) => {
      scores[record]! += score(phi, groupsOf(observed, view, record)) / target.length;
    });
  });
  return scores;
};

const groupsOf = ({ shadows, inside }: Observed, view: number, record: number): Groups => {
  const groups = { inside: [] as number[], outside: [] as number[] };
  shadows.forEach((model, m) => {
    const phi = model[view]?.[record] as number;
    (inside[m]?.[record] === 1 ? groups.inside : groups.outside).push(phi);
  });
  return groups;
};

const fit = (values: readonly number[], shared: number | undefined): Normal => {
  if (values.length < (shared === undefined ? 2 : 1))
    throw new Error(`internal: ${values.length} shadow models to fit a normal distribution to`);
  const deviation = shared ?? Math.sqrt(squaresAroundMean(values) / values.length);
  return {
    centre: median(values),
    deviation: Math.max(deviation, LEAST_DEVIATION),
  };
};

/** Around the mean of each group; every group gives up the degree of freedom that its mean costs. */
const pooledDeviation = (
  observed: Observed,
  chosen: (groups: Groups) => readonly (readonly number[])[],
): number => {
  let squares = 0;
  let freedom = 0;
  observed.target.forEach((values, view) => {
    values.forEach((_, record) => {
      for (const group of chosen(groupsOf(observed, view, record))) {
        squares += squaresAroundMean(group);
        freedom += Math.max(0, group.length - 1);
      }
    });
  });
  return freedom === 0 ? 0 : Math.sqrt(squares / freedom);
};

const squaresAroundMean = (values: readonly number[]): number => {
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  return values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
};

const median = (values: readonly number[]): number => {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] as number;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] as number) + upper) / 2;
};

const logDensity = (phi: number, { centre, deviation }: Normal): number =>
  normalLogPdf((phi - centre) / deviation) - log(deviation);

/** ln x for x > 0. */
const log = (x: number): number => (x >= 1 ? logOnePlus(x - 1) : -logOnePlus(1 / x - 1));
