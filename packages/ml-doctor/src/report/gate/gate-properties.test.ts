/** Comparison with a baseline, and what holds for every policy. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DAY, judge, limit, NOW, OF_FOUR, sample, spoilt, withMetric } from '../../../test/gate/judge.ts';
import { policyWith } from '../../../test/gate/sample-policy.ts';
import { sampleRun } from '../../../test/report/sample-report.ts';
import type { Level } from '../schema.ts';
import { isWorse } from './baseline.ts';
import { evaluatePolicy } from './evaluate-policy.ts';
import { COMPARED, METRIC_NAMES } from './metric-names.ts';
import { COUNTS_AS, type Policy, VERDICT_LIMITS } from './policy.ts';

describe('a baseline', () => {
  const rule = { allowIncrease: 0, significant: true };
  const at = (value: number, margin: number) => withMetric('auc', value, value - margin, value + margin);

  it.each<[string, Partial<typeof rule>, number, number, boolean]>([
    ['apart', {}, 0.7, 0.04, false],
    ['that touch', {}, 0.7, 0.05, true],
    ['apart, within the allowance', { allowIncrease: 0.1 }, 0.7, 0.01, true],
    ['apart, beyond the allowance', { allowIncrease: 0.09 }, 0.7, 0.01, false],
    ['that overlap, where the value counts', { significant: false }, 0.61, 0.05, false],
    ['that overlap, within the allowance', { significant: false, allowIncrease: 0.01 }, 0.61, 0.05, true],
    ['that fell', { significant: false }, 0.5, 0.01, true],
  ])('of .6 with intervals %s', (_, change, value, margin, passes) => {
    const evidence = { report: at(value, margin), baseline: at(0.6, margin) };
    expect(judge({ baseline: { ...rule, ...change } }, evidence).passes).toBe(passes);
  });

  it('knows errors that are worse when they fall, and figures without an end', () => {
    const metric = (value: number, low: number | null, high: number | null) => ({
      value,
      low,
      high,
      method: '',
    });
    expect(isWorse(rule, 'mse', metric(0.1, 0.09, 0.11), metric(0.3, 0.29, 0.31))).toBe(true);
    expect(isWorse(rule, 'mse', metric(0.3, 0.29, 0.31), metric(0.1, 0.09, 0.11))).toBe(false);
    expect(isWorse(rule, 'mse', metric(0.1, 0.05, 0.3), metric(0.3, 0.29, 0.31))).toBe(false);
    expect(isWorse(rule, 'epsilonLowerBound', metric(2, 2, null), metric(1, 1, null))).toBe(true);
    expect(isWorse(rule, 'auc', metric(0.7, null, null), metric(0.6, null, null))).toBe(true);
  });

  it('misses attacks and figures that are left out', () => {
    const report = spoilt(({ results }) => results.splice(0, 1));
    expect(judge({ baseline: rule }, { report, baseline: sample() }).checks[0]).toMatchObject({
      subject: 'membership/loss-threshold',
      ok: false,
    });
    const without = spoilt(({ results }) => {
      delete results[0]!.metrics.auc;
    });
    const { checks } = judge({ baseline: rule }, { report: without, baseline: sample() });
    expect(checks.filter(({ ok }) => !ok).map(({ subject }) => subject)).toEqual([
      'membership/loss-threshold, auc',
    ]);
  });

  it('misses an attack that is left out for one of its threat models only', () => {
    const weaker = spoilt(({ results }) => {
      const [first] = results;
      results.push({
        ...structuredClone(first!),
        id: `${first!.id}-weaker`,
        threatModel: { ...first!.threatModel, output: 'label' },
      });
    });
    const { checks, passes } = judge({ baseline: rule }, { report: sample(), baseline: weaker });
    expect([passes, checks.filter(({ ok }) => !ok).length]).toEqual([false, 1]);
  });

  it('with nothing to compare is a no', () => {
    const empty = spoilt(({ results }) => results.splice(0));
    expect(judge({ baseline: rule }, { report: sample(), baseline: empty }).passes).toBe(false);
    const baseline = { ...rule, metrics: ['agreement'] };
    expect(judge({ baseline }, { baseline: sample() }).passes).toBe(false);
  });

  it('pairs attacks whatever the seed and the defence, and tells what differs', () => {
    const report = spoilt((draft) => {
      draft.seed = 9;
      draft.data.contentHash = 'f'.repeat(64);
      draft.target.name = 'resnet-18';
      for (const result of draft.results) {
        result.seed = 9;
        result.defense = { name: 'l2', params: { lambda: 1 } };
        result.id = result.id.replace(/#.*/, '#0123');
      }
    });
    const { checks, notes, passes } = judge({ baseline: rule }, { report, baseline: sample() });
    expect([checks.length, passes]).toEqual([6, true]);
    for (const said of [
      'another seed: 0, now 9',
      'another data',
      'SimpleCNN, now resnet-18',
      'another defence',
    ])
      expect(notes.join('\n')).toContain(said);
    expect(judge({ baseline: rule }, { baseline: sample() }).notes).toEqual([]);
  });

  it('passes when a report is compared with itself, by any figures and with any allowance', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.boolean(),
        fc.option(fc.subarray([...COMPARED], { minLength: 1 }), { nil: undefined }),
        (allowIncrease, significant, metrics) => {
          const report = structuredClone(OF_FOUR);
          // A figure that this report has, so that there is something to compare.
          const baseline = { allowIncrease, significant, ...(metrics && { metrics: [...metrics, 'auc'] }) };
          expect(judge({ baseline }, { report, baseline: report })).toMatchObject({
            passes: true,
            notes: [],
          });
        },
      ),
      { numRuns: 30 },
    );
  });
});

