import fc from 'fast-check';
import { stream } from 'onnx-grad';
import { describe, expect, it } from 'vitest';
import { type MadeOptions, madeEvidence, reordered } from '../../../test/evaluate/attribute-evidence.ts';
import { auc } from '../../stats/auc.ts';
import { clopperPearson } from '../../stats/binomial.ts';
import type { Metric } from '../../stats/metric.ts';
import { normalCdf } from '../../stats/normal.ts';
import { groupScores } from '../../stats/roc.ts';
import { evaluateAttribute } from './evaluate-attribute.ts';
import { BASELINE, type Guessed } from './evidence.ts';

type Metrics = Readonly<Record<string, Metric>>;
const evaluated = (options: MadeOptions) => evaluateAttribute(madeEvidence(options));
const right = ({ truth, attack, imputation }: Guessed, who: 'attack' | 'imputation') =>
  Array.from(truth, (value, i) => ((who === 'attack' ? attack : imputation).predicted[i] === value ? 1 : 0));
const mean = (values: readonly number[]) =>
  values.reduce<number>((sum, value) => sum + value, 0) / values.length;
const holds = (metric: Metric | undefined, value: number) => metric!.low <= value && value <= metric!.high;

describe('what is reported', () => {
  it.each<[MadeOptions, string[]]>([
    [
      { kind: 'binary', members: 220 },
      [
        ...['accuracy', 'macroF1', 'auc', 'ppvTop10', 'ppvTop50', 'ppvTop100'],
        ...['accuracyGain', 'aucGain', 'memberAccuracyGain', 'memberAucGain'],
      ],
    ],
    [
      { kind: 'categorical', members: 199 },
      [
        ...['accuracy', 'macroF1', 'auc', 'ppvTop10', 'ppvTop50'],
        ...['accuracyGain', 'aucGain', 'memberAccuracyGain', 'memberAucGain'],
      ],
    ],
    [
      { kind: 'ordinal', members: 19 },
      [
        ...['accuracy', 'macroF1', 'auc', 'meanAbsoluteError', 'accuracyGain', 'aucGain', 'errorReduction'],
        ...['memberAccuracyGain', 'memberAucGain', 'memberErrorReduction'],
      ],
    ],
    [{ kind: 'continuous' }, ['meanAbsoluteError', 'errorReduction', 'memberErrorReduction']],
  ])('%o', (options, names) => {
    const { metrics, baselines, slices } = evaluated({ ...options, fromRecord: true });
    expect(Object.keys(metrics)).toEqual(names);
    expect(baselines.map(({ name }) => name)).toEqual([
      ...['majority', 'imputation without the model', 'imputation from the rest of the record'],
      'same attack on non-members',
    ]);
    const plain = names.filter((name) => !name.startsWith('member'));
    for (const baseline of baselines.slice(0, 3)) expect(Object.keys(baseline.metrics)).toEqual(plain);
    expect(slices).toHaveLength(options.kind === 'continuous' ? 0 : options.kind === 'binary' ? 2 : 4);
    expect(evaluated(options).baselines).toHaveLength(3);
  });
});

