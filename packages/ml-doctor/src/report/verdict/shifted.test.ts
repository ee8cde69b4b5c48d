/** A shifted split is told first and plainly, and turns no figure into a finding. */

import { describe, expect, it } from 'vitest';
import { sampleReport } from '../../../test/report/sample-report.ts';
import { reportToJson } from '../canonical.ts';
import { renderHtml } from '../html/page.ts';
import { LEVELS, type Verdict } from '../schema.ts';
import { renderTerminal } from '../terminal.ts';
import { nextSteps, worstResult } from './overall.ts';
import { shiftedVerdict } from './shifted.ts';

const WITHOUT_MODEL = { value: 0.873, low: 0.85, high: 0.89, method: 'simulated' };

const verdict = (level: Verdict['level']): Verdict => ({
  level,
  sentence: 'AS IF FAIR.',
  advice: ['Advice for a fair split.'],
});

/** The sample report, its findings as given, on a shifted split. */
function shiftedReport(levels: readonly Verdict['level'][]) {
  const report = sampleReport();
  const results = report.results.map((result, i) => {
    const { advice, ...rest } = shiftedVerdict(verdict(levels[i]!), WITHOUT_MODEL);
    const baselines = [{ name: 'without the model', metrics: { auc: WITHOUT_MODEL } }];
    return { ...result, verdict: { ...rest, advice: [...advice] }, baselines };
  });
  return { ...report, results };
}

describe('shiftedVerdict', () => {
  it.each(LEVELS)('is inconclusive by reason of the split, whatever the figures say: %s', (level) => {
    const shifted = shiftedVerdict(verdict(level), WITHOUT_MODEL);
    expect(shifted).toMatchObject({ level: 'inconclusive', reason: 'shifted-split' });
    expect(shifted.sentence).toMatch(
      /^The split is shifted: without the model, .* in 87\.3 % of the cases\. .*no evidence/,
    );
    expect(shifted.sentence).toMatch(/at face value they would read: AS IF FAIR\.$/i);
    expect(shifted.advice.join()).toContain('one source at random');
    expect(shifted.advice.join()).not.toContain('Advice for a fair split');
  });
});

describe('a report on a shifted split', () => {
  const report = shiftedReport(['high', 'none-found']);

  it('is as a whole neither a leak nor clean', () => {
    expect(worstResult(report)!.verdict).toMatchObject({ level: 'inconclusive', reason: 'shifted-split' });
    expect(nextSteps(report)).toEqual([expect.stringContaining('one source at random')]);
  });

  it('says so at the top of the page', async () => {
    const page = await renderHtml(report);
    const top = page.slice(page.indexOf('<section class="verdict'), page.indexOf('Key figures'));
    expect(top).toContain('<h2>The split is shifted: these figures are no evidence of a leak</h2>');
    expect(top).toContain('class="verdict l-inconclusive"');
    const findings = [...page.matchAll(/data-label="Finding">.*?<\/svg>([^<]*)</g)].map(([, name]) => name);
    // Of two attacks, in two tables.
    expect(findings).toEqual(Array.from({ length: 4 }, () => 'Split shifted'));
    expect(page).not.toContain('Too few records to tell');
    expect(page).toContain('none of these figures is evidence');
  });

  it('says so at the top of the text', () => {
    const text = renderTerminal(report, { colour: false });
    expect(text).toContain('SPLIT SHIFTED  The split is shifted: these figures are no evidence of a leak\n');
    expect(text).not.toContain('Too few records to tell');
    expect(text.match(/Split shifted$/gm)).toHaveLength(2);
  });

  it('keeps the reason in report.json, and only where there is one', () => {
    expect(reportToJson(report).match(/"reason": "shifted-split"/g)).toHaveLength(2);
    expect(reportToJson(sampleReport())).not.toContain('"reason"');
  });

  it('does not hide behind a fair finding of the same report', () => {
    const mixed = shiftedReport(['high', 'high']);
    Object.assign(mixed.results[1]!, { verdict: { level: 'none-found', sentence: 'Clean.', advice: ['a'] } });
    expect(worstResult(mixed)!.verdict.reason).toBe('shifted-split');
  });
});
