import fc from 'fast-check';
import { stream } from 'onnx-grad';
import { describe, expect, it } from 'vitest';
import { missesOf, mostMisses } from '../../../test/evaluate/stealing-coverage.ts';
import {
  answering,
  type MadeStealing,
  madeStealing,
  ofAnswers,
  reorderedStealing,
} from '../../../test/evaluate/stealing-evidence.ts';
import { clopperPearson } from '../../stats/binomial.ts';
import type { Metric } from '../../stats/metric.ts';
import { evaluateStealing } from './evaluate-stealing.ts';
import { BASELINE, type StealingEvidence } from './evidence.ts';

const POINT = ['agreement', 'accuracy', 'agreementOnErrors', 'klDivergence'];
const times = <T>(count: number, value: T): T[] => new Array<T>(count).fill(value);
/** The interval of Clopper and Pearson. */
const exactly = (successes: number, trials: number) => ({
  value: successes / trials,
  ...clopperPearson(successes, trials),
  method: 'Clopper-Pearson',
});

describe('what is reported', () => {
  it.each<MadeStealing>([{}, { records: 400, classes: 6, off: [1], baselines: 2 }])('%o', (options) => {
    const evidence = madeStealing(options);
    const { metrics, points, baselines, slices } = evaluateStealing(evidence);
    expect(Object.keys(metrics)).toEqual([
      ...['agreement', 'accuracy', 'targetAccuracy', 'agreementOnErrors', 'klDivergence'],
      ...['agreementGain', 'agreementSkill'],
    ]);
    expect(points.map(({ queries }) => queries)).toEqual(evidence.copies.map(({ queries }) => queries));
    for (const point of points) expect(Object.keys(point.metrics)).toEqual(POINT);
    for (const name of POINT) expect(points.at(-1)!.metrics[name]).toEqual(metrics[name]);
    expect(baselines).toHaveLength(evidence.baselines.length + 1);
    for (const { name, metrics: own } of baselines)
      expect(Object.keys(own)).toEqual([
        ...['agreement', 'accuracy'],
        ...(name === BASELINE.constant ? [] : ['klDivergence']),
        'agreementGain',
      ]);
    expect(slices).toHaveLength(evidence.classes.length);
  });
});

describe('answers written out', () => {
  const labels = [0, 0, 0, 0, 1, 1, 1, 1, 1, 1];
  const target = [0, 0, 0, 1, 1, 1, 1, 1, 0, 0];
  const copied = [0, 1, 0, 1, 1, 1, 0, 1, 0, 1];
  const others = [0, 0, 0, 0, 1, 1, 1, 0, 1, 1];
  const evidence = ofAnswers(labels, target, copied, others);
  const { metrics, baselines, slices } = evaluateStealing(evidence);

  it('are counted', () => {
    expect(metrics['agreement']).toEqual(exactly(7, 10));
    expect(metrics['accuracy']).toEqual(exactly(6, 10));
    expect(metrics['targetAccuracy']).toEqual(exactly(7, 10));
    // The target errs about the fourth and the last two, the copy like it about the first two of these.
    expect(metrics['agreementOnErrors']).toEqual(exactly(2, 3));
    expect(metrics['agreementGain']!.value).toBeCloseTo(0.1, 12);
    expect(metrics['agreementSkill']!.value).toBeCloseTo(0.25, 12);
  });

  it('give each of two classes the same divergence where they differ', () => {
    const p = 1 / (1 + Math.exp(-1));
    expect(metrics['klDivergence']!.value).toBeCloseTo(0.3 * (2 * p - 1), 12);
  });

  it('are the baselines’ too, the best first', () => {
    expect(baselines.map(({ name }) => name)).toEqual(['own', BASELINE.constant]);
    expect(baselines[0]!.metrics['agreement']).toEqual(exactly(6, 10));
    expect(baselines[0]!.metrics['accuracy']).toEqual(exactly(9, 10));
    expect(baselines[0]!.metrics['agreementGain']!.value).toBeCloseTo(0.1, 12);
    // Five of each: the first of the two.
    expect(baselines[1]!.metrics['agreement']).toEqual(exactly(5, 10));
    expect(baselines[1]!.metrics['accuracy']).toEqual(exactly(4, 10));
    expect(baselines[1]!.metrics['agreementGain']!.value).toBeCloseTo(0.2, 12);
    const always = evaluateStealing(ofAnswers(labels, times(10, 1), copied)).baselines[0]!;
    expect(always.metrics).toMatchObject({ agreement: exactly(10, 10), accuracy: exactly(6, 10) });
  });

  it('are judged for each class', () => {
    expect(slices).toEqual([
      {
        by: 'class',
        value: 'no',
        records: 4,
        metrics: { agreement: exactly(3, 4), accuracy: exactly(2, 4) },
      },
      {
        by: 'class',
        value: 'yes',
        records: 6,
        metrics: { agreement: exactly(4, 6), accuracy: exactly(4, 6) },
      },
    ]);
    expect(
      evaluateStealing(ofAnswers(times(10, 1), target, copied)).slices.map(({ value }) => value),
    ).toEqual(['yes']);
  });
});

