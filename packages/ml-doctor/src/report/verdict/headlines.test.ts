/** The first sentences, over threat models: what the attacker has and does, what is found, at which rate, and why at that one. */

import { describe, expect, it } from 'vitest';
import { sampleReport } from '../../../test/report/sample-report.ts';
import type { Metric, Result } from '../schema.ts';
import { attackerText, headlinesOf } from './headlines.ts';
import { membershipVerdict } from './verdict.ts';

const of = (value: number, low: number, high: number): Metric => ({
  value,
  low,
  high,
  method: 'exact, 95 %',
});

const membership = (metrics: Result['metrics'], nonMembers: number, more: Partial<Result> = {}): Result => {
  const [sample] = sampleReport().results as readonly Result[];
  const records = { members: nonMembers, nonMembers };
  return { ...(sample as Result), metrics, records, verdict: membershipVerdict(metrics, records), ...more };
};

const sentence = (result: Result): string => headlinesOf({ results: [result] })[0]?.sentence ?? '';

const BLACK: Result['threatModel'] = { access: 'black-box', auxiliary: 'shadow', output: 'posteriors' };
const NO_MODELS: Result['references'] = { count: 0, pool: 'none' };

describe('who attacks', () => {
  it.each<[Partial<Result['threatModel']>, string]>([
    [{}, 'An attacker with similar data who can query your model'],
    [{ auxiliary: 'none' }, 'An attacker without data of the kind who can query your model'],
    [{ auxiliary: 'partial' }, 'An attacker with some of your training records who can query your model'],
    [{ auxiliary: 'other' }, 'An attacker with data of another kind who can query your model'],
    [{ access: 'white-box' }, 'An attacker with similar data who has your model file'],
    [
      { access: 'white-box', auxiliary: 'partial' },
      'An attacker with some of your training records who has your model file',
    ],
    [
      { auxiliary: 'none', output: 'label' },
      'An attacker without data of the kind who can query your model and sees labels only',
    ],
    [
      { output: 'top1' },
      'An attacker with similar data who can query your model and sees the top answer only',
    ],
    [
      { output: 'topK' },
      'An attacker with similar data who can query your model and sees the top answers only',
    ],
    [
      { auxiliary: 'none', output: 'loss' },
      'An attacker without data of the kind who can query your model and sees the loss of each answer',
    ],
  ])('%j', (threat, text) => {
    expect(attackerText({ threatModel: { ...BLACK, ...threat }, references: NO_MODELS })).toBe(text);
  });

  it('holds the audited records where its models learnt from them', () => {
    const references = { count: 64, pool: 'with-candidates' } as const;
    expect(attackerText({ threatModel: BLACK, references })).toBe(
      'An attacker who holds the audited records and who can query your model',
    );
  });
});

describe('what a membership attack finds', () => {
  const fine = {
    'tprAtFpr0.001': of(0.042, 0.031, 0.054),
    'tprAtFpr0.01': of(0.08, 0.07, 0.09),
    auc: of(0.6, 0.59, 0.61),
  };

  it('is said at 0.1 % where that tells most and the records suffice', () => {
    expect(sentence(membership(fine, 10_000))).toMatch(
      /^An attacker .* finds 4\.2 % \[3\.1, 5\.4\] of your training records while wrongly accusing 0\.1 % of others; guessing finds 0\.1 %\.$/,
    );
  });

  it('is said at 1 % where that tells more, with what is found at 0.1 %', () => {
    const coarse = { ...fine, 'tprAtFpr0.001': of(0.002, 0.001, 0.004), 'tprAtFpr0.01': of(0.2, 0.18, 0.22) };
    expect(sentence(membership(coarse, 10_000))).toMatch(
      /finds 20 % \[18, 22\] of your training records while wrongly accusing 1 % of others; guessing finds 1 %\. While wrongly accusing 0\.1 %, it finds 0\.2 % \[0\.1, 0\.4\]\.$/,
    );
  });

  it.each([
    [2000, 'where 2,000 non-members allow only 2 false accusations'],
    [1999, 'where 1,999 non-members allow only 1 false accusation;'],
    [999, 'where 999 non-members allow not one false accusation'],
    [9999, 'where 9,999 non-members allow only 9 false accusations'],
  ])('is said at 1 % of %i non-members, and why', (records, why) => {
    const coarse = { ...fine, 'tprAtFpr0.001': of(0, 0, 0.004), 'tprAtFpr0.01': of(0.2, 0.18, 0.22) };
    const said = sentence(membership(coarse, records));
    expect(said).toContain('while wrongly accusing 1 % of others; guessing finds 1 %. That is said of 1 %');
    expect(said).toContain(why);
    expect(said).toContain('it takes 10,000 or more to measure there.');
  });

  it('is said at 1 % where too few records resolve 0.1 %, whatever was found there', () => {
    const lucky = { ...fine, 'tprAtFpr0.001': of(0.5, 0.4, 0.6) };
    expect(sentence(membership(lucky, 500))).toContain('finds 8 % [7, 9] of your training records while');
    expect(sentence(membership(lucky, 10_000))).toContain('while wrongly accusing 0.1 % of others; guessing');
  });

  it('is said at the rate of the best lower end, not of the best value', () => {
    const uncertain = { ...fine, 'tprAtFpr0.001': of(0.042, 0.005, 0.2) };
    expect(sentence(membership(uncertain, 10_000))).toContain(
      'while wrongly accusing 1 % of others; guessing',
    );
  });

  it('is said by AUC where only that tells anything, with the tail after it', () => {
    const average = { 'tprAtFpr0.01': of(0.01, 0.006, 0.016), auc: of(0.63, 0.61, 0.65) };
    expect(sentence(membership(average, 2000))).toMatch(
      /ranks a training record above another in 63 % \[61, 65\] of the cases \(AUC\); guessing does in 50 %\. The same attacker finds 1 % \[0\.6, 1\.6\] .* while wrongly accusing 1 %/,
    );
  });
});
