/** The published schema stays in step with the code, and the rules that keep wrong numbers out hold. */

import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type Draft, sampleReport, sampleRun } from '../../test/report/sample-report.ts';
import { describeHost, runSchema } from './run-record.ts';
import { reportJsonSchema, reportSchema } from './schema.ts';

const PUBLISHED = new URL('../../schema/report-1.schema.json', import.meta.url);

describe('the report schema', () => {
  it('accepts a real report and refuses unknown keys at every depth', () => {
    expect(reportSchema.parse(sampleReport())).toEqual(sampleReport());
    expect(reportSchema.safeParse({ ...sampleReport(), createdAt: 'today' }).success).toBe(false);
    const report = sampleReport();
    Object.assign(report.results[0]!.metrics.auc!, { sd: 0.1 });
    expect(reportSchema.safeParse(report).success).toBe(false);
  });

  it.each<[string, (report: Draft) => void]>([
    ['an interval beside its value', (r) => Object.assign(r.results[0]!.metrics.auc!, { value: 0.7 })],
    ['a value that is no number', (r) => Object.assign(r.results[0]!.metrics.auc!, { value: Number.NaN })],
    ['a falling curve', (r) => r.results[0]!.curves.roc!.tpr.reverse()],
    ['a curve with a point missing', (r) => r.results[0]!.curves.roc!.fpr.pop()],
    ['the same id twice', (r) => r.results.push(r.results[0]!)],
    ['an id without its threat model', (r) => Object.assign(r.results[0]!, { id: 'membership/lira#1f3a' })],
    ['part of a record', (r) => Object.assign(r.results[0]!.records, { members: 0.5 })],
  ])('refuses %s', (_, spoil) => {
    const report = sampleReport();
    spoil(report);
    expect(reportSchema.safeParse(report).success).toBe(false);
  });

  it('is published as it is: run with UPDATE_SCHEMA=1, then format, to write it anew', () => {
    const current = JSON.stringify(reportJsonSchema(), null, 2);
    if (process.env.UPDATE_SCHEMA === '1') writeFileSync(PUBLISHED, `${current}\n`);
    expect(JSON.parse(readFileSync(PUBLISHED, 'utf8'))).toEqual(JSON.parse(current));
  });

  it('publishes closed objects, all keys required', () => {
    const schema = reportJsonSchema() as { required: string[]; additionalProperties: boolean };
    expect(schema.additionalProperties).toBe(false);
    expect(schema.required).toEqual(Object.keys(sampleReport()));
  });
});

describe('the run schema', () => {
  it('accepts this machine, and keeps its name out', () => {
    const run = { ...sampleRun(), host: describeHost() };
    expect(runSchema.parse(run)).toEqual(run);
    expect(Object.keys(run.host)).not.toContain('hostname');
  });
});
