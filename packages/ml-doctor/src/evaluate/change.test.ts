/** The change of a membership attack, held against resamples done by hand, DeLong's method, planted and null changes. */
import fc from 'fast-check';
import { stream } from 'onnx-grad';
import { describe, expect, it } from 'vitest';
import { auc } from '../stats/auc.ts';
import { aucDifference } from '../stats/auc-difference.ts';
import type { Metric } from '../stats/metric.ts';
import { RESAMPLES, unseenShare } from '../stats/paired-bootstrap.ts';
import { groupScores } from '../stats/roc.ts';
import { operatingPoint } from '../stats/tpr-at-fpr.ts';
import { changeInMembership } from './change.ts';

interface Drawn {
  readonly ids: Uint32Array;
  readonly members: Set<number>;
  readonly truth: Uint8Array;
  /** Before and after. */
  readonly scores: readonly [Float64Array, Float64Array];
}

/** Gaussian scores; what a record has of its own, both score sets have. `leaks`: by how much members lie higher. */
function drawn(seed: number, records: number, leaks: readonly [number, number], common = 0.8): Drawn {
  const ids = Uint32Array.from({ length: 2 * records }, (_, i) => 3 * i + 1);
  const truth = Uint8Array.from(ids, (_, i) => i % 2);
  const normal = (name: string) =>
    Float64Array.from(stream(seed, 'change test', name).normal(new Float32Array(2 * records)));
  const shared = normal('shared');
  const scores = ['before', 'after'].map((name, k) => {
    const own = normal(name);
    return shared.map((x, i) => common * x + Math.sqrt(1 - common ** 2) * own[i]! + leaks[k]! * truth[i]!);
  }) as unknown as readonly [Float64Array, Float64Array];
  return { ids, truth, scores, members: new Set(ids.filter((_, i) => truth[i] === 1)) };
}

const changeOf = (
  { ids, members, scores }: Drawn,
  thresholds: readonly (number | undefined)[] = [0.5, 0.5],
) =>
  changeInMembership(
    ...(scores.map((each, k) => ({
      ids,
      scores: each,
      ...(thresholds[k] !== undefined && { threshold: thresholds[k] }),
    })) as [never, never]),
    members,
    7,
  );

/** The same figures of records that are repeated in full, by the functions that measure a single attack. */
function byHand(scores: readonly Float64Array[], truth: readonly number[], thresholds: readonly number[]) {
  const figures = scores.map((each, k) => {
    const groups = groupScores(each, truth);
    const called = (group: Float64Array) =>
      group.filter((score) => score >= thresholds[k]!).length / group.length;
    return {
      auc: auc(groups),
      balancedAccuracy: (called(groups.positives) + 1 - called(groups.negatives)) / 2,
      'tprAtFpr0.01': operatingPoint(groups, 0.01).truePositives / groups.positives.length,
    };
  });
  const [before, after] = figures as [(typeof figures)[0], (typeof figures)[0]];
  return (['auc', 'balancedAccuracy', 'tprAtFpr0.01'] as const).map((name) => after[name] - before[name]);
}

