/** The result of a one-run audit, with figures of its canaries that no table may show beside those of attacks. */
import { type Claims, ONE_RUN } from '../../src/report/privacy.ts';
import type { Privacy, Result } from '../../src/report/schema.ts';
import { oneRunVerdict } from '../../src/report/verdict/one-run.ts';
import { oneRunEpsilon } from '../../src/stats/one-run-bound.ts';
import { sampleReport } from './sample-report.ts';

export const GUESSES = 300;
export const REACH = oneRunEpsilon({ canaries: 1000, guesses: GUESSES, correct: GUESSES, delta: 1e-5 });

/** Of the canaries; no other sample figure prints like these. */
export const CANARY_AUC = 0.98765;
export const CANARY_TPR = 0.87654;

/** What was spent on a training; `epsilon` null where no bound was found. */
export const spent = (epsilon: number | null, delta = 1e-5, records = 2500): Privacy => ({
  ...{ epsilon, delta, accountant: 'pld', records },
  epsilons: { pld: epsilon, rdp: 4.25, 'rdp-classic': null },
  ...{ noiseMultiplier: 1.1, clipNorm: 1, sampleRate: 0.01, steps: 600 },
  neighbours: 'add or remove one record',
});

/** A bound that was measured; `audited` is what was spent on the model with canaries. */
export const oneRunResult = (
  epsilon: number,
  { claims, audited, delta = 1e-5 }: { claims?: Claims; audited?: Privacy; delta?: number } = {},
): Result => {
  const like = sampleReport().results[0] as Result;
  const metric = (value: number, low: number | null = null) => ({
    ...{ value, low, high: null, method: 'one run' },
  });
  const found = { epsilon, delta, reach: REACH, guesses: GUESSES, guessAccuracy: 0.9 };
  return {
    ...like,
    id: `${ONE_RUN}@black-box,none#0a1b`,
    attack: ONE_RUN,
    threatModel: { access: 'black-box', auxiliary: 'none', output: 'posteriors' },
    params: { canaries: 1000, guesses: GUESSES, labels: 'wrong', delta },
    references: { count: 1, pool: 'canaries' },
    queries: 0,
    ...(audited && { privacy: audited }),
    metrics: {
      auc: metric(CANARY_AUC),
      'tprAtFpr0.01': metric(CANARY_TPR),
      epsilonLowerBound: metric(epsilon, epsilon),
      epsilonReach: metric(REACH),
      guessAccuracy: metric(0.9),
    },
    verdict: oneRunVerdict(found, claims),
  };
};
