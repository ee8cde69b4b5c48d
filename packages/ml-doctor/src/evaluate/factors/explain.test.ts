/** Planted relations are found and told from those that members and non-members share. */

import { stream } from 'onnx-grad';
import { describe, expect, it } from 'vitest';
import { normalQuantile } from '../../stats/normal.ts';
import { classGaps } from './class-gap.ts';
import { explainExposure } from './explain.ts';
import { mostExposedOf, topFrom } from './most-exposed-share.ts';
import { groupsOf, placementCorrelation, tenthsOf } from './placement.ts';

const SIZE = 1200;
const truth = Uint8Array.from({ length: SIZE }, (_, i) => i % 2);
const normal = (seed: number, what: string) =>
  stream(seed, 'explain test', what)
    .uniform(new Float64Array(SIZE))
    .map((u) => normalQuantile(Math.min(1 - 1e-12, Math.max(1e-12, u))));

const explainers = (scores: Float64Array, factors: Readonly<Record<string, Float64Array>>) =>
  explainExposure({ scores, truth, factors })!
    .factors.filter(({ explains }) => explains !== undefined)
    .map(({ name, explains }) => `${name} ${explains}`);

describe('what explains exposure', () => {
  const outlier = normal(1, 'outlier');
  const size = normal(1, 'size');
  const copies = normal(1, 'copies').map((z) => (z > 1.5 ? 1 : 0));
  const noise = normal(1, 'noise');
  const factors = { outlier, size, copies };

  it('is being an outlier of a model that memorises outliers only', () => {
    const scores = noise.map((z, i) => z + (truth[i] === 1 && outlier[i]! > 1.28 ? 3 : 0));
    expect(explainers(scores, factors)).toEqual(['outlier more']);
    const found = explainExposure({ scores, truth, factors })!;
    const { top, lowest, highest } = found.factors[0]!;
    expect(found.mostExposed?.members).toBe(20);
    expect(top!.exposed).toBeGreaterThan(15);
    expect(top!.lift.low).toBeGreaterThan(3);
    expect(lowest!.high).toBeLessThan(0.7);
    expect(highest!.low).toBeGreaterThan(0.9);
  });

  it('is having fewer where less of a factor exposes', () => {
    const scores = noise.map((z, i) => z + (truth[i] === 1 ? 0.8 - size[i]! : 0));
    expect(explainers(scores, factors)).toEqual(['size less']);
  });

  it('is being copied, though no non-member has copies', () => {
    const own = copies.map((copy, i) => (truth[i] === 1 ? copy : 0));
    const scores = noise.map((z, i) => z + 2.5 * own[i]!);
    expect(explainers(scores, { ...factors, copies: own })).toEqual(['copies more']);
  });

  it('is nothing where a factor moves the scores of everybody', () => {
    const scores = noise.map((z, i) => z + 2 * outlier[i]! + 0.5 * truth[i]!);
    expect(explainers(scores, factors)).toEqual([]);
    const [first] = explainExposure({ scores, truth, factors })!.factors;
    expect(first!.members!.low).toBeGreaterThan(0.7);
    expect(first!.nonMembers!.low).toBeGreaterThan(0.7);
    expect(first!.exposure!.low).toBeLessThan(0);
    expect(first!.exposure!.high).toBeGreaterThan(0);
  });

  it('is seldom anything where there is nothing', () => {
    let found = 0;
    for (let seed = 0; seed < 12; seed++) if (explainers(normal(seed, 'null'), factors).length > 0) found++;
    // P(Bin(12, .05) > 3) is .002.
    expect(found).toBeLessThanOrEqual(3);
  });

  it('says nothing of a factor that does not vary, nor of few records', () => {
    const flat = new Float64Array(SIZE).fill(3);
    const { factors: found } = explainExposure({ scores: noise, truth, factors: { flat } })!;
    expect(found).toEqual([{ name: 'flat' }]);
    const few = { scores: noise.subarray(0, 150), truth: truth.subarray(0, 150), factors: {} };
    expect(explainExposure(few)).toBeUndefined();
  });

  it('counts classes, not records, where a factor is the same for a class', () => {
    const labels = Int32Array.from({ length: SIZE }, (_, i) => (i >> 1) % 10);
    // Classes leak unlike each other, in little order (rank correlation .24): 10 classes show nothing, 1,200 records would.
    const leaks = [1, 0, 2, 0.5, 1.5, 0, 2, 1, 0.5, 2];
    const byClass = Float64Array.from(labels, (label) => label);
    const scores = (leak: (label: number) => number) => noise.map((z, i) => z + truth[i]! * leak(labels[i]!));
    const named = (leak: (label: number) => number) =>
      explainExposure({
        ...{ scores: scores(leak), truth, factors: { byClass } },
        ofClass: { labels, names: ['byClass'] },
      })!.factors[0]!.explains;
    expect(named((label) => leaks[label]!)).toBeUndefined();
    expect(
      explainers(
        scores((label) => leaks[label]!),
        { byClass },
      ),
    ).toEqual(['byClass more']);
    expect(named((label) => label / 3)).toBe('more');
  });

  it('leaves out records of which a factor is not known', () => {
    const half = outlier.map((z, i) => (i % 4 < 2 ? Number.NaN : z));
    const scores = noise.map((z, i) => (i % 4 < 2 ? 100 * outlier[i]! : z));
    expect(explainers(scores, { half })).toEqual([]);
  });
});