describe('changeInMembership', () => {
  it('has the percentiles of resamples done by hand, both score sets of a resample from the same records', () => {
    const small = drawn(3, 60, [1, 0.3]);
    // Rounded, so that there are ties; many non-members would be too slow by hand.
    const scores = small.scores.map((each) => each.map((x) => Math.round(4 * x) / 4)) as never;
    const found = changeOf({ ...small, scores }, [0.5, 0.25]);
    const order = [1, 0].flatMap((kind) =>
      Array.from(small.truth.keys()).filter((i) => small.truth[i] === kind),
    );
    const at = (places: readonly number[]) =>
      byHand(
        [0, 1].map((k) => Float64Array.from(places, (i) => (scores as Float64Array[])[k]![i]!)),
        places.map((i) => small.truth[i]!),
        [0.5, 0.25],
      );
    const own = at(order);
    const resampled: number[][] = [[], []];
    const streams = [0, 1].map((g) => stream(7, 'paired bootstrap', g));
    for (let b = 0; b < RESAMPLES; b++) {
      const places = streams.flatMap((each, g) =>
        Array.from(each.integers(new Uint32Array(60), 60, b * 60), (i) => order[60 * g + i]!),
      );
      at(places)
        .slice(0, 2)
        .forEach((value, f) => {
          resampled[f]!.push(value);
        });
    }
    for (const [f, name] of (['auc', 'balancedAccuracy'] as const).entries()) {
      const sorted = resampled[f]!.sort((x, y) => x - y);
      const metric = found.metrics[name] as Metric;
      const floor = unseenShare(60) / (name === 'auc' ? 1 : 2);
      expect(metric.value).toBeCloseTo(own[f]!, 12);
      expect(metric.low).toBeCloseTo(Math.min(sorted[25]!, metric.value - floor), 12);
      expect(metric.high).toBeCloseTo(Math.max(sorted[974]!, metric.value + floor), 12);
      expect(metric.method).toContain('paired bootstrap');
    }
    expect(found.records).toEqual({ members: 60, nonMembers: 60 });
  });

  it('measures the tail by the rule of a single attack, for every multiset of scores', () => {
    const score = fc.integer({ min: 0, max: 6 });
    const size = { minLength: 1000, maxLength: 1000 };
    fc.assert(
      fc.property(fc.array(score, size), fc.array(score, size), fc.array(score, size), (a, b, c) => {
        const ids = Uint32Array.from({ length: 1020 }, (_, i) => i);
        const truth = Array.from(ids, (i) => Number(i < 20));
        const scores = [Float64Array.of(...a, ...c.slice(0, 20)), Float64Array.of(...b, ...c.slice(20, 40))];
        const { metrics } = changeInMembership(
          { ids, scores: scores[0]! },
          { ids, scores: scores[1]! },
          new Set(ids.slice(0, 20)),
          1,
        );
        expect(metrics['tprAtFpr0.01']!.value).toBeCloseTo(byHand(scores, truth, [0, 0])[2]!, 12);
      }),
      { numRuns: 3 },
    );
  });

  it('is exactly 0 for equal scores, with an interval as narrow as the records allow', () => {
    const same = drawn(1, 1000, [0.8, 0.8], 1);
    const { metrics } = changeOf({ ...same, scores: [same.scores[0], same.scores[0]] });
    expect(Object.keys(metrics).sort()).toEqual(['auc', 'balancedAccuracy', 'tprAtFpr0.01']);
    for (const { value, low, high } of Object.values(metrics)) {
      expect(value).toBe(0);
      expect(high).toBeLessThan(0.004);
      expect(low).toBeCloseTo(-high, 12);
    }
    expect(metrics.auc!.high).toBeCloseTo(1 - 0.025 ** (1 / 1000), 6);
  });

  it('agrees with DeLong about AUCs', () => {
    const { scores, truth, ...rest } = drawn(4, 800, [0.9, 0.6]);
    const { difference } = aucDifference(scores[1], scores[0], truth);
    const found = changeOf({ ...rest, truth, scores }).metrics.auc!;
    expect(found.value).toBeCloseTo(difference.value, 12);
    const width = difference.high - difference.low;
    expect(Math.abs(found.low - difference.low)).toBeLessThan(0.1 * width);
    expect(Math.abs(found.high - difference.high)).toBeLessThan(0.1 * width);
  });

  it('finds what a defence takes away, where two single intervals would not show it', () => {
    const planted = changeOf(drawn(5, 1000, [0.6, 0.45], 0.97)).metrics;
    expect(planted.auc!.high).toBeLessThan(0);
    expect(planted.balancedAccuracy!.high).toBeLessThan(0);
    const worse = changeOf(drawn(5, 1000, [0.45, 0.6], 0.97)).metrics;
    expect(worse.auc!.low).toBeGreaterThan(0);
  });

  it('holds 0 in about 95 of 100 pairs of equally leaky models', () => {
    const runs = 24;
    const missed = { auc: 0, balancedAccuracy: 0, 'tprAtFpr0.01': 0 };
    for (let seed = 0; seed < runs; seed++)
      for (const [name, { low, high }] of Object.entries(
        changeOf(drawn(100 + seed, 1000, [0.7, 0.7])).metrics,
      ))
        if (low > 0 || high < 0) missed[name as keyof typeof missed]++;
    // P(more than 6 of 24 at 5 %) is under .001.
    for (const count of Object.values(missed)) expect(count).toBeLessThanOrEqual(6);
    expect(missed.auc + missed.balancedAccuracy + missed['tprAtFpr0.01']).toBeGreaterThan(0);
  });

  it('leaves out what needs a threshold without one, and the tail where it cannot be resampled', () => {
    expect(Object.keys(changeOf(drawn(1, 999, [1, 0]), [0.5]).metrics)).toEqual(['auc']);
    expect(Object.keys(changeOf(drawn(1, 1000, [1, 0]), [undefined, 0]).metrics)).toEqual([
      'auc',
      'tprAtFpr0.01',
    ]);
  });

  it('takes the records that both have, in any order', () => {
    const { ids, scores, members } = drawn(6, 120, [1, 0.5]);
    const whole = (from: number, to: number, k: 0 | 1) => ({
      ids: ids.slice(from, to),
      scores: scores[k].slice(from, to),
      threshold: 0,
    });
    const apart = changeInMembership(whole(0, 200, 0), whole(40, 240, 1), members, 7);
    const common = changeInMembership(whole(40, 200, 0), whole(40, 200, 1), members, 7);
    expect(apart).toEqual(common);
    expect(apart.records).toEqual({ members: 80, nonMembers: 80 });
    const backwards = {
      ids: ids.slice(40, 200).reverse(),
      scores: scores[1].slice(40, 200).reverse(),
      threshold: 0,
    };
    expect(changeInMembership(whole(40, 200, 0), backwards, members, 7)).toEqual(common);
  });

  it('refuses fewer than two records of a group', () => {
    const { ids, scores, members } = drawn(6, 10, [1, 0]);
    const part = (from: number, to: number) => ({
      ids: ids.slice(from, to),
      scores: scores[0].slice(from, to),
    });
    expect(() => changeInMembership(part(0, 10), part(7, 20), members, 0)).toThrow(
      expect.objectContaining({
        code: 'MLD_ARTIFACT',
        message: 'membership scores: 2 members and 1 non-members were scored with and without the defence',
      }),
    );
    expect(() => changeInMembership(part(0, 10), part(6, 20), members, 0)).not.toThrow();
  });
});
