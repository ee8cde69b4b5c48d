/** Reconstructions of people, of classes and of nothing are told apart, by bounds and not by point values. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Metric, Result } from '../schema.ts';
import { inversionVerdict, shiftedInversion } from './inversion.ts';
import { levelRank } from './verdict.ts';

const metric = (low: number | null, value: number, high: number | null): Metric => ({
  value,
  low,
  high,
  method: 'simulated',
});
const p = (value: number) => metric(null, value, null);
const RECORDS = { members: 2500, nonMembers: 2500 };

/** Reconstructions that a good judge recognises no better than by guessing, and that are near nobody. */
const NOTHING = {
  judgeAccuracy: metric(0.05, 0.1, 0.16),
  judgeOwnAccuracy: metric(0.9, 0.91, 0.92),
  memberCloser: metric(0.4, 0.5, 0.6),
  memberCloserFeatures: metric(0.41, 0.51, 0.61),
  memberCloserP: p(0.5),
  memberCloserFeaturesP: p(0.4),
};
const CLASS = { ...NOTHING, judgeAccuracy: metric(0.7, 0.8, 0.9) };
/** A member nearest more often than not, by both measures. */
const NEAR = { memberCloser: metric(0.51, 0.6, 0.7), memberCloserFeatures: metric(0.51, 0.6, 0.7) };

const gains = (of: Readonly<Record<string, Metric>>): Result['baselines'] =>
  Object.entries(of).map(([name, judgeAccuracyGain]) => ({ name, metrics: { judgeAccuracyGain } }));
const FROM_START = { 'unoptimised start': metric(0.5, 0.6, 0.7) };
const NO_GAIN = { 'unoptimised start': metric(-0.05, 0, 0.06) };
const OWN_DATA = {
  'class mean of auxiliary data': metric(0.02, 0.1, 0.18),
  'best auxiliary record': metric(-0.1, -0.02, 0.06),
};

const verdictOf = (metrics: Result['metrics'], of: Readonly<Record<string, Metric>>, asked = 10) =>
  inversionVerdict(metrics, gains(of), RECORDS, { classes: 10, asked, attacks: 1 });

