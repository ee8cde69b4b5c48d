/** The figures of ML-Leaks from chosen evidence: the paper's own numbers come out as reproduced, others as what they are. */
import { describe, expect, it } from 'vitest';
import {
  around,
  FIRST,
  type Figures,
  MARGIN,
  type SampleAttack,
  type SampleTarget,
  sampleEvidence,
} from '../../../../test/analysis/sample-ml-leaks.ts';
import type { Metric } from '../../../report/schema.ts';
import type { Comparison, Figure, FigureKind } from '../../figure.ts';
import { dataSets } from './data-sets.ts';
import { cutOf } from './defence-comparisons.ts';
import { defences } from './defences.ts';
import { epochs } from './epochs.ts';
import { gap } from './gap.ts';
import { ML_LEAKS_2019 } from './ml-leaks-2019.ts';
import { posteriors } from './posteriors.ts';
import { shadowModels } from './shadow-models.ts';
import { f1Of, transfer } from './transfer.ts';

const build = (kind: FigureKind, samples: readonly SampleTarget[]): Figure =>
  kind.build(sampleEvidence(samples));
const agreements = (comparisons: readonly Comparison[]) =>
  comparisons.map(({ what, agreement }) => `${what}: ${agreement}`);

const f1 = (precision: number, recall: number) => (2 * precision * recall) / (precision + recall);
const rates = (precision: number, recall: number): Figures => ({
  ...{ precision, recall, f1: f1(precision, recall), auc: 0.9 },
});
const first = (precision: number, recall: number, params: object = {}): SampleAttack => ({
  params: { ...FIRST, ...params },
  figures: rates(precision, recall),
});
const second = (data: string, precision: number, recall: number): SampleAttack => ({
  params: { ...FIRST, adversary: 2, data },
  figures: rates(precision, recall),
});
const third = (statistic: string, auc: number): SampleAttack => ({
  params: { adversary: 3, statistic },
  figures: { ...rates(0.7, 0.8), auc },
});
const shokri = (shadows: number, precision: number, recall: number): SampleAttack => ({
  attack: 'membership/shokri',
  params: { shadows, shadowData: 'real' },
  figures: rates(precision, recall),
});
const CIFAR = { data: 'cifar100', members: 15_000, model: 'ml-leaks-cnn' } as const;

describe('every figure', () => {
  it('is refused where no study has the attack, with what to do', () => {
    for (const kind of ML_LEAKS_2019)
      expect(() => build(kind, [])).toThrow(
        expect.objectContaining({
          code: 'MLD_EVIDENCE_MISSING',
          message: expect.stringContaining(kind.needs),
          hint: expect.stringContaining('ml-leaks-small'),
        }),
      );
  });

  it('is refused for targets of several versions', () => {
    const attacks = [first(0.9, 0.9), second('mnist', 0.8, 0.8), first(0.8, 0.9, { posteriors: 1 })];
    const all = [...attacks, shokri(1, 0.8, 0.8), shokri(5, 0.8, 0.8)];
    const of = (version: string, more: Partial<SampleTarget>): SampleTarget => ({
      ...{ data: 'location', version, attacks: all, ...more },
    });
    const samples = [
      of('0.1.0', {}),
      of('0.2.0', { training: { epochs: 10 } }),
      of('0.2.0', { defense: { name: 'dropout', params: {} } }),
    ];
    for (const kind of ML_LEAKS_2019)
      expect(() => build(kind, samples), kind.name).toThrow(
        expect.objectContaining({ code: 'MLD_EVIDENCE_MIXED' }),
      );
  });
});

