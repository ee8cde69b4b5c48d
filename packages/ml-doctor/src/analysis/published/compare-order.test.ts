/** Orders by hand, and by what must hold of any. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Metric } from '../../report/schema.ts';
import type { Agreement, Published } from '../figure.ts';
import { compareOrder, type OrderOptions } from './compare-order.ts';

const published = (value: number, off = 0.01, where = 'Fig. 8'): Published => ({
  ...{ value, low: value - off, high: value + off, where },
});
const ours = (value: number, off: number): Metric => ({
  ...{ value, low: value - off, high: value + off, method: 'bootstrap' },
});
const found = (theirs: [number, number], mine: [number, number], off: number, options?: OrderOptions) =>
  compareOrder(
    'late less early',
    { first: published(theirs[0]), second: published(theirs[1]) },
    { first: ours(mine[0], off), second: ours(mine[1], off) },
    options,
  );

describe('compareOrder', () => {
  it.each<[string, [number, number], [number, number], number, Agreement]>([
    ['both fall', [0.87, 0.98], [0.6, 0.9], 0.05, 'reproduced'],
    ['both rise, by other sizes', [0.73, 0.5], [0.56, 0.5], 0.03, 'reproduced'],
    ['ours rises', [0.87, 0.98], [0.9, 0.6], 0.05, 'differs'],
    ['ours may rise or fall', [0.87, 0.98], [0.85, 0.9], 0.05, 'not comparable'],
    ['ours is flat', [0.87, 0.98], [0.9, 0.901], 0.002, 'differs'],
    ['small but certain is flat', [0.87, 0.98], [0.9, 0.904], 0.002, 'differs'],
    ['published may be either', [0.87, 0.875], [0.6, 0.9], 0.05, 'not comparable'],
  ])('%s', (_, theirs, mine, off, agreement) => {
    expect(found(theirs, mine, off).agreement).toBe(agreement);
  });

  it('lets two agree that both do not change', () => {
    const flat = { first: published(0.5, 0.001), second: published(0.501, 0.001) };
    const mine = { first: ours(0.7, 0.002), second: ours(0.703, 0.002) };
    const { agreement, reason } = compareOrder('DP', flat, mine);
    expect(agreement).toBe('reproduced');
    expect(reason).toBe(
      'the first is equal to ±0.01, −0.003 (−0.006 to −0.000), as published'.replace('−0.000', '±0.000'),
    );
    expect(compareOrder('DP', flat, mine, { within: 0.005 }).agreement).toBe('not comparable');
  });

  it('tells differences, where they stand, and why', () => {
    const { published: theirs, ours: mine, reason, what } = found([0.7, 0.4], [0.4, 0.7], 0.03);
    expect(what).toBe('late less early');
    expect(theirs.value).toBeCloseTo(0.3, 12);
    expect(theirs.low).toBeCloseTo(0.3 - Math.hypot(0.01, 0.01), 12);
    expect(theirs.where).toBe('Fig. 8');
    expect(mine!.high).toBeCloseTo(-0.3 + Math.hypot(0.03, 0.03), 12);
    expect(reason).toBe('the first is lower, −0.300 (−0.342 to −0.258); as published it is higher');
    const two = { first: published(0.7, 0.01, 'Table 3'), second: published(0.4, 0.01, 'Table 4') };
    const pair = { first: ours(0.7, 0.1), second: ours(0.6, 0.1) };
    expect(compareOrder('', two, pair).published.where).toBe('Table 3; Table 4');
    expect(compareOrder('', two, pair).reason).toBe('our order is open: +0.100 (−0.041 to +0.241)');
    expect(found([0.5, 0.505], [0.5, 0.2], 0.01).reason).toMatch(/^the published order is open: −0\.005 /);
  });

  it('decides from the one limit that matters, and from nothing else than limits', () => {
    const theirs = { first: published(0.7), second: published(0.4) };
    const half: Metric = { value: 0.8, low: 0.7, high: null, method: 'bound' };
    const { agreement, ours: mine } = compareOrder('', theirs, { first: half, second: ours(0.5, 0.01) });
    expect(agreement).toBe('reproduced');
    expect(mine!.high).toBeNull();
    expect(mine!.low).toBeCloseTo(0.3 - Math.hypot(0.1, 0.01), 12);
    const bare: Metric = { value: 0.8, low: 0.8, high: 0.8, method: 'none' };
    expect(compareOrder('', theirs, { first: bare, second: ours(0.5, 0.01) }).agreement).toBe(
      'not comparable',
    );
  });

  it('says what is missing and what is unlike', () => {
    const theirs = { first: published(0.7), second: published(0.4) };
    const some = ours(0.5, 0.01);
    expect(compareOrder('', theirs, { first: null, second: null })).toMatchObject({
      ...{ agreement: 'not comparable', ours: null, reason: 'neither is measured here' },
    });
    for (const pair of [
      { first: null, second: some },
      { first: some, second: null },
    ])
      expect(compareOrder('', theirs, pair).reason).toBe('one of the two is not measured here');
    const unlike = compareOrder('', theirs, { first: some, second: some }, { unlike: 'CIFAR-10' });
    expect([unlike.agreement, unlike.reason]).toEqual(['not comparable', 'not of the same thing: CIFAR-10']);
  });

  it('says the same of pairs changed about, and with wider intervals is never surer', () => {
    const share = fc.integer({ min: 0, max: 64 }).map((n) => n / 64);
    const off = fc.integer({ min: 0, max: 16 }).map((n) => n / 64);
    fc.assert(
      fc.property(share, share, share, share, off, off, (a, b, c, d, width, more) => {
        const at = (wide: number, swap: boolean) => {
          const theirs = { first: published(a), second: published(b) };
          const mine = { first: ours(c, wide), second: ours(d, wide) };
          const turned = <T>({ first, second }: { first: T; second: T }) => ({
            first: second,
            second: first,
          });
          return compareOrder('', swap ? turned(theirs) : theirs, swap ? turned(mine) : mine, {
            within: 1 / 32,
          });
        };
        const narrow = at(width, false).agreement;
        expect(at(width, true).agreement).toBe(narrow);
        expect([narrow, 'not comparable']).toContain(at(width + more, false).agreement);
      }),
    );
  });
});
