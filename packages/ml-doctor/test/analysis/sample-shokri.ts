/** Evidence of Shokri's attack as studies would give it, from figures that a test chooses. */

import type { Evidence, Run, Target } from '../../src/analysis/evidence/evidence.ts';
import { resultId } from '../../src/report/canonical.ts';
import type { Metric } from '../../src/report/schema.ts';
import { type Draft, reportWithoutResults, sampleResult } from '../report/sample-report.ts';

/** As the paper trains its own networks. */
export const PAPER_TRAINING = { learningRate: 0.001, learningRateDecay: 1e-7, epochs: 200, milestones: [] };

export interface SampleAttack {
  readonly params?: Readonly<Record<string, unknown>>;
  readonly shadows?: number;
  readonly figures: Readonly<Partial<Record<'precision' | 'recall' | 'balancedAccuracy', number>>>;
  /** Precision of each class; null where nobody is called a member. */
  readonly classes?: readonly (number | null)[];
  /** Balanced accuracy, defended less undefended. */
  readonly change?: number;
  readonly notes?: readonly string[];
}

export interface SampleTarget {
  readonly data: string;
  readonly members?: number;
  readonly model?: string;
  readonly training?: Readonly<Record<string, unknown>>;
  readonly defense?: Target['defense'];
  readonly seed?: number;
  readonly testAccuracy?: number;
  readonly testAccuracyChange?: number;
  /** Tasks that failed. */
  readonly failed?: number;
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
  const { data, members = 10_000, model = 'shokri-nn', training = PAPER_TRAINING, defense } = sample;
  return {
    data: { name: data, params: { split: 'shokri-2017', recordsPerRole: members } },
    model: { name: model, params: training },
    defense: defense ?? { name: 'none', params: {} },
    runs: [runOf(sample)],
  };
}

function runOf(sample: SampleTarget): Run {
  const { data, members = 10_000, model = 'shokri-nn', training = PAPER_TRAINING, seed = 0 } = sample;
  const { testAccuracy = 0.66, testAccuracyChange } = sample;
  const defense = sample.defense ?? { name: 'none', params: {} };
  const blank = reportWithoutResults();
  const splits = { 'target-train': members, 'target-test': members };
  const results = sample.attacks.map((attack) => resultOf(attack, sample));
  const report: Draft = {
    ...blank,
    seed,
    config: {
      data: { catalog: data, split: 'shokri-2017', recordsPerRole: members },
      target: { train: { model, ...training } },
    },
    target: { ...blank.target, name: model, testAccuracy: { ...around(testAccuracy) } },
    data: { ...blank.data, id: data, splits },
    results,
  };
  const from = 'undefended';
  return {
    ...{ from: 'sample', version: '0.1.0', seed, report },
    audit: {
      ...{ id: 'audit', report: 'audits/audit/report.json', seed, defense, holes: sample.failed ?? 0 },
      data: { name: data, params: {} },
      model: { name: model, params: {} },
      trainAccuracy: report.target.trainAccuracy,
      testAccuracy: report.target.testAccuracy,
      ...(testAccuracyChange !== undefined && {
        testAccuracyChange: { from, metric: around(testAccuracyChange) },
      }),
      results: results.map(({ id, attack, threatModel, params, references, metrics, queries }, i) => {
        const { change } = sample.attacks[i] as SampleAttack;
        return {
          ...{ id, attack, threatModel, params, references, metrics, queries, level: 'high' as const },
          ...(change !== undefined && {
            change: { from, metrics: { balancedAccuracy: around(change) } },
          }),
        };
      }),
    },
  };
}

function resultOf(attack: SampleAttack, { defense, seed = 0 }: SampleTarget): Draft['results'][number] {
  const { figures, shadows = 20, classes = [], notes = [] } = attack;
  const base = sampleResult({
    ...{ attack: 'membership/shokri', auxiliary: 'shadow', source: 'chosen', effect: 1, records: 10 },
    ...{ notes: [...notes], seed },
  });
  const params = { shadows, shadowData: 'real', ...attack.params };
  const question = {
    ...base,
    params,
    ...(defense && { defense: { ...defense, params: { ...defense.params } } }),
  };
  return {
    ...question,
    id: resultId(question),
    references: { count: shadows, pool: 'disjoint' },
    metrics: Object.fromEntries(Object.entries(figures).map(([name, value]) => [name, { ...around(value) }])),
    slices: classes.map((precision, i) => ({
      by: 'class',
      value: `class ${i}`,
      records: { members: 40, nonMembers: 40 },
      metrics: {
        recall: { ...around(0.9) },
        ...(precision !== null && { precision: { ...around(precision) } }),
      },
    })),
  };
}
