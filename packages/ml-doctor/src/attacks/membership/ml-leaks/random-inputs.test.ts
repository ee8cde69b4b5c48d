import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bare } from '../../../audit/selftest/bench/bare-input.ts';
import { context } from '../../../audit/selftest/bench/membership-bench.ts';
import type { Inputs } from '../../../targets/access.ts';
import { savedOutputs } from '../../../targets/saved-outputs.ts';
import { randomInputs, STATISTICS, statisticOf, topPercentile, withoutTraining } from './random-inputs.ts';

const bounds = { low: Float32Array.of(-2, 0, 7), high: Float32Array.of(-1, 10, 7) };

describe('the statistics', () => {
  // Posteriors 1/2, 3/8, 1/8.
  const row = Float32Array.of(Math.log(4), Math.log(3), 0);

  it.each([
    ['maximum', Math.log(0.5)],
    // Σ (p − 1/3)² = 26/64 − 1/3.
    ['standard-deviation', Math.sqrt((26 / 64 - 1 / 3) / 3)],
    ['entropy', 0.5 * Math.log(0.5) + 0.375 * Math.log(0.375) + 0.125 * Math.log(0.125)],
  ] as const)('%s', (statistic, expected) => {
    expect(statisticOf(statistic, row)).toBeCloseTo(expected, 7);
  });

  it.each(STATISTICS)('%s is the higher the surer the answer, whatever it is', (statistic) => {
    let last = Number.NEGATIVE_INFINITY;
    for (let lead = 0; lead <= 15; lead++) {
      const found = statisticOf(statistic, Float32Array.of(0, lead, 0, 0));
      expect(found).toBeCloseTo(statisticOf(statistic, Float32Array.of(0, 0, 0, lead)), 12);
      expect(found).toBeGreaterThan(last);
      last = found;
    }
  });
});

describe('topPercentile', () => {
  it('lets 100 of 1,000 pass at 10 %', () => {
    const scores = Float64Array.from({ length: 1000 }, (_, i) => (i * 7) % 1000);
    const threshold = topPercentile(scores, 10);
    expect(threshold).toBe(900);
    expect(scores.filter((score) => score >= threshold)).toHaveLength(100);
    expect(topPercentile(scores, 7)).toBe(930);
    expect(topPercentile(scores, 100)).toBe(0);
    expect(topPercentile(scores, 1e-9)).toBe(999);
  });

  it('is the largest that lets enough pass', () => {
    const scores = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(scores, fc.integer({ min: 1, max: 100 }), (values, percent) => {
        const passing = (t: number) => values.filter((value) => value >= t).length;
        const found = topPercentile(Float64Array.from(values), percent);
        expect(100 * passing(found)).toBeGreaterThanOrEqual(percent * values.length);
        for (const higher of values.filter((value) => value > found))
          expect(100 * passing(higher)).toBeLessThan(percent * values.length);
      }),
    );
  });
});

describe('randomInputs', () => {
  it('are uniform between the bounds of each place', () => {
    const rows = 2000;
    const values = randomInputs({ bounds, features: 'numeric' }, 5, 0, rows);
    for (const [place, low] of bounds.low.entries()) {
      const high = bounds.high[place]!;
      const column = Array.from({ length: rows }, (_, i) => values[i * 3 + place]!).sort((a, b) => a - b);
      expect(column[0]).toBeGreaterThanOrEqual(low);
      expect(column.at(-1)).toBeLessThanOrEqual(high);
      // Kolmogorov's distance from the uniform distribution: 1.95 / √n is passed once in a thousand.
      column.forEach((value, i) => {
        if (high > low)
          expect(Math.abs((value - low) / (high - low) - i / rows)).toBeLessThan(1.95 / Math.sqrt(rows));
      });
    }
  });

  it('are bits, as the model knows them, where records are bits', () => {
    const values = randomInputs({ bounds, features: 'binary' }, 5, 0, 500);
    const ones = Array.from(values).filter((_, i) => i % 3 === 1);
    expect(new Set(ones)).toEqual(new Set([0, 10]));
    // Within four standard deviations, √125, of a half.
    expect(Math.abs(ones.filter((value) => value === 10).length - 250)).toBeLessThan(45);
    expect(new Set(Array.from(values).filter((_, i) => i % 3 === 0))).toEqual(new Set([-2, -1]));
  });

  it.each(['binary', 'image'] as const)('of %s records depend on seed and number alone', (features) => {
    const all = randomInputs({ bounds, features }, 1, 0, 40);
    expect(randomInputs({ bounds, features }, 1, 30, 10)).toEqual(all.slice(90));
    expect(randomInputs({ bounds, features }, 2, 0, 40)).not.toEqual(all);
  });
});

describe('withoutTraining', () => {
  it('compares candidates with as many random inputs as it is told, and no more', async () => {
    const table = { ids: Uint32Array.of(1, 2), logits: Float32Array.of(0, 3, 1, 0), classes: 2 };
    const records = { ids: table.ids, labels: Int32Array.of(0, 0) };
    const sent: Inputs[] = [];
    const target = {
      ...savedOutputs(table),
      queries: 0,
      labelsOf: () => {
        throw new Error('labels will not do');
      },
      // The second place, uniform on [0, 10], is the lead of class 0.
      answersOf: async (inputs: Inputs) => {
        sent.push(inputs);
        const logits = new Float32Array(2 * inputs.rows);
        for (let i = 0; i < inputs.rows; i++) logits[2 * i] = inputs.values[3 * i + 1]!;
        return { logits, classes: 2 };
      },
    };
    const data = { ...bare.data, bounds, recordShape: [3] };
    const options = { statistic: 'maximum', queries: 700, percentile: 20 } as const;
    const { scores, threshold } = await withoutTraining({ target, records, data }, options, context);
    const lossOf = (lead: number) => Math.log(1 + Math.exp(-lead));
    expect(scores[0]).toBeCloseTo(-lossOf(3), 12);
    expect(scores[1]).toBeCloseTo(-lossOf(1), 12);
    const leads = sent
      .flatMap(({ values, rows }) => Array.from({ length: rows }, (_, i) => values[3 * i + 1]!))
      .sort((a, b) => b - a);
    expect(new Set(leads).size).toBe(700);
    expect(threshold).toBeCloseTo(-lossOf(leads[139]!), 12);
  });
});
