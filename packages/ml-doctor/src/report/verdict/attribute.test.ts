/** Correlation, population and training records are told apart, by bounds and not by point values. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BASELINE } from '../../evaluate/attribute/evidence.ts';
import type { Metric, Result } from '../schema.ts';
import { attributeVerdict, shiftedAttribute } from './attribute.ts';
import { FROM_RECORD, IMPUTATION, MAJORITY, NON_MEMBERS } from './attribute-grade.ts';
import { levelRank } from './verdict.ts';

const metric = (low: number | null, value: number, high: number | null): Metric => ({
  value,
  low,
  high,
  method: 'simulated',
});
/** With its lower end there. */
const from = (low: number) => metric(low, low + 0.02, low + 0.04);
/** Nothing, for sure. */
const NIL = metric(-0.02, 0, 0.02);
const RECORDS = { members: 2500, nonMembers: 2400 };
const SEX = { name: 'sex', kind: 'binary' } as const;
const AGE = { name: 'age', kind: 'continuous' } as const;

const PLAIN = { accuracy: metric(0.81, 0.823, 0.84), auc: metric(0.85, 0.863, 0.88) };
const baselines = (of: Readonly<Record<string, Result['metrics']>>): Result['baselines'] =>
  Object.entries(of).map(([name, metrics]) => ({ name, metrics }));
const USUAL = baselines({
  majority: { accuracy: metric(0.66, 0.67, 0.68), accuracyGain: NIL },
  'imputation without the model': { accuracy: metric(0.74, 0.751, 0.76), accuracyGain: NIL },
  'same attack on non-members': { accuracy: metric(0.79, 0.803, 0.81) },
});

const verdictOf = (metrics: Result['metrics'], of = USUAL) =>
  attributeVerdict({ ...PLAIN, ...metrics }, of, RECORDS, SEX);

it('knows baselines by the names that evaluation gives them', () => {
  expect({
    ...{ majority: MAJORITY, imputation: IMPUTATION, fromRecord: FROM_RECORD, nonMembers: NON_MEMBERS },
  }).toEqual(BASELINE);
});

describe.each([
  ['accuracy', 'accuracyGain', 'memberAccuracyGain'],
  ['AUC', 'aucGain', 'memberAucGain'],
  ['error', 'errorReduction', 'memberErrorReduction'],
])('by %s', (_, gain, beyond) => {
  it.each<[number, number, string, string | undefined]>([
    [0.25, -0.02, 'high', 'population'],
    [0.249, -0.02, 'moderate', 'population'],
    [0.001, 0.1, 'high', 'training-records'],
    [0.001, 0.099, 'moderate', 'training-records'],
    [0, 0.04, 'none-found', undefined],
    [0, 0.1, 'inconclusive', undefined],
    [-0.01, 0.3, 'inconclusive', undefined],
    [0.1, -0.02, 'moderate', 'population'],
    [0.1, 0, 'moderate', 'population'],
    [0.099, -0.02, 'low', 'population'],
    [0.001, 0.02, 'moderate', 'training-records'],
    [0.001, 0.019, 'low', 'training-records'],
    [0.001, 0.001, 'low', 'training-records'],
    [0.001, 0, 'low', 'population'],
    [0.25, 0.001, 'high', 'training-records'],
    [0, 0.001, 'none-found', undefined],
    [0, 0, 'none-found', undefined],
  ])('a gain from %f, members beyond others from %f, is %s', (low, more, level, finding) => {
    const verdict = verdictOf({ [gain]: from(low), [beyond]: from(more) });
    expect([verdict.level, verdict.finding]).toEqual([level, finding]);
    expect(Object.keys(verdict)).not.toContain('reason');
  });

  it.each<[Metric, Metric, string]>([
    [metric(-0.1, 0, 0.0999), metric(-0.1, 0, 0.0999), 'none-found'],
    [metric(-0.1, 0, 0.1), NIL, 'inconclusive'],
    [NIL, metric(-0.1, 0, 0.1), 'inconclusive'],
    [metric(-0.1, 0, null), NIL, 'inconclusive'],
    [metric(null, 0.5, null), NIL, 'inconclusive'],
    [NIL, metric(null, 0.05, 0.09), 'none-found'],
  ])('room is left by upper ends only: case %#', (g, d, level) => {
    expect(verdictOf({ [gain]: g, [beyond]: d }).level).toBe(level);
  });

  it('is inconclusive where one of the two was not measured', () => {
    expect(verdictOf({ [gain]: NIL })).toMatchObject({
      level: 'inconclusive',
      sentence: expect.stringContaining('members are guessed better than non-members was not measured'),
    });
    expect(verdictOf({ [beyond]: NIL })).toMatchObject({
      level: 'inconclusive',
      sentence: expect.stringContaining('guessed without the model was not measured'),
    });
    expect(verdictOf({ [gain]: from(0.01) }).sentence).toContain('was not measured');
  });
});

