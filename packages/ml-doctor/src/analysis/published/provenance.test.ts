/** Limits of published figures, and tables: whatever is published lies within its own limits and says where it stands. */

import { describe, expect, it } from 'vitest';
import type { Published } from '../figure.ts';
import * as accuracy from './ml-doctor-2022/accuracy.ts';
import * as correlations from './ml-doctor-2022/correlations.ts';
import * as defended from './ml-doctor-2022/defended.ts';
import * as epochs from './ml-doctor-2022/epochs.ts';
import * as trainings from './ml-doctor-2022/private-trainings.ts';
import * as leaks from './ml-leaks-2019/figures.ts';
import { correlation, give, grid, printed, rankCorrelation, recalled } from './provenance.ts';
import * as mitigations from './shokri-2017/mitigations.ts';
import * as shokriReproductions from './shokri-2017/reproductions.ts';
import * as shadowData from './shokri-2017/shadow-data.ts';
import * as shokriTargets from './shokri-2017/targets.ts';

const isPublished = (value: object): value is Published => 'where' in value && 'low' in value;

function* publishedIn(value: unknown): Generator<Published> {
  if (value === null || typeof value !== 'object') return;
  if (isPublished(value)) yield value;
  else for (const inner of Object.values(value)) yield* publishedIn(inner);
}

describe('limits', () => {
  it('are half a unit of the last digit of what was printed', () => {
    expect(printed(0.5, 3, 'Table 5')).toEqual({ value: 0.5, low: 0.4995, high: 0.5005, where: 'Table 5' });
    expect(printed(156, 0, '')).toMatchObject({ low: 155.5, high: 156.5 });
  });

  it('are wider of what is second-hand, which says so, but no share is more than all', () => {
    expect(give(0.99, 0.02, 'a')).toEqual({ value: 0.99, low: 0.97, high: 1.01, where: 'a' });
    expect(recalled(0.99, 'surely', 'Table I')).toEqual({
      ...{ value: 0.99, low: 0.98, high: 1, where: 'Table I, second-hand' },
    });
    expect(recalled(0.01, 'fairly', '')).toMatchObject({ low: 0, high: 0.04 });
    const { low, high } = recalled(0.5, 'hardly', '');
    expect([low, high]).toEqual([0.45, 0.55]);
  });

  it('of a correlation are Fisher’s: of .5 over 28 targets .156 to .736', () => {
    // 0.5493 ± 1.9600/5 = 0.1573 and 0.9413; their hyperbolic tangents.
    const { low, high, where } = correlation(0.5, 28, 'Fig. 9');
    expect([low, high].map((limit) => limit.toFixed(3))).toEqual(['0.156', '0.736']);
    expect(where).toBe("Fig. 9; interval by Fisher's z over 28 targets");
  });

  it('of a rank correlation are wider: of .5 over 28 targets .133 to .747', () => {
    // 0.5493 ± 1.9600·√(1.125/25) = 0.1335 and 0.9651; their hyperbolic tangents.
    const { low, high, where } = rankCorrelation(0.5, 28, 'Fig. 6');
    expect([low, high].map((limit) => limit.toFixed(3))).toEqual(['0.133', '0.747']);
    expect(where).toContain('Bonett & Wright over 28 targets');
  });
});

describe('grid', () => {
  it('leaves cells without a value out, and refuses a row of another length', () => {
    const found = grid(
      ['a', 'b'],
      { x: [1, null], y: [0, 2] },
      (raw, row, column) => `${row}${column}${raw}`,
    );
    expect(found).toEqual({ x: { a: 'xa1' }, y: { a: 'ya0', b: 'yb2' } });
    expect(() => grid(['a', 'b'], { x: [1] }, String)).toThrow('internal: row x has 1 cells for 2 columns');
  });
});

describe('every published figure', () => {
  const rooms = { accuracy, correlations, defended, epochs, leaks, mitigations };
  const more = { shadowData, shokriReproductions, shokriTargets, trainings };
  it.each(Object.entries({ ...rooms, ...more }))(
    'of %s lies within its limits and says where it stands',
    (_, room) => {
      // A module's exports as a plain object: functions among them are passed over.
      const all = [...publishedIn({ ...room })];
      expect(all.length).toBeGreaterThan(3);
      for (const { value, low, high, where } of all) {
        expect(low).toBeLessThan(value + 1e-12);
        expect(high).toBeGreaterThan(value - 1e-12);
        expect(high - low).toBeGreaterThan(0);
        expect(where).not.toBe('');
      }
    },
  );

  it('that is a share is one', () => {
    for (const { value } of publishedIn({ ...mitigations, ...leaks, ...accuracy, ...shokriReproductions }))
      expect(value > 0 && value <= 1).toBe(true);
  });
});

describe('Shokri et al.', () => {
  it('are more precise the more classes there are, from .505 to .935', () => {
    const found = [2, 10, 20, 50, 100].map(
      (classes) => shokriTargets.TABLE_2[`purchase-${classes}` as shokriTargets.Table2Data].precision.value,
    );
    expect(found).toEqual([...found].sort());
    expect([found[0], found[4]]).toEqual([0.505, 0.935]);
  });

  it('say the same of undefended targets and of real shadow data wherever they say it', () => {
    const { LOCATION_NOISE, PURCHASE_100_MADE_UP } = shadowData;
    expect(LOCATION_NOISE[0].value).toBe(shokriTargets.TABLE_2.location.precision.value);
    expect(PURCHASE_100_MADE_UP.real.value).toBe(shokriTargets.TABLE_2['purchase-100'].precision.value);
    // The network of Table I to two digits.
    const { value } = shokriTargets.TABLE_1.network.testAccuracy;
    expect(Math.abs(mitigations.PURCHASE_100.none.testAccuracy.value - value)).toBeLessThanOrEqual(0.0101);
  });

  it('have accuracies that precision and recall give, on as many members as others', () => {
    // Of balanced records recall r at precision p is right in (1 + r·(2 − 1/p))/2.
    for (const rows of [mitigations.PURCHASE_100, mitigations.TEXAS_100])
      for (const [name, { accuracy: found, precision, recall }] of Object.entries(rows)) {
        const given = (1 + recall.value * (2 - 1 / precision.value)) / 2;
        expect(Math.abs(given - found.value), name).toBeLessThan(0.02);
      }
  });
});
