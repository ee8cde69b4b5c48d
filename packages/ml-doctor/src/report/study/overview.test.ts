/** The study in a few words. */

import { describe, expect, it } from 'vitest';
import { sampleAbout, sampleAudits, sampleStudy } from '../../../test/report/sample-study.ts';
import { auditSubject, groupedHoles, levelCounts, studyTitle, worstFinding } from './overview.ts';
import { summariseStudy } from './summarise-study.ts';

const grid = (models: string[], seeds = [0]) =>
  sampleAudits({ data: ['digits'], models, defenses: [{ name: 'none', params: {} }], seeds });
const summary = (audits: ReturnType<typeof grid>) => summariseStudy(audits, sampleAbout());

describe('studyTitle', () => {
  it('is the name given, else names what is compared, or counts it', () => {
    expect(studyTitle({ ...summary([]), name: 'Grid' })).toBe('Grid');
    expect(studyTitle(summary(grid(['a', 'b', 'c'], [0, 1])))).toBe('a, b, c on digits');
    expect(studyTitle(summary(grid(['a', 'b', 'c', 'd'])))).toBe('4 models on digits');
    expect(studyTitle(summary([]))).toBe('Study without audits');
  });
});

describe('worstFinding', () => {
  it('is the most worrying level, and among equals that with the higher tail', () => {
    const audits = grid(['a'], [0, 1, 2]);
    for (const { report } of audits) for (const { verdict } of report.results) verdict.level = 'low';
    audits[1]!.report.results[1]!.verdict.level = 'high';
    expect(worstFinding(summary(audits))!.audit.id).toBe(audits[1]!.id);
    audits[2]!.report.results[0]!.verdict.level = 'high';
    audits[2]!.report.results[0]!.metrics['tprAtFpr0.01'] = {
      value: 0.9,
      low: 0.9,
      high: 0.9,
      method: 'none',
    };
    const study = summary(audits);
    const { audit, result } = worstFinding(study)!;
    expect([audit.id, result.attack]).toEqual([audits[2]!.id, 'membership/loss-threshold']);
    expect(auditSubject(audit, study)).toBe('a on digits, seed 2');
    expect(worstFinding(summary([]))).toBeUndefined();
  });

  it('is of an audit whose data set, model and defence are told from others of their names', () => {
    const audits = grid(['a'], [0, 1]);
    const [first, second] = audits as [(typeof audits)[number], (typeof audits)[number]];
    first.report.config.data = { catalog: 'digits', split: 'ml-doctor-2022', recordsPerRole: 500 };
    second.report.config.data = { catalog: 'digits', split: 'ml-doctor-2022', recordsPerRole: 1000 };
    const study = summary(audits);
    expect(study.audits.map((audit) => auditSubject(audit, study))).toEqual([
      'a on digits (recordsPerRole 500), seed 0',
      'a on digits (recordsPerRole 1000), seed 1',
    ]);
  });
});

describe('levelCounts', () => {
  it('counts audits by their worst finding', () => {
    const audits = grid(['a'], [0, 1, 2, 3]);
    const levels = [
      ['low', 'high'],
      ['low', 'none-found'],
      ['low', 'low'],
    ] as const;
    levels.forEach((pair, i) => {
      pair.forEach((level, j) => {
        audits[i]!.report.results[j]!.verdict.level = level;
      });
    });
    audits[3]!.report.results = [];
    expect(levelCounts(summary(audits))).toBe(
      '4 audits by their worst finding: 1 High, 2 Low; 1 without a finished attack.',
    );
    expect(levelCounts(summary([audits[3]!]))).toBe(
      '1 audit by their worst finding: 1 without a finished attack.',
    );
  });
});

describe('groupedHoles', () => {
  it('puts together what reads the same', () => {
    const { holes } = sampleStudy().study;
    const other = { ...holes[0]!, task: 'train shadow 9', message: 'out of memory' };
    expect(groupedHoles([...holes, other])).toEqual([
      {
        code: 'OG_DIVERGED',
        message: 'the loss is not a number any more',
        hint: 'Lower the learning rate.',
        tasks: ['train shadow 0', 'train target 1'],
        blocked: 3,
      },
      expect.objectContaining({ message: 'out of memory', tasks: ['train shadow 9'], blocked: 1 }),
    ]);
  });
});
