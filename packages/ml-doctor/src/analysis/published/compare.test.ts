/** The rule by hand, and by what must hold of it whatever the figures. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Metric } from '../../report/schema.ts';
import type { Agreement, Published } from '../figure.ts';
import { type CompareOptions, compare, differenceText } from './compare.ts';

const published = (value: number, low = value - 0.0005, high = value + 0.0005): Published => ({
  ...{ value, low, high, where: 'Table 3' },
});
const ours = (value: number, low: number | null, high: number | null): Metric => ({
  ...{ value, low, high, method: 'bootstrap over targets' },
});
const verdict = (theirs: Published, mine: Metric | null, options?: CompareOptions) =>
  compare('r', theirs, mine, options);

describe('compare', () => {
  it.each<[string, Published, Metric, CompareOptions, Agreement]>([
    ['equal, and neither is 0', published(-0.82), ours(-0.8, -0.95, -0.4), { nothing: 0 }, 'reproduced'],
    ['both hold 0', published(-0.82), ours(-0.5, -0.9, 0.2), { nothing: 0 }, 'not comparable'],
    ['known to be less', published(-0.82), ours(-0.5, -0.7, -0.2), { nothing: 0 }, 'differs'],
    ['holds 0 alone', published(-0.82), ours(0.1, -0.3, 0.4), { nothing: 0 }, 'differs'],
    ['the other way', published(-0.82), ours(0.6, 0.2, 0.8), { nothing: 0 }, 'differs'],
    // A published correlation of ten targets, by Fisher's z.
    [
      'published may be 0',
      published(0.341, -0.37, 0.8),
      ours(0.3, 0.1, 0.5),
      { nothing: 0 },
      'not comparable',
    ],
    [
      'neither is told from 0',
      published(0.341, -0.37, 0.8),
      ours(0, -0.3, 0.3),
      { nothing: 0 },
      'not comparable',
    ],
    [
      'published may be 0, far',
      published(0.341, -0.37, 0.5),
      ours(0.9, 0.8, 0.95),
      { nothing: 0 },
      'differs',
    ],
    ['both at chance, known well', published(0.5), ours(0.51, 0.48, 0.54), { nothing: 0.5 }, 'reproduced'],
    [
      'both at chance, known badly',
      published(0.5),
      ours(0.51, 0.4, 0.62),
      { nothing: 0.5 },
      'not comparable',
    ],
    ['chance or published', published(0.559), ours(0.53, 0.49, 0.57), { nothing: 0.5 }, 'not comparable'],
    ['no nothing, narrow', published(0.706), ours(0.7, 0.68, 0.72), {}, 'reproduced'],
    ['no nothing, wide', published(0.706), ours(0.7, 0.6, 0.8), {}, 'not comparable'],
    [
      'narrow is what the unit says',
      published(0.058),
      ours(0.06, 0.05, 0.07),
      { within: 0.005 },
      'not comparable',
    ],
    ['a small but certain difference', published(0.5), ours(0.51, 0.505, 0.515), {}, 'differs'],
    ['exact on both sides', published(2, 2, 2), ours(2, 2, 2), { within: 0 }, 'reproduced'],
    [
      'a limit belongs to the interval',
      published(0.5, 0.5, 0.5),
      ours(0.75, 0.5, 0.875),
      { nothing: 0.25 },
      'reproduced',
    ],
    [
      'and does where it is chance',
      published(0.75, 0.75, 0.75),
      ours(0.75, 0.5, 1),
      { nothing: 0.5 },
      'not comparable',
    ],
    ['the limits of both count', published(0.5, 0.4, 0.6), ours(0.5, 0.47, 0.53), {}, 'not comparable'],
  ])('%s', (_, theirs, mine, options, agreement) => {
    expect(verdict(theirs, mine, options).agreement).toBe(agreement);
  });

  it('hands on what it was given', () => {
    const [theirs, mine] = [published(0.7), ours(0.7, 0.69, 0.71)];
    expect(compare('SimpleCNN on CelebA', theirs, mine)).toMatchObject({
      what: 'SimpleCNN on CelebA',
      published: theirs,
      ours: mine,
    });
  });

  it('says which side is open, and that nothing was measured', () => {
    const reason = (mine: Metric | null, options?: CompareOptions) => {
      const { agreement, reason } = verdict(published(0.7), mine, options);
      expect(agreement).toBe('not comparable');
      return reason;
    };
    expect(reason(null)).toBe('not measured here');
    expect(reason(ours(0.7, null, 0.71))).toBe('our interval has no lower limit');
    expect(reason(ours(0.7, 0.69, null))).toBe('our interval has no upper limit');
    expect(reason(ours(0.7, null, null))).toBe('our figure has no interval');
    expect(reason({ ...ours(0.7, 0.7, 0.7), method: 'none' })).toBe('our figure has no interval');
    expect(reason(ours(0.7, 0.69, 0.71), { unlike: '5 epochs, published with 300' })).toBe(
      'not of the same thing: 5 epochs, published with 300',
    );
    expect(reason(null, { unlike: '5 epochs' })).toBe('not measured here');
  });

  it('gives its reason in numbers', () => {
    // √(.2² + .0005²) = .200 below, √(.3² + .0005²) = .300 above.
    expect(verdict(published(-0.82), ours(-0.3, -0.5, -0.0), { nothing: 0.2 }).reason).toBe(
      'ours less published is +0.520 (+0.320 to +0.820); both lie on the same side of 0.2',
    );
    expect(verdict(published(-0.82), ours(0.3, 0.1, 0.5), { nothing: 0 }).reason).toMatch(
      /; they lie on opposite sides of 0$/,
    );
    expect(verdict(published(-0.82), ours(0, -0.2, 0.2), { nothing: 0 }).reason).toMatch(
      /; ours cannot be told from 0$/,
    );
    expect(verdict(published(0.5), ours(0.7, 0.6, 0.8), { nothing: 0.5 }).reason).toMatch(
      /; the published figure cannot be told from 0.5$/,
    );
    expect(verdict(published(0.5), ours(0.7, 0.6, 0.8)).reason).toMatch(/\(\+0\.100 to \+0\.300\)$/);
    expect(verdict(published(0.5), ours(0.51, 0.48, 0.54)).reason).toBe(
      'ours less published is +0.010 (−0.020 to +0.040), all of it within ±0.05',
    );
    expect(verdict(published(0.7), ours(0.71, 0.6, 0.8)).reason).toMatch(
      /which may be nothing or more than 0.05$/,
    );
    expect(verdict(published(0.7), ours(0.71, 0.6, 0.8), { nothing: 0.5 }).reason).toMatch(
      /, and both lie on the same side of 0.5$/,
    );
    expect(verdict(published(0.7), ours(0.6, 0.4, 0.8), { nothing: 0.5 }).reason).toMatch(
      /, but ours may be 0.5 as well: too little to tell$/,
    );
    const weak = published(0.3, -0.2, 0.7);
    expect(verdict(weak, ours(0.3, 0.1, 0.5), { nothing: 0 }).reason).toMatch(
      /, but the published figure cannot itself be told from 0$/,
    );
    expect(verdict(weak, ours(0.3, -0.1, 0.5), { nothing: 0 }).reason).toMatch(
      /, but neither figure can be told from 0$/,
    );
    expect(differenceText({ value: 0, low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY })).toBe(
      '±0.000 (−∞ to +∞)',
    );
  });
});

describe('compare, of any figures', () => {
  // Sixteenths: sums and mirrors are exact. The distances fall on, below and above `within`.
  const sixteenth = fc.integer({ min: -24, max: 24 }).map((n) => n / 16);
  const distance = fc.integer({ min: 0, max: 12 }).map((n) => n / 16);
  const figure = fc.record({ value: sixteenth, below: distance, above: distance });
  type Drawn = { value: number; below: number; above: number };
  const limits = ({ value, below, above }: Drawn) => ({ value, low: value - below, high: value + above });
  const agreement = (theirs: Drawn, mine: Drawn, options: CompareOptions) =>
    verdict({ ...limits(theirs), where: 'Fig. 9' }, { ...limits(mine), method: 'm' }, options).agreement;
  const options = fc
    .record({ within: distance })
    .chain(({ within }) =>
      fc
        .option(sixteenth)
        .map((nothing): CompareOptions => (nothing === null ? { within } : { within, nothing })),
    );
  const at = (given: CompareOptions, change: (nothing: number) => number): CompareOptions =>
    given.nothing === undefined ? given : { ...given, nothing: change(given.nothing) };
  const mirror = ({ value, below, above }: Drawn): Drawn => ({ value: -value, below: above, above: below });

  it('says the same of mirror images, of both moved, and of the two changed about', () => {
    fc.assert(
      fc.property(figure, figure, options, sixteenth, (theirs, mine, given, by) => {
        const found = agreement(theirs, mine, given);
        expect(
          agreement(
            mirror(theirs),
            mirror(mine),
            at(given, (n) => -n),
          ),
        ).toBe(found);
        const moved = (drawn: Drawn): Drawn => ({ ...drawn, value: drawn.value + by });
        expect(
          agreement(
            moved(theirs),
            moved(mine),
            at(given, (n) => n + by),
          ),
        ).toBe(found);
        expect(agreement(mine, theirs, given)).toBe(found);
      }),
    );
  });

  it('with wider intervals is never surer', () => {
    const allowed: Record<Agreement, readonly Agreement[]> = {
      differs: ['differs', 'reproduced', 'not comparable'],
      reproduced: ['reproduced', 'not comparable'],
      'not comparable': ['not comparable'],
    };
    fc.assert(
      fc.property(figure, figure, options, distance, distance, (theirs, mine, given, below, above) => {
        const wider = { ...mine, below: mine.below + below, above: mine.above + above };
        expect(allowed[agreement(theirs, mine, given)]).toContain(agreement(theirs, wider, given));
      }),
    );
  });

  it('reproduces what is published exactly and measured exactly, and no two exact figures that differ', () => {
    fc.assert(
      fc.property(sixteenth, sixteenth, options, (one, other, given) => {
        const exact = (value: number): Drawn => ({ value, below: 0, above: 0 });
        expect(agreement(exact(one), exact(other), given)).toBe(one === other ? 'reproduced' : 'differs');
      }),
    );
  });

  it('never reproduces on the other side of nothing, nor where one interval lies wholly outside the other by more than both', () => {
    fc.assert(
      fc.property(figure, figure, options, (theirs, mine, given) => {
        if (agreement(theirs, mine, given) !== 'reproduced') return;
        const [a, b] = [limits(theirs), limits(mine)];
        expect(a.low <= b.high && b.low <= a.high).toBe(true);
        const { nothing, within } = given as { nothing?: number; within: number };
        if (nothing === undefined || Math.abs(a.value - b.value) <= within) return;
        expect(a.value > nothing).toBe(b.value > nothing);
        expect([a.low > nothing, b.low > nothing]).toEqual([a.high >= nothing, b.high >= nothing]);
      }),
    );
  });
});
