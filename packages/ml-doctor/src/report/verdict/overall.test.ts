/** The report's own verdict is its worst result's. */

import { describe, expect, it } from 'vitest';
import { sampleReport } from '../../../test/report/sample-report.ts';
import type { Level } from '../schema.ts';
import { generalisationGap, nextSteps, worstResult } from './overall.ts';

function withLevels(...levels: Level[]) {
  const report = sampleReport();
  levels.forEach((level, i) => {
    report.results[i]!.verdict.level = level;
  });
  return report;
}

describe('worstResult', () => {
  it.each<[Level, Level, number]>([
    ['high', 'moderate', 0],
    ['low', 'moderate', 1],
    ['none-found', 'inconclusive', 1],
    ['low', 'inconclusive', 0],
  ])('of %s and %s is number %i', (a, b, index) => {
    const report = withLevels(a, b);
    expect(worstResult(report)).toBe(report.results[index]);
  });

  it('goes by the tail among equals, and by AUC where no tail is above chance', () => {
    const report = withLevels('low', 'low');
    const [first, second] = report.results;
    Object.assign(first!.metrics['tprAtFpr0.01']!, { low: 0.009, value: 0.03, high: 0.05 });
    Object.assign(second!.metrics['tprAtFpr0.01']!, { low: 0.002, value: 0.03, high: 0.05 });
    expect(worstResult(report)).toBe(second);
    first!.metrics['tprAtFpr0.01']!.low = 0.012;
    expect(worstResult(report)).toBe(first);
  });

  it('is nobody without results', () => {
    expect(worstResult({ ...sampleReport(), results: [] })).toBeUndefined();
  });
});

describe('nextSteps', () => {
  it('begins with failed work', () => {
    const report = sampleReport();
    expect(nextSteps(report)).toEqual(worstResult(report)!.verdict.advice);
    report.holes = [{ task: 't', code: 'C', message: 'm', hint: '', blocked: [] }];
    expect(nextSteps(report)[0]).toContain('1 task failed');
  });
});

describe('generalisationGap', () => {
  it('is training less test accuracy, where both are known', () => {
    const report = sampleReport();
    expect(generalisationGap(report)).toBeCloseTo(0.1476, 12);
    report.target.testAccuracy = null;
    expect(generalisationGap(report)).toBeUndefined();
  });
});
