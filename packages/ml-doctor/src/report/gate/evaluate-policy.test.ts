/** What the gate says of reports that break one rule each. */

import { describe, expect, it } from 'vitest';
import { DAY, judge, limit, NOW, sample, spoilt, withMetric } from '../../../test/gate/judge.ts';
import type { Draft } from '../../../test/report/sample-report.ts';
import type { Level, Report } from '../schema.ts';
import { compareVersions } from './facts.ts';
import { COUNTS_AS, type Limit, type Policy, VERDICT_LIMITS } from './policy.ts';

describe('a limit', () => {
  const report = withMetric('auc', 0.6, 0.5, 0.7);
  it.each<[Partial<Limit>, boolean]>([
    [{ max: 0.7 }, true],
    [{ max: 0.699 }, false],
    [{ max: 0.6, bound: 'value' }, true],
    [{ max: 0.599, bound: 'value' }, false],
    [{ max: 0.5, bound: 'low' }, true],
    [{ max: 0.499, bound: 'low' }, false],
    [{ min: 0.5 }, true],
    [{ min: 0.501 }, false],
    [{ min: 0.7, bound: 'high' }, true],
    [{ min: 0.5, max: 0.7 }, true],
    [{ min: 0.5, max: 0.65 }, false],
    [{ min: 0.55, max: 0.7 }, false],
  ])('of %j on .6 [.5, .7] is kept: %j', (rest, passes) => {
    expect(judge(limit(rest), { report }).passes).toBe(passes);
  });

  it('tells figure, end of the interval and limit', () => {
    expect(judge(limit({ max: 0.65 }), { report }).checks).toEqual([
      {
        rule: 'limits',
        path: ['limits', 0],
        subject: 'membership/loss-threshold, auc',
        ok: false,
        found: '0.7, the upper end (value 0.6)',
        wanted: 'at most 0.65',
      },
    ]);
  });

  it('counts every attack that it is about', () => {
    const { checks, passes } = judge(limit({ max: 0.59 }));
    expect(checks.map(({ subject, ok }) => [subject, ok])).toEqual([
      ['membership/loss-threshold, auc', true],
      ['membership/shadow-classifier, auc', false],
    ]);
    expect(passes).toBe(false);
  });

  it('counts one attack once for each seed', () => {
    const twice = spoilt(({ results }) => {
      const again = structuredClone(results[0]!);
      results[1] = { ...again, id: again.id.replace(/#.*/, '#abcd'), seed: 7 };
      results[1].metrics.auc = { value: 0.9, low: 0.89, high: 0.91, method: 'exact' };
    });
    const { checks } = judge(limit({ max: 0.6 }), { report: twice });
    expect(checks.map(({ subject, ok }) => [subject, ok])).toEqual([
      ['membership/loss-threshold, seed 0, auc', true],
      ['membership/loss-threshold, seed 7, auc', false],
    ]);
  });

  it.each<[string, Partial<Limit>, string]>([
    ['an attack', { attack: 'membership/lira' }, 'membership/loss-threshold'],
    ['a family', { attack: 'stealing/*' }, 'the report has none'],
    ['an attacker', { access: 'white-box' }, 'none'],
    ['a metric', { metric: 'tprAtFpr0.001' }, 'not measured'],
  ])('on %s that the report lacks is a no, and says so', (_, rest, says) => {
    const { passes, checks } = judge(limit({ max: 1, ...rest }));
    expect(passes).toBe(false);
    expect(checks[0]!.found).toContain(says);
    expect(checks[0]!.hint).toMatch(/\w/);
  });

  it('on a metric that some lack passes these over when told so, but not all', () => {
    const report = spoilt(({ results }) => {
      delete results[0]!.metrics.auc;
    });
    expect(judge(limit({ max: 1 }), { report }).passes).toBe(false);
    expect(judge(limit({ max: 1, missing: 'allow' }), { report }).passes).toBe(true);
    delete report.results[1]!.metrics.auc;
    expect(judge(limit({ max: 1, missing: 'allow' }), { report }).passes).toBe(false);
  });

  it('on an end that is not bounded is a no', () => {
    const open = withMetric('epsilonLowerBound', 1, 1, null);
    const rest = { metric: 'epsilonLowerBound', max: 2 };
    const { passes, checks } = judge(limit(rest), { report: open });
    expect([passes, checks[0]!.hint]).toEqual([false, expect.stringContaining('bound: value')]);
    expect(judge(limit({ ...rest, bound: 'value' }), { report: open }).passes).toBe(true);
  });

  it('takes only attackers who fit', () => {
    const { checks } = judge(
      limit({ max: 1, auxiliary: 'shadow', access: 'black-box', output: 'posteriors' }),
    );
    expect(checks.map(({ subject }) => subject)).toEqual(['membership/shadow-classifier, auc']);
  });

  it('of a family takes no other that begins alike', () => {
    const report = spoilt(({ results }) => {
      results[0]!.attack = 'membership-like/x';
    });
    expect(judge(limit({ max: 1 }), { report }).checks).toHaveLength(1);
    expect(judge(limit({ max: 1, attack: '*' }), { report }).checks).toHaveLength(2);
    expect(judge(limit({ max: 1, attack: 'membership/shadow' }), { report }).passes).toBe(false);
  });
});

describe('a verdict', () => {
  const ofLevel = (level: Level, reason?: 'shifted-split'): Draft =>
    spoilt(({ results }) => {
      results.length = 1;
      Object.assign(results[0]!.verdict, { level, ...(reason && { reason }) });
    });
  const passesAt = (most: 'none-found' | 'low' | 'moderate', report: Draft, rules: Partial<Policy> = {}) =>
    judge({ verdicts: { membership: most }, ...rules }, { report }).passes;

  it.each<[Level, boolean[]]>([
    ['none-found', [true, true, true]],
    ['low', [false, true, true]],
    ['inconclusive', [false, false, true]],
    ['moderate', [false, false, true]],
    ['high', [false, false, false]],
  ])('%s against none-found, low and moderate: %j', (level, expected) => {
    expect(VERDICT_LIMITS.map((most) => passesAt(most, ofLevel(level)))).toEqual(expected);
  });

  it('inconclusive counts as the policy says, a shifted split never as less than moderate', () => {
    const few = ofLevel('inconclusive');
    const shifted = ofLevel('inconclusive', 'shifted-split');
    expect(COUNTS_AS.map((inconclusive) => passesAt('low', few, { inconclusive }))).toEqual([
      true,
      true,
      false,
      false,
    ]);
    expect(COUNTS_AS.map((inconclusive) => passesAt('low', shifted, { inconclusive }))).toEqual([
      false,
      false,
      false,
      false,
    ]);
    expect(COUNTS_AS.map((inconclusive) => passesAt('moderate', shifted, { inconclusive }))).toEqual([
      true,
      true,
      true,
      false,
    ]);
  });

  it('of a family without attacks is a no', () => {
    expect(judge({ verdicts: { stealing: 'moderate' } }).passes).toBe(false);
  });

  it('counts every attack, not the first alone', () => {
    const report = spoilt(({ results }) => {
      results[0]!.verdict.level = 'none-found';
      results[1]!.verdict.level = 'high';
    });
    const { checks } = judge({ verdicts: { membership: 'low' } }, { report });
    expect(checks.map(({ ok }) => ok)).toEqual([true, false]);
  });
});

describe('what is required', () => {
  const hole = {
    task: 'attack membership/lira on x',
    code: 'MLD_TASK_FAILED',
    message: 'out of memory',
    hint: '',
    blocked: [],
  };

  it('is there, or the reason why not', () => {
    expect(judge({ required: [{ attack: 'membership/loss-threshold' }] }).passes).toBe(true);
    expect(
      judge({ required: [{ attack: 'membership/loss-threshold', auxiliary: 'shadow' }] }).checks[0],
    ).toMatchObject({
      ok: false,
      found: 'the report has it with black-box, none, posteriors only',
    });
    const report = spoilt(({ holes }) => holes.push(hole));
    const required = [{ attack: 'membership/lira' }];
    expect(judge({ required, holes: 'allow' }, { report }).checks[0]).toMatchObject({
      ok: false,
      found: expect.stringContaining('out of memory'),
    });
  });

  it('is also that nothing failed, unless the policy allows it', () => {
    const report = spoilt(({ holes }) => holes.push(hole));
    expect(judge(limit({ max: 1 }), { report }).passes).toBe(false);
    const allowed = judge({ ...limit({ max: 1 }), holes: 'allow' }, { report });
    expect([allowed.passes, allowed.notes]).toEqual([true, [expect.stringContaining('membership/lira')]]);
  });

  it.each<[string, number, boolean]>([
    ['as old as is allowed', 30 * DAY, true],
    ['a second older', 30 * DAY + 1000, false],
    ['of a clock that is ahead', -DAY / 25, true],
    ['of tomorrow', -DAY, false],
  ])('of age: a report %s', (_, age, passes) => {
    const maximumAge = { seconds: (30 * DAY) / 1000, written: '30d' };
    expect(judge({ maximumAge }, { now: NOW + age }).passes).toBe(passes);
    expect(judge({ maximumAge }, { now: NOW + age, run: undefined }).passes).toBe(false);
  });

  it.each([
    ['0.1.0', true],
    ['0.0.9', true],
    ['0.1.1', false],
    ['0.1.0-rc.1', true],
    ['1.0.0', false],
  ])('of the tool: 0.1.0 where %s is the least', (min, passes) => {
    expect(judge({ tool: { min } }).passes).toBe(passes);
  });

  it('of the target: each pin', () => {
    const { data } = sample();
    const target = { name: 'SimpleCNN', classes: 10, data: data.contentHash };
    expect(judge({ target }).passes).toBe(true);
    for (const wrong of [{ name: 'simplecnn' }, { classes: 100 }, { data: '0'.repeat(64) }])
      expect(judge({ target: { ...target, ...wrong } }).checks.filter(({ ok }) => !ok)).toHaveLength(1);
  });

  it('of the model file: by its hash, and a report that has none says no', () => {
    const sha256 = 'ab'.repeat(32);
    const report = sample();
    const ofFile: Report = { ...report, target: { ...report.target, sha256 } };
    expect(judge({ target: { sha256 } }, { report: ofFile })).toMatchObject({ passes: true });
    const other = judge({ target: { sha256: 'ba'.repeat(32) } }, { report: ofFile });
    expect(other.checks.filter(({ ok }) => !ok)).toMatchObject([
      { path: ['target', 'sha256'], found: sha256, wanted: 'ba'.repeat(32) },
    ]);
    const unknown = judge({ target: { sha256 } });
    expect(unknown.passes).toBe(false);
    expect(unknown.checks).toMatchObject([{ ok: false, found: 'unknown: the report has none' }]);
  });
});

it('orders versions as Semantic Versioning 2.0.0 does in its section 11', () => {
  const ascending = [
    ...['1.0.0-alpha', '1.0.0-alpha.1', '1.0.0-alpha.beta', '1.0.0-beta', '1.0.0-beta.2', '1.0.0-beta.11'],
    ...['1.0.0-rc.1', '1.0.0', '1.0.10', '1.2.0', '1.10.0', '2.0.0'],
  ];
  for (const [i, a] of ascending.entries())
    for (const [j, b] of ascending.entries())
      expect(Math.sign(compareVersions(a, b)!)).toBe(Math.sign(i - j));
  expect(compareVersions('1.0.0+a', '1.0.0+b')).toBe(0);
  expect(compareVersions('1.0', '1.0.0')).toBeUndefined();
});
