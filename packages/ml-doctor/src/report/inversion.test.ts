/** Inversions in the report's schema, in its order of findings, and on the terminal. */

import { describe, expect, it } from 'vitest';
import {
  sampleInversion,
  sampleInversionReport,
  sampleMixedReport,
  sampleRowInversionReport,
} from '../../test/report/sample-inversion.ts';
import { sampleReport } from '../../test/report/sample-report.ts';
import { reportToJson } from './canonical.ts';
import { type Level, reportSchema } from './schema.ts';
import { renderTerminal } from './terminal.ts';
import { bySeverity, headlineOf, nextSteps } from './verdict/overall.ts';

describe('the report schema', () => {
  it('takes pictures and rows, and writes them as they are', () => {
    for (const report of [sampleMixedReport(), sampleRowInversionReport()]) {
      const { results } = reportSchema.parse(JSON.parse(reportToJson(report)));
      const { gallery } = report.results.at(-1)!;
      expect(results.at(-1)!.gallery![4]!.nearestMember).toEqual(
        'png' in gallery![4]!.nearestMember!
          ? gallery![4]!.nearestMember
          : expect.objectContaining({ values: expect.any(Array) }),
      );
    }
  });

  it.each([
    ['text that is no picture', { png: '"><script>' }],
    ['a picture of another kind', { png: 'R0lGODlhAQABAAAAACw=' }],
    ['a picture with values', { png: 'iVBORw0KGgo=', values: [] }],
    ['a value without a name', { values: [{ name: '', value: 1 }] }],
  ])('refuses %s', (_, picture) => {
    const report = sampleInversionReport();
    Object.assign(report.results[0]!.gallery![0]!, { reconstruction: picture });
    expect(reportSchema.safeParse(report).success).toBe(false);
  });
});

describe('findings of two families', () => {
  const order = (levels: readonly Level[]) => {
    const report = sampleMixedReport();
    report.results.forEach((result, i) => {
      result.verdict.level = levels[i]!;
    });
    return bySeverity(report.results);
  };

  it('go by their level, then membership first, then by the judge', () => {
    expect(order(['low', 'low', 'moderate', 'low'])[0]!.attack).toBe('inversion/mi-face');
    const same = order(['none-found', 'none-found', 'none-found', 'none-found']);
    expect(same.map(({ attack }) => attack)).toEqual([
      'membership/shadow-classifier',
      'membership/loss-threshold',
      'inversion/secret-revealer',
      'inversion/mi-face',
    ]);
  });

  it('put the inversion with more members nearest before others of its level', () => {
    const near = sampleInversion({ attack: 'inversion/plg', judge: 0.2, start: 0.1, closer: 0.7, p: 0.001 });
    const far = sampleInversion({
      attack: 'inversion/other',
      judge: 0.9,
      start: 0.1,
      closer: 0.65,
      p: 0.001,
    });
    expect([near, far].map(({ verdict }) => verdict.level)).toEqual(['moderate', 'moderate']);
    expect(bySeverity([far, near])[0]).toBe(near);
  });

  it('are worded by the family of the worst', () => {
    const [worst] = order(['low', 'low', 'low', 'high']);
    expect(headlineOf(worst!)).toBe('Reconstructions show training records');
    const [other] = order(['high', 'low', 'low', 'low']);
    expect(headlineOf(other!)).toBe('Training records can be identified');
  });

  it('advise on the other family where it leaks, and only there', () => {
    const report = sampleMixedReport();
    expect(nextSteps(report).join()).toContain('If a class is one person');
    for (const { attack, verdict } of report.results)
      if (attack.startsWith('inversion/')) verdict.level = 'none-found';
    expect(nextSteps(report).join()).not.toContain('If a class is one person');
  });
});

describe('the terminal', () => {
  const text = renderTerminal(sampleMixedReport(), { colour: false });

  it('has a table for each family, in 80 columns', () => {
    expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
    expect(text).toMatch(/^Attack \(95 % intervals below\) +TPR at 1 % FPR +AUC +Level$/m);
    expect(text).toMatch(/^Attack +Judge +Baseline +Member closer +Level$/m);
    expect(text).toMatch(/^inversion\/secret-revealer +90 % +98 % +52 % +Low$/m);
    expect(text).toMatch(/ 84 % to 96 % +the best +42 % to 62 %$/m);
    expect(text).toContain('\n  white-box, a generator\n');
    expect(text).toContain('\n  white-box, no models\n');
  });

  it('aligns the columns of both', () => {
    const lines = text.split('\n');
    const header = lines.findIndex((line) => /^Attack +Judge/.test(line));
    const column = lines[header]!.indexOf('Member closer');
    expect(lines[header + 1]!.slice(column)).toMatch(/^52 %/);
    expect(lines[header + 2]!.slice(column)).toMatch(/^42 % to 62 %/);
  });

  it('has one table for one family', () => {
    expect(renderTerminal(sampleReport(), { colour: false })).not.toMatch(/Judge|reconstruct/);
    const alone = renderTerminal(sampleInversionReport(), { colour: false });
    expect(alone).not.toContain('AUC');
    expect(alone).toContain('LOW  Reconstructions show a little of what the model learnt\n');
  });
});