it('a copy that is the target agrees, diverges nowhere and has all the skill there is', () => {
  const made = madeStealing({ records: 500 });
  const { metrics, baselines, slices } = evaluateStealing({
    ...made,
    copies: [{ queries: 9, logits: made.target }],
  });
  expect(metrics['agreement']).toEqual(exactly(500, 500));
  expect(metrics['accuracy']).toEqual(metrics['targetAccuracy']);
  expect(metrics['agreementOnErrors']).toMatchObject({ value: 1, high: 1 });
  expect(metrics['klDivergence']).toMatchObject({ value: 0, low: 0, high: 0 });
  const best = baselines[0]!.metrics['agreement']!.value;
  expect(metrics['agreementGain']!.value).toBeCloseTo(1 - best, 12);
  expect(metrics['agreementSkill']).toMatchObject({ value: 1, high: 1 });
  // As far as a kind of record reaches that 500 can miss: of an unseen share u, u/((1 − u)(1 − b)).
  const unseen = 1 - 0.025 ** (1 / 500);
  expect(metrics['agreementSkill']!.low).toBeCloseTo(1 - unseen / (1 - unseen) / (1 - best), 12);
  for (const slice of slices) expect(slice.metrics['agreement']!.value).toBe(1);
  // The baseline's own divergence, as if it were a copy.
  const [{ logits }] = made.baselines as [StealingEvidence['baselines'][number]];
  const own = evaluateStealing({ ...made, copies: [{ queries: 9, logits }] }).metrics['klDivergence']!;
  expect(own.low).toBeGreaterThan(0);
  expect(baselines[0]!.metrics['klDivergence']).toEqual(own);
});

it('a copy that knows nothing agrees by chance', () => {
  const made = madeStealing({ records: 3000, classes: 4, baselines: 0 });
  const logits = stream(7, 'noise').normal(new Float32Array(12000));
  const { metrics, slices } = evaluateStealing({ ...made, copies: [{ queries: 9, logits }] });
  // Four standard deviations of a share of ¼ are .032.
  for (const name of ['agreement', 'accuracy'])
    expect(Math.abs(metrics[name]!.value - 0.25)).toBeLessThan(0.032);
  expect(metrics['agreement']!.low).toBeLessThan(0.25);
  expect(metrics['agreementGain']!.low).toBeLessThan(0);
  expect(metrics['agreementSkill']!.low).toBeLessThan(0);
  expect(slices).toHaveLength(4);
});

it('a copy that is the baseline gains nothing', () => {
  const made = madeStealing({ records: 300 });
  const [own] = made.baselines;
  const { metrics, baselines } = evaluateStealing({ ...made, copies: [{ queries: 9, logits: own!.logits }] });
  const unseen = 1 - 0.025 ** (1 / 300);
  expect(baselines[0]!.name).toBe('own');
  for (const gain of [metrics['agreementGain']!, baselines[0]!.metrics['agreementGain']!])
    expect(gain).toMatchObject({ value: 0, low: -unseen, high: expect.closeTo(unseen, 12) });
  expect(metrics['agreementSkill']!.value).toBe(0);
  expect(metrics['agreementSkill']!.low).toBeLessThan(0);
  expect(metrics['klDivergence']).toEqual(baselines[0]!.metrics['klDivergence']);
});

describe('over the best baseline', () => {
  // Two baselines that are equally good, but about other records.
  const answers = Array.from({ length: 100 }, (_, i) => i % 2);
  const wrong = (from: number, to: number) =>
    answers.map((answer, i) => (i >= from && i < to ? 1 - answer : answer));
  const plain = ofAnswers(answers, answers, wrong(90, 100));
  const made: StealingEvidence = {
    ...plain,
    baselines: [
      { name: 'own', logits: answering(wrong(0, 30)) },
      { name: 'random', logits: answering(wrong(30, 60)) },
    ],
  };
  const { metrics, baselines } = evaluateStealing(made);
  it('the value and the upper end are those over the one that is best here', () => {
    const { value, high } = baselines[0]!.metrics['agreementGain']!;
    expect(metrics['agreementGain']).toMatchObject({ value, high });
    const [a, b] = [metrics['agreement']!.value, baselines[0]!.metrics['agreement']!.value];
    expect(metrics['agreementSkill']!.value).toBeCloseTo((a - b) / (1 - b), 12);
  });

  it('the lower end is below that over any single one', () => {
    for (const baseline of baselines)
      expect(metrics['agreementGain']!.low).toBeLessThan(baseline.metrics['agreementGain']!.low);
    const few = evaluateStealing({ ...made, baselines: made.baselines.slice(0, 1) }).metrics;
    expect(metrics['agreementGain']!.low).toBeLessThan(few['agreementGain']!.low);
    expect(metrics['agreementSkill']!.low).toBeLessThan(few['agreementSkill']!.low);
  });

  it('a constant guess is chosen in each resample like the others', () => {
    const evidence = ofAnswers(answers, answers, wrong(45, 55));
    const found = evaluateStealing(evidence);
    const single = found.baselines[0]!.metrics['agreementGain']!;
    expect(found.metrics['agreementGain']).toMatchObject({ value: 0.4, high: single.high });
    expect(found.metrics['agreementGain']!.low).toBeLessThan(single.low);
    expect(found.metrics['agreementSkill']!.value).toBeCloseTo(0.8, 12);
  });
});

