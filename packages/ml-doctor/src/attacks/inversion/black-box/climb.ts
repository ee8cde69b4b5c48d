/** Many reconstructions climbing towards their classes at once, on estimated gradients, each with a budget of its own. */

import { stream } from 'onnx-grad';
import { joinRows } from '../../../data/join-rows.ts';
import { logOnePlus, posterior } from '../../../stats/log-posterior.ts';
import type { LivePosteriorAccess } from '../../../targets/access.ts';
import type { RecordSpace } from '../inversion-attack.ts';
import type { StartPlace } from '../starts.ts';
import { type Directions, directionsOf, estimatedGradient, writePairs } from './nes.ts';

export interface ClimbOptions {
  /** Queries for one reconstruction at most: the start, and two a direction and one at the end of every step. */
  readonly queries: number;
  readonly directions: number;
  readonly sigma: number;
  readonly learningRate: number;
  readonly momentum: number;
  readonly blocks: number;
  readonly threshold: number;
}

export interface Climber extends Pick<StartPlace, 'label' | 'copy'> {
  readonly start: Float32Array;
}

export interface Climbed {
  /** The best of the points between two steps, the start among them. */
  readonly values: Float32Array;
  /** ln p of the class there. */
  readonly score: number;
  /** The same at the start. */
  readonly startScore: number;
}

export interface ClimbRun {
  readonly target: Pick<LivePosteriorAccess, 'answersOf'>;
  readonly space: Pick<RecordSpace, 'recordShape' | 'bounds'>;
  /** Name of the attack. */
  readonly attack: string;
  readonly seed: number;
  readonly signal: AbortSignal;
  /** Share of the steps that are done, and the mean of the best scores so far. */
  readonly progress: (fraction: number, score: number) => void;
}

interface Row extends Climber {
  readonly momentum: Float64Array;
  x: Float32Array;
  best: Float32Array;
  score: number;
  startScore: number;
}

/** Values of one batch, a bound on memory: 32 MB. The pairs of a single reconstruction may be more. */
const BATCH_VALUES = 2 ** 23;

/** What ln p counts as where an answer says 0: a posterior is a 32-bit float when it is sent, and nothing is seen below. */
const LEAST_SCORE = -100;

/** Queries of the start, and of one step. */
export const queriesOf = (directions: number) => ({ start: 1, step: 2 * directions + 1 });

/**
 * Steps go along the mean of the directions estimated so far, each of length 1 as a root mean square, later ones
 * weighing more (momentum): where estimates disagree they are short. They shrink to 0 evenly as the budget is spent.
 */
export const climb = async (
  climbers: readonly Climber[],
  options: ClimbOptions,
  run: ClimbRun,
): Promise<readonly Climbed[]> => {
  const { queries, directions, sigma, learningRate, threshold, blocks } = options;
  const { space, seed, signal, attack } = run;
  const goal = -logOnePlus((1 - threshold) / threshold);
  const cost = queriesOf(directions);
  const steps = Math.floor((queries - cost.start) / cost.step);
  const width = space.bounds.low.length;
  const rows: readonly Row[] = climbers.map((climber) => ({
    ...climber,
    momentum: new Float64Array(width),
    x: climber.start,
    best: climber.start,
    score: Number.NEGATIVE_INFINITY,
    startScore: Number.NEGATIVE_INFINITY,
  }));
  const perBatch = Math.max(1, Math.floor(BATCH_VALUES / (2 * directions * width)));
  let active = rows;
  for (let step = 0; ; step++) {
    active = await stillClimbing(active, goal, run);
    run.progress(step / Math.max(1, steps), rows.reduce((sum, { score }) => sum + score, 0) / rows.length);
    if (active.length === 0 || step === steps) break;
    for (let from = 0; from < active.length; from += perBatch) {
      signal.throwIfAborted();
      const some = active.slice(from, from + perBatch);
      const drawn = some.map(({ label, copy }) =>
        directionsOf(
          stream(seed, attack, 'directions', label, copy),
          step * directions,
          directions,
          space.recordShape,
          blocks,
        ),
      );
      const scores = await scoresOfPairs(some, drawn, sigma, run);
      some.forEach((row, k) => {
        const gradient = estimatedGradient(drawn[k] as Directions, scores[k] as Float64Array, sigma);
        const rate = learningRate * (1 - step / steps);
        row.x = moved(row, gradient, rate, options.momentum, space.bounds);
      });
    }
  }
  return rows.map(({ best, score, startScore }) => ({ values: best, score, startScore }));
};

/** Asks where the rows have come to, and keeps those that are not there yet. */
const stillClimbing = async (
  rows: readonly Row[],
  goal: number,
  { target, signal }: ClimbRun,
): Promise<readonly Row[]> => {
  if (rows.length === 0) return rows;
  signal.throwIfAborted();
  const scores = await scoresOf(
    joinRows(rows.map(({ x }) => x)),
    rows.map(({ label }) => label),
    target,
  );
  return rows.filter((row, k) => {
    const score = scores[k] as number;
    if (row.score === Number.NEGATIVE_INFINITY) row.startScore = score;
    if (score > row.score) {
      row.score = score;
      row.best = row.x;
    }
    return score < goal;
  });
};

const scoresOfPairs = async (
  rows: readonly Row[],
  drawn: readonly Directions[],
  sigma: number,
  { target, space }: ClimbRun,
): Promise<readonly Float64Array[]> => {
  const pairs = 2 * (drawn[0] as Directions).count;
  const width = space.bounds.low.length;
  const values = new Float32Array(rows.length * pairs * width);
  rows.forEach(({ x }, k) => {
    const into = values.subarray(k * pairs * width, (k + 1) * pairs * width);
    writePairs(into, x, drawn[k] as Directions, sigma, space.bounds);
  });
  const scores = await scoresOf(
    values,
    rows.flatMap(({ label }) => Array<number>(pairs).fill(label)),
    target,
  );
  return rows.map((_, k) => scores.subarray(k * pairs, (k + 1) * pairs));
};

/** ln p of the class of each row of inputs, never below {@link LEAST_SCORE}. */
export const scoresOf = async (
  values: Float32Array,
  labels: readonly number[],
  target: ClimbRun['target'],
): Promise<Float64Array> => {
  const { logits, classes } = await target.answersOf({ values, rows: labels.length });
  return Float64Array.from(labels, (label, i) => {
    const sent = Math.fround(posterior(logits.subarray(i * classes, (i + 1) * classes))[label] as number);
    return sent > 0 ? Math.max(-logOnePlus((1 - sent) / sent), LEAST_SCORE) : LEAST_SCORE;
  });
};

const moved = (
  { x, momentum: mean }: Row,
  gradient: Float64Array,
  rate: number,
  momentum: number,
  { low, high }: RecordSpace['bounds'],
): Float32Array => {
  const size = Math.sqrt(gradient.reduce((sum, g) => sum + g * g, 0) / gradient.length);
  gradient.forEach((g, j) => {
    mean[j] = momentum * (mean[j] as number) + (size > 0 ? ((1 - momentum) * g) / size : 0);
  });
  return x.map((v, j) => {
    const [least, most] = [low[j] as number, high[j] as number];
    return Math.min(Math.max(v + rate * (most - least) * (mean[j] as number), least), most);
  });
};
