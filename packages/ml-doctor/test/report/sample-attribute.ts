/** Reports with attribute attacks of the shape of real ones, from figures given by hand, for the tests of what surrounds an audit. */

import { resultId } from '../../src/report/canonical.ts';
import type { Attribute } from '../../src/report/schema.ts';
import { attributeVerdict } from '../../src/report/verdict/attribute.ts';
import { sampleMixedReport } from './sample-inversion.ts';
import { type Draft, reportWithoutResults } from './sample-report.ts';

type DraftResult = Draft['results'][number];
type DraftMetric = DraftResult['metrics'][string];

const SEX: Attribute = {
  name: 'sex',
  kind: 'binary',
  categories: ['Female', 'Male'],
  auxiliaryRecords: 5000,
};
const RACE: Attribute = {
  name: 'race',
  kind: 'categorical',
  categories: ['Amer-Indian-Eskimo', 'Asian-Pac-Islander', 'Black', 'Other', 'White'],
  auxiliaryRecords: 5000,
};
const AGE: Attribute = { name: 'age', kind: 'continuous', auxiliaryRecords: 5000 };

/** One attack on two attributes, another on a number. */
export function sampleAttributeReport(): Draft {
  return {
    ...reportWithoutResults(),
    results: [
      sampleAttribute({ attribute: SEX, attack: 0.823, imputation: 0.751, beyond: 0.041, fromRecord: 0.84 }),
      sampleAttribute({ attribute: RACE, attack: 0.861, imputation: 0.857, beyond: 0.002 }),
      sampleAttribute({ name: 'tabular', attribute: AGE, attack: 7.91, imputation: 9.84, beyond: 0.004 }),
    ],
  };
}

/** Two membership attacks, two inversions, and the attribute attacks. */
export function sampleReportOfAll(): Draft {
  const report = sampleMixedReport();
  return { ...report, results: [...report.results, ...sampleAttributeReport().results] };
}

/**
 * An attribute attack with its own figure and that of the imputation as given: accuracies, or of a number mean absolute
 * errors; and with how much more members lose.
 */
export function sampleAttribute(options: {
  attribute: Attribute;
  attack: number;
  imputation: number;
  beyond: number;
  /** Accuracy of who has the rest of the record, where the attacker has not. */
  fromRecord?: number;
  name?: string;
  params?: Record<string, unknown>;
  defense?: DraftResult['defense'];
  seed?: number;
}): DraftResult {
  const { attribute, attack, imputation, beyond, fromRecord, name = 'embedding', seed = 0 } = options;
  const number = attribute.kind === 'continuous';
  const gainName = number ? 'errorReduction' : 'accuracyGain';
  const figure = (value: number) =>
    number ? { meanAbsoluteError: around(value, 0.02 * value) } : { accuracy: around(value, 0.008) };
  const gain = (other: number) => ({
    [gainName]: around(number ? 1 - attack / other : attack - other, 0.012),
  });
  const against = (baseline: string, other: number) => ({
    name: baseline,
    metrics: { ...figure(other), ...gain(other) },
  });
  const others = number ? attack * 1.01 : attack - 0.02;
  const metrics: Record<string, DraftMetric> = {
    ...figure(attack),
    ...gain(imputation),
    [number ? 'memberErrorReduction' : 'memberAccuracyGain']: around(beyond, 0.015),
    ...(!number && {
      macroF1: around(attack - 0.05, 0.01),
      auc: around(Math.min(0.98, attack + 0.04), 0.01),
      aucGain: around(attack - imputation + 0.01, 0.011),
      memberAucGain: around(beyond, 0.014),
      ppvTop10: around(0.95, 0.05),
      ppvTop100: around(0.93, 0.04),
    }),
  };
  const baselines = [
    against('majority', number ? 11.2 : imputation - 0.08),
    against('imputation without the model', imputation),
    ...(fromRecord === undefined ? [] : [against('imputation from the rest of the record', fromRecord)]),
    against('same attack on non-members', others),
  ];
  const params = {
    attribute: attribute.name,
    auxiliary: 'shadow',
    ...(name === 'tabular' && { method: 'fredrikson' }),
    ...options.params,
  };
  const question = {
    attack: `attribute/${name}`,
    threatModel: {
      access: name === 'tabular' ? ('black-box' as const) : ('white-box' as const),
      auxiliary: 'shadow' as const,
      output: 'posteriors' as const,
    },
    params,
    defense: options.defense ?? { name: 'none', params: {} },
  };
  const records = { members: 2500, nonMembers: 2500 };
  const verdict = attributeVerdict(metrics, baselines, records, attribute);
  const { categories, ...facts } = attribute;
  return {
    id: resultId(question),
    ...question,
    source:
      name === 'tabular'
        ? 'Fredrikson et al., Privacy in Pharmacogenetics, USENIX Security 2014'
        : 'Song and Shmatikov, Overlearning Reveals Sensitive Attributes, ICLR 2020',
    seed,
    references: { count: 0, pool: 'none' },
    attribute: { ...facts, ...(categories && { categories: [...categories] }) },
    queries: 10_000,
    records,
    metrics,
    curves: {},
    slices: (categories ?? []).map((value, i) => ({
      by: attribute.name,
      value,
      records: { members: 1200 + 100 * i, nonMembers: 1180 + 90 * i },
      metrics: {
        accuracy: around(attack - 0.1 + 0.05 * i, 0.03),
        precision: around(attack - 0.05, 0.03),
        accuracyGain: around(attack - imputation, 0.03),
        ppvTop10: around(0.9, 0.09),
      },
    })),
    baselines,
    artifacts: [],
    verdict: { ...verdict, advice: [...verdict.advice] },
    notes: ['Embeddings: 50 numbers, as the layer “relu3” makes them.'],
  };
}

function around(value: number, margin: number): DraftMetric {
  return { value, low: value - margin, high: value + margin, method: 'paired bootstrap, 95 %' };
}
