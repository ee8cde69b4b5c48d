import fc from 'fast-check';
import { stream } from 'onnx-grad';
import { describe, expect, it } from 'vitest';
import { type MadeOptions, madeEvidence } from '../../../test/evaluate/inversion-evidence.ts';
import { clopperPearson } from '../../stats/binomial.ts';
import { ssim } from '../../stats/ssim.ts';
import { evaluateInversion, type InversionEvaluation } from './evaluate-inversion.ts';
import type { InversionEvidence, RealRecords } from './evidence.ts';

const evaluated = (options?: MadeOptions) => evaluateInversion(madeEvidence(options));

type Rows = { readonly [name: string]: Float32Array | Float64Array | Int32Array | Uint32Array };

/** The same rows in another order, or some of them. */
function reordered<T extends object>(rows: T, order: ArrayLike<number>, count: number): T {
  const entries = Object.entries(rows as unknown as Rows).map(([name, values]) => {
    const width = values.length / count;
    const out = new (values.constructor as Float32ArrayConstructor)(order.length * width);
    for (let i = 0; i < order.length; i++)
      out.set(values.subarray(order[i]! * width, (order[i]! + 1) * width), i * width);
    return [name, out];
  });
  return Object.fromEntries(entries) as T;
}

const records = (all: RealRecords, seed: number) =>
  reordered(all, stream(seed, 'order').permutation(all.ids.length), all.ids.length);

/** Distances by the definition, smallest first, with ids. */
function neighbours(
  evidence: InversionEvidence,
  place: number,
  of: RealRecords,
  space: 'values' | 'features',
) {
  const { reconstructions } = evidence;
  const width = reconstructions[space].length / reconstructions.wanted.length;
  return Array.from(of.ids, (id, row) => {
    let sum = 0;
    for (let i = 0; i < width; i++)
      sum += (reconstructions[space][place * width + i]! - of[space][row * width + i]!) ** 2;
    return { id, row, distance: Math.sqrt(space === 'values' ? sum / width : sum), label: of.labels[row]! };
  })
    .filter(({ label }) => label === reconstructions.wanted[place])
    .sort((a, b) => a.distance - b.distance);
}

const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;