describe('figure 1', () => {
  const published: SampleTarget = {
    ...CIFAR,
    attacks: [first(0.95, 0.95), shokri(10, 0.95, 0.94), shokri(2, 0.5, 0.5), third('maximum', 0.9)],
  };

  it('says reproduced of the published figures, and takes Shokri’s attack with the most shadow models', () => {
    const figure = build(dataSets, [published]);
    expect(agreements(figure.comparisons)).toEqual([
      'precision of adversary 1, cifar100: reproduced',
      'recall of adversary 1, cifar100: reproduced',
      'precision of Shokri et al., cifar100: reproduced',
      'recall of Shokri et al., cifar100: reproduced',
      'precision of adversary 1 less that of Shokri et al., cifar100: reproduced',
      'recall of adversary 1 less that of Shokri et al., cifar100: reproduced',
    ]);
    expect(figure.tables[0]?.rows[0]).toMatchObject({
      ...{ precision: around(0.95), shokriRecall: around(0.94), 'auc-maximum': around(0.9) },
      'auc-entropy': null,
    });
    expect(figure.holes.map(({ what }) => what)).toEqual([
      'adversary 3 by standard deviation on cifar100',
      'adversary 3 by entropy on cifar100',
    ]);
  });

  it('says differs of other figures, and not comparable of another setting', () => {
    const differing = build(dataSets, [{ ...published, attacks: [first(0.6, 0.7), shokri(10, 0.95, 0.94)] }]);
    expect(differing.comparisons.map(({ agreement }) => agreement)).toEqual([
      ...['differs', 'differs', 'reproduced', 'reproduced', 'differs', 'differs'],
    ]);
    const fewer = build(dataSets, [
      {
        ...published,
        members: 1000,
        training: { epochs: 20 },
        attacks: [first(0.95, 0.95), shokri(5, 0.95, 0.94)],
      },
    ]);
    expect(fewer.comparisons.map(({ agreement }) => agreement).slice(0, 4)).toEqual(
      Array.from({ length: 4 }, () => 'not comparable'),
    );
    expect(fewer.comparisons[0]?.reason).toContain('1,000 training records, not 15,000; epochs 20, not 50');
    expect(fewer.comparisons[2]?.reason).toContain('5 shadow models, not 10');
  });

  it('names stand-ins, and holds them against what they stand for', () => {
    const figure = build(dataSets, [
      { data: 'retail-100', attacks: [first(0.86, 0.86)] },
      { data: 'cifar10-20k', model: 'ml-leaks-cnn', attacks: [first(0.55, 0.9)] },
    ]);
    expect(figure.notes.at(-1)).toBe('Stand-ins: retail-100 for purchase-100, cifar10-20k for cifar10.');
    expect(figure.comparisons.map(({ agreement }) => agreement)).toEqual(
      Array.from({ length: 4 }, () => 'not comparable'),
    );
    expect(figure.comparisons[0]?.reason).toContain('retail-100 in place of purchase-100');
  });

  it('has a hole where nobody is called a member', () => {
    const silent = build(dataSets, [
      { data: 'adult', attacks: [{ params: FIRST, figures: { recall: 0, auc: 0.5 } }] },
    ]);
    expect(silent.holes[0]).toMatchObject({ what: 'precision of adversary 1 on adult' });
    expect(silent.finding).toContain('nobody');
  });
});

describe('figure 2', () => {
  // Test accuracies from .9 down to .3: gaps of .1 to .7 of a perfect fit.
  const targets = (count: number, precisionAt: (gap: number, i: number) => number): SampleTarget[] =>
    Array.from({ length: count }, (_, i) => {
      const found = 0.1 + (0.6 * i) / (count - 1);
      const attacks = [first(precisionAt(found, i), 0.9)];
      return { data: `set${i}`, trainAccuracy: 1, testAccuracy: 1 - found, attacks };
    });
  const correlationOf = (figure: Figure, kind: string) => figure.tables[0]?.rows[0]?.[kind] as Metric | null;

  it('finds a planted relation, and that there is none', () => {
    const grows = build(
      gap,
      targets(10, (found) => 0.5 + 0.6 * found),
    );
    expect(correlationOf(grows, 'pearson')).toMatchObject({ value: expect.closeTo(1, 9) });
    expect(grows.finding).toContain('Over 10 targets the precision correlates with the gap by 1.000');
    // Up and down by turns, about a middle: no straight line in it.
    const flat = build(
      gap,
      targets(12, (_, i) => 0.7 + 0.1 * (i % 4 === 0 || i % 4 === 3 ? 1 : -1)),
    );
    const none = correlationOf(flat, 'pearson') as Metric;
    expect(Math.abs(none.value)).toBeLessThan(0.1);
    expect([Number(none.low) < 0, Number(none.high) > 0]).toEqual([true, true]);
    expect(flat.finding).toContain('nothing at all is not ruled out');
  });

  it('draws the line of least squares', () => {
    const figure = build(
      gap,
      targets(10, (found) => 0.5 + 0.6 * found),
    );
    const spec = JSON.stringify(figure.charts[0]?.spec);
    // At the ends of the axis, which the line runs through.
    const ends = [...spec.matchAll(/\{"x":([\d.]+),"y":([\d.]+)\}/g)].map(([, x, y]) => [
      Number(x),
      Number(y),
    ]);
    expect(ends.length).toBe(2);
    for (const [x, y] of ends) expect(y).toBeCloseTo(0.5 + 0.6 * Number(x), 9);
  });

  it('has a hole for the correlation of few targets, and is refused for one', () => {
    const few = build(
      gap,
      targets(4, (found) => found),
    );
    expect(few.holes).toMatchObject([{ code: 'MLD_TARGETS_FEW' }, { code: 'MLD_TARGETS_FEW' }]);
    // Fisher's z by hand: ⌈(1.96 / (atanh .8 − atanh .3))²⌉ + 3 and ⌈(1.96 / atanh .5)²⌉ + 3.
    expect(few.holes[0]?.hint).toContain('.8 takes 10 targets');
    expect(few.holes[0]?.hint).toContain('one of 0 16');
    expect(() => build(gap, [{ data: 'adult', attacks: [first(0.5, 0.5)] }])).toThrow(
      expect.objectContaining({ code: 'MLD_TARGETS_FEW' }),
    );
  });
});

