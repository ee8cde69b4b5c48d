/** The drawn points are read back from the SVG with the help of its own ticks. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sampleStealing, sampleStealingReport } from '../../../test/report/sample-stealing.ts';
import { type BudgetCurve, budgetCurvesOf, budgetFigure } from './budget-figure.ts';
import { budgetScale, PLOT } from './budget-scale.ts';
import { MAX_CURVES } from './series.ts';

const textOf = (curves: readonly BudgetCurve[]) => budgetFigure(curves).text.replaceAll('\u00a0', ' ');

/** Queries and agreement at a pixel, by two labelled ticks of each axis. */
function readAxes(svg: string) {
  const ticks = (pattern: RegExp) =>
    [...svg.matchAll(pattern)].map(
      ([, at, label]) => [Number(at), Number(label!.replace(/,| %/g, ''))] as const,
    );
  const across = ticks(/class="grid" x1="([\d.]+)" y1="[\d.]+" x2="\1"[^>]*\/><text [^>]*>([\d,]+)</g);
  const up = ticks(/class="grid" x1="[\d.]+" y1="([\d.]+)" x2="[\d.]+" y2="\1"\/><text [^>]*>([\d.]+ %)</g);
  const between = (list: typeof up, of: (value: number) => number) => (pixel: number) => {
    const [[a, from], [b, to]] = [list[0]!, list.at(-1)!];
    return of(from) + ((pixel - a) / (b - a)) * (of(to) - of(from));
  };
  return { log: between(across, Math.log10), percent: between(up, Number), across, up };
}

const dots = (svg: string) =>
  [...svg.matchAll(/<circle class="dot (f\d)" cx="([\d.]+)" cy="([\d.]+)"/g)].map(([, fill, x, y]) => ({
    fill,
    x: Number(x),
    y: Number(y),
  }));

const curve = (points: readonly (readonly [number, number])[], label = 'a'): BudgetCurve => ({
  label,
  points: points.map(([queries, value]) => ({
    ...{ queries, cost: null, seconds: null },
    metrics: { agreement: { value, low: value - 0.05, high: Math.min(1, value + 0.05), method: 'm' } },
  })),
  baselines: [],
});