describe('inversionVerdict', () => {
  it.each<[number, number, string]>([
    // Holm at .05 over two: the lesser one must reach .025.
    [0.024, 0.9, 'moderate'],
    [0.9, 0.024, 'moderate'],
    [0.026, 0.9, 'low'],
    [0.03, 0.03, 'low'],
  ])('with p-values %f and %f is %s', (memberCloserP, memberCloserFeaturesP, level) => {
    const metrics = {
      ...{ ...CLASS, ...NEAR },
      memberCloserP: p(memberCloserP),
      memberCloserFeaturesP: p(memberCloserFeaturesP),
    };
    expect(verdictOf(metrics, FROM_START).level).toBe(level);
  });

  it('asks as much more of every test as there are attacks', () => {
    const { memberCloserFeaturesP: _, ...one } = { ...CLASS, ...NEAR };
    const level = (value: number, attacks: number) =>
      inversionVerdict({ ...one, memberCloserP: p(value) }, gains(FROM_START), RECORDS, {
        ...{ classes: 10, asked: 10, attacks },
      }).level;
    expect([level(0.012, 4), level(0.013, 4), level(0.012, 5)]).toEqual(['moderate', 'low', 'low']);
  });

  it('is slight where members are closer, but nearest to no more than half', () => {
    const metrics = { ...NOTHING, memberCloserP: p(0.001) };
    const { level, sentence } = verdictOf(metrics, NO_GAIN);
    expect(level).toBe('low');
    expect(sentence).toMatch(/^Reconstructions lie slightly closer to training records than chance explains/);
    expect(sentence).not.toContain('shows training records');
  });

  it('of one class asked for goes by the gain over the start, and never says that nothing shows', () => {
    const certain = { ...CLASS, judgeAccuracy: metric(0.996, 1, 1) };
    expect(verdictOf(certain, FROM_START, 1).level).toBe('low');
    const { level, sentence } = verdictOf(certain, NO_GAIN, 1);
    expect(level).toBe('inconclusive');
    expect(sentence).toContain('ask for two classes or more');
    expect(sentence).toContain('chance: 10 %');
    expect(verdictOf(NOTHING, NO_GAIN, 1).level).toBe('inconclusive');
    const guided = { 'unoptimised sample of the guided generator': metric(-0.2, -0.1, 0) };
    expect(verdictOf(certain, guided, 1).level).toBe('inconclusive');
  });

  it('needs no correction for a single test', () => {
    const { memberCloserFeaturesP: _, ...one } = { ...CLASS, ...NEAR };
    expect(verdictOf({ ...one, memberCloserP: p(0.04) }, FROM_START).level).toBe('moderate');
    expect(verdictOf({ ...one, memberCloserP: p(0.06) }, FROM_START).level).toBe('low');
  });

  it.each<[number, number, string]>([
    [0.75, 0.001, 'high'],
    [0.74, 0.001, 'moderate'],
    [0.99, 0.5, 'low'],
  ])('a share of members nearest of at least %f, p %f, is %s', (low, value, level) => {
    const metrics = { ...CLASS, memberCloser: metric(low, 0.995, 1), memberCloserP: p(value) };
    expect(verdictOf(metrics, FROM_START).level).toBe(level);
  });

  it('counts a share only by a measure whose test says so, after Holm', () => {
    const shares = { memberCloserFeatures: metric(0.9, 0.95, 1) };
    const metrics = { ...CLASS, ...NEAR, ...shares, memberCloserP: p(0.001) };
    expect(verdictOf({ ...metrics, memberCloserFeaturesP: p(0.06) }, FROM_START).level).toBe('moderate');
    // The second step of Holm's procedure has .05, not .025.
    expect(verdictOf({ ...metrics, memberCloserFeaturesP: p(0.04) }, FROM_START).level).toBe('high');
  });

  it('of people says that training records show, whatever the judge says', () => {
    const metrics = { ...NOTHING, memberCloser: metric(0.8, 0.9, 0.95), memberCloserP: p(0.0004) };
    const { level, sentence, advice } = verdictOf(metrics, NO_GAIN);
    expect(level).toBe('high');
    expect(sentence).toMatch(/^This attack shows training records: most /);
    expect(sentence).toContain(
      '2,500 members and 2,500 non-members of these classes, reconstructions have a member nearest in 90 % (80 % to 95 %) value by value (p under 0.001)',
    );
    expect(sentence).not.toContain('not the people');
    expect(advice.join()).toContain('DP-SGD');
  });

  it('of a class alone says so in words, and who should worry all the same', () => {
    const { level, sentence, advice } = verdictOf(CLASS, { ...FROM_START, ...OWN_DATA });
    expect(level).toBe('low');
    expect(sentence).toContain('shows the class, not the people');
    expect(sentence).toContain('recognises 80 % (70 % to 90 %) of them as the class asked for; chance: 10 %');
    expect(sentence).toContain('that judge is right in 91 % (90 % to 92 %)');
    expect(sentence).toContain('−2.0 points (−10.0 to +6.0) against the best auxiliary record');
    expect(sentence).toContain('learns nothing new about how the class looks');
    expect(advice[0]).toContain('If a class is one person');
    expect(advice[0]).toContain('treat this as high');
  });

  it('says when the model shows more than data of the same kind', () => {
    const more = { ...OWN_DATA, 'best auxiliary record': metric(0.01, 0.05, 0.1) };
    const { sentence } = verdictOf(CLASS, { ...FROM_START, ...more });
    expect(sentence).toContain('recognised more often than an attacker’s own data of the same kind');
    expect(sentence).not.toContain('nothing new');
  });

  it.each<[string, Result['metrics'], Readonly<Record<string, Metric>>, string]>([
    ['at chance', { ...CLASS, judgeAccuracy: metric(0.1, 0.14, 0.19) }, FROM_START, 'none-found'],
    ['above chance', { ...CLASS, judgeAccuracy: metric(0.11, 0.14, 0.19) }, FROM_START, 'low'],
    ['no better than its start', CLASS, NO_GAIN, 'none-found'],
    ['with little known of its start', CLASS, { 'unoptimised start': metric(0, 0.2, 0.4) }, 'inconclusive'],
    ['with nothing known of its start', CLASS, {}, 'inconclusive'],
    ['of no accuracy', { ...NOTHING, judgeAccuracy: metric(null, 0.9, null) }, FROM_START, 'inconclusive'],
  ])('a class %s', (_, metrics, baselines, level) => {
    expect(verdictOf(metrics, baselines).level).toBe(level);
  });

  it('asks no gain over a start that the target has guided, as that shows the class already', () => {
    const guided = { 'unoptimised sample of the guided generator': metric(-0.2, -0.1, 0) };
    expect(verdictOf(CLASS, guided).level).toBe('low');
    const atChance = { ...CLASS, judgeAccuracy: metric(0.1, 0.14, 0.19) };
    expect(verdictOf(atChance, guided).level).toBe('none-found');
  });

  it('takes one answer for all classes as guessing', () => {
    // Of two classes asked for, one picture for both is right in half of the cases.
    const metrics = { ...CLASS, judgeAccuracy: metric(0.45, 0.5, 0.55) };
    expect(verdictOf(metrics, FROM_START, 2).level).not.toBe('low');
    expect(verdictOf(metrics, FROM_START, 3).level).toBe('low');
    expect(verdictOf(CLASS, FROM_START, 2).sentence).toContain('chance: 50 %');
  });

  it('finds nothing only where the figures leave no room', () => {
    const { level, sentence } = verdictOf(NOTHING, NO_GAIN);
    expect(level).toBe('none-found');
    expect(sentence).toContain('not proof of safety');
    const wideMembers = { ...NOTHING, memberCloser: metric(0.2, 0.5, 0.75) };
    expect(verdictOf(wideMembers, NO_GAIN).level).toBe('inconclusive');
    expect(verdictOf(wideMembers, NO_GAIN).sentence).toContain('too few reconstructions');
    const wideClass = { ...NOTHING, judgeAccuracy: metric(0, 0.2, 0.4) };
    expect(verdictOf(wideClass, {}).level).toBe('inconclusive');
    const { memberCloserP: _, memberCloserFeaturesP: __, ...untested } = NOTHING;
    expect(verdictOf(untested, NO_GAIN).level).toBe('inconclusive');
  });

  it.each([
    [0.32, 'inconclusive'],
    [0.33, 'none-found'],
  ])('believes a judge from a quarter of the way on: %f', (low, level) => {
    const verdict = verdictOf({ ...NOTHING, judgeOwnAccuracy: metric(low, 0.5, 0.6) }, NO_GAIN);
    expect(verdict.level).toBe(level);
    expect(verdict.sentence.includes('judge itself is too poor')).toBe(level === 'inconclusive');
  });

  it('does not call few reconstructions proof of nobody', () => {
    const few = { ...CLASS, memberCloser: metric(0.19, 0.5, 0.81) };
    const { level, sentence } = verdictOf(few, FROM_START);
    expect(level).toBe('low');
    expect(sentence).toContain('shows the class: reconstructions');
    expect(sentence).toContain('no proof that they show nobody: 75 % cannot be ruled out');
    expect(verdictOf(CLASS, FROM_START).sentence).not.toContain('no proof');
  });

  it('says nothing about people where nobody compared them', () => {
    const { judgeAccuracy, judgeOwnAccuracy } = CLASS;
    const { level, sentence } = verdictOf({ judgeAccuracy, judgeOwnAccuracy }, FROM_START);
    expect(level).toBe('low');
    expect(sentence).toContain('was not measured');
    expect(sentence).not.toContain('not the people');
  });

  it('never falls when reconstructions come closer to members', () => {
    const share = fc.double({ min: 0, max: 1, noNaN: true });
    const leak = fc.record({
      values: share,
      features: share,
      p: share.map((x) => x ** 4),
      q: share.map((x) => x ** 4),
    });
    fc.assert(
      fc.property(leak, leak, fc.boolean(), (a, b, recognised) => {
        const build = (pick: (x: number, y: number) => number) => {
          const [values, features] = [pick(a.values, b.values), pick(a.features, b.features)];
          const closer = (x: number) => metric(x, x, Math.max(x, 0.6));
          return {
            ...(recognised ? CLASS : NOTHING),
            memberCloser: closer(values),
            memberCloserFeatures: closer(features),
            memberCloserP: p(1 - pick(1 - a.p, 1 - b.p)),
            memberCloserFeaturesP: p(1 - pick(1 - a.q, 1 - b.q)),
          };
        };
        const less = verdictOf(build(Math.min), FROM_START);
        const more = verdictOf(build(Math.max), FROM_START);
        expect(levelRank(more.level)).toBeGreaterThanOrEqual(levelRank(less.level));
      }),
      { numRuns: 1000 },
    );
  });
});