describe('the correlation with placement', () => {
  it('is that of brute force', () => {
    const factor = normal(3, 'factor').map((z) => Math.round(2 * z));
    const scores = normal(3, 'score').map((z) => Math.round(3 * z));
    const tenths = tenthsOf(factor, truth);
    const found = placementCorrelation(scores, groupsOf(scores, truth, tenths))!;
    const members = [...truth.keys()].filter((i) => truth[i] === 1);
    const placement = members.map((i) => {
      const controls = [...truth.keys()].filter(
        (j) => truth[j] === 0 && tenths.controls[tenths.of[i]!]!.includes(tenths.of[j]!),
      );
      const below = controls.filter((j) => scores[j]! < scores[i]!).length;
      return (below + controls.filter((j) => scores[j] === scores[i]).length / 2) / controls.length;
    });
    const group = members.map((i) => {
      const lower = members.filter((j) => tenths.of[j]! < tenths.of[i]!).length;
      return lower + members.filter((j) => tenths.of[j] === tenths.of[i]).length / 2;
    });
    const mean = (of: readonly number[]) => of.reduce((a, b) => a + b, 0) / of.length;
    const [x, y] = [group.map((one) => one - mean(group)), placement.map((one) => one - mean(placement))];
    const sum = (a: readonly number[], b: readonly number[]) =>
      a.reduce((all, one, i) => all + one * b[i]!, 0);
    expect(found.metric.value).toBeCloseTo(sum(x, y) / Math.sqrt(sum(x, x) * sum(y, y)), 10);
  });

  it('has the standard error of a jackknife', () => {
    const factor = normal(4, 'factor').map((z) => Math.round(z));
    const scores = normal(4, 'score').map((z, i) => z + truth[i]! * (0.5 + 0.3 * factor[i]!));
    const size = 300;
    const parts = <T extends Float64Array | Uint8Array>(of: T) => of.slice(0, size) as T;
    const [own, s] = [parts(truth), parts(scores)];
    const tenths = tenthsOf(parts(factor), own);
    const groups = groupsOf(s, own, tenths);
    const found = placementCorrelation(s, groups)!;
    const without = (left: number) => ({
      members: groups.members.map((group) => group.filter((i) => i !== left)),
      controls: groups.controls.map((group) => group.filter((i) => i !== left)),
    });
    const values = Array.from({ length: size }, (_, i) => placementCorrelation(s, without(i))!.metric.value);
    const variance = [0, 1].reduce((total, kind) => {
      const left = values.filter((_, i) => own[i] === kind);
      const mean = left.reduce((a, b) => a + b, 0) / left.length;
      return total + (left.reduce((a, b) => a + (b - mean) ** 2, 0) * (left.length - 1)) / left.length;
    }, 0);
    const { value, high } = found.metric;
    const error = ((Math.atanh(high) - Math.atanh(value)) / 1.959963984540054) * (1 - value ** 2);
    expect(error / Math.sqrt(variance)).toBeGreaterThan(0.93);
    expect(error / Math.sqrt(variance)).toBeLessThan(1.07);
  });
});

describe('the most exposed', () => {
  it('are 20 at least, with ties, or nobody', () => {
    const scores = Float64Array.from({ length: 400 }, (_, i) => i);
    const all = new Uint8Array(400).fill(1);
    expect(mostExposedOf(scores, all)).toEqual({ threshold: 380, members: 20, nonMembers: 0 });
    expect(
      mostExposedOf(
        scores.map((s) => Math.floor(s / 30)),
        all,
      )?.members,
    ).toBe(40);
    expect(
      mostExposedOf(
        scores.map((s) => Math.floor(s / 100)),
        all,
      ),
    ).toBeUndefined();
  });

  it('and the top of a factor is a tenth at most, unless more have the most', () => {
    const values = Float64Array.from({ length: 50 }, (_, i) => i);
    expect(topFrom(values)).toBe(45);
    expect(topFrom(values.map((v) => (v > 30 ? 1 : 0)))).toBe(1);
    expect(topFrom(values.map((v) => (v > 47 ? 2 : v > 30 ? 1 : 0)))).toBe(2);
    expect(topFrom(values.map((v) => (v > 10 ? 1 : 0)))).toBeUndefined();
  });
});

describe('gaps of classes', () => {
  const labels = Int32Array.from({ length: 4000 }, (_, i) => (i >> 1) % 2);
  const own = Uint8Array.from({ length: 4000 }, (_, i) => i % 2);
  it('are train less test accuracy', () => {
    const right = Uint8Array.from(labels, (label, i) => (own[i] === 1 || label === 0 ? 1 : 0));
    const gaps = classGaps({ labels, truth: own, right }, 0);
    for (const [i, gap] of gaps.entries()) expect(gap).toBe(labels[i]);
  });

  it('owe nothing to the record itself', () => {
    const right = Uint8Array.from(stream(1, 'right').integers(new Uint32Array(4000), 2));
    const before = classGaps({ labels, truth: own, right }, 0);
    right[17] = 1 - right[17]!;
    const after = classGaps({ labels, truth: own, right }, 0);
    expect(after[17]).toBe(before[17]);
    expect([...after.keys()].some((i) => labels[i] === labels[17] && after[i] !== before[i])).toBe(true);
  });

  it('are not told of classes of few records', () => {
    const rare = labels.map((label, i) => (i < 12 ? 2 : label));
    expect(classGaps({ labels: rare, truth: own, right: own }, 0)[3]).toBeNaN();
  });
});