describe('the gate as a whole', () => {
  const share = fc.double({ min: 0, max: 1, noNaN: true });
  const limits = fc.array(
    fc.record({
      attack: fc.constantFrom('*', 'membership/*', 'membership/loss-threshold', 'stealing/*'),
      metric: fc.constantFrom('auc', 'tprAtFpr0.01', 'agreement'),
      bound: fc.constantFrom('value', 'low', 'high', undefined),
      max: share,
      min: share,
      missing: fc.constantFrom('refuse', 'allow'),
    }),
    { maxLength: 3 },
  );
  const policy = fc.record({
    limits,
    verdicts: fc.record(
      { membership: fc.constantFrom(...VERDICT_LIMITS), stealing: fc.constantFrom(...VERDICT_LIMITS) },
      { requiredKeys: [] },
    ),
    inconclusive: fc.constantFrom(...COUNTS_AS),
    holes: fc.constantFrom('refuse', 'allow'),
    age: fc.integer({ min: 1, max: 60 }),
    allowIncrease: share,
    significant: fc.boolean(),
  });
  const complete = ({
    age,
    allowIncrease,
    significant,
    ...rest
  }: typeof policy extends fc.Arbitrary<infer T> ? T : never) =>
    policyWith({
      ...(rest as Partial<Policy>),
      maximumAge: { seconds: (age * DAY) / 1000, written: `${age}d` },
      baseline: { allowIncrease, significant },
    });

  it('is monotone: to tighten anything never turns a no into a yes', () => {
    fc.assert(
      fc.property(
        policy,
        fc.record({ part: fc.nat(), by: fc.double({ min: 0, max: 0.5, noNaN: true }) }),
        fc.record({ auc: share, width: share, days: fc.nat(60), hole: fc.boolean() }),
        fc.constantFrom<Level>('none-found', 'inconclusive', 'low', 'moderate', 'high'),
        (loose, { part, by }, { auc, width, days, hole }, level) => {
          const report = spoilt(({ results, holes }) => {
            const [low, high] = [Math.max(0, auc - width / 2), Math.min(1, auc + width / 2)];
            results[0]!.metrics.auc = { value: auc, low, high, method: 'exact' };
            results[0]!.verdict.level = level;
            if (hole) holes.push({ task: 't', code: 'c', message: 'm', hint: '', blocked: [] });
          });
          const evidence = { report, run: sampleRun(), baseline: sample(), now: NOW + days * DAY };
          const before = complete(loose);
          const stricter: ((from: Policy) => Policy)[] = [
            (from) => ({ ...from, limits: from.limits.map((one) => ({ ...one, max: one.max! - by })) }),
            (from) => ({ ...from, limits: from.limits.map((one) => ({ ...one, min: one.min! + by })) }),
            (from) => ({ ...from, limits: from.limits.map(({ bound: _, ...one }) => one) }),
            (from) => ({ ...from, limits: from.limits.map((one) => ({ ...one, missing: 'refuse' })) }),
            (from) => ({ ...from, ...{ limits: [...from.limits, ...limit({ max: by }).limits] } }),
            (from) => ({ ...from, verdicts: { ...from.verdicts, membership: 'none-found' } }),
            (from) => ({ ...from, inconclusive: 'high' }),
            (from) => ({ ...from, holes: 'refuse' }),
            (from) => ({
              ...from,
              maximumAge: { seconds: from.maximumAge!.seconds * (1 - by), written: '' },
            }),
            (from) => ({
              ...from,
              baseline: { ...from.baseline!, allowIncrease: from.baseline!.allowIncrease * by },
            }),
            (from) => ({ ...from, baseline: { ...from.baseline!, significant: false } }),
            (from) => ({ ...from, required: [...from.required, { attack: 'membership/loss-threshold' }] }),
          ];
          const after = stricter[part % stricter.length]!(before);
          const [loosely, strictly] = [before, after].map((one) => evaluatePolicy(one, evidence));
          if (!loosely!.passes) expect(strictly!.passes).toBe(false);
        },
      ),
      { numRuns: 150 },
    );
  });

  it('can say both: the property above is not about a gate that always says no', () => {
    const evidence = { report: sample(), run: sampleRun(), baseline: sample(), now: NOW };
    const rules = {
      ...limit({ max: 0.62 }),
      verdicts: { membership: 'low' },
      baseline: { allowIncrease: 0, significant: false },
    } as const;
    expect(evaluatePolicy(policyWith(rules), evidence).passes).toBe(true);
    expect(evaluatePolicy(policyWith({ ...rules, ...limit({ max: 0.6 }) }), evidence).passes).toBe(false);
  });

  it('takes limits on any metric there is', () => {
    for (const metric of METRIC_NAMES) {
      const report = withMetric(metric, 0.5, 0.4, 0.6);
      expect(judge(limit({ metric, max: 0.6 }), { report }).passes).toBe(true);
      expect(judge(limit({ metric, max: 0.59 }), { report }).passes).toBe(false);
    }
  });

  it('tells warnings of the report', () => {
    const report = spoilt(({ target }) => {
      target.warnings = ['shadow models are much worse'];
    });
    expect(judge(limit({ max: 1 }), { report }).notes).toEqual([expect.stringContaining('much worse')]);
  });
});