describe('evaluateInversion', () => {
  it('compares with the records of the wanted class, by brute force', () => {
    const evidence = madeEvidence({ recordShape: [1, 3, 4], perClass: 2 });
    const { metrics, rows, gallery } = evaluateInversion(evidence);
    const { reconstructions, members, nonMembers } = evidence;
    const means = rows.map((row, place) => {
      const own = Array.from(members.labels).flatMap((label, i) => (label === row.class ? [i] : []));
      const square = (of: 'values' | 'normalised') =>
        mean(
          Array.from({ length: 12 }, (_, i) => {
            const centre = mean(own.map((r) => members[of][r * 12 + i]!));
            return (reconstructions[of][place * 12 + i]! - centre) ** 2;
          }),
        );
      const picture = (all: Float32Array, r: number) => all.subarray(r * 12, r * 12 + 12);
      const centre = Array.from({ length: 12 }, (_, i) => mean(own.map((r) => members.values[r * 12 + i]!)));
      const [m] = neighbours(evidence, place, members, 'values');
      const [n] = neighbours(evidence, place, nonMembers, 'values');
      expect([row.nearestMember, row.nearestNonMember]).toEqual([m!.id, n!.id]);
      const at = (all: Float32Array, r: number) =>
        ssim(picture(reconstructions.values, place), picture(all, r), [1, 3, 4]);
      return {
        mse: square('values'),
        mseNormalised: square('normalised'),
        ssimClassMean: ssim(picture(reconstructions.values, place), centre, [1, 3, 4]),
        ssimNearestMember: at(members.values, m!.row),
        ssimNearestNonMember: at(nonMembers.values, n!.row),
        nearestMemberDistance: m!.distance,
        nearestNonMemberDistance: n!.distance,
        nearestMemberFeatureDistance: neighbours(evidence, place, members, 'features')[0]!.distance,
        nearestNonMemberFeatureDistance: neighbours(evidence, place, nonMembers, 'features')[0]!.distance,
        closer: m!.distance < n!.distance ? 1 : 0,
      };
    });
    for (const name of Object.keys(rows[0]!.figures) as (keyof (typeof rows)[0]['figures'])[]) {
      expect(metrics[name]!.value).toBeCloseTo(mean(means.map((each) => each[name])), 6);
      rows.forEach((row, place) => {
        expect(row.figures[name]).toBeCloseTo(means[place]![name], 6);
      });
    }
    expect(Object.keys(rows[0]!.figures)).toHaveLength(9);
    expect(metrics.memberCloser!.value).toBeCloseTo(mean(means.map(({ closer }) => closer)), 12);
    for (const item of gallery) {
      const own = Array.from(reconstructions.wanted).flatMap((label, i) => (label === item.class ? [i] : []));
      expect(Math.max(...own.map((i) => reconstructions.confidence[i]!))).toBe(
        reconstructions.confidence[item.shown],
      );
      expect([item.member, item.nonMember]).toEqual([
        rows[item.shown]!.nearestMember,
        rows[item.shown]!.nearestNonMember,
      ]);
      expect(item.metrics).toMatchObject(rows[item.shown]!.figures);
    }
  });

  it('scores the judge: accuracy, top five, gain over baselines, and the judge itself', () => {
    const evidence = madeEvidence({ classes: 7, perClass: 2, kind: 'centre' });
    const { wanted } = evidence.reconstructions;
    const judged = Float32Array.from({ length: wanted.length * 7 }, (_, i) => {
      const [place, c] = [Math.floor(i / 7), i % 7];
      // The wanted class first for half of the places, fourth for a quarter, last for the others.
      const rank = place % 2 === 0 ? 0 : place % 4 === 1 ? 3.5 : 9;
      return c === wanted[place] ? -rank : -((c - wanted[place]! + 7) % 7);
    });
    const values = evidence.reconstructions.values.map((v, i) => v + i / 1e4);
    const { metrics, baselines } = evaluateInversion({
      ...evidence,
      reconstructions: { ...evidence.reconstructions, values, judged },
    });
    expect(metrics.judgeAccuracy).toMatchObject({ value: 0.5, ...clopperPearson(7, 14) });
    expect(metrics.judgeTop5Accuracy!.value).toBeCloseTo(11 / 14, 12);
    expect(metrics.judgeOwnAccuracy).toMatchObject({ value: 0.9, ...clopperPearson(90, 100) });
    const confidence = mean([...evidence.reconstructions.confidence]);
    expect(metrics.targetConfidence.value).toBeCloseTo(confidence, 12);
    const [zero, classMean] = baselines.map((baseline) => baseline.metrics);
    // The judge names one class for the one picture of all.
    expect(zero!.judgeAccuracy).toMatchObject({ value: expect.closeTo(1 / 7, 12), ...clopperPearson(1, 7) });
    expect(zero!.judgeAccuracyGain!.value).toBeCloseTo(0.5 - 1 / 7, 12);
    expect(classMean!.judgeAccuracyGain!.value).toBeCloseTo(-0.5, 12);
    expect(classMean!.judgeAccuracyGain!.high).toBeLessThan(0);
    expect(zero!.diversity!.value).toBe(0);
    expect(evaluated({ classes: 5 }).metrics.judgeTop5Accuracy).toBeUndefined();
  });

  it('finds reconstructions of members, in both spaces', () => {
    const { metrics, closeness, baselines } = evaluated({ kind: 'member', classes: 8 });
    expect(closeness).toMatchObject({ closer: true, share: 1, neighbours: 24 });
    expect(closeness!.p).toBeLessThan(0.001);
    expect(metrics.memberCloser!.value).toBe(1);
    expect(metrics.memberCloserFeatures!.value).toBe(1);
    expect(metrics.memberCloserP!.value).toBe(1e-4);
    expect(metrics.memberCloserFeaturesP!.value).toBe(1e-4);
    expect(baselines[1]!.metrics.memberCloser!.high).toBeGreaterThan(0.5);
    expect(baselines[1]!.metrics).not.toHaveProperty('memberCloserP');
  });

  it('finds them in features alone, too', () => {
    const evidence = madeEvidence({ kind: 'member', classes: 8 });
    const fresh = madeEvidence({ kind: 'fresh', classes: 8 }).reconstructions;
    const { values, normalised } = fresh;
    const reconstructions = { ...evidence.reconstructions, values, normalised };
    const { closeness } = evaluateInversion({ ...evidence, reconstructions });
    expect(closeness).toMatchObject({ closer: true, space: 'features', p: expect.closeTo(2e-4, 12) });
  });

  it('takes equal numbers of members and non-members of each class', () => {
    const shares = [0, 1, 2, 3].map((seed) => {
      const { metrics } = evaluated({ seed, classes: 10, perClass: 10, members: 200, nonMembers: 5 });
      return metrics.memberCloser!.value;
    });
    // With all 200 the nearest record would nearly always be a member.
    for (const share of shares) expect(share).toBeLessThan(0.8);
    expect(mean(shares)).toBeGreaterThan(0.3);
    expect(mean(shares)).toBeLessThan(0.7);
  });

  it('measures diversity: none where all pictures are alike, 1 where they are the class means', () => {
    const evidence = madeEvidence({ perClass: 1 });
    const { members, reconstructions } = evidence;
    const means = Float32Array.from({ length: 6 * 16 }, (_, i) =>
      mean(
        Array.from({ length: 20 }, (_, r) => members.values[(Math.floor(i / 16) * 20 + r) * 16 + (i % 16)]!),
      ),
    );
    const of = (values: Float32Array) =>
      evaluateInversion({ ...evidence, reconstructions: { ...reconstructions, values } });
    expect(of(means).metrics.diversity!.value).toBeCloseTo(1, 5);
    const same = of(means.map((_, i) => means[i % 16]! + Math.floor(i / 16) / 1e3));
    expect(same.metrics.diversity!.value).toBeLessThan(0.1);
    expect(same.notes.join()).toContain('Every class gives nearly the same picture');
    expect(of(means).notes.join()).not.toContain('same picture');
    expect(of(means.map((v, i) => 3 * v + 7 * (i % 16))).metrics.diversity!.value).toBeCloseTo(3, 5);
  });

  it('measures diversity over pairs of different classes only', () => {
    const evidence = madeEvidence({ classes: 3, perClass: 2, members: 1, nonMembers: 1 });
    const rms = (values: Float32Array, labels: Int32Array) => {
      const squares: number[] = [];
      labels.forEach((a, i) => {
        labels.forEach((b, j) => {
          if (a === b) return;
          for (let k = 0; k < 16; k++) squares.push((values[16 * i + k]! - values[16 * j + k]!) ** 2);
        });
      });
      return Math.sqrt(mean(squares));
    };
    const { reconstructions, members } = evidence;
    const expected =
      rms(reconstructions.values, reconstructions.wanted) / rms(members.values, members.labels);
    expect(evaluateInversion(evidence).metrics.diversity!.value).toBeCloseTo(expected, 6);
  });

  it('counts a record that many pictures are nearest to once', () => {
    const { reconstructions, ...rest } = madeEvidence({ kind: 'centre' });
    const values = reconstructions.values.map((v, i) => v + i / 1e7);
    const features = reconstructions.features.map((v, i) => v + i / 1e7);
    const result = evaluateInversion({ ...rest, reconstructions: { ...reconstructions, values, features } });
    expect(result.closeness!.neighbours).toBe(6);
    expect(result.metrics.memberCloser!.method).toContain('6 different nearest records');
  });

  it('lets a judge that cannot decide say the first class, in rank and name alike', () => {
    const { reconstructions, ...rest } = madeEvidence({ classes: 7 });
    const judged = reconstructions.judged.map(() => 1);
    const { gallery, rows, metrics } = evaluateInversion({
      ...rest,
      reconstructions: { ...reconstructions, judged },
    });
    expect(gallery.map((item) => item.metrics.judgeAccuracy)).toEqual([1, 0, 0, 0, 0, 0, 0]);
    expect(new Set(rows.map((row) => row.judged))).toEqual(new Set([0]));
    expect(metrics.judgeTop5Accuracy!.value).toBeCloseTo(5 / 7, 12);
  });

  it('gives the same figures in any order of records and reconstructions', () => {
    const figures = ({ metrics, closeness, baselines }: InversionEvaluation) => [
      ...Object.entries({ ...metrics, ...baselines[0]!.metrics }).flatMap(([, m]) => [
        m.value,
        m.low,
        m.high,
      ]),
      closeness!.p,
      closeness!.share,
    ];
    const evidence = madeEvidence({ members: 9, nonMembers: 5, classes: 4 });
    const expected = figures(evaluateInversion(evidence));
    fc.assert(
      fc.property(fc.nat(), (seed) => {
        const { wanted } = evidence.reconstructions;
        const order = stream(seed, 'pictures').permutation(wanted.length);
        const result = evaluateInversion({
          ...evidence,
          members: records(evidence.members, seed),
          nonMembers: records(evidence.nonMembers, seed + 1),
          reconstructions: reordered(evidence.reconstructions, order, wanted.length),
        });
        expect(figures(result)).toEqual(expected.map((value) => expect.closeTo(value, 9)));
      }),
      { numRuns: 8 },
    );
  });

  it('mirrors when members and non-members change places', () => {
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: 3, max: 9 }), fc.integer({ min: 3, max: 9 }), (seed, m, n) => {
        const evidence = madeEvidence({ seed, members: m, nonMembers: n, classes: 4 });
        const a = evaluateInversion(evidence).metrics;
        const swapped = { ...evidence, members: evidence.nonMembers, nonMembers: evidence.members };
        const b = evaluateInversion(swapped).metrics;
        for (const name of ['memberCloser', 'memberCloserFeatures'] as const) {
          expect(b[name]!.value).toBeCloseTo(1 - a[name]!.value, 9);
          expect(b[name]!.low).toBeCloseTo(1 - a[name]!.high, 9);
        }
        expect(b.nearestMemberDistance!.value).toBe(a.nearestNonMemberDistance!.value);
        expect(b.nearestNonMemberFeatureDistance!.value).toBe(a.nearestMemberFeatureDistance!.value);
      }),
      { numRuns: 8 },
    );
  });

  it('counts ties half: binary records with copies on both sides', () => {
    const evidence = madeEvidence({ classes: 3, perClass: 1, members: 2, nonMembers: 2, features: 'binary' });
    const twins = { ...evidence, nonMembers: { ...evidence.members, ids: evidence.nonMembers.ids } };
    const { metrics, closeness } = evaluateInversion(twins);
    expect(metrics.memberCloser!.value).toBe(0.5);
    expect(closeness).toMatchObject({ closer: false, p: 1, share: 0.5 });
    expect(metrics.ssimClassMean).toBeUndefined();
    expect(metrics.nearestMemberDistance!.value).toBe(metrics.nearestNonMemberDistance!.value);
  });

  it('does not take copies of one picture for repeats', () => {
    const once = madeEvidence({ perClass: 1 });
    const order = Array.from({ length: 60 }, (_, i) => Math.floor(i / 10));
    const copied = { ...once, reconstructions: reordered(once.reconstructions, order, 6) };
    const [ten, one] = [copied, once].map(evaluateInversion) as [InversionEvaluation, InversionEvaluation];
    for (const [name, metric] of Object.entries(one.metrics)) {
      const { value, low, high, method } = ten.metrics[name as keyof typeof ten.metrics]!;
      expect([value, low, high]).toEqual(
        [metric.value, metric.low, metric.high].map((v) => expect.closeTo(v, 12)),
      );
      expect(method).toBe(metric.method);
    }
    expect([ten.closeness, ten.notes]).toEqual([one.closeness, one.notes]);
  });
});