describe('skill, where a baseline agrees nearly everywhere', () => {
  const answers = Array.from({ length: 200 }, (_, i) => i % 2);
  const wrong = (count: number) => answers.map((answer, i) => (i < count ? 1 - answer : answer));
  const skill = (copy: number, baseline: number) =>
    evaluateStealing(ofAnswers(answers, answers, wrong(copy), wrong(baseline))).metrics['agreementSkill'];
  it('is left out where it agrees everywhere', () => {
    expect(skill(0, 0)).toBeUndefined();
    expect(skill(10, 0)).toBeUndefined();
  });
  it('is left out where too many resamples have nothing to win, and the copy loses there', () => {
    const last = answers.map((answer, i) => (i === 199 ? 1 - answer : answer));
    expect(
      evaluateStealing(ofAnswers(answers, answers, last, wrong(2))).metrics['agreementSkill'],
    ).toBeUndefined();
    expect(
      evaluateStealing(ofAnswers(answers, answers, last, wrong(12))).metrics['agreementSkill'],
    ).toBeDefined();
  });
  it('is not shown by a copy that agrees on all', () => {
    expect(skill(0, 2)).toMatchObject({ value: 1, high: 1 });
    expect(skill(0, 2)!.low).toBeLessThan(0);
    expect(skill(0, 40)!.low).toBeGreaterThan(0.85);
  });
});

it('leaves out agreement on errors where there are none', () => {
  const answers = [0, 1, 0, 1];
  const { metrics, points } = evaluateStealing(ofAnswers(answers, answers, [0, 1, 1, 1]));
  expect(metrics['agreementOnErrors']).toBeUndefined();
  expect(points[0]!.metrics['agreementOnErrors']).toBeUndefined();
});

it('is the same whatever the order of records, and for a seed', () => {
  fc.assert(
    fc.property(
      fc
        .integer({ min: 1, max: 40 })
        .chain((records) =>
          fc.tuple(
            fc.shuffledSubarray([...Array(records).keys()], { minLength: records }),
            fc.integer({ min: 0, max: 99 }),
          ),
        ),
      ([order, seed]) => {
        const evidence = madeStealing({ records: order.length, off: [1, 0.3], seed });
        const found = evaluateStealing(evidence);
        expect(evaluateStealing(reorderedStealing(evidence, order))).toEqual(found);
        const all = [found.metrics, ...found.points, ...found.baselines, ...found.slices].flatMap((each) =>
          Object.values(('metrics' in each ? each.metrics : each) as Record<string, Metric>),
        );
        for (const { low, value, high } of all) {
          expect(low).toBeLessThanOrEqual(value);
          expect(value).toBeLessThanOrEqual(high);
        }
        for (const { metrics } of found.baselines)
          expect(found.metrics['agreementGain']!.low).toBeLessThanOrEqual(metrics['agreementGain']!.low);
      },
    ),
    { numRuns: 12 },
  );
  const evidence = madeStealing();
  expect(evaluateStealing({ ...evidence, seed: 1 })).not.toEqual(evaluateStealing(evidence));
});

it('a divergence is that of its copy, sure or not', () => {
  const answers = Array.from({ length: 100 }, (_, i) => i % 2);
  const evidence = { ...ofAnswers(answers, answers, answers), target: answering(answers, 2) };
  const p = 1 / (1 + Math.exp(-2));
  const divergence = (sure: number) => {
    const q = 1 / (1 + Math.exp(-sure));
    return p * Math.log(p / q) + (1 - p) * Math.log((1 - p) / (1 - q));
  };
  const copies = [0.5, 1, 4].map((sure, c) => ({ queries: c + 1, logits: answering(answers, sure) }));
  const { points, metrics } = evaluateStealing({ ...evidence, copies });
  [0.5, 1, 4].forEach((sure, c) => {
    expect(points[c]!.metrics['klDivergence']!.value).toBeCloseTo(divergence(sure), 7);
  });
  // All alike: as far down as a kind goes that was not seen and on which the copy is exact, a share of 1 − .025^(1/100).
  const { value, low, high } = metrics['klDivergence']!;
  expect(low).toBeCloseTo(value * 0.025 ** (1 / 100), 12);
  expect(high).toBeCloseTo(value, 12);
});

it.each(['a good copy', 'a copy no better than the baseline'] as const)(
  'intervals hold the truth as often as they say: %s',
  (kind) => {
    for (const [metric, { above, below }] of Object.entries(missesOf(kind, 50, 120))) {
      expect(above, `${metric} too high`).toBeLessThanOrEqual(mostMisses(50, 0.025));
      expect(below, `${metric} too low`).toBeLessThanOrEqual(mostMisses(50, 0.06));
      expect(above + below, `${metric} never missed`).toBeGreaterThan(0);
    }
  },
);
