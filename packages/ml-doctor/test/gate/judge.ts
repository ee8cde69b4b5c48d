/** Sample reports held against policies, for the tests of the gate. */

import type { GateOutcome } from '../../src/report/gate/check.ts';
import { type Evidence, evaluatePolicy } from '../../src/report/gate/evaluate-policy.ts';
import type { Limit, Policy } from '../../src/report/gate/policy.ts';
import { type Draft, sampleReport, sampleRun } from '../report/sample-report.ts';
import { sampleReportOfFour } from '../report/sample-stealing.ts';
import { policyWith } from './sample-policy.ts';

// Made once: their curves, which no gate looks at, are most of them.
const SAMPLE = withoutCurves(sampleReport());
export const OF_FOUR = withoutCurves(sampleReportOfFour());
export const sample = (): Draft => structuredClone(SAMPLE);

function withoutCurves(report: Draft): Draft {
  for (const result of report.results) result.curves = {};
  return report;
}

export const NOW = Date.parse(sampleRun().finishedAt);
export const DAY = 86_400_000;

export const judge = (rules: Partial<Policy>, evidence: Partial<Evidence> = {}): GateOutcome =>
  evaluatePolicy(policyWith(rules), { report: sample(), run: sampleRun(), now: NOW, ...evidence });

export const spoilt = (spoil: (report: Draft) => void): Draft => {
  const report = sample();
  spoil(report);
  return report;
};

/** A report whose first attack alone has this figure, and nothing else. */
export const withMetric = (name: string, value: number, low: number | null, high: number | null): Draft =>
  spoilt((report) => {
    report.results.length = 1;
    report.results[0]!.metrics = { [name]: { value, low, high, method: 'exact' } };
  });

export const limit = (rest: Partial<Limit>): Pick<Policy, 'limits'> => ({
  limits: [{ attack: 'membership/*', metric: 'auc', missing: 'refuse', ...rest }],
});
