import { stream } from 'onnx-grad';
import { describe, expect, it } from 'vitest';
import { resultSchema } from '../report/schema.ts';
import { evaluateMembership, type MembershipArtifact } from './membership.ts';
import { evaluateSlices } from './slices.ts';

const SIZE = 900;
const values = ['cat', 'dog', 'frog', 'bird'];
const random = stream(4, 'slices-test');
const scores = Float64Array.from(random.normal(new Float32Array(SIZE)));
const of = random.integers(new Uint32Array(SIZE), 3);
const truth = Uint8Array.from(random.integers(new Uint32Array(SIZE), 2, SIZE));
const artifact: MembershipArtifact = { ids: Array.from(scores.keys()), scores, threshold: 0.3 };

describe('evaluateSlices', () => {
  it('gives each group what an evaluation of its records alone gives', () => {
    const { slices } = evaluateSlices(artifact, truth, { by: 'animal', values, of });
    expect(slices.map(({ by, value }) => `${by} ${value}`)).toEqual([
      'animal cat',
      'animal dog',
      'animal frog',
    ]);
    for (const { value, records, metrics } of slices) {
      const at = artifact.ids as number[];
      const own = at.filter((i) => of[i] === values.indexOf(value));
      const alone = evaluateMembership(
        { ids: own, scores: Float64Array.from(own, (i) => scores[i]!), threshold: 0.3 },
        own.map((i) => truth[i]!),
      ).metrics;
      expect(metrics).toEqual({
        auc: alone.auc,
        balancedAccuracy: alone.balancedAccuracy,
        precision: alone.precision,
        recall: alone.recall,
        'tprAtFpr0.01': alone['tprAtFpr0.01'],
      });
      const members = own.filter((i) => truth[i] === 1).length;
      expect(records).toEqual({ members, nonMembers: own.length - members });
    }
  });

  it('finds the one group that leaks', () => {
    const leaking = scores.map((v, i) => (of[i] === 1 && truth[i] === 1 ? v + 3 : v));
    const { slices } = evaluateSlices({ ...artifact, scores: leaking }, truth, { by: 'animal', values, of });
    expect(slices.map(({ metrics }) => metrics.auc.low > 0.9)).toEqual([false, true, false]);
    expect(slices.map(({ metrics }) => metrics['tprAtFpr0.01'].value > 0.3)).toEqual([false, true, false]);
  });

  it('fits a report, without a threshold too', () => {
    for (const threshold of [{ threshold: 0 }, {}]) {
      const { slices } = evaluateSlices({ ids: artifact.ids, scores, ...threshold }, truth, {
        ...{ by: 'animal', values, of },
      });
      expect(resultSchema.shape.slices.parse(slices)).toEqual(slices);
      for (const name of ['balancedAccuracy', 'precision', 'recall'])
        expect(name in slices[0]!.metrics).toBe('threshold' in threshold);
    }
  });

  it('has no precision of a group of which nobody is called a member', () => {
    const unsure = scores.map((v, i) => (of[i] === 1 ? Math.min(v, 0.2) : v));
    const { slices } = evaluateSlices({ ...artifact, scores: unsure }, truth, { by: 'animal', values, of });
    expect(slices.map(({ metrics }) => metrics.precision !== undefined)).toEqual([true, false, true]);
    expect(slices[1]!.metrics.recall?.value).toBe(0);
  });

  it('leaves out groups of one kind and says so', () => {
    const oneKind = truth.map((t, i) => (of[i] === 2 ? 1 : t));
    const frogs = of.filter((g) => g === 2).length;
    const { slices, notes } = evaluateSlices(artifact, oneKind, { by: 'animal', values, of });
    expect(slices.map(({ value }) => value)).toEqual(['cat', 'dog']);
    expect(notes).toEqual([
      `Left out of the figures by animal, for want of members or non-members (so many of each): ` +
        `frog (${frogs} and 0), bird (0 and 0).`,
    ]);
    const many = Array.from({ length: 20 }, (_, g) => `group ${g}`);
    const { notes: short } = evaluateSlices(artifact, truth, { by: 'animal', values: many, of });
    expect(short[0]).toMatch(/group 3 .* group 10 \(0 and 0\) and 9 more\.$/);
    expect(evaluateSlices(artifact, truth, { by: 'animal', values: many.slice(0, 3), of }).notes).toEqual([]);
  });

  it.each([
    ['too few groups', { by: 'animal', values: ['cat', 'dog'], of }, /in group 2 of 2 by animal/],
    ['a group that is no index', { by: 'animal', values, of: scores }, /internal: record 0 is in group/],
    ['missing records', { by: 'animal', values, of: [1, 2] }, /2 groups by animal for 900 records/],
  ])('refuses %s', (_, grouping, message) => {
    expect(() => evaluateSlices(artifact, truth, grouping)).toThrow(message);
  });

  it('refuses what evaluateMembership refuses', () => {
    const wrong = { ...artifact, scores: scores.map((v, i) => (i === 5 ? Number.NaN : v)) };
    expect(() => evaluateSlices(wrong, truth, { by: 'animal', values, of })).toThrow(/record 5 is NaN/);
  });
});
