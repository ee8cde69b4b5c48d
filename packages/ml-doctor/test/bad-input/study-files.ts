/** What a study writes, from figures that a case chooses: as much of it as figures are made of. */

import { canonicalValue, reportToJson } from '../../src/report/canonical.ts';
import { runToJson } from '../../src/report/run-record.ts';
import { studySchema, studyToJson } from '../../src/report/study/study-schema.ts';
import { type SampleStudy, type SampleTarget, sampleSource } from '../analysis/sample-evidence.ts';
import { sampleRun } from '../report/sample-report.ts';
import type { Planted } from './bad-case.ts';

/** Targets that differ in the architecture, attacked once each. */
export const targets = (count: number, over: Partial<SampleTarget> = {}): readonly SampleTarget[] =>
  Array.from({ length: count }, (_, i) => ({
    ...{ data: 'celeba', model: `net-${i}`, testAccuracy: 0.6 + ((i * 5) % 7) / 30 },
    ...{ modes: { 'MemInf <B,S>': 0.55 + i / 50, 'ModSteal <B,S>': 0.9 - ((i * 3) % 5) / 40 } },
    ...over,
  }));

export function studyFiles(
  folder: string,
  samples: readonly SampleTarget[],
  of: SampleStudy = {},
): Readonly<Record<string, Planted>> {
  const { study, reports, onnxruntime } = sampleSource(samples, of);
  return {
    [`${folder}/study.json`]: studyToJson(canonicalValue(studySchema, study, 'study')),
    [`${folder}/run.json`]: runToJson({
      ...sampleRun(),
      of: 'study',
      ...(onnxruntime !== undefined && { onnxruntime }),
    }),
    ...Object.fromEntries(
      [...reports].map(([id, report]) => [`${folder}/audits/${id}/report.json`, reportToJson(report)]),
    ),
  };
}
