/** Studies of the shape of real ones, from figures that a test chooses: what ML-Doctor's attacks found of many targets. */

import { type Evidence, evidenceFrom, type StudySource } from '../../src/analysis/evidence/evidence.ts';
import { modeOf } from '../../src/analysis/evidence/modes.ts';
import { resultId } from '../../src/report/canonical.ts';
import type { NamedDefense } from '../../src/report/identity.ts';
import type { Metric } from '../../src/report/schema.ts';
import { summariseStudy } from '../../src/report/study/summarise-study.ts';
import { type Draft, reportWithoutResults, sampleResult } from '../report/sample-report.ts';

export interface SampleTarget {
  readonly data: string;
  readonly dataParams?: Readonly<Record<string, unknown>>;
  readonly model: string;
  readonly epochs?: number;
  /** `recordsPerRole` of the data. */
  readonly members?: number;
  readonly defense?: NamedDefense;
  readonly seed?: number;
  /** 1 when left out. */
  readonly trainAccuracy?: number;
  readonly testAccuracy?: number;
  /** By the name of the mode, as `MemInf <B,S>`: a figure, or one with its interval. */
  readonly modes: Readonly<Record<string, number | Metric>>;
  /** Further changes of the report, as its complexity. */
  readonly report?: (report: Draft) => Draft;
}

/** Half of the width of every interval. */
export const REACH = 0.01;

export const around = (value: number, reach = REACH): Metric => ({
  ...{ value, low: value - reach, high: value + reach, method: 'chosen' },
});

export interface SampleStudy {
  readonly name?: string;
  readonly version?: string;
  readonly onnxruntime?: string;
}

export function sampleSource(
  samples: readonly SampleTarget[],
  { name = 'targets', version = '0.1.0', onnxruntime = '1.23.2' }: SampleStudy = {},
): StudySource {
  const reports = samples.map((sample, i) => ({ id: `audit_${i}`, report: reportOf(sample) }));
  const study = summariseStudy(reports, {
    command: 'ml-doctor study study.yaml',
    config: {},
    tool: { name: 'ml-doctor', version },
    holes: [],
  });
  return {
    ...{ name, study, onnxruntime },
    reports: new Map(reports.map(({ id, report }) => [id, report])),
  };
}

export const sampleEvidence = (samples: readonly SampleTarget[], study: SampleStudy = {}): Evidence =>
  evidenceFrom([sampleSource(samples, study)]);

function reportOf(sample: SampleTarget): Draft {
  const { data, dataParams = {}, model, epochs = 300, members = 1000, seed = 0 } = sample;
  const { defense = { name: 'none', params: {} }, trainAccuracy = 1, testAccuracy = 0.7 } = sample;
  const blank = reportWithoutResults();
  const report: Draft = {
    ...blank,
    seed,
    config: {
      data: { catalog: data, split: 'ml-doctor-2022', recordsPerRole: members, ...dataParams },
      target: { train: { model, epochs } },
      defense: defense.name === 'none' ? 'none' : { [defense.name]: defense.params },
    },
    target: {
      ...blank.target,
      name: model,
      trainAccuracy: inUnit(around(trainAccuracy)),
      testAccuracy: inUnit(around(testAccuracy)),
    },
    data: {
      ...blank.data,
      id: data,
      splits: Object.fromEntries(Object.keys(blank.data.splits).map((role) => [role, members])),
    },
    results: Object.entries(sample.modes).map(([mode, figure]) => resultOf(mode, figure, defense, seed)),
  };
  return sample.report?.(report) ?? report;
}

function resultOf(
  name: string,
  figure: number | Metric,
  defense: NamedDefense,
  seed: number,
): Draft['results'][number] {
  const { attack, access, auxiliary, metric } = modeOf(name);
  const blank = sampleResult({
    attack,
    auxiliary: 'none',
    source: 'a paper',
    effect: 0,
    notes: [],
    records: 20,
  });
  const question = {
    attack,
    threatModel: { access, auxiliary, output: 'posteriors' as const },
    params: { access, auxiliary },
    defense: { name: defense.name, params: { ...defense.params } },
  };
  return {
    ...blank,
    ...question,
    ...(defense.adaptive === false && { defense: { ...question.defense, adaptive: false as const } }),
    id: resultId(question),
    seed,
    metrics: { [metric]: typeof figure === 'number' ? around(figure) : { ...figure } },
    curves: {},
  };
}

const inUnit = ({ value, low, high, method }: Metric): Metric => ({
  ...{ value, method },
  low: low === null ? null : Math.max(0, low),
  high: high === null ? null : Math.min(1, high),
});
