/** A report of the size and shape of a real one, from simulated scores, for the tests of what surrounds an audit. */

import type { z } from 'zod';
import { resultId } from '../../src/report/canonical.ts';
import type { Run } from '../../src/report/run-record.ts';
import { RUN_SCHEMA_ID } from '../../src/report/run-record.ts';
import { REPORT_SCHEMA_ID, type reportSchema } from '../../src/report/schema.ts';
import { membershipVerdict } from '../../src/report/verdict/verdict.ts';

const RECORDS = 2500;

/** A report that a test may spoil. */
export type Draft = z.infer<typeof reportSchema>;
type DraftResult = Draft['results'][number];
type DraftMetric = DraftResult['metrics'][string];
type DraftRoc = NonNullable<DraftResult['curves']['roc']>;

/** Two attacks on an over-fitted classifier: AUC near .58 and .60. */
export function sampleReport(): Draft {
  return {
    ...reportWithoutResults(),
    results: [
      sampleResult({
        attack: 'membership/loss-threshold',
        auxiliary: 'none',
        source: 'Yeom et al., Privacy Risk in Machine Learning, CSF 2018',
        effect: 0.29,
        notes: ['The attacker knows the true label of every record it asks about.'],
      }),
      sampleResult({
        attack: 'membership/shadow-classifier',
        auxiliary: 'shadow',
        source:
          'Liu et al., ML-Doctor, USENIX Security 2022, attack <B,S>; Salem et al., ML-Leaks, NDSS 2019',
        effect: 0.37,
        notes: [],
      }),
    ],
  };
}

/** The same audit before any attack. */
export function reportWithoutResults(): Draft {
  return {
    schema: REPORT_SCHEMA_ID,
    tool: { name: 'ml-doctor', version: '0.1.0' },
    command: 'ml-doctor demo --seed 0',
    config: {
      data: { catalog: 'fashion-mnist-10k', split: 'ml-doctor-2022' },
      target: {
        train: { model: 'SimpleCNN', epochs: 60, learningRate: 0.01, milestones: [30, 45] },
        offers: { access: 'white-box', output: 'posteriors' },
      },
      defense: 'none',
      attacks: [
        'membership/loss-threshold',
        { 'membership/shadow-classifier': { shadows: 1, hidden: [64, 32] } },
      ],
      seed: 0,
    },
    seed: 0,
    target: {
      name: 'SimpleCNN',
      task: 'classification',
      classes: 10,
      parameters: 421_642,
      trainAccuracy: { value: 1, low: 0.99853, high: 1, method: 'Clopper-Pearson, 95 %' },
      testAccuracy: { value: 0.8524, low: 0.83791, high: 0.8661, method: 'Clopper-Pearson, 95 %' },
    },
    data: {
      id: 'fashion-mnist-10k',
      source: 'https://github.com/zalandoresearch/fashion-mnist',
      licence: 'MIT',
      contentHash: 'cc1d090a38ace84dfa1aa66e3ada7c336ef481a96936906477e6dd344da56eaa',
      splits: {
        'target-train': RECORDS,
        'target-test': RECORDS,
        'shadow-train': RECORDS,
        'shadow-test': RECORDS,
      },
    },
    results: [],
    holes: [],
  };
}

export function sampleRun(): Run {
  return {
    schema: RUN_SCHEMA_ID,
    startedAt: '2026-03-02T09:14:05.120Z',
    finishedAt: '2026-03-02T09:17:16.620Z',
    seconds: 191.5,
    host: {
      platform: 'linux',
      release: '6.1.0',
      arch: 'x64',
      cpu: 'Example CPU @ 2.40GHz',
      cores: 2,
      memoryBytes: 8 * 2 ** 30,
    },
    node: 'v20.20.2',
    onnxruntime: '1.23.2',
    workers: 2,
    tasks: { ran: 5, cached: 1, failed: 0, blocked: 0 },
    estimate: { seconds: 175.2, took: 184.6, unknown: 0 },
  };
}

/** Scores of members and non-members are Gaussian, `effect` standard deviations apart. */
export function sampleResult(options: {
  attack: string;
  auxiliary: 'none' | 'shadow';
  source: string;
  effect: number;
  notes: string[];
  records?: number;
  defense?: DraftResult['defense'];
  seed?: number;
}): DraftResult {
  const n = options.records ?? RECORDS;
  const random = generator(options.attack.length + 1009 * (options.seed ?? 0));
  const roc = empiricalRoc(
    Array.from({ length: n }, () => random() + options.effect),
    Array.from({ length: n }, random),
  );
  const tail = Math.max(0, ...roc.tpr.filter((_, i) => roc.fpr[i]! <= 0.01));
  const metrics: Record<string, DraftMetric> = {
    auc: around(areaUnder(roc), 0.016, 'simulated'),
    balancedAccuracy: around(
      0.5 + Math.max(...roc.tpr.map((t, i) => t - roc.fpr[i]!)) / 2,
      0.02,
      'simulated',
    ),
    'tprAtFpr0.01': around(tail, 0.6 * tail, 'simulated'),
  };
  const question = {
    attack: options.attack,
    threatModel: { access: 'black-box', auxiliary: options.auxiliary, output: 'posteriors' },
    params: options.auxiliary === 'shadow' ? { shadows: 1, hidden: [64, 32] } : {},
    defense: options.defense ?? { name: 'none', params: {} },
  } as const;
  const records = { members: n, nonMembers: n };
  const verdict = membershipVerdict(metrics, records);
  return {
    id: resultId(question),
    ...question,
    params: options.auxiliary === 'shadow' ? { shadows: 1, hidden: [64, 32] } : {},
    source: options.source,
    seed: options.seed ?? 0,
    references: { count: 1, pool: 'disjoint' },
    queries: 2 * n,
    records,
    metrics,
    curves: { roc },
    slices: [],
    baselines: [{ name: 'correctness alone', metrics: { auc: around(0.574, 0.014, 'simulated') } }],
    artifacts: [],
    verdict: { ...verdict, advice: [...verdict.advice] },
    notes: options.notes,
  };
}

function around(value: number, margin: number, method: string): DraftMetric {
  return { value, low: Math.max(0, value - margin), high: Math.min(1, value + margin), method };
}

function empiricalRoc(members: number[], nonMembers: number[]): DraftRoc {
  const pooled = [
    ...members.map((s) => ({ s, member: true })),
    ...nonMembers.map((s) => ({ s, member: false })),
  ];
  pooled.sort((a, b) => b.s - a.s);
  const roc: DraftRoc = { fpr: [0], tpr: [0] };
  let hits = 0;
  let alarms = 0;
  for (const { member } of pooled) {
    if (member) hits++;
    else alarms++;
    roc.fpr.push(alarms / nonMembers.length);
    roc.tpr.push(hits / members.length);
  }
  return roc;
}

function areaUnder({ fpr, tpr }: DraftRoc): number {
  return fpr.reduce(
    (area, f, i) => (i === 0 ? 0 : area + ((f - fpr[i - 1]!) * (tpr[i]! + tpr[i - 1]!)) / 2),
    0,
  );
}

/** Standard normal numbers by Box and Muller on a linear congruential generator. */
function generator(seed: number): () => number {
  let state = seed;
  const uniform = () => {
    state = (state * 1664525 + 1013904223) % 2 ** 32;
    return (state + 0.5) / 2 ** 32;
  };
  return () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
}
