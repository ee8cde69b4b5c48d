/** Evidence of ML-Leaks' attacks as studies would give it, from figures that a test chooses. */

import type { Evidence, Run, Target } from '../../src/analysis/evidence/evidence.ts';
import { resultId } from '../../src/report/canonical.ts';
import type { Metric } from '../../src/report/schema.ts';
import { type Draft, reportWithoutResults, sampleResult } from '../report/sample-report.ts';

/** The recipe of the released code. */
export const RECIPE = {
  ...{ optimizer: 'adam', learningRate: 0.001, batchSize: 100, epochs: 50, weightDecay: 2e-7 },
  milestones: [] as number[],
};

/** What adversary 1 is by default. */
export const FIRST = { adversary: 1, posteriors: 3, architecture: 'target' };

export type Figures = Readonly<Partial<Record<'precision' | 'recall' | 'f1' | 'auc', number>>>;

export interface SampleAttack {
  /** `membership/ml-leaks` when left out. */
  readonly attack?: string;
  readonly params?: Readonly<Record<string, unknown>>;
  readonly figures: Figures;
  /** Balanced accuracy, defended less undefended, as found on the records. */
  readonly change?: number;
}

export interface SampleTarget {
  readonly data: string;
  readonly members?: number;
  readonly model?: string;
  readonly training?: Readonly<Record<string, unknown>>;
  readonly defense?: Target['defense'];
  readonly seed?: number;
  readonly version?: string;
  readonly trainAccuracy?: number;
  readonly testAccuracy?: number;
  readonly attacks: readonly SampleAttack[];
}

/** Half of the width of every interval. */
export const MARGIN = 0.004;

export const around = (value: number): Metric => ({
  ...{ value, low: value - MARGIN, high: value + MARGIN, method: 'chosen' },
});

/** Samples alike in everything but the seed are one target. */
export function sampleEvidence(samples: readonly SampleTarget[]): Evidence {
  const targets = new Map<string, Target>();
  for (const sample of samples) {
    const one = targetOf(sample);
    const { runs, ...what } = one;
    const key = JSON.stringify(what);
    const known = targets.get(key);
    targets.set(key, known ? { ...known, runs: [...known.runs, ...runs] } : one);
  }
  return { sources: [], targets: [...targets.values()] };
}

function targetOf(sample: SampleTarget): Target {
  const { data, model = 'ml-leaks-mlp', training = {}, defense } = sample;
  return {
    data: { name: data, params: { split: 'ml-leaks-2019' } },
    model: { name: model, params: { ...RECIPE, ...training } },
    defense: defense ?? { name: 'none', params: {} },
    runs: [runOf(sample)],
  };
}

function runOf(sample: SampleTarget): Run {
  const { data, members = 1252, model = 'ml-leaks-mlp', seed = 0, version = '0.1.0' } = sample;
  const { trainAccuracy = 0.99, testAccuracy = 0.6, defense = { name: 'none', params: {} } } = sample;
  const blank = reportWithoutResults();
  const results = sample.attacks.map((attack) => resultOf(attack, sample));
  const report: Draft = {
    ...blank,
    seed,
    target: {
      ...{ ...blank.target, name: model },
      trainAccuracy: { ...around(trainAccuracy) },
      testAccuracy: { ...around(testAccuracy) },
    },
    data: { ...blank.data, id: data, splits: { 'target-train': members, 'target-test': members } },
    results,
  };
  return {
    ...{ from: 'sample', version, seed, report },
    audit: {
      ...{ id: 'audit', report: 'audits/audit/report.json', seed, defense, holes: 0 },
      data: { name: data, params: {} },
      model: { name: model, params: {} },
      trainAccuracy: report.target.trainAccuracy,
      testAccuracy: report.target.testAccuracy,
      results: results.map(({ id, attack, threatModel, params, references, metrics, queries }, i) => {
        const { change } = sample.attacks[i] as SampleAttack;
        return {
          ...{ id, attack, threatModel, params, references, metrics, queries, level: 'high' as const },
          ...(change !== undefined && {
            change: { from: 'undefended', metrics: { balancedAccuracy: around(change) } },
          }),
        };
      }),
    },
  };
}

function resultOf(
  { attack = 'membership/ml-leaks', params = FIRST, figures }: SampleAttack,
  { defense, seed = 0 }: SampleTarget,
): Draft['results'][number] {
  const base = sampleResult({
    ...{ attack, auxiliary: 'shadow', source: 'chosen', effect: 1, records: 10, notes: [], seed },
  });
  const question = {
    ...{ ...base, params: { ...params } },
    ...(defense && { defense: { ...defense, params: { ...defense.params } } }),
  };
  return {
    ...question,
    id: resultId(question),
    metrics: Object.fromEntries(Object.entries(figures).map(([name, value]) => [name, { ...around(value) }])),
  };
}