describe('figures 3 to 5', () => {
  it('put epochs in order, and tell the change from the fewest to the most', () => {
    const at = (count: number, precision: number): SampleTarget => ({
      ...{ data: 'location', training: { epochs: count }, attacks: [first(precision, 0.9)] },
    });
    const figure = build(epochs, [at(50, 0.8), at(10, 0.6), at(20, 0.7)]);
    expect(figure.tables[0]?.rows.map((row) => [row.at, (row.precision as Metric).value])).toEqual([
      ...[
        [10, 0.6],
        [20, 0.7],
        [50, 0.8],
      ],
    ]);
    expect(figure.finding).toContain(
      'precision goes from 0.600 with 10 epochs to 0.800 with 50 epochs, +0.200',
    );
    expect(figure.finding).toMatch(/; recall from 0\.900 to 0\.900, [+±]0\.000 \([^)]*\)\.$/);
    // √2 · .004 on either side, as both limits are squared and added.
    expect(figure.finding).toContain('+0.200 (+0.194 to +0.206)');
    expect(() => build(epochs, [at(50, 0.8), { ...at(10, 0.6), data: 'adult' }])).toThrow(
      /differ in their epochs only/,
    );
    expect(() =>
      build(epochs, [at(50, 0.8), { ...at(10, 0.6), training: { epochs: 10, batchSize: 5 } }]),
    ).toThrow(/differ in their epochs only/);
  });

  it('hold numbers of posteriors against three', () => {
    const figure = build(posteriors, [
      {
        data: 'location',
        attacks: [
          ...[first(0.85, 0.9, { posteriors: 1 }), first(0.88, 0.9), first(0.89, 0.8, { posteriors: 5 })],
          second('adult', 0.1, 0.1),
        ],
      },
    ]);
    const rows = figure.tables[0]?.rows ?? [];
    expect(rows.map(({ at }) => at)).toEqual([1, 3, 5]);
    expect(rows.map(({ precisionChange }) => (precisionChange as Metric | null)?.value.toFixed(2))).toEqual([
      ...['-0.03', undefined, '0.01'],
    ]);
    expect(figure.finding).toContain(
      'precision is 0.880 with 3 posteriors and furthest from it with 1 posterior, −0.030',
    );
    expect(figure.finding).toContain('furthest from it with 5 posteriors, −0.100');
  });

  it('take Shokri’s attack for numbers of shadow models, with adversary 1 beside it', () => {
    const figure = build(shadowModels, [
      { data: 'location', attacks: [shokri(10, 0.9, 0.9), shokri(1, 0.8, 0.9), first(0.85, 0.95)] },
    ]);
    expect(figure.tables[0]?.rows.map(({ at }) => at)).toEqual([1, 10]);
    expect(figure.notes.join(' ')).toContain('on location precision 0.850 (0.846 to 0.854) and recall 0.950');
  });

  it('leave defended targets out', () => {
    const defended = { data: 'location', defense: { name: 'l2', params: {} } };
    const two = [
      first(0.85, 0.9, { posteriors: 1 }),
      first(0.88, 0.9),
      shokri(1, 0.8, 0.8),
      shokri(2, 0.8, 0.8),
    ];
    for (const kind of [posteriors, shadowModels, epochs, transfer, dataSets])
      expect(() => build(kind, [{ ...defended, attacks: [...two, second('adult', 0.5, 0.5)] }])).toThrow(
        expect.objectContaining({ code: 'MLD_EVIDENCE_MISSING' }),
      );
  });
});

