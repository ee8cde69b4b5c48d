/** Charts as data: what queries bought stands where the points say, whatever they are. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sampleStealing, sampleStealingReport } from '../../../../test/report/sample-stealing.ts';
import { budgetSection } from '../budget-section.ts';
import { MAX_CURVES } from '../series.ts';
import {
  type BudgetCurve,
  budgetCurvesOf,
  budgetSpec,
  drawnOf,
  letterPlaces,
  referenceLines,
} from './budget-chart.ts';
import { budgetScale } from './budget-scale.ts';

const curve = (points: readonly (readonly [number, number])[], label = 'a'): BudgetCurve => ({
  label,
  points: points.map(([queries, value]) => ({
    ...{ queries, cost: null, seconds: null },
    metrics: { agreement: { value, low: value - 0.05, high: Math.min(1, value + 0.05), method: 'm' } },
  })),
  baselines: [],
});

interface Layer {
  readonly data: { readonly values: readonly Readonly<Record<string, number | string>>[] };
  readonly mark: Readonly<Record<string, unknown>>;
  readonly encoding: Readonly<Record<string, { readonly scale?: { readonly domain: readonly number[] } }>>;
}
const layersOf = (curves: readonly BudgetCurve[], type: string) =>
  (budgetSpec(curves) as unknown as { readonly layer: readonly Layer[] }).layer.filter(
    ({ mark }) => mark.type === type,
  );

describe('budgetSpec', () => {
  it('has every point within both axes', () => {
    const points = fc
      .uniqueArray(
        fc.tuple(fc.integer({ min: 1, max: 5_000_000 }), fc.double({ min: 0.05, max: 1, noNaN: true })),
        { minLength: 1, maxLength: 6, selector: ([queries]) => queries },
      )
      .map((list) => list.sort(([a], [b]) => a - b));
    fc.assert(
      fc.property(points, (list) => {
        const [dots] = layersOf([curve(list)], 'circle');
        const [x, y] = [dots!.encoding.x!.scale!.domain, dots!.encoding.y!.scale!.domain];
        expect(dots!.data.values.map(({ queries, value }) => [queries, value])).toEqual(list);
        for (const { queries, value } of dots!.data.values as { queries: number; value: number }[]) {
          expect(queries).toBeGreaterThan(x[0]!);
          expect(queries).toBeLessThan(x[1]!);
          expect(value).toBeGreaterThanOrEqual(y[0]! - 1e-9);
          expect(value).toBeLessThanOrEqual(y[1]!);
        }
      }),
    );
  });

  it('has intervals as whiskers', () => {
    const whiskers = layersOf([curve([[100, 0.5]])], 'rule').at(-1)!;
    expect(whiskers.data.values).toEqual([{ queries: 100, value: 0.5, low: 0.45, high: 0.55 }]);
  });

  it('draws curves that differ in colour or dashes, side by side', () => {
    const lines = layersOf(
      Array.from({ length: MAX_CURVES }, () => curve([[9, 0.5]])),
      'line',
    );
    expect(new Set(lines.map(({ mark }) => JSON.stringify([mark.color, mark.strokeDash]))).size).toBe(
      MAX_CURVES,
    );
    expect(new Set(lines.map(({ mark }) => mark.xOffset)).size).toBe(MAX_CURVES);
  });

  it('keeps letters apart, within the plot', () => {
    for (const value of [0.999, 0.9, 0.06]) {
      const drawn = Array.from({ length: MAX_CURVES }, () => drawnOf(curve([[100, 0.5], [1000, value]]))); // biome-ignore format: pairs
      const ys = letterPlaces(drawn, [0, 1]).sort((a, b) => a - b);
      expect(ys.every((y, i) => i === 0 || y - ys[i - 1]! >= 19.9)).toBe(true);
      expect(ys.every((y) => y >= 0 && y < 330)).toBe(true);
    }
    // Where there is room each stands at its point.
    expect(letterPlaces([drawnOf(curve([[9, 0.25]])), drawnOf(curve([[9, 0.75]]))], [0, 1])).toEqual([
      247.5, 82.5,
    ]);
  });
});

describe('referenceLines', () => {
  it('has each baseline once, and says beside which curve', () => {
    const lines = referenceLines(budgetCurvesOf(sampleStealingReport().results));
    expect(lines.map(({ agreement }) => agreement.toFixed(2))).toEqual(['0.10', '0.42', '0.88']);
    expect(lines.map(({ of }) => of)).toEqual([[0, 1], [1], [0]]);
  });

  it('has the best baseline of each attack alone where there are many', () => {
    const copy = { architecture: 'MLP', pool: 'shadow', poolRecords: 9 };
    const many = [0.5, 0.55, 0.6].map((ownLabels) =>
      sampleStealing({ copy, agreements: [0.9], budgets: [9], ownLabels, randomInputs: ownLabels - 0.2 }),
    );
    const lines = referenceLines(budgetCurvesOf(many));
    expect(lines.map(({ agreement }) => agreement)).toEqual([0.5, 0.55, 0.6]);
    expect(lines.some(({ name }) => name.includes('random inputs'))).toBe(false);
  });
});

describe('budgetSection', () => {
  const textOf = async (results: Parameters<typeof budgetSection>[0]) =>
    (await budgetSection(results))!.text.replaceAll('\u00a0', ' ');

  it('tells curves and baselines in its legend', async () => {
    const text = await textOf(sampleStealingReport().results);
    expect(text).toContain('<strong>1</strong> the commonest answer: 10.4 %');
    expect(text).toContain('<strong>2</strong> learnt from random inputs, as many queries (beside B): 42 %');
    expect(text).toContain('without a query (beside A): 88.4 %');
    expect(text).toContain(
      '<strong>A</strong> <code>stealing/posterior-matching</code>: 93.1 % (92 % to 94.2 %) by 5,000 queries',
    );
  });

  it('draws as many curves as can be told apart and counts the rest', async () => {
    const { results } = sampleStealingReport();
    const many = Array.from({ length: MAX_CURVES + 2 }, (_, i) => ({ ...results[0]!, params: { i } }));
    expect(await textOf(many)).toContain('2 more curves');
  });

  it('leaves out what was not measured, and names the defence', async () => {
    const { results } = sampleStealingReport();
    results[0]!.defense = { name: 'rounded', params: {} };
    results[0]!.curves.budget = [{ queries: 9, cost: null, seconds: null, metrics: {} }];
    const text = await textOf(results);
    expect(text).toContain('<code>stealing/posterior-matching against rounded</code>: not measured');
    expect(text).not.toMatch(/NaN|Infinity|undefined/);
  });
});

describe('budgetScale', () => {
  it('begins its agreements at a tick below all, and ends at 1', () => {
    for (const [least, ticks] of [
      [0.931, [1, 0.9, 0.8]],
      [0.8, [1, 0.9, 0.8]],
      [0.55, [1, 0.9, 0.8, 0.7, 0.6, 0.5]],
      [0.31, [1, 0.8, 0.6, 0.4, 0.2]],
      [0.19, [1, 0.8, 0.6, 0.4, 0.2, 0]],
      [-0.01, [1, 0.8, 0.6, 0.4, 0.2, 0]],
    ] as const) {
      const scale = budgetScale([10, 1000], [least, 0.95]);
      expect(scale.agreementTicks).toEqual(ticks);
      expect(scale.agreement).toEqual([ticks.at(-1), 1]);
    }
  });

  it('has a few round ticks between the ends, and a margin beyond them', () => {
    const { queries, queryTicks } = budgetScale([500, 5000], [0.5]);
    expect(queryTicks).toEqual([500, 1000, 2000, 5000]);
    expect(queries[0]).toBeLessThan(500);
    expect(queries[1]).toBeGreaterThan(5000);
    expect(queries[1] * queries[0]).toBeCloseTo(500 * 5000, 0);
    expect(budgetScale([7], [0.5]).queryTicks.length).toBeGreaterThan(1);
  });
});
