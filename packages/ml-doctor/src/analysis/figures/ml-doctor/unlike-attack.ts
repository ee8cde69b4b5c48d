/** In what an attack of ours was set otherwise than ML-Doctor's: what keeps its figures from being compared one by one. */

import { grouped, quantity } from '../../../report/format.ts';
import type { Result } from '../../../report/schema.ts';

/** What the paper says of its attacks, where it says anything; of how many reconstructions are made it is no matter. */
const SETTINGS: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  'membership/shadow-classifier': { epochs: 50, batchSize: 64, learningRate: 1e-5 },
  'inversion/mi-face': { iterations: 3000, learningRate: 0.01, patience: 100, threshold: 0.999 },
  'inversion/secret-revealer': {
    ...{ steps: 1500, restarts: 10, learningRate: 0.001, momentum: 0.9, identityWeight: 100, clip: 1 },
    ...{ latent: 100, width: 64, ganEpochs: 200, ganBatchSize: 128, ganLearningRate: 2e-4 },
  },
  'attribute/embedding': { head: 'mlp', epochs: 50 },
  'stealing/posterior-matching': {
    ...{ loss: 'mse', epochs: 50, batchSize: 64, learningRate: 0.01, momentum: 0.9, architecture: 'target' },
  },
};

/** `membership/shadow-classifier with learningRate 0.001, not 0.00001`; undefined where nothing is. */
export function unlikeAttack({
  attack,
  params,
  copy,
  queries,
}: Pick<Result, 'attack' | 'params' | 'copy' | 'queries'>): string | undefined {
  const settings = Object.entries(SETTINGS[attack] ?? {}).flatMap(([key, theirs]) =>
    params[key] === theirs ? [] : [`${key} ${text(params[key])}, not ${text(theirs)}`],
  );
  // A copy of the paper learns from answers to all of the attacker's records.
  const pool = copy?.poolRecords ?? 0;
  const different =
    queries < pool ? [...settings, `${grouped(queries)} queries, not ${grouped(pool)}`] : settings;
  return different.length === 0 ? undefined : `${attack} with ${different.join(', ')}`;
}

const text = (value: unknown): string =>
  typeof value === 'number' ? quantity(value) : typeof value === 'string' ? value : 'unknown';
