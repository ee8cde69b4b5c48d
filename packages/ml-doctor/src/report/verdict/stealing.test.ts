/** A copy is graded by what its queries added, by bounds and not by point values. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BASELINE } from '../../evaluate/stealing/evidence.ts';
import type { BudgetPoint, Copy, Metric, Result } from '../schema.ts';
import { stealingVerdict } from './stealing.ts';
import { COMMONEST, OWN_LABELS, RANDOM_INPUTS } from './stealing-grade.ts';
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
const RECORDS = { members: 0, nonMembers: 2400 };
const SHADOW: Copy = { architecture: 'SimpleCNN', pool: 'shadow', poolRecords: 5000 };

const against = (of: Readonly<Record<string, Metric>>): Result['baselines'] =>
  Object.entries(of).map(([name, agreement]) => ({ name, metrics: { agreement } }));
const USUAL = against({ [COMMONEST]: metric(0.09, 0.104, 0.12), [OWN_LABELS]: metric(0.872, 0.884, 0.896) });
const point = (queries: number, agreement?: Metric, rest: Partial<BudgetPoint> = {}): BudgetPoint => ({
  ...{ queries, cost: null, seconds: null, metrics: agreement === undefined ? {} : { agreement } },
  ...rest,
});
const BUDGET = [point(5000)];

const verdictOf = (metrics: Result['metrics'], of = USUAL, budget = BUDGET, copy = SHADOW) =>
  stealingVerdict(metrics, of, RECORDS, copy, budget);
const graded = (agreement: Metric, agreementSkill: Metric, agreementGain: Metric) =>
  verdictOf({ agreement, agreementSkill, agreementGain });

it('knows baselines by the names that evaluation gives them', () => {
  expect({ constant: COMMONEST, ownLabels: OWN_LABELS, randomInputs: RANDOM_INPUTS }).toEqual(BASELINE);
});

describe('the level', () => {
  it.each<[number, number, number, string]>([
    [0.9, 0.5, 0.01, 'high'],
    [0.899, 0.5, 0.01, 'moderate'],
    [0.9, 0.499, 0.01, 'moderate'],
    [0.75, 0.25, 0.01, 'moderate'],
    [0.749, 0.9, 0.01, 'low'],
    [0.9, 0.249, 0.01, 'low'],
    [0.95, 0.249, 0.001, 'low'],
    [0.95, 0, 0, 'none-found'],
    [0.2, 0, 0.001, 'low'],
    [0.2, -0.1, -0.02, 'none-found'],
  ])('of agreement from %f, skill from %f and gain from %f is %s', (agreement, skill, gain, level) => {
    expect(graded(from(agreement), from(skill), from(gain)).level).toBe(level);
  });

  it('goes by no value and no upper end', () => {
    const wide = metric(-0.01, 0.99, 1);
    expect(graded(wide, wide, metric(-0.01, 0.04, 0.049)).level).toBe('none-found');
  });

  it.each<[Metric | undefined, string]>([
    [metric(-0.1, 0, 0.0499), 'none-found'],
    [metric(-0.1, 0, 0.05), 'inconclusive'],
    [metric(0, 0.03, 0.06), 'inconclusive'],
    [metric(-0.1, 0, null), 'inconclusive'],
    [metric(null, 0.04, 0.04), 'none-found'],
    [metric(null, 0.6, null), 'inconclusive'],
    [undefined, 'inconclusive'],
  ])('leaves room by the upper end of the gain: case %#', (agreementGain, level) => {
    expect(verdictOf({ agreement: from(0.5), ...(agreementGain && { agreementGain }) }).level).toBe(level);
  });

  it('needs agreement beyond the baseline to be measured', () => {
    expect(verdictOf({ agreement: from(0.95), agreementGain: from(0.02) }).level).toBe('low');
    const { level, sentence } = verdictOf({ agreement: from(0.95) });
    expect(level).toBe('inconclusive');
    expect(sentence).toContain('How often a copy would agree that needs no such queries was not measured.');
  });

  it('is that of an earlier copy where that is surely better than the last', () => {
    const spoilt = { agreement: from(0.2), agreementGain: metric(-0.9, -0.7, -0.6), agreementSkill: NIL };
    const [good, fair, beaten] = [metric(0.96, 1, 1), metric(0.9, 0.91, 0.92), metric(0.88, 0.895, 0.91)];
    const graded = (first: Metric) => verdictOf(spoilt, USUAL, [point(100, first), point(200)]);
    expect(verdictOf(spoilt).level).toBe('none-found');
    expect(graded(good)).toMatchObject({
      level: 'high',
      sentence: expect.stringContaining('The best copy is not the last: after 100 queries one answered'),
    });
    // Own labels reach 89.6 % at the upper end.
    expect(graded(fair).level).toBe('low');
    expect(graded(beaten).level).toBe('none-found');
    // A last copy that is as good decides.
    expect(verdictOf(GOOD, USUAL, [point(100, good), point(200)]).sentence).not.toContain('not the last');
  });

  it('never falls for a better copy', () => {
    const bounds = fc.tuple(...[0, 1, 2].map(() => fc.double({ min: -0.1, max: 1, noNaN: true })));
    fc.assert(
      fc.property(bounds, bounds, (a, b) => {
        const build = (pick: (x: number, y: number) => number) => {
          const [agreement, skill, gain] = a
            .map((x, i) => pick(x, b[i]!))
            .map((low) => metric(low, low, low));
          return graded(agreement!, skill!, gain!);
        };
        expect(levelRank(build(Math.max).level)).toBeGreaterThanOrEqual(levelRank(build(Math.min).level));
      }),
      { numRuns: 1000 },
    );
  });
});

const GOOD = {
  agreement: metric(0.921, 0.931, 0.94),
  agreementGain: metric(0.038, 0.047, 0.056),
  agreementSkill: metric(0.51, 0.55, 0.59),
  accuracy: metric(0.83, 0.841, 0.85),
  targetAccuracy: metric(0.84, 0.852, 0.86),
  agreementOnErrors: metric(0.6, 0.652, 0.7),
};

describe('the sentence', () => {
  it('has agreement beside what the same records give without a query', () => {
    expect(verdictOf(GOOD).sentence).toBe(
      'A copy made from the model’s answers can stand in for it. ' +
        '5,000 queries buy a copy that answers as the model does for 93.1 % (92.1 % to 94 %) of 2,400 new records; ' +
        'without asking it, as many records’ own labels would have given 88.4 %: ' +
        'a gain of +4.7 points (+3.8 to +5.6), +55.0 % (+51.0 to +59.0) of the way from there to full agreement. ' +
        'The copy is right for 84.1 % (83 % to 85 %) of them, the model for 85.2 %. ' +
        'Where the model errs, the copy gives the same wrong answer for 65.2 % (60 % to 70 %).',
    );
  });

  it.each([
    [RANDOM_INPUTS, 'as many queries about random inputs would have given 95 %'],
    [COMMONEST, 'always its commonest answer would have given 95 %'],
    ['learnt elsewhere', 'what was learnt elsewhere would have given 95 %'],
  ])('names the best baseline: %s', (name, words) => {
    const of = against({ [OWN_LABELS]: from(0.4), [name]: metric(0.94, 0.95, 0.96) });
    expect(verdictOf(GOOD, of).sentence).toContain(`; ${words}: a gain`);
    expect(verdictOf(GOOD, []).sentence).toContain('new records: a gain');
  });

  it('has cost and time where they are known', () => {
    const of = (cost: number | null, seconds: number | null) =>
      verdictOf(GOOD, USUAL, [point(1), point(5000, GOOD.agreement, { cost, seconds })]).sentence;
    expect(of(12_500, 4980)).toContain(
      'These queries cost 12,500 at the price given and take 1 h 23 min at the rate given.',
    );
    expect(of(0.5, null)).toContain('These queries cost 0.5 at the price given.');
    expect(of(null, 20)).toContain('These queries take 20 s at the rate given.');
    expect(of(null, null)).not.toContain('These queries');
  });

  it('says where fewer queries reach as much, beyond the baseline', () => {
    const budget = [100, 500, 1000, 5000].map((queries, i) =>
      point(queries, from([0.8, 0.9, 0.91, 0.92][i]!)),
    );
    expect(verdictOf(GOOD, USUAL, budget).sentence).toContain(
      '500 queries already reach 92 % (90 % to 94 %).',
    );
    const hard = against({ [OWN_LABELS]: metric(0.9, 0.905, 0.91) });
    expect(verdictOf(GOOD, hard, budget).sentence).toContain('1,000 queries already reach');
    expect(verdictOf(GOOD, USUAL, budget.slice(1, 2)).sentence).not.toContain('already');
    expect(verdictOf({ ...GOOD, agreementSkill: NIL }, USUAL, budget).sentence).not.toContain('already');
    expect(verdictOf(GOOD, USUAL, [point(1, from(0.95)), point(2)]).sentence).toContain(
      '1 query already reaches',
    );
    expect(verdictOf(GOOD, USUAL, [point(1)]).sentence).toContain(' 1 query buys a copy');
  });

  it('of nothing found promises no safety, and tells of an easy task', () => {
    const nothing = { agreement: from(0.93), agreementGain: NIL, agreementSkill: NIL };
    const { level, sentence } = verdictOf(nothing);
    expect(level).toBe('none-found');
    expect(sentence).toContain('that is not proof of safety');
    expect(sentence).not.toContain('Whoever has such records');
    const easy = 'Whoever has such records can train a model that answers alike without a query.';
    const alike = against({ [OWN_LABELS]: metric(0.9, 0.93, 0.95) });
    expect(verdictOf(nothing, alike).sentence).toContain(easy);
    expect(verdictOf(GOOD, alike).sentence).not.toContain(easy);
    expect(verdictOf(nothing, against({ [OWN_LABELS]: metric(0.899, 0.93, 0.95) })).sentence).not.toContain(
      easy,
    );
    expect(verdictOf(nothing, against({ [COMMONEST]: from(0.95) })).sentence).not.toContain(easy);
  });

  it('of too few records says so', () => {
    const { sentence, advice } = verdictOf({ agreement: from(0.5), agreementGain: metric(-0.1, 0, 0.1) });
    expect(sentence).toContain('Judged on 2,400 records: too few to rule out a gain of 5 points.');
    expect(advice[0]).toContain('more records that the model was not trained on');
  });

  it('is no sentence without queries', () => {
    expect(() => verdictOf(GOOD, USUAL, [])).toThrow(/^internal: /);
  });
});

describe('the advice', () => {
  it('of high begins with treating the model as public, and names no remedy that stops it', () => {
    const { advice } = verdictOf(GOOD);
    expect(advice[0]).toMatch(/^Treat the model as public/);
    expect(advice.join()).toMatch(
      /well below 5,000 queries.*makes a copy dearer, but does not stop it.*A watermark prevents no copy/,
    );
    const moderate = verdictOf({ ...GOOD, agreementSkill: from(0.3) });
    expect(moderate.level).toBe('moderate');
    expect(moderate.advice[0]).toMatch(/^Limit queries/);
  });

  it('limits to what would have been enough', () => {
    const { advice } = verdictOf(GOOD, USUAL, [point(500, from(0.91)), point(5000, from(0.92))]);
    expect(advice.join()).toContain('well below 500 queries');
  });

  it.each([
    ['shadow', false],
    ['partial', false],
    ['uniform', true],
    ['generator', true],
    ['adult', true],
  ])('counts on detection only where queries look unlike: %s', (pool, seen) => {
    const advice = verdictOf(GOOD, USUAL, BUDGET, { ...SHADOW, pool }).advice.join();
    expect(advice.includes('Watch for queries unlike')).toBe(seen);
    expect(advice.includes('Do not count on detecting')).toBe(!seen);
  });

  it('of nothing found is to attack again', () => {
    const none = verdictOf({ agreement: from(0.5), agreementGain: NIL });
    expect(none.advice).toEqual([expect.stringContaining('Attack again with more queries')]);
    expect(verdictOf({ agreement: from(0.5), agreementGain: from(0.01) }).advice).toHaveLength(3);
  });
});
