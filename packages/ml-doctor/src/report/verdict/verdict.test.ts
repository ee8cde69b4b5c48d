/** The verdict against a table of cases, and as a property: more leak never reads as less. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Metric } from '../schema.ts';
import { levelRank, membershipVerdict } from './verdict.ts';

const ENOUGH = { members: 2500, nonMembers: 2500 };

function metric(low: number, value: number, high: number): Metric {
  return { value, low, high, method: 'given' };
}

const NULL_AUC = metric(0.48, 0.5, 0.52);
const NULL_TAIL = metric(0.004, 0.01, 0.018);

describe('membershipVerdict', () => {
  it.each([
    ['nothing above chance', NULL_AUC, NULL_TAIL, 'none-found'],
    ['an AUC interval that touches chance', metric(0.5, 0.52, 0.54), NULL_TAIL, 'none-found'],
    ['an AUC just above chance', metric(0.501, 0.52, 0.54), NULL_TAIL, 'low'],
    ['a high AUC that the sample does not support', metric(0.49, 0.7, 0.9), NULL_TAIL, 'inconclusive'],
    ['a tail whose upper end is moderate', NULL_AUC, metric(0.004, 0.012, 0.03), 'inconclusive'],
    ['the field trial: AUC .58, weak tail', metric(0.56, 0.58, 0.6), metric(0.007, 0.013, 0.02), 'low'],
    ['a mean AUC that hides a bad tail', metric(0.56, 0.58, 0.6), metric(0.1, 0.12, 0.14), 'high'],
    ['a tail exactly at chance', NULL_AUC, metric(0.01, 0.015, 0.02), 'none-found'],
    ['a tail just above chance', NULL_AUC, metric(0.0101, 0.015, 0.02), 'low'],
    ['a tail at 3 times chance', NULL_AUC, metric(0.03, 0.05, 0.07), 'moderate'],
    ['a tail just under 3 times chance', NULL_AUC, metric(0.0299, 0.05, 0.07), 'low'],
    ['a tail with a bad value but a poor lower bound', NULL_AUC, metric(0.011, 0.2, 0.4), 'low'],
    ['AUC alone, however high', metric(0.97, 0.98, 0.99), NULL_TAIL, 'moderate'],
    ['AUC at .6', metric(0.6, 0.62, 0.64), NULL_TAIL, 'moderate'],
  ])('%s', (_, auc, tail, level) => {
    expect(membershipVerdict({ auc, 'tprAtFpr0.01': tail }, ENOUGH).level).toBe(level);
  });

  it.each([
    [0.5, 'none-found'],
    [0.51, 'low'],
    [0.6, 'moderate'],
    [0.8, 'high'],
  ])('a balanced accuracy of at least %f is %s', (low, level) => {
    const metrics = {
      auc: NULL_AUC,
      'tprAtFpr0.01': NULL_TAIL,
      balancedAccuracy: metric(low, low, Math.max(0.55, low)),
    };
    expect(membershipVerdict(metrics, ENOUGH).level).toBe(level);
  });

  it('grades a finer tail too, and words it when it is the worse one', () => {
    const metrics = { auc: NULL_AUC, 'tprAtFpr0.01': NULL_TAIL, 'tprAtFpr0.001': metric(0.012, 0.02, 0.03) };
    const verdict = membershipVerdict(metrics, ENOUGH);
    expect(verdict.level).toBe('high');
    expect(verdict.sentence).toContain(
      'one false accusation per 1,000 outsiders correctly names 2 % (1.2 % to 3 %)',
    );
  });

  it('does not count hindsight or unbounded metrics as evidence', () => {
    const metrics = {
      auc: NULL_AUC,
      'tprAtFpr0.01': NULL_TAIL,
      bestBalancedAccuracy: metric(0.9, 0.95, 0.99),
      balancedAccuracy: { value: 0.55, low: null, high: 0.58, method: 'none' },
    };
    expect(membershipVerdict(metrics, ENOUGH).level).toBe('none-found');
  });

  it('says what an attacker gains, in numbers', () => {
    const { sentence } = membershipVerdict(
      { auc: metric(0.56, 0.58, 0.6), 'tprAtFpr0.01': metric(0.05, 0.08, 0.12) },
      ENOUGH,
    );
    expect(sentence).toContain(
      'An attacker who accepts one false accusation per 100 outsiders correctly names 8 % (5 % to 12 %) of the ' +
        'training records; guessing would name 1 %.',
    );
    expect(sentence).toContain('in 58 % (56 % to 60 %) of the cases; guessing: 50 % (AUC).');
  });

  it('says so when the sample cannot resolve the tail, and does not grade by it', () => {
    const few = { members: 50, nonMembers: 50 };
    const { level, sentence, advice } = membershipVerdict(
      { auc: NULL_AUC, 'tprAtFpr0.01': metric(0.4, 0.6, 0.8) },
      few,
    );
    expect(level).toBe('inconclusive');
    expect(sentence).toContain(
      'At 1 %, 50 non-members allow 0 false accusations: too few to measure by; take 1,000 or more.',
    );
    expect(sentence).not.toContain('correctly names');
    expect(advice[0]).toContain('more non-members');
  });

  it.each([
    [999, true],
    [1000, false],
  ])('with %i non-members, calls the sample small: %s', (nonMembers, small) => {
    const { sentence } = membershipVerdict(
      { auc: NULL_AUC, 'tprAtFpr0.01': NULL_TAIL },
      { members: 9, nonMembers },
    );
    expect(sentence.includes('too few to measure by')).toBe(small);
  });

  it('resolves a rate from exactly one expected false positive on', () => {
    const metrics = { auc: NULL_AUC, 'tprAtFpr0.01': metric(0.2, 0.3, 0.4) };
    expect(membershipVerdict(metrics, { members: 100, nonMembers: 100 }).level).toBe('high');
    expect(membershipVerdict(metrics, { members: 100, nonMembers: 99 }).level).toBe('inconclusive');
  });

  it('never calls a model clean without having looked at the tail', () => {
    const { level, sentence } = membershipVerdict({ auc: NULL_AUC }, ENOUGH);
    expect(level).toBe('inconclusive');
    expect(sentence).toContain('was not measured');
  });

  it('does not call "none found" safe', () => {
    const { sentence } = membershipVerdict({ auc: NULL_AUC, 'tprAtFpr0.01': NULL_TAIL }, ENOUGH);
    expect(sentence).toContain('not proof of safety');
  });

  it('points out an attack that ranks the wrong way round', () => {
    const { sentence } = membershipVerdict(
      { auc: metric(0.4, 0.42, 0.45), 'tprAtFpr0.01': NULL_TAIL },
      ENOUGH,
    );
    expect(sentence).toContain('wrong way round');
  });

  it('never falls when every bound rises', () => {
    const share = fc.double({ min: 0, max: 1, noNaN: true });
    // Skewed to small values, where the tail's limits lie.
    const small = share.map((x) => x ** 4);
    const interval = (part: fc.Arbitrary<number>) =>
      fc.tuple(part, part, part).map((t) => t.sort((a, b) => a - b));
    const leak = fc.record({
      auc: interval(share),
      balancedAccuracy: interval(share),
      'tprAtFpr0.01': interval(small),
      'tprAtFpr0.001': interval(small),
    });
    const sizes = fc.integer({ min: 10, max: 5000 });
    const names = ['auc', 'balancedAccuracy', 'tprAtFpr0.01', 'tprAtFpr0.001'] as const;
    fc.assert(
      fc.property(leak, leak, sizes, fc.subarray([...names], { minLength: 1 }), (a, b, n, used) => {
        const build = (pick: (i: number, name: (typeof names)[number]) => number) =>
          Object.fromEntries(used.map((name) => [name, metric(pick(0, name), pick(1, name), pick(2, name))]));
        const records = { members: n, nonMembers: n };
        const less = membershipVerdict(
          build((i, name) => Math.min(a[name][i]!, b[name][i]!)),
          records,
        );
        const more = membershipVerdict(
          build((i, name) => Math.max(a[name][i]!, b[name][i]!)),
          records,
        );
        expect(levelRank(more.level)).toBeGreaterThanOrEqual(levelRank(less.level));
      }),
      { numRuns: 2000 },
    );
  });
});