describe('attributeVerdict', () => {
  it('takes any measure, and asks all of them before it finds nothing', () => {
    const nothing = { accuracyGain: NIL, memberAccuracyGain: NIL };
    expect(verdictOf({ ...nothing, aucGain: from(0.12), memberAucGain: NIL }).level).toBe('moderate');
    expect(verdictOf({ ...nothing, memberAucGain: from(0.01) }).finding).toBeUndefined();
    expect(verdictOf({ accuracyGain: from(0.01), memberAucGain: from(0.01) }).finding).toBe(
      'training-records',
    );
    expect(verdictOf({ accuracyGain: from(0.01), memberAucGain: from(0.12) }).level).toBe('high');
    expect(verdictOf({ ...nothing, aucGain: metric(-0.2, 0, 0.2) }).level).toBe('inconclusive');
  });

  it('of training records has the numbers of both sides, and advises on both leaks', () => {
    const { sentence, advice } = verdictOf({
      accuracyGain: metric(0.06, 0.072, 0.084),
      memberAccuracyGain: metric(0.006, 0.021, 0.036),
    });
    expect(sentence).toMatch(/^Leakage of training records: this attack learns “sex” from the model/);
    expect(sentence).toContain('guesses “sex” of 82.3 % (81 % to 84 %) of 2,500 members right');
    expect(sentence).toContain('without the model it would be 75.1 %, a gain of +7.2 points (+6.0 to +8.4)');
    expect(sentence).toContain(
      'Of 2,400 non-members it guesses 80.3 % right; beyond what the model adds for others, it adds +2.1 points (+0.6 to +3.6) for members',
    );
    expect(sentence).not.toContain('AUC');
    expect(advice.join()).toMatch(/over-fitting and remove duplicates.*DP-SGD.*embeddings/);
  });

  it('shows nothing of members where nothing is gained on them', () => {
    const nothing = { accuracyGain: NIL, memberAccuracyGain: from(0.03) };
    const { level, finding, sentence, advice } = verdictOf(nothing);
    expect([level, finding]).toEqual(['none-found', undefined]);
    expect(sentence).toMatch(/^This attack learns nothing of “sex” from the model/);
    expect(advice.join()).not.toMatch(/embeddings|over-fitting/);
    const correlation = verdictOf(nothing, baselines({ majority: { accuracyGain: from(0.1) } }));
    expect(correlation.finding).toBe('correlation');
  });

  it('of the population warns of embeddings, and against a remedy that is none', () => {
    const { sentence, advice } = verdictOf({ accuracyGain: from(0.12), memberAccuracyGain: NIL });
    expect(sentence).toMatch(/^Leakage of the population: .* of anybody; not measurably more of records/);
    expect(advice[0]).toContain('Do not publish or send embeddings');
    expect(advice.join()).toMatch(/Leave “sex”.*adversarial removal.*Do not count on differential privacy/);
    const low = verdictOf({ accuracyGain: from(0.01), memberAccuracyGain: NIL });
    expect(low.advice[0]).toContain('if so, treat this as high');
  });

  it('calls a correlation what beats the commonest value alone', () => {
    const nothing = { accuracyGain: NIL, memberAccuracyGain: NIL };
    const over = (low: number, name = 'majority', gain = 'accuracyGain') =>
      verdictOf(nothing, baselines({ [name]: { [gain]: from(low) } }));
    const { level, finding, sentence, advice } = over(0.01);
    expect([level, finding]).toEqual(['none-found', 'correlation']);
    expect(sentence).toMatch(
      /^A correlation that any model would show: .* without this model guesses as well/,
    );
    expect(advice[0]).toMatch(/^Nothing about this model: “sex” follows from other columns/);
    expect(over(0.01, 'majority', 'errorReduction').finding).toBe('correlation');
    expect(over(0).finding).toBeUndefined();
    expect(over(0).sentence).toContain('not proof of safety');
    expect(over(0.3, 'same attack on non-members').finding).toBeUndefined();
    // Of a rare value the order may be better than chance while most guesses are wrong.
    const ranked = { accuracyGain: metric(-0.8, -0.7, -0.6), aucGain: from(0.05) };
    expect(verdictOf(nothing, baselines({ majority: ranked })).finding).toBeUndefined();
    const wide = { ...nothing, accuracyGain: metric(-0.1, 0, 0.2) };
    const unsure = verdictOf(wide, baselines({ majority: { accuracyGain: from(0.1) } }));
    expect([unsure.level, unsure.finding]).toEqual(['inconclusive', undefined]);
    expect(unsure.sentence).toContain(
      'Judged on 2,500 members and 2,400 non-members: too few to rule out a gain of 10 points.',
    );
  });

  it('has AUC where that decides', () => {
    const nothing = { accuracyGain: NIL, memberAccuracyGain: NIL };
    expect(verdictOf({ ...nothing, aucGain: metric(0.03, 0.05, 0.07) }).sentence).toContain(
      'beliefs (AUC) reaches 0.863 (0.850 to 0.880), a gain of +0.050 (+0.030 to +0.070)',
    );
    expect(verdictOf({ accuracyGain: from(0.1), aucGain: from(0.05) }).sentence).not.toContain('AUC');
    expect(verdictOf({ aucGain: from(0.05), memberAucGain: metric(0.02, 0.04, 0.06) }).sentence).toContain(
      '; beyond what the model adds for others, it adds +0.040 (+0.020 to +0.060) for members.',
    );
  });

  it('of a number has its error in its units, of ordered categories the accuracy in the first place', () => {
    const error = {
      meanAbsoluteError: metric(7.75, 7.91, 8.07),
      errorReduction: metric(0.184, 0.196, 0.208),
      memberErrorReduction: NIL,
    };
    const of = baselines({
      'imputation without the model': { meanAbsoluteError: metric(9.7, 9.84, 9.9) },
      'same attack on non-members': { meanAbsoluteError: metric(7.8, 7.99, 8.1) },
    });
    const { sentence } = attributeVerdict(error, of, RECORDS, AGE);
    expect(sentence).toContain('; beyond the error reduction for others, that for members is ±0.0 points (');
    expect(sentence).toContain(
      'guesses of “age” for 2,500 members are off by 7.91 (7.75 to 8.07) on average, in the units of “age”; without the model by 9.84, an error reduction of +19.6 % (+18.4 to +20.8)',
    );
    expect(sentence).toContain('For 2,400 non-members they are off by 7.99');
    const ordinal = attributeVerdict({ ...PLAIN, ...error }, of, RECORDS, { name: 'class', kind: 'ordinal' });
    expect(ordinal.sentence).toMatch(/guesses “class” of 82\.3 %.*off by 7\.91 .* on average, steps/);
  });

  it('says of whom a leak matters where the rest of a record tells as much', () => {
    const leak = { accuracyGain: from(0.12), memberAccuracyGain: NIL };
    const record = (low: number, metrics: Result['metrics'] = leak) =>
      verdictOf(
        metrics,
        baselines({
          'imputation from the rest of the record': {
            accuracy: metric(0.83, 0.84, 0.85),
            accuracyGain: from(low),
          },
        }),
      ).sentence;
    expect(record(-0.05)).toContain(
      'Whoever has the rest of a record guesses “sex” without the model (84 % right), so this leak concerns those who see embeddings but not records.',
    );
    expect(record(0.01)).toContain('but not the model, guesses “sex” worse: 84 % right');
    expect(record(0.01)).not.toContain('not records');
    expect(record(-0.05, { accuracyGain: NIL, memberAccuracyGain: NIL })).not.toContain('this leak');
    expect(verdictOf(leak).sentence).not.toContain('rest of a record');
  });

  it('never falls when more is given away', () => {
    const names = ['accuracyGain', 'aucGain', 'memberAccuracyGain', 'memberAucGain'];
    const leak = fc.array(fc.double({ min: -0.1, max: 0.4, noNaN: true }), { minLength: 4, maxLength: 4 });
    fc.assert(
      fc.property(leak, leak, (a, b) => {
        const build = (pick: (x: number, y: number) => number) =>
          Object.fromEntries(
            names.map((name, i) => {
              const low = pick(a[i]!, b[i]!);
              return [name, metric(low, low, Math.max(low, 0.05))];
            }),
          );
        const [less, more] = [verdictOf(build(Math.min)), verdictOf(build(Math.max))];
        expect(levelRank(more.level)).toBeGreaterThanOrEqual(levelRank(less.level));
      }),
      { numRuns: 1000 },
    );
  });
});