describe('shiftedInversion', () => {
  const auc = metric(0.85, 0.873, 0.89);
  const people = { memberCloser: metric(0.8, 0.9, 0.95), memberCloserP: p(0.0001) };
  const shifted = (metrics: Result['metrics'], of: Readonly<Record<string, Metric>>) =>
    shiftedInversion(auc, metrics, gains(of), RECORDS, { classes: 10, asked: 10, attacks: 1 });

  it('takes people back', () => {
    const { level, reason, sentence, advice } = shifted({ ...NOTHING, ...people }, NO_GAIN);
    expect([level, reason]).toEqual(['inconclusive', 'shifted-split']);
    expect(sentence).toMatch(/^The split is shifted: without the model, .* in 87\.3 % of the cases/);
    expect(sentence).toMatch(/at face value the figures would read: This attack shows training records/i);
    expect(advice).toEqual([expect.stringContaining('one source at random')]);
  });

  it('keeps what the judge alone decides', () => {
    for (const metrics of [CLASS, { ...CLASS, ...people }]) {
      const { level, reason, sentence, advice } = shifted(metrics, { ...FROM_START, ...OWN_DATA });
      expect([level, reason]).toEqual(['low', undefined]);
      expect(sentence).toContain('shows what the classes look like');
      expect(sentence).toContain('The split is shifted');
      expect(sentence).not.toMatch(/not the people|shows training records/);
      expect(advice.join()).toContain('one source at random');
      expect(advice.join()).toContain('one person');
    }
  });

  it('gives no clean bill', () => {
    expect(shifted(NOTHING, NO_GAIN)).toMatchObject({ level: 'inconclusive', reason: 'shifted-split' });
  });
});