describe('the transfer matrix', () => {
  it('says reproduced of the published pair', () => {
    const figure = build(transfer, [
      { ...CIFAR, attacks: [first(0.95, 0.95), second('20newsgroups', 0.94, 0.93)] },
    ]);
    expect(agreements(figure.comparisons)).toEqual([
      'precision, 20newsgroups to cifar100: reproduced',
      'recall, 20newsgroups to cifar100: reproduced',
      'F1 of adversary 2 less that of adversary 1, 20newsgroups to cifar100: reproduced',
    ]);
    expect(figure.tables[0]?.rows.at(-1)).toMatchObject({ few: 'yes' });
  });

  it('has the loss of each pair from its own diagonal, and says where the claim fails or is open', () => {
    const figure = build(transfer, [
      {
        data: 'location',
        attacks: [first(0.9, 0.9), second('adult', 0.6, 0.6), second('mnist', 0.852, 0.852)],
      },
      { data: 'adult', attacks: [first(0.6, 0.6), second('location', 0.62, 0.62)] },
      { data: 'lfw', attacks: [first(0.5, 0.5), second('location', 0.5, 0.9)] },
    ]);
    const rows = figure.tables[0]?.rows ?? [];
    const told = rows.map(({ shadow, target, loss, few }) => [
      shadow,
      target,
      (loss as Metric | null)?.value.toFixed(2),
      few,
    ]);
    expect(told).toEqual([
      ...[
        ['location', 'location', undefined, null],
        ['adult', 'adult', undefined, null],
        ['lfw', 'lfw', undefined, null],
        ['adult', 'location', '-0.30', 'no'],
        ['mnist', 'location', '-0.05', 'open'],
        ['location', 'adult', '0.02', 'yes'],
        ['location', 'lfw', '0.14', 'open'],
      ],
    ]);
    expect(figure.comparisons.map(({ agreement }) => agreement)).toEqual([
      ...['differs', 'not comparable', 'reproduced', 'not comparable'],
    ]);
    expect(figure.finding).toContain(
      'Of 4 transfers 1 stay within 5 points of the F1 of adversary 1 for certain, 1 lose more, 0 gain more, 2 are open.',
    );
    // Fields without a pair stay empty, and are named.
    expect(figure.holes.map(({ what }) => what)).toEqual([
      ...['adult to lfw', 'lfw to location', 'lfw to adult', 'mnist to adult', 'mnist to lfw'],
    ]);
  });

  it('has F1 of published figures as the harmonic mean, ends included', () => {
    const published = (value: number) => ({ value, low: value - 0.1, high: value + 0.1, where: 'there' });
    const got = f1Of({ precision: published(0.6), recall: published(0.3) });
    // 2/(1/p + 1/r) by hand: 0.4; of .5 and .2: 2/7; of .7 and .4: .56/1.1.
    expect([got.value, got.low, got.high]).toEqual([
      ...[0.4, 2 / 7, 0.56 / 1.1].map((value) => expect.closeTo(value, 12)),
    ]);
  });
});