describe('differences', () => {
  const evidence = madeEvidence({
    kind: 'ordinal',
    members: 300,
    nonMembers: 150,
    onNonMembers: 0.9,
    seed: 2,
  });
  const { metrics, baselines } = evaluateAttribute(evidence);
  const of = (name: string) => baselines.find((each) => each.name === name)!.metrics as Metrics;
  const all = metrics as Metrics;

  it('are the attack less the other', () => {
    for (const name of [BASELINE.majority, BASELINE.imputation, BASELINE.nonMembers]) {
      expect(of(name)['accuracyGain']!.value).toBeCloseTo(
        all['accuracy']!.value - of(name)['accuracy']!.value,
        12,
      );
      expect(of(name)['aucGain']!.value).toBeCloseTo(all['auc']!.value - of(name)['auc']!.value, 12);
      expect(of(name)['errorReduction']!.value).toBeCloseTo(
        1 - all['meanAbsoluteError']!.value / of(name)['meanAbsoluteError']!.value,
        12,
      );
    }
    expect(of(BASELINE.majority)['auc']!.value).toBe(0.5);
    for (const name of ['accuracyGain', 'aucGain', 'errorReduction'])
      expect(all[name]).toEqual(of(BASELINE.imputation)[name]);
  });

  it.each<[number, number]>([
    [0.1, 1],
    [0.8, 1],
    [2, 1],
    [2, 0.1],
  ])('of members beyond non-members take off a gain of those only: clear by %d there', (clear, attack) => {
    const made = madeEvidence({
      ...{ kind: 'ordinal', members: 200, nonMembers: 200, seed: 3 },
      ...{ attack, onNonMembers: clear },
    });
    const found = evaluateAttribute(made).metrics as Metrics;
    const others = evaluateAttribute({ ...made, members: made.nonMembers, nonMembers: made.members })
      .metrics as Metrics;
    for (const [name, part] of [
      ['memberAccuracyGain', 'accuracyGain'],
      ['memberAucGain', 'aucGain'],
      ['memberErrorReduction', 'errorReduction'],
    ] as const) {
      expect(Math.abs(others[part]!.value), name).toBeGreaterThan(0.01);
      expect(others[part]!.value > 0, name).toBe(clear > 0.5);
      const [own, theirs] = [found, others].map((metrics) => Math.max(0, metrics[part]!.value));
      expect(found[name]!.value).toBeCloseTo(own! - theirs!, 12);
      expect(found[name]!.method).toContain('a loss counts as no gain');
    }
  });

  it('have intervals as wide as their standard deviations, paired within a group', () => {
    const sd = (values: readonly number[]) => Math.sqrt(mean(values.map((v) => v * v)) - mean(values) ** 2);
    const paired = (group: Guessed) =>
      right(group, 'attack').map((value, i) => value - right(group, 'imputation')[i]!);
    const error = (values: readonly number[]) => sd(values) / Math.sqrt(values.length);
    const width = ({ low, high }: Metric) => (high - low) / 2 / 1.96;
    const own = error(paired(evidence.members));
    const others = error(paired(evidence.nonMembers));
    expect(width(all['accuracyGain']!) / own).toBeGreaterThan(0.88);
    expect(width(all['accuracyGain']!) / own).toBeLessThan(1.12);
    expect(width(all['memberAccuracyGain']!) / Math.hypot(own, others)).toBeGreaterThan(0.88);
    expect(width(all['memberAccuracyGain']!) / Math.hypot(own, others)).toBeLessThan(1.12);
    const apart = Math.hypot(
      error(right(evidence.members, 'attack')),
      error(right(evidence.nonMembers, 'attack')),
    );
    expect(width(of(BASELINE.nonMembers)['accuracyGain']!) / apart).toBeGreaterThan(0.88);
    expect(width(of(BASELINE.nonMembers)['accuracyGain']!) / apart).toBeLessThan(1.12);
  });

  it('do not compare a category that one group lacks', () => {
    const options = { kind: 'categorical', categories: 3, members: 90, nonMembers: 60 } as const;
    const made = madeEvidence(options);
    // Nobody among the non-members is of category 2; the attack knows everybody of category 2 among the members.
    made.nonMembers.truth.forEach((value, i, truth: { [at: number]: number }) => {
      if (value === 2) truth[i] = 1;
    });
    const same = (group: Guessed): Guessed => ({ ...group, attack: { ...group.imputation } });
    const beliefs = made.members.imputation.beliefs!.slice();
    const known = made.members.truth.map((value, i) => {
      if (value === 2) beliefs.set([0, 0, 1], 3 * i);
      return value;
    });
    expect(known).toContain(2);
    const members = { ...same(made.members), attack: { ...made.members.imputation, beliefs } };
    const { metrics: m, notes } = evaluateAttribute({
      ...made,
      members,
      nonMembers: same(made.nonMembers),
    });
    expect(m.aucGain!.value).toBeGreaterThan(0.05);
    expect(notes.join()).toContain('do not have the same categories');
    const aucOf = (category: number, of: Float64Array) =>
      auc(
        groupScores(
          Float64Array.from(made.members.truth, (_, k) => of[3 * k + category]!),
          made.members.truth.map((value) => (value === category ? 1 : 0)),
        ),
      );
    const before = made.members.imputation.beliefs!;
    expect(m.memberAucGain!.value).toBeCloseTo(
      mean([0, 1].map((c) => aucOf(c, beliefs) - aucOf(c, before))),
      12,
    );
  });
});

describe('an attack that says what the imputation says', () => {
  it.each<MadeOptions>([
    { kind: 'binary' },
    { kind: 'categorical', members: 30, nonMembers: 20 },
    { kind: 'ordinal' },
    { kind: 'continuous' },
  ])('gains nothing, and no interval is of no width: %o', (options) => {
    const made = madeEvidence(options);
    const same = (group: Guessed) => ({ ...group, attack: group.imputation });
    const { metrics, notes } = evaluateAttribute({
      ...made,
      members: same(made.members),
      nonMembers: same(made.nonMembers),
    });
    const gains = Object.entries(metrics).filter(([name]) => /Gain|Reduction/.test(name));
    expect(gains.length).toBeGreaterThan(1);
    const n = made.members.ids.length;
    for (const [, gain] of gains) {
      expect(gain.value).toBe(0);
      expect(gain.low).toBeLessThanOrEqual(-(1 - 0.025 ** (1 / n)) / 5 + 1e-12);
      expect(gain.high).toBeGreaterThanOrEqual((1 - 0.025 ** (1 / n)) / 5 - 1e-12);
    }
    if (metrics.accuracyGain) {
      expect(metrics.accuracyGain.high).toBeCloseTo(1 - 0.025 ** (1 / n), 12);
      const reaches = [n, made.nonMembers.ids.length].map((size) => 1 - 0.025 ** (1 / size));
      expect(metrics.memberAccuracyGain!.high).toBeCloseTo(Math.hypot(...reaches), 12);
    }
    expect(notes.join()).toContain('that of the imputation');
  });
});

