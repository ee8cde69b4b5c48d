/** Reports with stealing attacks of the shape of real ones, from figures given by hand, for the tests of what surrounds an audit. */

import { resultId } from '../../src/report/canonical.ts';
import type { Copy } from '../../src/report/schema.ts';
import { stealingVerdict } from '../../src/report/verdict/stealing.ts';
import { sampleReportOfAll } from './sample-attribute.ts';
import { type Draft, reportWithoutResults, sampleResult } from './sample-report.ts';

type DraftResult = Draft['results'][number];
type DraftMetric = DraftResult['metrics'][string];

const SHADOW: Copy = { architecture: 'SimpleCNN', pool: 'shadow', poolRecords: 5000 };
const GENERATOR: Copy = { architecture: 'SimpleCNN', pool: 'generator', poolRecords: null };

/** A copy from records of the same kind, one without data, and a membership attack through the first. */
export function sampleStealingReport(): Draft {
  const matching = sampleStealing({
    copy: SHADOW,
    agreements: [0.812, 0.874, 0.905, 0.931],
    budgets: [500, 1000, 2500, 5000],
    ownLabels: 0.884,
    price: { perQuery: 0.001, queriesPerSecond: 10 },
  });
  return {
    ...reportWithoutResults(),
    results: [
      matching,
      sampleStealing({
        name: 'data-free',
        copy: GENERATOR,
        agreements: [0.31, 0.57, 0.796],
        budgets: [20_000, 60_000, 200_000],
        randomInputs: 0.42,
      }),
      sampleThrough(matching),
    ],
  };
}

/** Attacks of all families. */
export function sampleReportOfFour(): Draft {
  const report = sampleReportOfAll();
  return { ...report, results: [...report.results, ...sampleStealingReport().results] };
}

/** A stealing attack that agrees as given after each budget. */
export function sampleStealing(options: {
  copy: Copy;
  agreements: readonly number[];
  budgets: readonly number[];
  /** Agreement of what was learnt from the same records' own labels. */
  ownLabels?: number;
  /** Agreement of what was learnt from random inputs. */
  randomInputs?: number;
  price?: { perQuery: number; queriesPerSecond: number };
  name?: string;
  params?: Record<string, unknown>;
  defense?: DraftResult['defense'];
  seed?: number;
}): DraftResult {
  const { copy, agreements, budgets, ownLabels, randomInputs, price, name = 'posterior-matching' } = options;
  const metricsAt = (agreement: number): Record<string, DraftMetric> => ({
    agreement: around(agreement, 0.011),
    accuracy: around(agreement * 0.88, 0.014),
    agreementOnErrors: around(agreement * 0.7, 0.05),
    klDivergence: around(1 - agreement, 0.02),
  });
  const baseline = (of: string, agreement: number) => ({
    name: of,
    metrics: {
      agreement: around(agreement, 0.012),
      accuracy: around(agreement * 0.87, 0.014),
      ...(agreement > 0.2 && { klDivergence: around(1.2 * (1 - agreement), 0.03) }),
    },
  });
  const baselines = [
    ...(ownLabels === undefined
      ? []
      : [baseline('learnt from as many records’ own labels, without a query', ownLabels)]),
    ...(randomInputs === undefined
      ? []
      : [baseline('learnt from random inputs, as many queries', randomInputs)]),
    baseline('the commonest answer', 0.104),
  ];
  const best = Math.max(ownLabels ?? 0, randomInputs ?? 0, 0.104);
  const last = agreements.at(-1)!;
  const metrics = {
    ...metricsAt(last),
    targetAccuracy: around(0.852, 0.014),
    agreementGain: around(last - best, 0.009),
    agreementSkill: around((last - best) / (1 - best), 0.07),
  };
  const budget = budgets.map((queries, i) => ({
    queries,
    cost: price === undefined ? null : queries * price.perQuery,
    seconds: price === undefined ? null : queries / price.queriesPerSecond,
    metrics: metricsAt(agreements[i]!),
  }));
  const question = {
    attack: `stealing/${name}`,
    threatModel: {
      access: 'black-box' as const,
      auxiliary: copy.pool === 'shadow' ? ('shadow' as const) : ('none' as const),
      output: 'posteriors' as const,
    },
    params: { budgets: [...budgets], architecture: 'target', temperature: 1, ...options.params },
    defense: options.defense ?? { name: 'none', params: {} },
  };
  const records = { members: 0, nonMembers: 2500 };
  const verdict = stealingVerdict(metrics, baselines, records, copy, budget);
  return {
    id: resultId(question),
    ...question,
    source:
      name === 'data-free'
        ? 'Truong et al., Data-Free Model Extraction, CVPR 2021'
        : 'Liu et al., ML-Doctor, USENIX Security 2022',
    seed: options.seed ?? 0,
    references: { count: 0, pool: 'none' },
    copy: { ...copy },
    queries: budgets.at(-1)!,
    records,
    metrics,
    curves: { budget },
    slices: ['bag', 'shirt'].map((value, i) => ({
      by: 'class',
      value,
      records: { members: 0, nonMembers: 240 + i },
      metrics: { agreement: around(last - 0.1 * i, 0.03), accuracy: around(last - 0.1 - 0.1 * i, 0.03) },
    })),
    baselines,
    artifacts: [
      {
        path: `artifacts/${name}.onnx`,
        kind: 'copy of the model',
        sha256: 'c'.repeat(64),
        containsTrainingRecords: false,
      },
    ],
    verdict: { ...verdict, advice: [...verdict.advice] },
    notes: [],
  };
}

/** A membership attack on the copy that a stealing attack got. */
export function sampleThrough({ attack, params, queries }: DraftResult): DraftResult {
  const direct = sampleResult({
    attack: 'membership/loss-threshold',
    auxiliary: 'none',
    source: 'Yeom et al., Privacy Risk in Machine Learning, CSF 2018',
    effect: 0.08,
    notes: [],
  });
  const through = { attack, params: { ...params }, queries };
  return { ...direct, id: resultId({ ...direct, through }), through };
}

function around(value: number, margin: number): DraftMetric {
  return { value, low: value - margin, high: Math.min(1, value + margin), method: 'bootstrap, 95 %' };
}