describe('shiftedAttribute', () => {
  const auc = metric(0.85, 0.873, 0.89);
  const shifted = (metrics: Result['metrics']) =>
    shiftedAttribute(auc, { ...PLAIN, ...metrics }, USUAL, RECORDS, SEX);

  it.each<[number, string]>([
    [0.25, 'high'],
    [0.1, 'moderate'],
    [0.01, 'low'],
  ])('keeps a gain over the imputation from %f, and drops whose it is', (low, level) => {
    const verdict = shifted({ accuracyGain: from(low), memberAccuracyGain: from(0.2) });
    expect([verdict.level, verdict.reason, verdict.finding]).toEqual([level, undefined, undefined]);
    expect(verdict.sentence).toContain('whether of training records or of anybody cannot be told');
    expect(verdict.sentence).toMatch(/The split is shifted: .* in 87\.3 % of the cases/);
    expect(verdict.sentence).not.toMatch(/non-members? it guesses|for others/);
    expect(verdict.advice.at(-1)).toContain('one source at random');
    expect(verdict.advice.join()).toContain('embeddings');
  });

  it.each([
    ['what members lose alone', { accuracyGain: NIL, memberAccuracyGain: from(0.2) }],
    ['nothing', { accuracyGain: NIL, memberAccuracyGain: NIL }],
  ])('of %s decides nothing', (_, metrics) => {
    const { level, reason, finding, sentence, advice } = shifted(metrics);
    expect([level, reason, finding]).toEqual(['inconclusive', 'shifted-split', undefined]);
    expect(sentence).toMatch(/^The split is shifted.*at face value the figures would read: /);
    expect(advice).toEqual([expect.stringContaining('one source at random')]);
  });
});
