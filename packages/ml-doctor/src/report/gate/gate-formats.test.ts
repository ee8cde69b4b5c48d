/** A gate's outcome for people, programs and CI systems: violations with figure, limit and place. */

import { describe, expect, it } from 'vitest';
import { policyWith } from '../../../test/gate/sample-policy.ts';
import { readSarif } from '../../../test/gate/sarif-rules.ts';
import { readJunit } from '../../../test/gate/xml-reader.ts';
import { type Draft, sampleReport, sampleRun } from '../../../test/report/sample-report.ts';
import { canonicalValue } from '../canonical.ts';
import { reportSchema } from '../schema.ts';
import { evaluatePolicy } from './evaluate-policy.ts';
import { gateSchema, gateToJson } from './gate-json.ts';
import { gateToJunit } from './gate-junit.ts';
import { gateToSarif } from './gate-sarif.ts';
import { renderGate } from './gate-terminal.ts';
import { placedOutcome } from './place.ts';

const read = (report: Draft) => canonicalValue(reportSchema, report, 'report');
const draft = sampleReport();
const rename = 'evil\u001b[31m|<b>@x #1\u202e';
draft.target.name = rename;
draft.holes.push({ task: rename, code: 'MLD_TASK_FAILED', message: rename, hint: rename, blocked: [] });
const report = read(draft);
const policy = policyWith({
  limits: [{ attack: 'membership/*', metric: 'auc', max: 0.6, missing: 'refuse' }],
  target: { name: rename },
  baseline: { allowIncrease: 0, significant: true },
});
const outcome = evaluatePolicy(policy, { report, run: sampleRun(), baseline: read(sampleReport()), now: 0 });
const gate = placedOutcome(outcome, {
  ...{ report, file: 'ci/policy.yaml', name: undefined, version: '0.1.0' },
  place: (path) => ({ line: path.length + 1, column: 7 }),
});

describe('the text', () => {
  const text = renderGate(gate, { colour: false });

  it('tells what is wanted and what was found, at its place', () => {
    expect(text).toContain(
      'NO ci/policy.yaml:3:7 limits[0]: membership/shadow-classifier, auc\n' +
        '    - wanted at most 0.6\n    + found  0.61389, the upper end (value 0.59789)\n',
    );
    expect(text).toContain('ok ci/policy.yaml:3:7 limits[0]: membership/loss-threshold, auc');
    expect(text).toContain('The gate says NO: 2 of 10 checks do not hold.');
    expect(text).toContain('The baseline has another model: SimpleCNN, now');
  });

  it('has 80 columns and nothing that steers a terminal', () => {
    for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
    expect(text).not.toMatch(/(?!\n)\p{C}/u);
    expect(renderGate({ ...gate, passes: true, checks: [] }, { colour: false })).toContain('lets it pass');
  });
});

describe('the files', () => {
  it('JSON has every check', () => {
    const parsed = gateSchema.parse(JSON.parse(gateToJson(gate)));
    expect(parsed).toMatchObject({ passes: false, file: 'ci/policy.yaml' });
    expect(parsed.checks.map(({ ok }) => ok)).toEqual(gate.checks.map(({ ok }) => ok));
  });

  it('JUnit has a case for each check', () => {
    const cases = readJunit(gateToJunit(gate));
    expect(cases.map(({ outcome: one }) => one)).toEqual(
      gate.checks.map(({ ok }) => (ok ? 'system-out' : 'failure')),
    );
    expect(cases.find(({ name }) => name.includes('shadow-classifier, auc'))!.message).toBe(
      '0.61389, the upper end (value 0.59789); wanted: at most 0.6',
    );
  });

  it('SARIF has what does not hold, where the policy says it', () => {
    const { results, tool } = readSarif(gateToSarif(gate));
    expect(results.map(({ ruleId, locations: [at] }) => [ruleId, at!.physicalLocation])).toEqual([
      ['gate/limits', place(3)],
      ['gate/holes', place(1)],
    ]);
    expect(tool.driver.rules).toHaveLength(8);
  });
});

const place = (startLine: number) => ({
  artifactLocation: { uri: 'ci/policy.yaml' },
  region: { startLine, startColumn: 7 },
});