describe('defences', () => {
  const dropout = { name: 'dropout', params: {} };
  const stacking = { name: 'stacking', params: {} };
  const at = (more: Partial<SampleTarget>, precision: number, recall: number): SampleTarget => ({
    ...{ data: 'location', attacks: [first(precision, recall)] },
    ...more,
  });

  it('says reproduced of the published figures', () => {
    const figure = build(defences, [
      at({}, 0.97, 0.96),
      at({ defense: dropout, testAccuracy: 0.61 }, 0.68, 0.66),
      at({ defense: stacking }, 0.6, 0.6),
    ]);
    expect(agreements(figure.comparisons)).toEqual([
      'precision with dropout less that without, location: reproduced',
      'recall with dropout less that without, location: reproduced',
      'share of precision that stacking takes away, location: reproduced',
      'share of recall that stacking takes away, location: reproduced',
    ]);
    expect(figure.comparisons.every(({ published }) => published.where.includes('second-hand'))).toBe(true);
    expect(figure.tables[0]?.rows.map(({ defence }) => defence)).toEqual(['none', 'dropout', 'stacking']);
    expect(figure.tables[0]?.rows[1]?.testChange).toMatchObject({ value: expect.closeTo(0.01, 12) });
  });

  it('says differs where a defence does nothing, or less than published', () => {
    const figure = build(defences, [
      at({}, 0.8, 0.8),
      at({ defense: dropout }, 0.9, 0.9),
      at({ defense: stacking }, 0.76, 0.9),
    ]);
    expect(figure.comparisons.map(({ agreement }) => agreement)).toEqual(
      Array.from({ length: 4 }, () => 'differs'),
    );
  });

  it('holds a defended target against the undefended one of its own data and seed, with the paired change where there is one', () => {
    const paired = (change: number): SampleAttack => ({ ...first(0.7, 0.7), change });
    const figure = build(defences, [
      at({ data: 'adult' }, 0.5, 0.5),
      ...[0, 1].map((seed) => at({ seed, data: 'mnist' }, 0.9, 0.9)),
      ...[0, 1].map((seed) => ({
        ...{ data: 'mnist', seed, defense: dropout, attacks: [paired(-0.1 - 0.02 * seed)] },
      })),
      at({ data: 'lfw', defense: dropout }, 0.7, 0.7),
    ]);
    expect(figure.tables[0]?.rows.map(({ target, defence }) => [target, defence])).toEqual([
      ...[
        ['mnist', 'none'],
        ['mnist', 'dropout'],
      ],
    ]);
    const [, row] = figure.tables[0]?.rows ?? [];
    expect(row?.balancedChange).toMatchObject({ value: expect.closeTo(-0.11, 12) });
    expect(row?.precisionChange).toMatchObject({ value: expect.closeTo(-0.2, 12) });
    expect(figure.holes.map(({ what }) => what)).toEqual(['defended targets without a counterpart']);
  });

  it('tells an attacker who does not know of the defence from one who does', () => {
    const figure = build(defences, [
      at({}, 0.9, 0.9),
      at({ defense: dropout, attacks: [{ ...first(0.7, 0.7), change: -0.2 }] }, 0, 0),
      at({ defense: { ...dropout, adaptive: false } }, 0.6, 0.6),
    ]);
    const labels = figure.tables[0]?.rows.map(({ defence }) => defence);
    expect(labels?.[2]).toContain('unaware');
    expect(new Set(labels).size).toBe(3);
    expect(figure.finding).toMatch(
      /^With dropout the balanced accuracy of the attack changes by −0\.200 \(.*\) on location \(test accuracy [+−±]0\.\d{3}\)\. Attackers who do not know of the defence are in the table\.$/,
    );
  });

  it('finds in one sentence a defence from where it does most to where it does least', () => {
    const on = (data: string, change: number): SampleTarget[] => [
      { data, attacks: [first(0.9, 0.9)] },
      { data, defense: dropout, attacks: [{ ...first(0.7, 0.7), change }] },
    ];
    const three = build(defences, [...on('adult', -0.1), ...on('mnist', -0.3), ...on('lfw', -0.2)]);
    expect(three.finding).toMatch(/by −0\.300 .* on mnist .* to −0\.100 .* on adult .*, over 3 targets\.$/);
    expect(three.finding).not.toContain('lfw');
    const two = build(defences, [...on('adult', -0.1), ...on('mnist', -0.3)]);
    expect(two.finding).toMatch(/by −0\.300 .* on mnist .* and −0\.100 .* on adult [^,]*\.$/);
  });

  it('finds that nobody is called a member', () => {
    const silent: SampleAttack = { params: FIRST, figures: { recall: 0, auc: 0.5 } };
    const { finding } = build(defences, [
      at({}, 0.9, 0.9),
      at({ defense: dropout, attacks: [silent] }, 0, 0),
    ]);
    expect(finding).toContain('ith dropout nobody is called a member on location');
  });
});

describe('the share that is taken away', () => {
  const between = (value: number, low: number, high: number): Metric => ({
    value,
    low,
    high,
    method: 'chosen',
  });

  it('has the limits that brute force finds of the equation of the method', () => {
    const [after, before] = [between(0.5, 0.44, 0.58), between(0.9, 0.85, 0.93)];
    const got = cutOf(after, before) as Metric;
    // The least and the most r at which after − r · before, by MOVER, may be 0.
    const mayBe = (r: number) => {
      const centre = 0.5 - r * 0.9;
      const low = centre - Math.hypot(0.5 - 0.44, r * (0.93 - 0.9));
      const high = centre + Math.hypot(0.58 - 0.5, r * (0.9 - 0.85));
      return low <= 0 && high >= 0;
    };
    const possible = Array.from({ length: 200_001 }, (_, i) => i / 100_000).filter(mayBe);
    expect(got.value).toBeCloseTo(1 - 5 / 9, 12);
    expect(got.low).toBeCloseTo(1 - Math.max(...possible), 4);
    expect(got.high).toBeCloseTo(1 - Math.min(...possible), 4);
  });

  it('is not told where the figure before may be nothing, or has no interval', () => {
    const after = between(0.5, 0.4, 0.6);
    expect(cutOf(after, between(0.1, 0, 0.15))).toBeUndefined();
    expect(cutOf(after, between(0.1, 0.05, 0.2))).toBeUndefined();
    expect(cutOf({ ...after, low: null }, between(0.9, 0.8, 1))).toBeUndefined();
  });
});

it('has intervals in its samples that are narrow enough for the rule', () => {
  expect(MARGIN).toBeLessThan(0.005);
});