describe('planted leaks', () => {
  const size = { members: 600, nonMembers: 600 };
  it.each<MadeOptions>([{ kind: 'binary' }, { kind: 'categorical' }, { kind: 'ordinal' }])(
    'of training records, of the population, and none: %o',
    (kind) => {
      const training = evaluated({ ...kind, ...size, attack: 2, onNonMembers: 0.5, imputation: 0.5 }).metrics;
      expect(training.memberAccuracyGain!.low).toBeGreaterThan(0.1);
      expect(training.memberAucGain!.low).toBeGreaterThan(0.1);
      const population = evaluated({ ...kind, ...size, attack: 2, imputation: 0.5 }).metrics;
      expect(population.accuracyGain!.low).toBeGreaterThan(0.1);
      expect(population.aucGain!.low).toBeGreaterThan(0.1);
      expect(holds(population.memberAccuracyGain, 0)).toBe(true);
      expect(holds(population.memberAucGain, 0)).toBe(true);
      const correlation = evaluated({ ...kind, ...size, attack: 1, imputation: 1 });
      expect(holds(correlation.metrics.accuracyGain, 0)).toBe(true);
      expect(correlation.baselines[0]!.metrics.accuracyGain!.low).toBeGreaterThan(0);
      if (kind.kind === 'ordinal') {
        expect(training.memberErrorReduction!.low).toBeGreaterThan(0);
        expect(population.errorReduction!.low).toBeGreaterThan(0);
        expect(holds(population.memberErrorReduction, 0)).toBe(true);
      }
    },
  );

  it('of numbers', () => {
    const kind = { kind: 'continuous', ...size, imputation: 1 } as const;
    const training = evaluated({ ...kind, attack: 0.5, onNonMembers: 1 }).metrics;
    expect(training.memberErrorReduction!.low).toBeGreaterThan(0.3);
    const population = evaluated({ ...kind, attack: 0.5 }).metrics;
    expect(population.errorReduction!.low).toBeGreaterThan(0.4);
    expect(holds(population.errorReduction, 0.5)).toBe(true);
    expect(holds(population.memberErrorReduction, 0)).toBe(true);
    expect(holds(population.meanAbsoluteError, 0.5 * Math.sqrt(2 / Math.PI))).toBe(true);
  });
});

it('has the figures of Gaussian scores', () => {
  const { metrics } = evaluated({ members: 3000, nonMembers: 10, attack: 1.2, imputation: 0.6 });
  const ranks = (d: number) => normalCdf(d / Math.SQRT2);
  expect(holds(metrics.auc, ranks(1.2))).toBe(true);
  expect(holds(metrics.aucGain, ranks(1.2) - ranks(0.6))).toBe(true);
  expect(holds(metrics.accuracy, normalCdf(0.6))).toBe(true);
  expect(holds(metrics.accuracyGain, normalCdf(0.6) - normalCdf(0.3))).toBe(true);
});

it.each(['binary', 'categorical', 'continuous'] as const)(
  'does not depend on the order of records: %s',
  (kind) => {
    const evidence = madeEvidence({ kind, members: 60, fromRecord: true });
    const { members, nonMembers } = evidence;
    // Ties must not be settled by order either.
    members.attack.beliefs?.forEach((belief, i, all) => {
      all[i] = kind === 'binary' ? 0.5 : belief;
    });
    const moved = {
      ...evidence,
      members: reordered(members, stream(1, 'order').permutation(members.ids.length)),
      nonMembers: reordered(nonMembers, stream(2, 'order').permutation(nonMembers.ids.length)),
    };
    expect([...moved.members.ids]).not.toEqual([...members.ids]);
    expect(evaluateAttribute(moved)).toEqual(evaluateAttribute(evidence));
    expect(evaluateAttribute({ ...evidence, seed: 9 })).not.toEqual(evaluateAttribute(evidence));
  },
);

