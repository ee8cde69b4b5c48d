/** `gate.junit.xml`: a gate's outcome as tests, a suite for each kind of rule and a case for each check. */

import { junitXml, type TestCase } from '../formats/junit.ts';
import { RULES } from './check.ts';
import type { GateReport } from './place.ts';

export function gateToJunit(gate: GateReport): string {
  const suites = RULES.map((rule) => ({
    name: `ml-doctor gate ${rule}`,
    cases: gate.checks
      .filter((check) => check.rule === rule)
      .map((check): TestCase => {
        const where = check.path.length === 0 ? gate.file : `${gate.file}:${check.line}:${check.column}`;
        return {
          className: `ml-doctor.gate.${rule}`,
          name: `${check.label}: ${check.subject}, ${check.wanted}`,
          outcome: check.ok ? 'passed' : 'failure',
          message: `${check.found}; wanted: ${check.wanted}`,
          detail: `${where}${check.hint === undefined ? '' : ` ${check.hint}`}`,
        };
      }),
  })).filter(({ cases }) => cases.length > 0);
  return junitXml(`ml-doctor gate: ${gate.subject}`, suites);
}
