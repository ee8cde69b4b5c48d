/** `report.junit.xml`: verdicts as tests, for a CI system that shows them; a policy and `ml-doctor gate` decide better. */

import { byTable, tableOf } from '../family.ts';
import { asSentence } from '../format.ts';
import { reportTitle } from '../identity.ts';
import { attackLabels } from '../labels.ts';
import type { Level, Report, Result } from '../schema.ts';
import { findingName } from '../verdict/overall.ts';
import { junitXml, type TestCase } from './junit.ts';

/** A moderate leak fails, as a high one does; what too few records decide is skipped, and so neither passes nor fails. */
const OUTCOME: Readonly<Record<Level, TestCase['outcome']>> = {
  high: 'failure',
  moderate: 'failure',
  low: 'passed',
  inconclusive: 'skipped',
  'none-found': 'passed',
};

/** A suite for each kind of attack, a case for each attack; what did not finish is an error. */
export function reportToJunit(report: Report): string {
  const labelOf = attackLabels(report.results);
  const suites = byTable(report.results, tableOf).map(({ table, items }) => ({
    name: `ml-doctor ${table}`,
    cases: items.map((result) => caseOf(result, labelOf(result))),
  }));
  const holes = report.holes.map(
    ({ task, code, message, hint }): TestCase => ({
      className: 'ml-doctor.missing',
      name: task,
      outcome: 'error',
      message: `${code}: ${asSentence(message)}`,
      detail: hint,
    }),
  );
  const all = [...suites, ...(holes.length === 0 ? [] : [{ name: 'ml-doctor missing', cases: holes }])];
  return junitXml(`ml-doctor: ${reportTitle(report)}`, all);
}

function caseOf({ attack, verdict }: Result, label: string): TestCase {
  return {
    className: `ml-doctor.${attack.replace('/', '.')}`,
    name: label,
    outcome: OUTCOME[verdict.level],
    message: `${findingName(verdict)}: ${verdict.sentence}`,
    detail: verdict.advice.join(' '),
  };
}
