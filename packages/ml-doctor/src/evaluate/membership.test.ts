import { stream } from 'onnx-grad';
import { describe, expect, it } from 'vitest';
import { normalCdf, normalQuantile } from '../stats/normal.ts';
import { evaluateMembership, type MembershipArtifact } from './membership.ts';

const ids = (count: number) => Array.from({ length: count }, (_, i) => i);
const members = (count: number, total: number) =>
  Uint8Array.from({ length: total }, (_, i) => (i < count ? 1 : 0));

/** Members first; their scores are normal around `shift`, the others' around 0. */
function gaussian(seed: number, perGroup: number, shift: number, threshold?: number) {
  const noise = stream(seed, 'evaluate-test').normal(new Float32Array(2 * perGroup));
  const artifact: MembershipArtifact = {
    ids: ids(2 * perGroup),
    scores: Float64Array.from(noise, (v, i) => (i < perGroup ? v + shift : v)),
    ...(threshold !== undefined && { threshold }),
  };
  return evaluateMembership(artifact, members(perGroup, 2 * perGroup));
}

describe('evaluateMembership', () => {
  it('counts ties half: equal scores give AUC .5 wherever the members stand', () => {
    const first = members(300, 1000);
    const shuffled = stream(1, 'order').permutation(1000);
    for (const truth of [first, first.toReversed(), Uint8Array.from(shuffled, (i) => first[i]!)]) {
      const artifact = { ids: ids(1000), scores: new Float64Array(1000).fill(0.25), threshold: 0.25 };
      const { metrics, curves, notes } = evaluateMembership(artifact, truth);
      expect(metrics.auc.value).toBe(0.5);
      expect(metrics.auc.low).toBeLessThan(0.5);
      expect(metrics.auc.high).toBeGreaterThan(0.5);
      expect(metrics.balancedAccuracy!.value).toBe(0.5);
      expect(metrics.bestBalancedAccuracy.value).toBe(0.5);
      expect(metrics['tprAtFpr0.01'].value).toBe(0);
      expect(curves.roc).toEqual({ fpr: [0, 1], tpr: [0, 1] });
      expect(notes.join()).toContain('All scores are equal');
    }
  });

  it('gives the same result in any order of records with some equal scores', () => {
    const scores = Float64Array.from({ length: 60 }, (_, i) => (i * 7) % 5);
    const truth = members(25, 60);
    const expected = evaluateMembership({ ids: ids(60), scores, threshold: 3 }, truth);
    for (let seed = 0; seed < 20; seed++) {
      const order = stream(seed, 'order').permutation(60);
      const artifact = { ids: order, scores: Float64Array.from(order, (i) => scores[i]!), threshold: 3 };
      expect(
        evaluateMembership(
          artifact,
          Uint8Array.from(order, (i) => truth[i]!),
        ),
      ).toEqual(expected);
    }
  });

  it('finds a planted leak complete', () => {
    const scores = Float64Array.from({ length: 4000 }, (_, i) => (i < 2000 ? 5 + (i % 7) : i % 5));
    const { metrics, curves, notes } = evaluateMembership(
      { ids: ids(4000), scores, threshold: 5 },
      members(2000, 4000),
    );
    for (const [name, metric] of Object.entries(metrics)) {
      expect([name, metric.value, metric.high]).toEqual([name, 1, 1]);
    }
    expect(metrics.auc.low).toBeGreaterThan(0.998);
    expect(metrics['tprAtFpr0.01'].low).toBeGreaterThan(0.99);
    expect(metrics['tprAtFpr0.001'].low).toBe(0);
    expect(metrics['tprAtFpr0.0001'].low).toBe(0);
    expect(curves.roc).toEqual({ fpr: [0, 0, 1], tpr: [0, 1, 1] });
    expect(notes).toHaveLength(1);
  });

  it('covers the closed forms of Gaussian scores, over 20 attacks', () => {
    const [shift, threshold] = [1.2, 0.8];
    const tpr = normalCdf(shift - threshold);
    const fpr = normalCdf(-threshold);
    const expected = {
      auc: normalCdf(shift / Math.SQRT2),
      bestBalancedAccuracy: normalCdf(shift / 2),
      balancedAccuracy: (tpr + 1 - fpr) / 2,
      accuracy: (tpr + 1 - fpr) / 2,
      recall: tpr,
      precision: tpr / (tpr + fpr),
      f1: (2 * tpr) / (tpr + fpr + 1),
      'tprAtFpr0.01': normalCdf(shift + normalQuantile(0.01)),
      'tprAtFpr0.001': normalCdf(shift + normalQuantile(0.001)),
    };
    const evaluations = Array.from({ length: 20 }, (_, seed) => gaussian(seed, 10_000, shift, threshold));
    for (const [name, truth] of Object.entries(expected)) {
      const metrics = evaluations.map((evaluation) => evaluation.metrics[name as keyof typeof expected]!);
      // At 5 % each, 6 or more of 20 have a probability of 3e-4.
      expect(metrics.filter((m) => m.low > truth || m.high < truth).length, name).toBeLessThan(6);
      const mean = metrics.reduce((sum, m) => sum + m.value, 0) / metrics.length;
      expect(Math.abs(mean - truth), name).toBeLessThan(0.004);
      for (const { low, high } of metrics) expect(high - low, name).toBeLessThan(0.06);
    }
    for (const { notes } of evaluations) {
      expect(notes).toEqual([expect.stringContaining('the false-positive rate 0.0001 (100000 are needed')]);
    }
  });

  it('finds nothing where there is nothing, over 100 null attacks', () => {
    const expected = {
      auc: 0.5,
      balancedAccuracy: 0.5,
      precision: 0.5,
      bestBalancedAccuracy: 0.5,
      'tprAtFpr0.01': 0.01,
      'tprAtFpr0.001': 0.001,
      'tprAtFpr0.0001': 0.0001,
    };
    const missed = new Map(Object.keys(expected).map((name) => [name, 0]));
    for (let seed = 0; seed < 100; seed++) {
      const { metrics } = gaussian(seed, 400, 0, 0.5);
      expect(Math.abs(metrics.auc.value - 0.5)).toBeLessThan(0.11);
      for (const [name, truth] of Object.entries(expected)) {
        const { low, high } = metrics[name as keyof typeof expected]!;
        if (low > truth || high < truth) missed.set(name, missed.get(name)! + 1);
      }
    }
    // At 5 % each, 15 or more of 100 have a probability of 1e-4.
    for (const [name, count] of missed) expect(count, name).toBeLessThan(15);
  });

  it('leaves out what needs a threshold the attack does not have', () => {
    const { metrics, notes } = gaussian(1, 50, 1);
    expect(Object.keys(metrics).sort()).toEqual([
      'auc',
      'bestBalancedAccuracy',
      'tprAtFpr0.0001',
      'tprAtFpr0.001',
      'tprAtFpr0.01',
    ]);
    expect(notes.join()).toContain('only ranks');
  });

  it('leaves out precision when nobody is called a member', () => {
    const { metrics, notes } = gaussian(1, 50, 1, Infinity);
    expect(metrics.precision).toBeUndefined();
    expect(metrics.recall).toMatchObject({ value: 0, low: 0 });
    expect(metrics.f1!.value).toBe(0);
    expect(notes.join()).toContain('precision is undefined');
  });

  it('says in one note which rates the sample cannot resolve', () => {
    const noted = (perGroup: number) => gaussian(1, perGroup, 1, 0).notes;
    expect(noted(999)).toEqual([
      '999 non-members cannot resolve the false-positive rates 0.01, 0.001 and 0.0001 (1000, 10000 and 100000 are ' +
        'needed, for 10 false alarms): read the figures there by the intervals only.',
    ]);
    expect(noted(1000)[0]).toContain('rates 0.001 and 0.0001 (10000 and 100000 are');
    expect(noted(10_000)[0]).toMatch(
      /rate 0\.0001 \(100000 are .* read the figure there by the interval only/,
    );
    expect(noted(100_000)).toEqual([]);
  });

  it('says when the scores look reversed', () => {
    expect(gaussian(1, 500, -1, 0).notes.join()).toContain('reversed');
    expect(gaussian(1, 500, 0, 0).notes.join()).not.toContain('reversed');
  });

  it.each<[string, Partial<MembershipArtifact>, number[], RegExp]>([
    [
      'a score that is no number',
      { scores: Float64Array.of(1, NaN, 3) },
      [1, 0, 1],
      /score of record b is NaN/,
    ],
    ['an infinite score', { scores: Float64Array.of(1, 2, -Infinity) }, [1, 0, 1], /record c is -Infinity/],
    ['a record that occurs twice', { ids: ['a', 'b', 'a'] }, [1, 0, 1], /record a occurs twice/],
    ['a missing truth', {}, [1, 0], /3 ids, 3 scores and 2 truths/],
    ['a truth that is neither', {}, [1, 0, 2], /truth of record c is 2/],
    ['no non-members', {}, [1, 1, 1], /3 members and 0 non-members/],
    ['no members', {}, [0, 0, 0], /0 members and 3 non-members/],
    ['a threshold that is no number', { threshold: NaN }, [1, 0, 1], /threshold is NaN/],
  ])('refuses %s', (_, change, truth, message) => {
    const artifact: MembershipArtifact = {
      ids: ['a', 'b', 'c'],
      scores: Float64Array.of(1, 2, 3),
      ...change,
    };
    expect(() => evaluateMembership(artifact, truth)).toThrow(message);
    expect(() => evaluateMembership(artifact, truth)).toThrow(
      expect.objectContaining({ code: 'MLD_ARTIFACT' }),
    );
  });
});