describe('budgetFigure', () => {
  it('puts every point at its queries and its agreement, whatever they are', () => {
    const points = fc
      .uniqueArray(
        fc.tuple(fc.integer({ min: 1, max: 5_000_000 }), fc.double({ min: 0.05, max: 1, noNaN: true })),
        {
          minLength: 2,
          maxLength: 6,
          selector: ([queries]) => queries,
        },
      )
      .map((list) => list.sort(([a], [b]) => a - b));
    fc.assert(
      fc.property(points, (list) => {
        const svg = textOf([curve(list)]);
        const { log, percent, across, up } = readAxes(svg);
        expect(up.length).toBeGreaterThanOrEqual(3);
        expect(across.length).toBeLessThanOrEqual(6);
        if (across.length < 2) return;
        // Ticks close together say little of what is far from them.
        const reach = across.at(-1)![0] - across[0]![0];
        dots(svg).forEach(({ x, y }, i) => {
          if (reach > 100) expect(log(x)).toBeCloseTo(Math.log10(list[i]![0]), 1);
          expect(percent(y) / 100).toBeCloseTo(list[i]![1], 2);
          expect(x).toBeGreaterThan(PLOT.left);
          expect(x).toBeLessThan(PLOT.right);
        });
      }),
      { numRuns: 200 },
    );
  });

  it('has intervals as whiskers, and a line through the points', () => {
    const svg = textOf([curve([[100, 0.5], [1000, 0.8]])]); // biome-ignore format: pairs
    const { percent } = readAxes(svg);
    const whiskers = [
      ...svg.matchAll(/class="whisker c0" x1="([\d.]+)" y1="([\d.]+)" x2="\1" y2="([\d.]+)"/g),
    ];
    expect(whiskers.map(([, , high, low]) => [high, low].map((y) => Math.round(percent(Number(y)))))).toEqual(
      [
        [55, 45],
        [85, 75],
      ],
    );
    const [a, b] = dots(svg);
    expect(svg).toContain(`d="M${a!.x} ${a!.y}L${b!.x} ${b!.y}"`);
  });

  it('draws each baseline once as a numbered line, and says beside which curve', () => {
    const svg = textOf(budgetCurvesOf(sampleStealingReport().results));
    const { percent } = readAxes(svg);
    const lines = [...svg.matchAll(/<line class="baseline" x1="[\d.]+" y1="([\d.]+)"/g)];
    expect(lines.map(([, y]) => percent(Number(y)).toFixed(0))).toEqual(['10', '42', '88']);
    expect(svg).toContain('<strong>1</strong> the commonest answer: 10.4 %');
    expect(svg).toContain('<strong>2</strong> learnt from random inputs, as many queries (beside B): 42 %');
    expect(svg).toContain('without a query (beside A): 88.4 %');
    expect(svg).toContain(
      '<strong>A</strong> <code>stealing/posterior-matching</code>: 93.1 % (92 % to 94.2 %) by 5,000 queries',
    );
    expect(svg).toMatch(
      /role="img" aria-label="[^"]*2 stealing attacks; the values are in the tables below"/,
    );
  });

  it('draws the best baseline of each attack alone where there are many', () => {
    const copy = { architecture: 'MLP', pool: 'shadow', poolRecords: 9 };
    const many = [0.5, 0.55, 0.6].map((ownLabels) =>
      sampleStealing({ copy, agreements: [0.9], budgets: [9], ownLabels, randomInputs: ownLabels - 0.2 }),
    );
    const svg = textOf(budgetCurvesOf(many));
    expect(svg.match(/class="baseline"/g)).toHaveLength(3);
    expect(svg).not.toContain('random inputs');
  });

  it('keeps letters apart, within the plot', () => {
    for (const value of [0.999, 0.9, 0.06]) {
      const curves = Array.from({ length: MAX_CURVES }, () => curve([[100, 0.5], [1000, value]])); // biome-ignore format: pairs
      const ys = [...textOf(curves).matchAll(/class="letter f\d" x="[\d.]+" y="([\d.]+)"/g)].map(([, y]) =>
        Number(y),
      );
      expect(ys).toHaveLength(MAX_CURVES);
      expect(ys.every((y, i) => i === 0 || y - ys[i - 1]! >= 19.9)).toBe(true);
      expect(ys.every((y) => y > 0 && y < PLOT.bottom)).toBe(true);
    }
  });

  it('draws as many curves as can be told apart and counts the rest', () => {
    const text = textOf(Array.from({ length: MAX_CURVES + 2 }, () => curve([[9, 0.5]])));
    const styles = [...text.matchAll(/<path class="(curve [^"]+)"/g)].map((m) => m[1]);
    expect(new Set(styles).size).toBe(MAX_CURVES);
    expect(text).toContain('2 more curves');
    expect(dots(text)[0]!.x).toBeGreaterThan(PLOT.left);
  });

  it('leaves out what was not measured', () => {
    const unmeasured = {
      ...curve([[9, 0.5]]),
      points: [{ queries: 9, cost: null, seconds: null, metrics: {} }],
    };
    expect(textOf([unmeasured])).toContain('<code>a</code>: not measured');
    expect(textOf([unmeasured])).not.toMatch(/NaN|Infinity/);
  });

  it('names the defence', () => {
    const { results } = sampleStealingReport();
    results[0]!.defense = { name: 'rounded', params: {} };
    expect(textOf(budgetCurvesOf(results))).toContain(
      '<code>stealing/posterior-matching against rounded</code>',
    );
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
      expect(scale.y(1)).toBe(PLOT.top);
      expect(scale.y(scale.agreementTicks.at(-1)!)).toBe(PLOT.bottom);
    }
  });
});
