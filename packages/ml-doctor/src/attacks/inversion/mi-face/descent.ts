/** Gradient descent of many reconstructions at once, each with an end of its own. */
import type { Session } from 'onnx-grad';
import { crossEntropyLoss, expNegative, logOnePlus } from '../../../stats/log-posterior.ts';
import type { RecordSpace } from '../inversion-attack.ts';
import type { Objective } from './cost-graph.ts';
import { denoised } from './denoise.ts';
import { stopping } from './stopping.ts';

export const STEPS = ['gradient', 'normalised'] as const;

export interface DescentOptions {
  readonly objective: Objective;
  readonly smoothness: number;
  /** `gradient`: λ times the gradient. `normalised`: λ of the range of a place, as a root mean square over all places. */
  readonly step: (typeof STEPS)[number];
  /** λ. */
  readonly learningRate: number;
  /** α: steps at most. */
  readonly iterations: number;
  readonly patience: number;
  /** The posterior at which a search has what it wants. */
  readonly threshold: number;
  /** Steps between two denoisings; 0 for none. */
  readonly denoise: number;
  /** Whether every value is kept within its bounds. */
  readonly clamp: boolean;
}

export interface Search {
  readonly label: number;
  readonly start: Float32Array;
}

export interface Descended {
  /** The iterate of the least cost, the start among them. */
  readonly values: Float32Array;
  readonly cost: number;
  /** Of the start. */
  readonly startCost: number;
  /** Whether the cost is that of the threshold or less. */
  readonly reached: boolean;
  /** Steps that were taken. */
  readonly steps: number;
}

export interface DescentRun {
  /** Of `costGraph`, with the same objective and smoothness. */
  readonly session: Pick<Session, 'run'>;
  readonly space: Pick<RecordSpace, 'recordShape' | 'bounds'>;
  readonly signal: AbortSignal;
  /** Share of the steps that are done, and the mean of the least costs so far. */
  readonly progress: (fraction: number, cost: number) => void;
}

interface Row {
  readonly label: number;
  readonly ends: (cost: number) => boolean;
  x: Float32Array;
  best: Float32Array;
  cost: number;
  startCost: number;
  steps: number;
}

/**
 * One run of the graph takes one step of every search that has not ended. Between the step and its cost stands the
 * paper's Process: denoising, where it is asked for, and the bounds.
 */
export const descend = async (
  searches: readonly Search[],
  options: DescentOptions,
  { session, space, signal, progress }: DescentRun,
): Promise<readonly Descended[]> => {
  const { iterations, patience, objective, threshold } = options;
  const goal = objective === 'log' ? logOnePlus((1 - threshold) / threshold) : 1 - threshold;
  const rows: readonly Row[] = searches.map(({ label, start }) => ({
    label,
    ends: stopping({ patience, goal }),
    x: start,
    best: start,
    cost: Number.POSITIVE_INFINITY,
    startCost: Number.POSITIVE_INFINITY,
    steps: 0,
  }));
  let active = rows;
  for (let i = 0; active.length > 0; i++) {
    signal.throwIfAborted();
    const { costs, gradients } = await slopes(active, options, session, space.recordShape);
    const going: Row[] = [];
    active.forEach((row, k) => {
      const cost = costs[k] as number;
      row.steps = i;
      if (i === 0) row.startCost = cost;
      if (cost < row.cost) {
        row.cost = cost;
        row.best = row.x;
      }
      if (row.ends(cost) || i === iterations) return;
      row.x = next(row.x, gradients[k] as Float32Array, i + 1, options, space);
      going.push(row);
    });
    active = going;
    progress(i / iterations, rows.reduce((sum, { cost }) => sum + cost, 0) / rows.length);
  }
  return rows.map(({ best, cost, startCost, steps }) => ({
    values: best,
    cost,
    startCost,
    reached: cost <= goal,
    steps,
  }));
};

const ownCost = (objective: Objective, loss: number): number =>
  objective === 'log' ? loss : 1 - expNegative(-loss);

/** Costs of the rows where they are, and their gradients. */
const slopes = async (
  rows: readonly Row[],
  { objective, smoothness }: DescentOptions,
  session: Pick<Session, 'run'>,
  recordShape: readonly number[],
) => {
  const width = rows[0]?.x.length ?? 0;
  const x = new Float32Array(rows.length * width);
  rows.forEach((row, k) => {
    x.set(row.x, k * width);
  });
  const labels = BigInt64Array.from(rows, ({ label }) => BigInt(label));
  const outputs = await session.run({
    x: { dtype: 'float32', dims: [rows.length, ...recordShape], data: x },
    y: { dtype: 'int64', dims: [rows.length], data: labels },
  });
  const logits = outputs['logits']?.data as Float32Array;
  const gradient = outputs['gradient']?.data as Float32Array;
  const roughness = outputs['roughness']?.data as Float32Array | undefined;
  const classes = logits.length / rows.length;
  return {
    costs: rows.map(({ label }, k) => {
      const loss = crossEntropyLoss(logits.subarray(k * classes, (k + 1) * classes), label);
      return ownCost(objective, loss) + (roughness ? smoothness * (roughness[k] as number) : 0);
    }),
    gradients: rows.map((_, k) => gradient.subarray(k * width, (k + 1) * width)),
  };
};

/** x_i = Process(x_{i−1} − λ ∇c(x_{i−1})). */
const next = (
  x: Float32Array,
  gradient: Float32Array,
  i: number,
  { step, learningRate, denoise, clamp }: DescentOptions,
  { recordShape, bounds }: DescentRun['space'],
): Float32Array => {
  const { low, high } = bounds;
  let moved: Float32Array;
  if (step === 'gradient') moved = x.map((v, j) => v - learningRate * (gradient[j] as number));
  else {
    // Steepest descent in shares of the range, where every place counts alike.
    const range = (j: number) => (high[j] as number) - (low[j] as number);
    const square = gradient.reduce((sum, g, j) => sum + (g * range(j)) ** 2, 0);
    const size = Math.sqrt(square / x.length);
    const rate = size > 0 ? learningRate / size : 0;
    moved = x.map((v, j) => v - rate * (gradient[j] as number) * range(j) ** 2);
  }
  if (denoise > 0 && i % denoise === 0) moved = denoised(moved, recordShape);
  return clamp ? moved.map((v, j) => Math.min(Math.max(v, low[j] as number), high[j] as number)) : moved;
};