describe('single records and all alike', () => {
  it('one of each group', () => {
    for (const kind of ['binary', 'ordinal', 'continuous'] as const) {
      const { metrics } = evaluated({ kind, members: 1, nonMembers: 1 });
      expect(metrics.auc).toBeUndefined();
      for (const metric of Object.values(metrics)) {
        expect(Number.isFinite(metric.low) && Number.isFinite(metric.high)).toBe(true);
      }
      if (kind === 'binary') expect(metrics.accuracyGain).toMatchObject({ low: expect.any(Number) });
    }
  });

  it('equal beliefs have an AUC of .5, and the surest are as good as any', () => {
    const made = madeEvidence({ members: 40 });
    made.members.attack.beliefs!.fill(0.5);
    const { metrics, notes } = evaluateAttribute(made);
    expect(metrics.auc!.value).toBe(0.5);
    expect(metrics.ppvTop10!.value).toBeCloseTo(metrics.accuracy!.value, 12);
    expect(notes.join()).toContain('equally sure');
  });

  it.each(['ordinal', 'continuous'] as const)(
    'an imputation without error leaves no reduction: %s',
    (kind) => {
      const made = madeEvidence({ kind });
      const perfect = (group: Guessed): Guessed => ({
        ...group,
        imputation: {
          ...group.imputation,
          predicted: kind === 'ordinal' ? Int32Array.from(group.truth) : Float64Array.from(group.truth),
        },
      });
      const { metrics, notes } = evaluateAttribute({ ...made, members: perfect(made.members) });
      expect(metrics.errorReduction).toBeUndefined();
      expect(metrics.memberErrorReduction).toBeUndefined();
      expect(notes.join()).toContain('errs about too few members');
      const other = evaluateAttribute({ ...made, nonMembers: perfect(made.nonMembers) });
      expect(other.metrics.errorReduction).toBeDefined();
      expect(other.metrics.memberErrorReduction).toBeUndefined();
      expect(other.notes.join()).toContain('errs about too few non-members');
    },
  );
});

it('holds every value, within its range, for whatever is guessed', () => {
  fc.assert(
    fc.property(
      fc.constantFrom('binary', 'categorical', 'ordinal', 'continuous'),
      fc.integer({ min: 1, max: 30 }),
      fc.integer({ min: 1, max: 30 }),
      fc.integer({ min: 0, max: 1000 }),
      fc.double({ min: 0, max: 6, noNaN: true }),
      (kind, members, nonMembers, seed, attack) => {
        const { metrics, baselines, slices } = evaluated({
          ...{ kind, members, nonMembers, seed, attack, categories: 5, first: 0.6 },
        } as MadeOptions);
        for (const set of [metrics, ...baselines.map((b) => b.metrics), ...slices.map((s) => s.metrics)])
          for (const [name, { value, low, high }] of Object.entries(set as Metrics)) {
            expect(low, name).toBeLessThanOrEqual(value);
            expect(high, name).toBeGreaterThanOrEqual(value);
            expect(high, name).toBeGreaterThan(low);
            if (!/Error|Reduction/.test(name)) {
              expect(low, name).toBeGreaterThanOrEqual(-1);
              expect(high, name).toBeLessThanOrEqual(1);
              if (!name.endsWith('Gain')) expect(low, name).toBeGreaterThanOrEqual(0);
            }
          }
        // So that nothing is kept of members where nothing is gained.
        for (const [beyond, gain] of [
          [metrics.memberAccuracyGain, metrics.accuracyGain],
          [metrics.memberErrorReduction, metrics.errorReduction],
        ])
          if (beyond && beyond.low > 0) expect(gain!.low).toBeGreaterThan(0);
      },
    ),
    { numRuns: 25 },
  );
});

it('has an interval for the surest that reaches no less far than that of so many', () => {
  const { metrics } = evaluated({ members: 400, attack: 8 });
  expect(metrics.ppvTop10!.value).toBe(1);
  expect(metrics.ppvTop10!.low).toBeCloseTo(clopperPearson(10, 10).low, 12);
  expect(metrics.ppvTop100!.low).toBeLessThanOrEqual(clopperPearson(100, 100).low);
});

it('covers the gains of Gaussian scores, most of the time', () => {
  const SAMPLES = 30;
  const missed = { accuracyGain: 0, aucGain: 0, memberAccuracyGain: 0 };
  for (let seed = 0; seed < SAMPLES; seed++) {
    const options = { members: 100, nonMembers: 80, attack: 1.5, onNonMembers: 1, imputation: 0.5, seed };
    const { metrics } = evaluated(options);
    const accuracy = (d: number) => normalCdf(d / 2);
    const ranks = (d: number) => normalCdf(d / Math.SQRT2);
    if (!holds(metrics.accuracyGain, accuracy(1.5) - accuracy(0.5))) missed.accuracyGain++;
    if (!holds(metrics.aucGain, ranks(1.5) - ranks(0.5))) missed.aucGain++;
    if (!holds(metrics.memberAccuracyGain, accuracy(1.5) - accuracy(1))) missed.memberAccuracyGain++;
  }
  // Of 30 with a chance of 5 %, seven or more are missed about once in 1,500 times.
  for (const misses of Object.values(missed)) expect(misses).toBeLessThan(7);
});
